// The fee arithmetic of the base chain, bit for bit: every rule here is an integer-floor
// recurrence, so doubles would drift from the chain within a few blocks. Sources: EIP-1559 (base
// fee, gas limit step), EIP-4844 (blob fee, excess), EIP-7691/7840/7892 (blob schedules as data),
// EIP-7918 (blob fee reserve), EIP-7623 (calldata floor). Units: wei per gas, gas, blobs. Left out:
// priority-fee markets and access lists (those belong to the mempool). An overflow of 128 bits is
// our bug and asserts: no payer exists at such fees.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/rounding.h"
#include "sim/types/wei.h"

namespace mezz::base_chain {

inline constexpr Gas kTransactionGas{21'000};
inline constexpr Gas kTransactionGasMax{16'777'216};  // 2^24, EIP-7825
inline constexpr Gas kGasPerBlob{131'072};
inline constexpr Gas kBlobBaseCost{8'192};                 // 2^13, EIP-7918
inline constexpr std::int64_t kBlobBytesUsable = 126'976;  // 4096 field elements of 31 bytes

// EIP-1559. The target is half the limit; a block may use any amount up to the limit.
struct BlockGas {
  Gas used;
  Gas limit;
};
GasPrice next_base_fee(GasPrice parent, BlockGas parent_gas);

// EIP-1559: the limit may move by strictly less than 1/1024 of the parent's, and not below 5 000.
struct GasLimitVote {
  Gas parent;
  Gas desired;
};
Gas next_gas_limit(GasLimitVote vote);

// EIP-4844 fake_exponential: floor of factor * e^(numerator / denominator), by the EIP's own
// series.
struct Fraction {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};
Int128 fake_exponential(Int128 factor, Fraction exponent);

enum class BlobPreset : std::uint8_t { Cancun, Prague, Bpo1, Bpo2 };

struct BlobSchedule {
  std::int64_t target = 14;  // blobs per block
  std::int64_t max = 21;     // blobs per block
  std::int64_t update_fraction = 11'684'671;
  bool eip7918 = true;

  void visit(auto& v) {
    v("target", target, {.doc = "Blobs per block at which the blob fee stands still", .min = 1});
    v("max", max, {.doc = "Most blobs one block may carry", .min = 1});
    v("update_fraction", update_fraction,
      {.doc = "Divisor of the excess blob gas in the exponent of the blob fee", .min = 1});
    v("eip7918", eip7918,
      {.doc = "The blob fee is steered up while it is below 1/16 of the base fee"});
  }
  bool operator==(const BlobSchedule&) const = default;
};
BlobSchedule blob_schedule(BlobPreset preset);

GasPrice blob_fee(Gas excess, const BlobSchedule& schedule);

struct BlobBlock {
  Gas excess;              // before the block
  std::int64_t blobs = 0;  // carried by the block
  GasPrice base_fee;       // of the block
};
Gas next_excess_blob_gas(const BlobBlock& parent, const BlobSchedule& schedule);

// Blobs needed to carry so many bytes of batch data.
std::int64_t blobs_for_bytes(std::int64_t bytes);

// EIP-7623: 4 gas per zero byte and 16 per other byte, unless the floor of 10/40 is more than that
// plus everything the transaction executes. Includes the 21 000 of every transaction.
struct Calldata {
  std::int64_t zero_bytes = 0;
  std::int64_t other_bytes = 0;
};
Gas calldata_transaction_gas(Calldata data, Gas execution);

}  // namespace mezz::base_chain

namespace mezz {
template <>
struct EnumNames<base_chain::BlobPreset> {
  static constexpr std::string_view names[] = {"cancun", "prague", "bpo1", "bpo2"};
};
}  // namespace mezz

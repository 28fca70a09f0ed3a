// When and how batch data goes to layer one: pure rules. Sources: op-batcher (channel target, data
// availability type "auto"); EIP-4844 and EIP-7623 prices through base_chain/fee_rules.h; reference
// sheet "layer-two protocols" section 2.1 (blobs while 131072 x blob fee x n is less than 16..40 x
// bytes x base fee). Compressed data has one zero byte in 256. Tips are left out: both media pay
// about the same.
#pragma once

#include <cstdint>

#include "models/base_chain/fee_rules.h"
#include "models/layer2/availability/batch.h"
#include "sim/types/enum_names.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::posting {

enum class MediumPolicy : std::uint8_t { Auto, Blobs, Calldata };

struct FeeQuote {
  GasPrice base_fee;
  GasPrice blob_fee;
};

// A transaction that carries a certificate (of that size in calldata, checked for that gas) and
// perhaps data besides it: gas without blob gas, of which the certificate is the part that is not
// for calldata of the rest.
struct CertificateGas {
  Gas total;
  Gas certificate;
};
CertificateGas certificate_gas(std::uint64_t certificate_bytes, Gas check,
                               std::uint64_t calldata_bytes);

// Gas of the transaction without blob gas.
Gas blob_transaction_gas();
Gas calldata_gas(std::uint64_t bytes);

Wei blob_cost(std::uint64_t bytes, const FeeQuote& quote);
Wei calldata_cost(std::uint64_t bytes, const FeeQuote& quote);
// The cheaper one; blobs when equal.
BatchMedium choose_medium(std::uint64_t bytes, const FeeQuote& quote, MediumPolicy policy);
Wei cost(std::uint64_t bytes, const FeeQuote& quote, BatchMedium medium);

// Exponential average of a cost in gwei over about `blocks` layer-one blocks.
std::uint64_t next_average(std::uint64_t average, std::uint64_t current, std::uint64_t blocks);

}  // namespace mezz::posting

namespace mezz {
template <>
struct EnumNames<posting::MediumPolicy> {
  static constexpr std::string_view names[] = {"auto", "blobs", "calldata"};
};
}  // namespace mezz

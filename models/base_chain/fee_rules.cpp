#include "models/base_chain/fee_rules.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::base_chain {

namespace {

constexpr std::int64_t kElasticity = 2;
constexpr std::int64_t kBaseFeeChangeDenominator = 8;
constexpr std::int64_t kGasLimitBoundDivisor = 1'024;
constexpr std::int64_t kGasLimitMin = 5'000;

Int128 checked_product(Int128 a, Int128 b) {
  Int128 product = 0;
  MEZZ_ASSERT(!__builtin_mul_overflow(a, b, &product));
  return product;
}

Int128 checked_sum(Int128 a, Int128 b) {
  Int128 sum = 0;
  MEZZ_ASSERT(!__builtin_add_overflow(a, b, &sum));
  return sum;
}

}  // namespace

GasPrice next_base_fee(GasPrice parent, BlockGas parent_gas) {
  const std::int64_t target = parent_gas.limit.units / kElasticity;
  MEZZ_ASSERT(parent.wei_per_gas >= 0);
  MEZZ_ASSERT(target > 0);
  MEZZ_ASSERT(parent_gas.used.units >= 0 && parent_gas.used <= parent_gas.limit);
  const std::int64_t used = parent_gas.used.units;
  if (used == target) return parent;
  const std::int64_t distance = used > target ? used - target : target - used;
  // Two floors, in this order, as in the EIP: first by the target, then by 8.
  const Int128 scaled = Int128{parent.wei_per_gas} * distance / target;
  const std::int64_t change = narrow(scaled / kBaseFeeChangeDenominator);
  if (used > target)
    return {narrow(Int128{parent.wei_per_gas} + std::max<std::int64_t>(change, 1))};
  return {parent.wei_per_gas - change};
}

Gas next_gas_limit(GasLimitVote vote) {
  MEZZ_ASSERT(vote.parent.units >= kGasLimitMin);
  MEZZ_ASSERT(vote.desired.units > 0);
  const std::int64_t step =
      std::max<std::int64_t>(vote.parent.units / kGasLimitBoundDivisor - 1, 0);
  const std::int64_t lowest = std::max(vote.parent.units - step, kGasLimitMin);
  return {std::clamp(vote.desired.units, lowest, vote.parent.units + step)};
}

Int128 fake_exponential(Int128 factor, Fraction exponent) {
  MEZZ_ASSERT(factor >= 0 && exponent.numerator >= 0);
  MEZZ_ASSERT(exponent.denominator > 0);
  Int128 sum = 0;
  Int128 term = checked_product(factor, exponent.denominator);
  for (std::int64_t i = 1; term > 0; ++i) {
    sum = checked_sum(sum, term);
    term = checked_product(term, exponent.numerator) / (Int128{exponent.denominator} * i);
  }
  return sum / exponent.denominator;
}

BlobSchedule blob_schedule(BlobPreset preset) {
  switch (preset) {
    case BlobPreset::Cancun:
      return {.target = 3, .max = 6, .update_fraction = 3'338'477, .eip7918 = false};
    case BlobPreset::Prague:
      return {.target = 6, .max = 9, .update_fraction = 5'007'716, .eip7918 = false};
    case BlobPreset::Bpo1:
      return {.target = 10, .max = 15, .update_fraction = 8'346'193, .eip7918 = true};
    case BlobPreset::Bpo2:
      return {.target = 14, .max = 21, .update_fraction = 11'684'671, .eip7918 = true};
  }
  MEZZ_ASSERT(false);
  return {};
}

GasPrice blob_fee(Gas excess, const BlobSchedule& schedule) {
  MEZZ_ASSERT(excess.units >= 0);
  MEZZ_ASSERT(schedule.update_fraction > 0);
  return {narrow(fake_exponential(1, {excess.units, schedule.update_fraction}))};
}

Gas next_excess_blob_gas(const BlobBlock& parent, const BlobSchedule& schedule) {
  MEZZ_ASSERT(parent.blobs >= 0 && parent.blobs <= schedule.max);
  MEZZ_ASSERT(schedule.target > 0 && schedule.target <= schedule.max);
  const Gas used = kGasPerBlob * parent.blobs;
  const Gas target = kGasPerBlob * schedule.target;
  if (parent.excess + used < target) return {0};
  if (schedule.eip7918) {
    const Wei reserve = fee(parent.base_fee, kBlobBaseCost);
    if (reserve > fee(blob_fee(parent.excess, schedule), kGasPerBlob)) {
      return parent.excess +
             Gas{narrow(Int128{used.units} * (schedule.max - schedule.target) / schedule.max)};
    }
  }
  return parent.excess + used - target;
}

std::int64_t blobs_for_bytes(std::int64_t bytes) {
  MEZZ_ASSERT(bytes >= 0);
  return bytes / kBlobBytesUsable + (bytes % kBlobBytesUsable != 0 ? 1 : 0);
}

Gas calldata_transaction_gas(Calldata data, Gas execution) {
  MEZZ_ASSERT(data.zero_bytes >= 0 && data.other_bytes >= 0);
  MEZZ_ASSERT(execution.units >= 0);
  const std::int64_t tokens = narrow(Int128{data.other_bytes} * 4 + data.zero_bytes);
  const Gas standard = Gas{narrow(Int128{tokens} * 4)} + execution;
  const Gas floor{narrow(Int128{tokens} * 10)};
  return kTransactionGas + std::max(standard, floor);
}

}  // namespace mezz::base_chain

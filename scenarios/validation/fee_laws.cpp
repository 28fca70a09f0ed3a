#include "scenarios/validation/fee_laws.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::validation {

std::int64_t base_fee_after(std::int64_t fee, std::int64_t gas_used, std::int64_t gas_limit) {
  const std::int64_t target = gas_limit / 2;
  MEZZ_ASSERT(fee > 0 && target > 0 && gas_used >= 0 && gas_used <= gas_limit);
  if (gas_used == target) return fee;
  if (gas_used > target) {
    const Int128 rise = Int128{fee} * (gas_used - target) / target / 8;
    return fee + std::max<std::int64_t>(static_cast<std::int64_t>(rise), 1);
  }
  return fee - static_cast<std::int64_t>(Int128{fee} * (target - gas_used) / target / 8);
}

std::int64_t blob_fee_at(std::int64_t excess, std::int64_t update_fraction) {
  MEZZ_ASSERT(excess >= 0 && update_fraction > 0);
  Int128 output = 0;
  Int128 accumulator = update_fraction;
  for (std::int64_t i = 1; accumulator > 0; ++i) {
    output += accumulator;
    accumulator = accumulator * excess / (Int128{update_fraction} * i);
  }
  return narrow(output / update_fraction);
}

std::int64_t excess_after(std::int64_t excess, std::int64_t blobs, std::int64_t base_fee,
                          const BlobLaw& law) {
  constexpr std::int64_t kGasPerBlob = 131'072;
  constexpr std::int64_t kBlobBaseCost = 8'192;
  if (excess + blobs * kGasPerBlob < law.target * kGasPerBlob) return 0;
  const Int128 reserve = Int128{kBlobBaseCost} * base_fee;
  const Int128 price = Int128{kGasPerBlob} * blob_fee_at(excess, law.update_fraction);
  if (law.reserve && reserve > price) {
    return excess + blobs * kGasPerBlob * (law.max - law.target) / law.max;
  }
  return excess + (blobs - law.target) * kGasPerBlob;
}

}  // namespace mezz::validation

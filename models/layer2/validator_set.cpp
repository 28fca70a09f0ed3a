#include "models/layer2/validator_set.h"

#include <utility>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"

namespace mezz {

ValidatorSet::ValidatorSet(std::vector<std::uint64_t> stakes) : stakes_(std::move(stakes)) {
  MEZZ_ASSERT(!stakes_.empty());
  for (const std::uint64_t stake : stakes_) {
    MEZZ_ASSERT(stake > 0 && stake < (std::uint64_t{1} << 40));
    below_.push_back(total_);
    total_ += stake;
  }
}

ValidatorSet ValidatorSet::with_largest(std::uint64_t count, std::uint64_t largest,
                                        std::uint64_t stake) {
  MEZZ_ASSERT(count > 0);
  std::vector<std::uint64_t> stakes(count, stake);
  stakes.front() = largest;
  return ValidatorSet(std::move(stakes));
}

namespace {
// True while the power of those who come earlier does not reach the share.
bool still_needed(std::uint64_t earlier, std::uint64_t total, Ratio share) {
  MEZZ_ASSERT(share.ppb >= 0 && share <= Ratio::one());
  return Uint128{earlier} * static_cast<std::uint64_t>(Ratio::kScale) <
         Uint128{total} * static_cast<std::uint64_t>(share.ppb);
}
}  // namespace

bool ValidatorSet::among_last(std::uint32_t validator, Ratio share) const {
  MEZZ_ASSERT(validator < size());
  return still_needed(total_ - below_[validator] - stakes_[validator], total_, share);
}

bool ValidatorSet::among_first(std::uint32_t validator, Ratio share) const {
  MEZZ_ASSERT(validator < size());
  return still_needed(below_[validator], total_, share);
}

std::uint32_t ValidatorSet::drawn_leader(std::uint64_t beacon, std::uint64_t height,
                                         std::uint32_t round) const {
  // Mixed once more: rounds are small numbers, and neighbours among them would often draw the same
  // validator.
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  const std::uint64_t bits = mix(mix(mix(beacon, height), round), kSpread);
  const auto point = static_cast<std::uint64_t>((Uint128{bits} * total_) >> 64);
  std::uint32_t validator = size() - 1;
  while (below_[validator] > point) --validator;
  return validator;
}

}  // namespace mezz

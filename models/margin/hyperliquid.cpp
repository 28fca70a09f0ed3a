#include "models/margin/hyperliquid.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/types/rounding.h"

namespace mezz::margin {

void check_tiers(std::span<const LeverageTier> tiers, const char* path) {
  const std::string key(path);
  if (tiers.empty()) throw ScenarioError(key, "needs at least one tier");
  if (tiers[0].from != Money::zero()) throw ScenarioError(key, "the first tier must begin at 0");
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const std::string place = key + "[" + std::to_string(i) + "]";
    if (tiers[i].leverage_max < 1) {
      throw ScenarioError(place + ".leverage_max",
                          "must be at least 1, got " + std::to_string(tiers[i].leverage_max));
    }
    if (i == 0) continue;
    if (tiers[i].from <= tiers[i - 1].from) {
      throw ScenarioError(place + ".from", "must be above that of the tier before");
    }
    if (tiers[i].leverage_max > tiers[i - 1].leverage_max) {
      throw ScenarioError(place + ".leverage_max", "must not rise with the notional");
    }
  }
}

Money maintenance_margin(std::span<const LeverageTier> tiers, Money notional) {
  MEZZ_ASSERT(!tiers.empty());
  MEZZ_ASSERT(notional >= Money::zero());
  Money sum;
  for (std::size_t i = 0; i < tiers.size() && tiers[i].from < notional; ++i) {
    const bool last = i + 1 == tiers.size();
    const Money end = last ? notional : std::min(notional, tiers[i + 1].from);
    sum += Money{mul_div((end - tiers[i].from).micros, 1, 2 * tiers[i].leverage_max, Round::Up)};
  }
  return sum;
}

Money initial_margin(std::span<const LeverageTier> tiers, Money notional, std::int64_t leverage) {
  MEZZ_ASSERT(!tiers.empty());
  MEZZ_ASSERT(notional >= Money::zero());
  MEZZ_ASSERT(leverage >= 1);
  std::int64_t allowed = tiers[0].leverage_max;
  for (const LeverageTier& tier : tiers) {
    if (tier.from < notional) allowed = tier.leverage_max;
  }
  return Money{mul_div(notional.micros, 1, std::min(leverage, allowed), Round::Up)};
}

Money transfer_requirement(Money initial_margin, Money notional) {
  return std::max(initial_margin, Money{mul_div(notional.micros, 1, 10, Round::Up)});
}

}  // namespace mezz::margin

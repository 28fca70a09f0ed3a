#include "models/margin/gmx_v2.h"

#include <algorithm>

#include "models/margin/common.h"

namespace mezz::margin::gmx_v2 {

Money profit(const Position& p, const PriceRange& index) {
  MEZZ_ASSERT(index.low <= index.high);
  MEZZ_ASSERT(p.tokens >= Wad::zero());
  if (p.direction == Direction::Long) {
    return to_money(multiply(p.tokens, index.low), Round::Down) - p.size;
  }
  return p.size - to_money(multiply(p.tokens, index.high, Round::Up), Round::Up);
}

Money remaining_collateral(const Params& params, const Position& p, const PriceRange& index,
                           const PriceRange& collateral, Money impact) {
  MEZZ_ASSERT(collateral.low <= collateral.high);
  MEZZ_ASSERT(p.collateral >= Wad::zero());
  MEZZ_ASSERT(p.costs >= Money::zero());
  const Money worst_impact = -scale(p.size, params.impact_max, Round::Down);
  const Money counted = std::clamp(impact, worst_impact, Money::zero());
  const Money value = to_money(multiply(p.collateral, collateral.low), Round::Down);
  return value + profit(p, index) + counted - p.costs;
}

Money least_remaining(const Params& params, Money size, Purpose purpose) {
  MEZZ_ASSERT(size >= Money::zero());
  const Ratio least =
      purpose == Purpose::Open ? params.collateral_min_open : params.collateral_min_liquidation;
  return std::max({Money{1}, params.collateral_floor, scale(size, least, Round::Down)});
}

bool is_liquidatable(const Params& params, Money size, Money remaining, Purpose purpose) {
  return remaining < least_remaining(params, size, purpose);
}

void Params::check(const char* path) const {
  const auto is_share = [](Ratio r) { return r >= Ratio::zero() && r <= Ratio::one(); };
  require(collateral_min_liquidation > Ratio::zero() && collateral_min_liquidation <= Ratio::one(),
          path, "collateral_min_liquidation", "must be above 0 and at most 1");
  require(is_share(collateral_min_open) && collateral_min_open >= collateral_min_liquidation, path,
          "collateral_min_open", "must be at most 1 and not below collateral_min_liquidation");
  require(collateral_floor >= Money::zero(), path, "collateral_floor", "must not be negative");
  require(is_share(impact_max), path, "impact_max", "must be between 0 and 1");
}

}  // namespace mezz::margin::gmx_v2

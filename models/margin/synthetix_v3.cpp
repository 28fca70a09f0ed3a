#include "models/margin/synthetix_v3.h"

#include <algorithm>

#include "models/margin/common.h"

namespace mezz::margin::synthetix_v3 {

Margins position_margins(const Market& m, Wad size, Wad price) {
  MEZZ_ASSERT(price >= Wad::zero());
  if (size == Wad::zero()) return {};
  const Wad part = m.skew_scale == Wad::zero() ? Wad::zero() : divide(size.abs(), m.skew_scale);
  const Wad notional = multiply(size.abs(), price);
  Margins margins;
  margins.initial_ratio = multiply(part, m.initial_ratio) + Wad::from(m.initial_min);
  margins.maintenance_ratio = share(margins.initial_ratio, m.maintenance_scalar);
  margins.initial = multiply(notional, margins.initial_ratio) + m.position_min;
  margins.maintenance = multiply(notional, margins.maintenance_ratio) + m.position_min;
  margins.reward = share(notional, m.reward);
  MEZZ_ASSERT(margins.maintenance <= margins.initial);
  return margins;
}

Wad keeper_reward(const KeeperCosts& costs, const KeeperWork& work) {
  MEZZ_ASSERT(work.rewards >= Wad::zero());
  MEZZ_ASSERT(work.gas >= Wad::zero());
  MEZZ_ASSERT(work.collateral >= Wad::zero());
  const Wad least = std::max(work.gas + costs.reward_min, work.gas + share(work.gas, costs.profit));
  Wad most = costs.reward_max;
  if (work.collateral > Wad::zero()) {
    most = std::min(most, share(work.collateral, costs.collateral_max));
  }
  return std::min(std::max(work.rewards + work.gas, least), most);
}

Requirements account_requirements(std::span<const Margins> positions, const KeeperCosts& costs,
                                  KeeperWork work) {
  Requirements sum;
  for (const Margins& m : positions) {
    sum.initial = sum.initial + m.initial;
    sum.maintenance = sum.maintenance + m.maintenance;
    work.rewards = work.rewards + m.reward;
  }
  if (sum.initial == Wad::zero()) return sum;
  const Wad reward = keeper_reward(costs, work);
  return {sum.initial + reward, sum.maintenance + reward};
}

Wad discounted_value(const Discount& d, Wad amount, Wad price) {
  MEZZ_ASSERT(amount >= Wad::zero());
  MEZZ_ASSERT(price >= Wad::zero());
  const Wad discount = std::clamp(divide(amount, d.scale), Wad::from(d.lower), Wad::from(d.upper));
  return multiply(multiply(amount, price), Wad::one() - discount);
}

void Market::check(const char* path) const {
  require(skew_scale >= Wad::zero(), path, "skew_scale", "must not be negative");
  require(initial_ratio >= Wad::zero(), path, "initial_ratio", "must not be negative");
  require(initial_min > Ratio::zero(), path, "initial_min", "must be above 0");
  require(maintenance_scalar > Ratio::zero() && maintenance_scalar <= Ratio::one(), path,
          "maintenance_scalar", "must be above 0 and at most 1");
  require(reward >= Ratio::zero() && reward <= Ratio::one(), path, "reward",
          "must be between 0 and 1");
  require(position_min >= Wad::zero(), path, "position_min", "must not be negative");
}

void KeeperCosts::check(const char* path) const {
  require(reward_min >= Wad::zero(), path, "reward_min", "must not be negative");
  require(profit >= Ratio::zero(), path, "profit", "must not be negative");
  require(reward_max >= reward_min, path, "reward_max", "must not be below reward_min");
  require(collateral_max >= Ratio::zero(), path, "collateral_max", "must not be negative");
}

void Discount::check(const char* path) const {
  require(lower >= Ratio::zero(), path, "lower", "must not be negative");
  require(upper >= lower && upper <= Ratio::one(), path, "upper",
          "must not be below lower and at most 1");
  require(scale > Wad::zero(), path, "scale", "must be above 0");
}

}  // namespace mezz::margin::synthetix_v3

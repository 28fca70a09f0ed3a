// Margin of Synthetix v3 perpetuals (PerpsMarketConfiguration, KeeperCosts of synthetix-v3): the
// requirement grows with the size a position has in its market.
//   initial ratio      |size| / skew scale x initial ratio + least ratio
//   maintenance ratio  initial ratio x scalar
//   margin             notional x ratio + a fixed amount per position
// An account must hold the sum over its positions and what a keeper is paid to liquidate it: a part
// of the notionals and the cost of the calls, at least that cost and a profit on it, at most a cap
// and a part of the collateral. Exact in 18 decimals, products truncated. Collateral other than the
// stablecoin is counted with a discount that grows with its size. Left out: locked credit of the
// pool, debt and its interest, what later windows of a large liquidation cost.
#pragma once

#include <span>

#include "models/market/wad.h"
#include "sim/types/ratio.h"

namespace mezz::margin::synthetix_v3 {

struct Market {
  Wad skew_scale = Wad::whole(1'000'000);  // units; 0: the size does not enter
  Wad initial_ratio = Wad::one();          // at a size of skew_scale
  Ratio initial_min = 2_percent;
  Ratio maintenance_scalar = 50_percent;  // of the initial ratio
  Ratio reward = 5_bp;                    // to the keeper, of the notional
  Wad position_min = Wad::whole(50);      // dollars

  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

struct Margins {
  Wad initial_ratio;
  Wad maintenance_ratio;
  Wad initial;
  Wad maintenance;
  Wad reward;
};
[[nodiscard]] Margins position_margins(const Market& market, Wad size, Wad price);

struct KeeperCosts {
  Wad reward_min;             // dollars above the cost of the calls
  Ratio profit = 30_percent;  // on the cost of the calls
  Wad reward_max = Wad::whole(500);
  Ratio collateral_max = 100_percent;  // of the collateral, unless there is none

  void check(const char* path) const;
};
// An account that is flagged already has no collateral left: then only reward_max bounds.
struct KeeperWork {
  Wad rewards = {};     // of the positions, summed
  Wad gas = {};         // what flagging and liquidating cost
  Wad collateral = {};  // dollars, as counted
};
[[nodiscard]] Wad keeper_reward(const KeeperCosts& costs, const KeeperWork& work);

struct Requirements {
  Wad initial;
  Wad maintenance;
};
// Zero without positions. `work.rewards` is added to those of the positions.
[[nodiscard]] Requirements account_requirements(std::span<const Margins> positions,
                                                const KeeperCosts& costs, KeeperWork work);

// Part of the value of a collateral that counts: 1 - discount, which goes from `lower` to `upper`
// with amount / scale.
struct Discount {
  Ratio lower = 0_percent;
  Ratio upper = 20_percent;
  Wad scale = Wad::whole(10'000);  // amount of collateral at which the discount would be 1

  void check(const char* path) const;
};
[[nodiscard]] Wad discounted_value(const Discount& discount, Wad amount, Wad price);

}  // namespace mezz::margin::synthetix_v3

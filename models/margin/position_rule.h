// What one linear position must hold under the rule of a venue, as the exchange needs it: value,
// initial and maintenance margin in micro-dollars. The rules are those of this folder; this hands
// them lots and marks and rounds requirements up to the micro-dollar. Requirements of several
// positions add up, but for the keeper's reward of synthetix_v3, which is the account's: once.
//   hyperliquid   initial margin at the greatest leverage of the tier; maintenance by tiers
//   gmx_v2        the least collateral that may remain and the cost of closing. Ours: the size is
//                 the notional at the mark, not when it was opened; no price range, no impact
//   synthetix_v3  grows with the size in its market; the keeper's reward counts
//   drift         grows with the root of the size; profits count in full (their weight is one)
// Left out, as a position knows no price it was opened at: weights on unrealised profits.
#pragma once

#include <span>
#include <vector>

#include "models/margin/drift.h"
#include "models/margin/dydx_v4.h"
#include "models/margin/gmx_v2.h"
#include "models/margin/hyperliquid.h"
#include "models/margin/synthetix_v3.h"

namespace mezz::margin {

enum class Venue : std::uint8_t { DydxV4, Hyperliquid, GmxV2, SynthetixV3, Drift };

struct PositionRule {
  Venue venue = Venue::DydxV4;
  LiquidityTier tier;  // dydx_v4
  std::vector<LeverageTier> leverage = {{.from = {}, .leverage_max = 40},
                                        {.from = 150'000'000_usd, .leverage_max = 20}};
  gmx_v2::Params gmx;
  Ratio gmx_closing_fee = 6_bp;  // of the notional
  synthetix_v3::Market synthetix;
  synthetix_v3::KeeperCosts synthetix_keeper;
  drift::Market drift;
};

struct VenuePosition {
  Quantity quantity;
  QuotePrice price;  // micro-dollars per lot
  std::int64_t lots_per_unit = 1;
  Money open_interest = {};  // dydx_v4
};

[[nodiscard]] Risk position_risk(const PositionRule& rule, const VenuePosition& position);
// All positions of an account; the quote balance is added to net_collateral by the caller.
[[nodiscard]] Risk positions_risk(const PositionRule& rule,
                                  std::span<const VenuePosition> positions);
// A tier that asks about the same of a small position: for whoever needs one number (the bounds of
// funding, the leverage that traders may choose).
[[nodiscard]] LiquidityTier nearest_tier(const PositionRule& rule);

}  // namespace mezz::margin

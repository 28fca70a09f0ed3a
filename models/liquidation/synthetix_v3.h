// Rate limit on liquidations of Synthetix v3 perpetuals (synthetix-v3, PerpsMarket.sol,
// PerpsMarketConfiguration.sol): within a window of time at most
//   (maker fee + taker fee) x skew scale x multiplier x seconds of the window
// units of a market are closed. When that is used up, one more window's worth may be closed in a
// block that closed nothing yet, while |skew| / skew scale is below a bound. No limit (zero):
// everything. Wad, products truncated. Left out: the endorsed liquidator, who is not bound.
#pragma once

#include <cstdint>
#include <span>

#include "models/market/wad.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::liquidation::synthetix_v3 {

struct WindowRule {
  Ratio fees;  // maker's and taker's together
  Wad skew_scale = Wad::whole(1'000'000);
  Ratio multiplier = 150_percent;
  Duration window = 30_s;  // whole seconds
  Ratio premium_max = 5_bp;
  Wad step = {};  // smallest amount that trades; none: any
};
// Units of one market that a window allows, rounded down to steps.
[[nodiscard]] Wad window_limit(const WindowRule& rule);

struct Closed {
  Time at;
  Wad units;
};
// The most of `wanted` that may be closed now, after what was closed before (oldest first).
[[nodiscard]] Wad closable(const WindowRule& rule, std::span<const Closed> before, Time now,
                           Wad skew, Wad wanted);

}  // namespace mezz::liquidation::synthetix_v3

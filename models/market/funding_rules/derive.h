// Funding of Derive's perpetual (v2-core PerpAsset): an hourly rate from the impact prices, kept as
// one aggregate of cash per unit that positions are settled against.
//   premium     [max(0, impact bid - index) - max(0, index - impact ask)] / index
//   hourly rate clamp(premium / convergence hours + static rate, +-cap)
//   aggregate   += rate * index * elapsed / 1 h
//   a position receives  -(aggregate now - aggregate then) * size
// Wad throughout, truncated as the contract does. Left out: who may report impact prices.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::derive {

struct Params {
  std::int64_t convergence_hours = 8;
  Wad static_rate = {};
  Wad cap = Wad::of(75, 10'000);  // per hour
};
struct Quotes {
  Wad index;
  Wad impact_bid;
  Wad impact_ask;
};

Wad hourly_rate(const Quotes& quotes, const Params& params);
// Cash per unit of size that the aggregate grows by.
Wad aggregate_change(Wad hourly_rate, Wad index, Duration elapsed);
Wad payment(Wad size, Wad aggregate_change);

}  // namespace mezz::funding::derive

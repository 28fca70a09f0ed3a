// Velocity funding of Synthetix v3 perps (PerpsMarket.sol): the skew drives the change of the rate,
// not the rate.
//   velocity = clamp(skew / skew scale, +-1) * maximum velocity        per day, per day
//   rate     += velocity * elapsed days, continuous across sign
//   a unit held pays  (rate before + rate after) / 2 * elapsed days * price
// Positive rate: longs pay. Wad. Left out: interest on utilisation.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::synthetix_v3 {

struct Params {
  Wad skew_scale = Wad::whole(1'000'000);
  Wad velocity_max = Wad::whole(3);
};
struct Rate {
  Wad rate = {};
  Wad accrued = {};  // paid so far by one unit held long
};

Wad velocity(Wad skew, const Params& params);
Rate advance(const Rate& before, Wad velocity, Duration elapsed, Wad price);

}  // namespace mezz::funding::synthetix_v3

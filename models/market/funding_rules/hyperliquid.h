// Funding of Hyperliquid (docs, "Funding"), the form BitMEX and Binance also use.
//   rate per 8 h = P + clamp(interest - P, +-clamp),  P the mean premium of the impact prices
//   rate per hour = clamp(rate / 8, +-cap), paid on the notional at the oracle price
// Wad. Left out: sampling every five seconds (the caller averages), per-symbol caps elsewhere.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::hyperliquid {

struct Params {
  Wad interest_8h = Wad::of(1, 10'000);
  Wad clamp = Wad::of(5, 10'000);
  Wad cap_hourly = Wad::of(4, 100);
};

Wad rate_per_8h(Wad premium, const Params& params);
Wad hourly_rate(Wad premium, const Params& params);
// What the holder of `size` (negative: short) receives for an hour, floored.
Wad payment(Wad size, Wad oracle_price, Wad hourly_rate);

}  // namespace mezz::funding::hyperliquid

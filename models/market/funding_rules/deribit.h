// Funding of Deribit's perpetual (Funding Specifications): the premium of the mark over the index
// with a dead band, accrued continuously.
//   rate per 8 h = clamp(max(damper, p) + min(-damper, p), +-cap),   p = (mark - index) / index
//   a long pays  notional * rate * elapsed / 8 h
// Rates and amounts are Wad. Left out: the venue's settlement session, which only moves the time of
// payment.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::deribit {

struct Params {
  Wad damper = Wad::of(25, 100'000);
  Wad cap = Wad::of(5, 1'000);  // of the instrument
};

Wad rate_per_8h(Wad mark, Wad index, const Params& params);
// What the holder of `notional` (negative: short) receives, floored.
Wad payment(Wad notional, Wad rate_8h, Duration elapsed);

}  // namespace mezz::funding::deribit

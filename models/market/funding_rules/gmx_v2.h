// Adaptive funding of GMX v2 (gmx-synthetics MarketUtils.getNextFundingFactorPerSecond). A saved
// factor, in parts of 10^30 per second, positive when longs pay, is pushed by the imbalance
// f = |long - short| / (long + short) of open interest:
//   skew against the saved sign, or f > stable threshold
//                                  saved += sign(skew) * f * increase * t
//   f < decrease threshold         |saved| -= decrease * t, but +-1 keeps the sign at zero
//   between the two                unchanged
// |saved| never exceeds max. Payers are charged rounded up; what receivers claim rounds down, so
// dust stays with the market. Whole seconds, as block times are. Left out: an exponent of the
// imbalance other than one, the non-adaptive mode, the minimum applied to the factor
// charged.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::gmx_v2 {

inline constexpr Int128 kFactorOne = Wad::kOne * 1'000'000'000'000;  // 10^30

struct Params {
  Int128 increase = 0;  // 10^-30 per second, at full imbalance
  Int128 decrease = 0;  // 10^-30 per second
  Wad threshold_stable = Wad::of(5, 100);
  Wad threshold_decrease = Wad::of(3, 100);
  Int128 max = kFactorOne;
};
struct OpenInterest {
  Wad longs;
  Wad shorts;
};

Int128 next_factor(Int128 saved, const OpenInterest& interest, const Params& params,
                   Duration elapsed);

// What the paying side owes in all for `elapsed`, rounded up.
Wad side_payment(Int128 factor, const OpenInterest& interest, Duration elapsed);
// The part of a receiver that holds `own` of its side's open interest, rounded down.
Wad claim(Wad side_payment, Wad own, Wad side);

}  // namespace mezz::funding::gmx_v2

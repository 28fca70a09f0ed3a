// American options, which may be exercised at any time before expiry, on a lognormal spot with a
// yield. Units as in black.h; inputs not negative (rates may be).
//
// american_lattice: R. Leisen and M. Reimer's binomial lattice (Applied Mathematical Finance 3,
// 1996), extrapolated from two sizes; error about 1e-4 of the strike at the default size. The
// yardstick. A drift that is large against the volatility of a step, and a deviation over the whole
// life above 10, are left to the approximation.
// american_approximation: P. Bjerksund and G. Stensland's flat exercise boundary (1993); closed
// form and a lower bound, never below the European price. Worst found against the lattice (spot 50
// to 200 % of the strike, rate and yield 1 to 10 %, up to three years), in % of the strike: low by
// 0.3 at 20 % volatility, by 3 at 80 %, by 11 at 200 %. A quick look, not a mark to liquidate by.
// Without uncertainty both are the best moment of a deterministic price. Left out: discrete
// dividends, Greeks, a method both fast and accurate.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

[[nodiscard]] double american_lattice(const SpotOption& option, int steps = 801);
[[nodiscard]] double american_approximation(const SpotOption& option);

}  // namespace mezz::pricing

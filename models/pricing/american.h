// American options, which may be exercised at any time before expiry, on a lognormal spot with a
// yield. Units as in black.h; inputs not negative (rates may be).
//
// american_lattice: R. Leisen and M. Reimer's binomial lattice (Applied Mathematical Finance 3,
// 1996), extrapolated from two sizes; error about 1e-4 of the strike at the default size. The
// yardstick. A drift that is large against the volatility of a step, and a deviation over the whole
// life above 10, are left to the approximation.
// american_approximation: P. Bjerksund and G. Stensland's flat exercise boundary (1993); closed
// form and a lower bound; low by 0.1 % of the strike for a year at 20 %, by 1 % for three years at
// 80 %. Without uncertainty both are the best moment of a deterministic price. Left out: discrete
// dividends, Greeks.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

[[nodiscard]] double american_lattice(const SpotOption& option, int steps = 801);
[[nodiscard]] double american_approximation(const SpotOption& option);

}  // namespace mezz::pricing

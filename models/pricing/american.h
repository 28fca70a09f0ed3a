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
// american: the spectral method of american_boundary.h, both fast and accurate: within 1.4e-8 of
// the strike of QuantLib's most precise engine on 64 random options
// (tests/performance/pricing_bench), and within 4e-7, relative to the price, of the lattice of 6
// 401 steps on nine others. A call is a put on the asset paid for in strikes. With a rate not above
// zero (put; yield, call) and the other not below it, waiting costs nothing: European. With both
// below zero and the other the lower, there are two boundaries: left to the lattice, as are a total
// deviation above 3 and a drift that outruns it (above 12 deviations of the whole life). Without
// uncertainty all are the best moment of a deterministic price. Left out: discrete dividends, two
// boundaries in the spectral method.
//
// american_greeks: units and signs of black.h, by differences (differences.h) of `american`; where
// it is exercised now the payoff's own, delta +-1 and the rest zero. Gamma and those by volatility
// jump there. A spot nearer to the boundary than two steps has shorter steps and fewer digits.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

[[nodiscard]] double american(const SpotOption& option);
[[nodiscard]] OptionGreeks american_greeks(const SpotOption& option);
[[nodiscard]] double american_lattice(const SpotOption& option, int steps = 801);
[[nodiscard]] double american_approximation(const SpotOption& option);

}  // namespace mezz::pricing

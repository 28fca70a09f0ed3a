// Volatilities from prices for many options at once: as implied_vol.h, whose statuses, limits and
// accuracy hold here too. Two, four or eight options go through the same instructions at a time, so
// every instruction set gives the same bits (black_batch.h says how).
//
// Method: out-of-the-money option in units of sqrt(F K), as there; deviations below the inflection
// point sqrt(2 |x|) of the price match the logarithm of the price, those above it that of what the
// price lacks of its maximum. Relative to the bell both are sums of two scaled normal tails, so a
// step needs no exponential. Halley's method, four steps; an option that has not settled by then,
// or whose price determines little, is given to implied_volatility().
#pragma once

#include <cstddef>

#include "models/pricing/implied_vol.h"
#include "sim/numeric/isa.h"

namespace mezz::pricing {

// Columns of equal length, owned by the caller. Units as in black.h; prices are discounted.
struct QuoteColumns {
  std::size_t count = 0;
  const double* forward = nullptr;
  const double* strike = nullptr;
  const double* time = nullptr;
  const double* rate = nullptr;
  const double* sign = nullptr;  // +1 call, -1 put
  const double* price = nullptr;
};

// `volatility` and `status` have quotes.count places. Any numbers may be asked about, NaN too.
void implied_volatility_batch(const QuoteColumns& quotes, double* volatility,
                              ImpliedVolStatus* status, Isa isa = widest_isa());

}  // namespace mezz::pricing

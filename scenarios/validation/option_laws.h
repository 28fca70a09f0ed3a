// Closed forms of options, written with the C++ library apart from models/pricing. Rates per year,
// time in years. Sources: Hull, Options, Futures and Other Derivatives, chapters 15 and 19 (Black,
// Scholes, Merton 1973); Merton 1976 for jumps; the error of a hedge at discrete times is the
// leading term of Bertsimas, Kogan and Lo 2000, of which Kamal and Derman's
// sqrt(pi/4) vega sigma / sqrt(N) is the case at the money.
#pragma once

#include "scenarios/validation/barrier_laws.h"

namespace mezz::validation {

struct OptionInputs {
  double spot = 0;
  double strike = 0;
  double rate = 0;
  double yield = 0;
  double volatility = 0;
  double years = 0;
};
struct OptionValues {
  double price = 0;
  double delta = 0;
  double gamma = 0;
  double vega = 0;
  double theta = 0;
  double rho = 0;
};
OptionValues call_values(const OptionInputs& o);
OptionValues put_values(const OptionInputs& o);

// With jumps instead of a volatility alone: price of a put; the call by parity.
double put_with_jumps(const OptionInputs& o, const JumpLaw& law);

// Standard deviation of what is left of a sold option that is hedged `hedges` times, at equal
// distances, without rates or drift.
double hedge_error(const OptionInputs& o, double hedges);

}  // namespace mezz::validation

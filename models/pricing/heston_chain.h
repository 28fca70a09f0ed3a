// Prices of all options of one expiry under S. Heston's model (heston.h) at once. The
// characteristic function does not know the strike, so its values are found once for the chain; and
// the difference from a lognormal price of the same mean variance has no pole, so that the
// trapezium rule, whose error falls exponentially with the step for such integrands, needs a few
// hundred of them (L. Trefethen and J. Weideman, The exponentially convergent trapezoidal rule,
// SIAM Review 56, 2014). The step is halved until no price of the chain moves by more than 1e-13 of
// sqrt(F K); a chain that does not settle goes option by option through heston_price().
//
// Units, limits and what is asked of the model: as heston.h. Greeks: not here.
#pragma once

#include <span>

#include "models/pricing/heston.h"

namespace mezz::pricing {

struct HestonChain {
  double spot = 0.0;
  double time = 0.0;
  double rate = 0.0;
  double yield = 0.0;
  std::span<const double> strike;
  std::span<const OptionRight> right;  // as many
};

// `price` has a place for each strike.
void heston_chain(const Heston& model, const HestonChain& chain, std::span<double> price);

}  // namespace mezz::pricing

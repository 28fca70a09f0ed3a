#include "models/pricing/ssvi.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {

double volatility_at(const Ssvi& surface, double k, double time) {
  MEZZ_ASSERT(time > 0.0);
  MEZZ_ASSERT(surface.volatility >= 0.0);
  if (surface.eta == 0.0 || surface.volatility == 0.0) return surface.volatility;
  const double scaled = k * surface.eta / (surface.volatility * numeric::sqrt(time));
  const double shifted = scaled + surface.rho;
  const double bend = numeric::sqrt(shifted * shifted + 1.0 - surface.rho * surface.rho);
  const double factor = 0.5 * (1.0 + surface.rho * scaled + bend);  // >= (1 - rho^2) / 2
  return surface.volatility * numeric::sqrt(factor > 0.0 ? factor : 0.0);
}

std::string wrong_parameters(const Ssvi& s, double time_max) {
  if (!(s.volatility > 0.0)) return "the volatility must be positive";
  if (!(s.rho > -1.0 && s.rho < 1.0)) return "rho must be between -1 and 1";
  if (!(s.eta >= 0.0)) return "eta must not be negative";
  const double slope = 1.0 + (s.rho < 0.0 ? -s.rho : s.rho);
  if (s.eta * s.eta * slope > 4.0)
    return "eta^2 (1 + |rho|) must be at most 4: butterfly arbitrage";
  if (s.eta * s.volatility * numeric::sqrt(time_max) * slope >= 4.0) {
    return "eta volatility sqrt(time) (1 + |rho|) must be below 4: butterfly arbitrage";
  }
  return {};
}

}  // namespace mezz::pricing

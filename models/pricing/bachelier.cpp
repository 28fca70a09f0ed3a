#include "models/pricing/bachelier.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kMost = 0x1.fffffffffffffp1023;

}  // namespace

OptionGreeks bachelier(const ForwardOption& o) {
  MEZZ_ASSERT(o.time >= 0.0 && o.volatility >= 0.0);
  const double w = sign_of(o.right);
  // Finite: the derivatives below multiply it by numbers that may be zero.
  const double discount = std::min(numeric::exp(-o.rate * o.time), kMost);
  const double root_time = numeric::sqrt(o.time);
  const double deviation = o.volatility * root_time;
  const double inside = w * (o.forward - o.strike);
  OptionGreeks g;
  if (deviation == 0.0) {
    g.price = inside > 0.0 ? discount * inside : 0.0;
    g.delta = inside > 0.0 ? discount * w : 0.0;
    g.rho = -o.time * g.price;
    g.theta = o.rate * g.price;
    return g;
  }
  const double d = (o.forward - o.strike) / deviation;
  const double density = numeric::normal_pdf(d);
  const double probability = numeric::normal_cdf(w * d);
  g.price = discount * (inside * probability + deviation * density);
  if (g.price < 0.0) g.price = 0.0;
  g.delta = discount * w * probability;
  g.theta = o.rate * g.price;
  g.rho = -o.time * g.price;
  if (density == 0.0) return g;
  g.gamma = discount * density / deviation;
  g.vega = discount * root_time * density;
  g.theta -= 0.5 * discount * o.volatility * density / root_time;
  g.vanna = -discount * (density * d / o.volatility);
  g.volga = discount * (root_time * density * d * d / o.volatility);
  return g;
}

}  // namespace mezz::pricing

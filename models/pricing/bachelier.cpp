#include "models/pricing/bachelier.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {

OptionGreeks bachelier(const ForwardOption& o) {
  MEZZ_ASSERT(o.time >= 0.0 && o.volatility >= 0.0);
  const double w = sign_of(o.right);
  const double discount = numeric::exp(-o.rate * o.time);
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
  g.gamma = discount * density / deviation;
  g.vega = discount * root_time * density;
  g.theta = o.rate * g.price - 0.5 * discount * o.volatility * density / root_time;
  g.rho = -o.time * g.price;
  g.vanna = -discount * density * d / o.volatility;
  g.volga = g.vega * d * d / o.volatility;
  return g;
}

}  // namespace mezz::pricing

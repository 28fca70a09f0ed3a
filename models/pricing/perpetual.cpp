#include "models/pricing/perpetual.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kInfinity = __builtin_inf();

// Futures price over spot, both in the numeraire in which the contract is linear, there growing at
// `growth` a year: the price that makes a funding period a fair game.
double futures_ratio(const PerpetualFuture& c, double growth) {
  double held = c.k - growth;
  double paid = c.k - c.iota;
  if (c.period > 0.0) {
    const double factor = numeric::exp(growth * c.period);
    const bool previous = c.funding_spot == FundingSpot::Previous;
    held = 1.0 + c.k * (previous ? 1.0 : factor) - factor;
    paid *= previous ? 1.0 : factor;
  }
  return held > 0.0 ? paid / held : kInfinity;
}

// V with V = payoff + period (drift terms): S^beta on either side of the strike, joined in value
// and slope.
double continuous_call(const SpotOption& o) {
  const double variance = o.volatility * o.volatility;
  const double half = 0.5 - (o.rate - o.yield) / variance;
  const double root = numeric::sqrt(half * half + 2.0 * (o.rate + 1.0 / o.time) / variance);
  const double up = half + root;
  const double down = half - root;
  // What is paid an exponential time from now is discounted; the call is an exchange of the two.
  const double asset = 1.0 / (1.0 + o.yield * o.time);
  const double cash = o.strike / (1.0 + o.rate * o.time);
  const double later = o.strike * asset - cash;
  const double above = (o.strike * asset - up * later) / (up - down);
  const double log_moneyness = numeric::log(o.spot / o.strike);
  if (o.spot < o.strike) return (above + later) * numeric::exp(up * log_moneyness);
  return o.spot * asset - cash + above * numeric::exp(down * log_moneyness);
}

}  // namespace

double perpetual_future(const PerpetualFuture& c) {
  MEZZ_ASSERT(c.spot > 0.0);
  MEZZ_ASSERT(c.period >= 0.0);
  const double growth = c.rate - c.yield;
  if (c.payoff == PerpetualPayoff::Linear) return c.spot * futures_ratio(c, growth);
  const double ratio = futures_ratio(c, -growth);
  return ratio == 0.0 ? kInfinity : c.spot / ratio;
}

double everlasting_option(const SpotOption& o, FundingTime funding) {
  MEZZ_ASSERT(o.spot > 0.0 && o.strike > 0.0);
  MEZZ_ASSERT(o.time > 0.0 && o.volatility > 0.0);
  if (funding == FundingTime::Continuous) {
    MEZZ_ASSERT(o.rate * o.time > -1.0);
    MEZZ_ASSERT(o.yield * o.time > -1.0);
    const double call = continuous_call(o);
    if (o.right == OptionRight::Call) return call;
    // Put-call parity of the payoffs; the strike is paid an exponential time from now.
    return call - o.spot / (1.0 + o.yield * o.time) + o.strike / (1.0 + o.rate * o.time);
  }
  // Weights halve, prices are bounded by spot or strike: 64 terms leave less than a rounding.
  double sum = 0.0;
  double weight = 0.5;
  SpotOption expiring = o;
  for (int i = 1; i <= 64; ++i) {
    expiring.time = o.time * i;
    sum += weight * bsm(expiring).price;
    weight *= 0.5;
  }
  return sum;
}

double power_perpetual(const PowerPerpetual& c) {
  MEZZ_ASSERT(c.spot > 0.0);
  MEZZ_ASSERT(c.volatility >= 0.0 && c.period >= 0.0);
  const double growth = (c.power - 1.0) * (c.rate + 0.5 * c.power * c.volatility * c.volatility);
  const double held = 2.0 * numeric::exp(-c.period * growth) - 1.0;
  if (held <= 0.0) return kInfinity;
  return numeric::pow(c.spot, c.power) / held;
}

}  // namespace mezz::pricing

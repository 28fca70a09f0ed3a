#include "models/pricing/digital.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

struct Legs {
  double asset;        // S exp(-q T) N(+-d1)
  double probability;  // exp(-r T) N(+-d2)
};
Legs legs(const SpotOption& o) {
  MEZZ_ASSERT(o.spot > 0.0 && o.strike > 0.0);
  MEZZ_ASSERT(o.time > 0.0 && o.volatility > 0.0);
  const double w = sign_of(o.right);
  const double forward = o.spot * numeric::exp((o.rate - o.yield) * o.time);
  const Moneyness d = moneyness(forward, o.strike, o.volatility * numeric::sqrt(o.time));
  return {o.spot * numeric::exp(-o.yield * o.time) * numeric::normal_cdf(w * d.d1),
          numeric::exp(-o.rate * o.time) * numeric::normal_cdf(w * d.d2)};
}

// (H / S)^power N(argument) without overflow: the power is large where the probability is small.
double weighted(double log_distance, double power, double argument) {
  const double probability = numeric::normal_cdf(argument);
  return probability == 0.0 ? 0.0 : numeric::exp(power * log_distance) * probability;
}

// Probability that a log price with this drift per year touches H within the option's life.
double touch_probability(const SpotOption& o, double drift) {
  const double variance = o.volatility * o.volatility;
  const double deviation = o.volatility * numeric::sqrt(o.time);
  const double distance = numeric::log(o.strike / o.spot);
  const double side = sign_of(o.right);  // +1: the barrier is above
  const double direct = numeric::normal_cdf(side * (drift * o.time - distance) / deviation);
  return direct + weighted(distance, 2.0 * drift / variance,
                           side * (-drift * o.time - distance) / deviation);
}

// Value now of one unit of money paid at the first touch.
double paid_at_hit(const SpotOption& o) {
  const double variance = o.volatility * o.volatility;
  const double deviation = o.volatility * numeric::sqrt(o.time);
  const double distance = numeric::log(o.strike / o.spot);
  const double down = -sign_of(o.right);
  const double mu = (o.rate - o.yield) / variance - 0.5;
  const double under_root = mu * mu + 2.0 * o.rate / variance;
  MEZZ_ASSERT(under_root >= 0.0);  // a rate far below zero: the value is infinite or none
  const double lambda = numeric::sqrt(under_root);
  const double z = distance / deviation + lambda * deviation;
  return weighted(distance, mu + lambda, down * z) +
         weighted(distance, mu - lambda, down * (z - 2.0 * lambda * deviation));
}

}  // namespace

double cash_digital(const SpotOption& option, double cash) {
  return cash * legs(option).probability;
}

double asset_digital(const SpotOption& option) { return legs(option).asset; }

double gap_option(const SpotOption& option, double payoff_strike) {
  const Legs both = legs(option);
  return sign_of(option.right) * (both.asset - payoff_strike * both.probability);
}

double one_touch(const OneTouch& c) {
  const SpotOption& o = c.option;
  MEZZ_ASSERT(o.spot > 0.0 && o.strike > 0.0);
  MEZZ_ASSERT(o.time > 0.0 && o.volatility > 0.0);
  const bool asset = c.asset == TouchAsset::Asset;
  const bool touched = sign_of(o.right) * (o.spot - o.strike) >= 0.0;
  const bool pays_touch = c.rule == TouchRule::PaysIfTouched;
  if (pays_touch && c.payment == TouchPayment::AtHit) {
    if (touched) return asset ? o.spot : c.cash;
    return (asset ? o.strike : c.cash) * paid_at_hit(o);
  }
  const double drift = o.rate - o.yield - 0.5 * o.volatility * o.volatility;
  // Measured in the asset, the log price drifts by a variance more.
  const double measured = asset ? drift + o.volatility * o.volatility : drift;
  const double certain =
      asset ? o.spot * numeric::exp(-o.yield * o.time) : c.cash * numeric::exp(-o.rate * o.time);
  const double touch = touched ? 1.0 : touch_probability(o, measured);
  return certain * (pays_touch ? touch : 1.0 - touch);
}

}  // namespace mezz::pricing

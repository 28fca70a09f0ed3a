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

// exp(weight) N(argument), given exp(weight - argument^2 / 2) as its logarithm `bell`: far out the
// weight overflows before the probability is zero, while their product is at most one.
double weighted(double weight, double argument, double bell) {
  if (argument >= 0.0) return numeric::exp(weight) * numeric::normal_cdf(argument);
  return numeric::exp(bell) * numeric::scaled_normal_tail(-argument);
}

// Probability that a log price with this drift per year touches H within the option's life.
double touch_probability(const SpotOption& o, double drift) {
  const double deviation = o.volatility * numeric::sqrt(o.time);
  const double distance = numeric::log(o.strike / o.spot);
  const double side = sign_of(o.right);  // +1: the barrier is above
  const double drift_in_deviations = drift * o.time / deviation;
  const double distance_in_deviations = distance / deviation;
  const double direct = drift_in_deviations - distance_in_deviations;
  const double reflected = side * (-drift_in_deviations - distance_in_deviations);
  const double weight = 2.0 * drift_in_deviations * distance_in_deviations;
  const double sum =
      numeric::normal_cdf(side * direct) + weighted(weight, reflected, -0.5 * direct * direct);
  return sum > 1.0 ? 1.0 : sum;
}

// Value now of one unit of money paid at the first touch: Haug's mu, lambda and ln(H / S), each in
// deviations of the log price.
double paid_at_hit(const SpotOption& o) {
  const double deviation = o.volatility * numeric::sqrt(o.time);
  const double far = numeric::log(o.strike / o.spot) / deviation;
  const double down = -sign_of(o.right);
  const double mu = (o.rate - o.yield) * o.time / deviation - 0.5 * deviation;
  const double product = 2.0 * o.rate * o.time;  // lambda^2 - mu^2
  const double under_root = mu * mu + product;
  MEZZ_ASSERT(under_root >= 0.0);  // a rate far below zero: the value is infinite or none
  const double lambda = numeric::sqrt(under_root);
  // The smaller of lambda +- mu by their product: the difference has no digits at low volatility.
  const double sum = mu < 0.0 ? product / (lambda - mu) : lambda + mu;
  const double less = mu > 0.0 ? product / (lambda + mu) : lambda - mu;
  const double bell = -0.5 * (far - mu) * (far - mu) - o.rate * o.time;
  return weighted(sum * far, down * (far + lambda), bell) +
         weighted(-less * far, down * (far - lambda), bell);
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

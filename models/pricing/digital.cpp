#include "models/pricing/digital.h"

#include <algorithm>

#include "models/pricing/differences.h"
#include "models/pricing/quadrature.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kInfinity = __builtin_inf();
constexpr double kMost = 0x1.fffffffffffffp1023;

void check(const SpotOption& o) {
  MEZZ_ASSERT(o.spot >= 0.0 && o.strike >= 0.0);
  MEZZ_ASSERT(o.time >= 0.0 && o.volatility >= 0.0);
}

// One of the two may be infinite: nothing of it is nothing.
double part_of(double whole, double share) {
  return whole == 0.0 || share == 0.0 ? 0.0 : whole * share;
}
// Of two that are infinite nothing is known: zero.
double less(double a, double b) { return a == b ? 0.0 : a - b; }

// Finite, so that nothing times it is nothing.
double discount_of(double rate, double time) { return std::min(numeric::exp(-rate * time), kMost); }

double deviation_of(const SpotOption& o) { return o.volatility * numeric::sqrt(o.time); }

// log(H / S), also where the quotient does not fit a double.
double log_distance(const SpotOption& o) {
  const double ratio = o.strike / o.spot;
  if (ratio > 0.0 && ratio < kInfinity) return numeric::log(ratio);
  return numeric::log(o.strike) - numeric::log(o.spot);
}

// Of the forward, which itself may not fit a double.
Moneyness moneyness_of(const SpotOption& o) {
  const double deviation = deviation_of(o);
  const double ahead = o.spot == o.strike ? (o.rate - o.yield) * o.time
                                          : numeric::log(o.spot) - numeric::log(o.strike) +
                                                (o.rate - o.yield) * o.time;
  if (deviation == 0.0 || o.spot == 0.0 || o.strike == 0.0) {
    const bool nothing = o.spot == 0.0 && o.strike == 0.0;
    const double side = nothing || ahead == 0.0 ? 0.0 : ahead * kInfinity;
    return {side, side};
  }
  return {ahead / deviation + 0.5 * deviation, ahead / deviation - 0.5 * deviation};
}

// phi(d) with the sign of the right; nothing where nothing is left to chance.
double bell_of(const SpotOption& o, double d) {
  const bool luck = deviation_of(o) > 0.0 && o.spot > 0.0 && o.strike > 0.0;
  return luck ? sign_of(o.right) * numeric::normal_pdf(d) : 0.0;
}

struct Legs {
  double asset;        // S exp(-q T) N(+-d1)
  double probability;  // exp(-r T) N(+-d2)
};
Legs legs(const SpotOption& o) {
  check(o);
  const double w = sign_of(o.right);
  const Moneyness d = moneyness_of(o);
  return {o.spot * (discount_of(o.yield, o.time) * numeric::normal_cdf(w * d.d1)),
          discount_of(o.rate, o.time) * numeric::normal_cdf(w * d.d2)};
}

// exp(weight) N(argument), given exp(weight - argument^2 / 2) as its logarithm `bell`: far out the
// weight overflows before the probability is zero, while their product is at most one.
double weighted(double weight, double argument, double bell) {
  if (argument >= 0.0) return numeric::exp(weight) * numeric::normal_cdf(argument);
  return numeric::exp(bell) * numeric::scaled_normal_tail(-argument);
}

// Probability that a log price with this drift per year touches H within the option's life.
double touch_probability(const SpotOption& o, double drift) {
  const double deviation = deviation_of(o);
  const double distance = log_distance(o);
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

double log_drift(const SpotOption& o) {
  return o.rate - o.yield - 0.5 * o.volatility * o.volatility;
}

// The value at a rate so far below zero that Haug's lambda has no real root: by parts,
// exp(-r T) P(T) + r integral of exp(-r t) P(t), with P the probability of a touch until t. In
// u^2 = t / T, P is smooth where it vanishes.
double paid_at_hit_by_parts(const SpotOption& o) {
  const auto& gauss = GaussLegendre<64>::rule();
  const auto discounted = [&](double time) {
    SpotOption shorter = o;
    shorter.time = time;
    return discount_of(o.rate, time) * touch_probability(shorter, log_drift(o));
  };
  if (discount_of(o.rate, o.time) == kMost) return discounted(o.time);
  double sum = 0.0;
  for (std::size_t i = 0; i < gauss.node.size(); ++i) {
    const double u = 0.5 + 0.5 * gauss.node[i];
    sum += gauss.weight[i] * u * discounted(o.time * u * u);
  }
  return discounted(o.time) + o.rate * o.time * sum;
}

// Value now of one unit of money paid at the first touch: Haug's mu, lambda and ln(H / S), each in
// deviations of the log price.
double paid_at_hit(const SpotOption& o) {
  const double deviation = deviation_of(o);
  const double far = log_distance(o) / deviation;
  const double down = -sign_of(o.right);
  const double mu = (o.rate - o.yield) * o.time / deviation - 0.5 * deviation;
  const double product = 2.0 * o.rate * o.time;  // lambda^2 - mu^2
  const double under_root = mu * mu + product;
  if (under_root < 0.0) return paid_at_hit_by_parts(o);
  const double lambda = numeric::sqrt(under_root);
  // The smaller of lambda +- mu by their product: the difference has no digits at low volatility.
  const double sum = mu < 0.0 ? product / (lambda - mu) : lambda + mu;
  const double less = mu > 0.0 ? product / (lambda + mu) : lambda - mu;
  const double bell = -0.5 * (far - mu) * (far - mu) - o.rate * o.time;
  return weighted(sum * far, down * (far + lambda), bell) +
         weighted(-less * far, down * (far - lambda), bell);
}

bool is_touched(const SpotOption& o) { return sign_of(o.right) * (o.spot - o.strike) >= 0.0; }

bool is_at_hit(const OneTouch& c) {
  return c.rule == TouchRule::PaysIfTouched && c.payment == TouchPayment::AtHit;
}

// Too little chance to tell from none: every path is S exp((r - q) t).
bool is_certain(const SpotOption& o) {
  const double deviation = deviation_of(o);
  return deviation < 1e-300 || o.spot == 0.0 || o.strike == 0.0;
}

// When the path without chance reaches the barrier; infinite if not within the option's life.
double certain_hit(const SpotOption& o) {
  if (is_touched(o)) return 0.0;
  if (o.spot == 0.0 || o.strike == 0.0 || o.rate == o.yield) return kInfinity;
  const double hit = log_distance(o) / (o.rate - o.yield);
  return hit > 0.0 && hit <= o.time ? hit : kInfinity;
}

// A payment certain in size, made if the option ends in the money with probability N(w own); the
// other of d1 and d2 is `other`. Everything but the derivatives by the spot.
struct Payment {
  double whole;  // its discounted size, finite
  double rate;   // at which that is discounted
  double own;
  double other;
};
OptionGreeks greeks_of(const Payment& p, const SpotOption& o) {
  const double w = sign_of(o.right);
  const double probability = numeric::normal_cdf(w * p.own);
  const double deviation = deviation_of(o);
  const double bell = bell_of(o, p.own);
  OptionGreeks g;
  g.price = p.whole * probability;
  if (bell == 0.0) {
    g.theta = p.rate * g.price;
    return g;
  }
  const double v = o.volatility;
  const double by_time = (o.rate - o.yield) / deviation +
                         0.5 * (p.own > p.other ? 1.0 : -1.0) * v * v / deviation -
                         0.5 * p.own / o.time;
  g.vega = -part_of(p.whole, bell * p.other / v);
  g.theta = part_of(p.whole, p.rate * probability - bell * by_time);
  g.rho = part_of(p.whole, bell * numeric::sqrt(o.time) / v);
  g.dividend_rho = -g.rho;
  g.volga = -part_of(p.whole, bell * (p.own * p.other * p.other - p.own - p.other) / v / v);
  return g;
}

}  // namespace

double cash_digital(const SpotOption& option, double cash) {
  return cash * legs(option).probability;
}

double asset_digital(const SpotOption& option) { return legs(option).asset; }

double gap_option(const SpotOption& option, double payoff_strike) {
  const Legs both = legs(option);
  return sign_of(option.right) * less(both.asset, payoff_strike * both.probability);
}

OptionGreeks cash_digital_greeks(const SpotOption& o, double cash) {
  check(o);
  const double deviation = deviation_of(o);
  const Moneyness d = moneyness_of(o);
  const double whole = std::clamp(cash * discount_of(o.rate, o.time), -kMost, kMost);
  OptionGreeks g = greeks_of({whole, o.rate, d.d2, d.d1}, o);
  g.rho = less(g.rho, o.time * g.price);
  const double bell = bell_of(o, d.d2);
  if (bell == 0.0) return g;
  g.delta = part_of(whole, bell / o.spot / deviation);
  g.gamma = -part_of(whole, bell * d.d1 / o.spot / deviation / o.spot / deviation);
  g.vanna = part_of(whole, bell * (d.d1 * d.d2 - 1.0) / o.spot / deviation / o.volatility);
  return g;
}

OptionGreeks asset_digital_greeks(const SpotOption& o) {
  check(o);
  const double w = sign_of(o.right);
  const double deviation = deviation_of(o);
  const Moneyness d = moneyness_of(o);
  const double unit = discount_of(o.yield, o.time);
  OptionGreeks g = greeks_of({std::min(o.spot * unit, kMost), o.yield, d.d1, d.d2}, o);
  g.dividend_rho = less(g.dividend_rho, o.time * g.price);
  const double bell = bell_of(o, d.d1);
  g.delta = unit * numeric::normal_cdf(w * d.d1);
  if (bell == 0.0) return g;
  g.delta += part_of(unit, bell / deviation);
  g.gamma = -part_of(unit, bell * d.d2 / o.spot / deviation / deviation);
  g.vanna = part_of(unit, bell * ((d.d1 * d.d2 - 1.0) / deviation - d.d2) / o.volatility);
  return g;
}

OptionGreeks gap_option_greeks(const SpotOption& option, double payoff_strike) {
  const double w = sign_of(option.right);
  const OptionGreeks asset = asset_digital_greeks(option);
  const OptionGreeks cash = cash_digital_greeks(option, payoff_strike);
  const auto of = [&](double OptionGreeks::*member) {
    return w * less(asset.*member, cash.*member);
  };
  return {.price = of(&OptionGreeks::price),
          .delta = of(&OptionGreeks::delta),
          .gamma = of(&OptionGreeks::gamma),
          .vega = of(&OptionGreeks::vega),
          .theta = of(&OptionGreeks::theta),
          .rho = of(&OptionGreeks::rho),
          .vanna = of(&OptionGreeks::vanna),
          .volga = of(&OptionGreeks::volga),
          .dividend_rho = of(&OptionGreeks::dividend_rho)};
}

double one_touch(const OneTouch& c) {
  check(c.option);
  SpotOption o = c.option;
  // No probability tells a deviation of 1000 from a larger one, whose square may not fit a double.
  o.volatility = std::min({o.volatility, 1e3 / numeric::sqrt(o.time), 1e150});
  const bool asset = c.asset == TouchAsset::Asset;
  const bool pays_touch = c.rule == TouchRule::PaysIfTouched;
  const bool certain = is_certain(o);
  if (is_at_hit(c)) {
    if (is_touched(o)) return asset ? o.spot : c.cash;
    const double paid = asset ? o.strike : c.cash;
    if (!certain) return paid * paid_at_hit(o);
    const double hit = certain_hit(o);
    return hit == kInfinity ? 0.0 : paid * discount_of(o.rate, hit);
  }
  // Measured in the asset, the log price drifts by a variance more.
  const double drift = log_drift(o) + (asset ? o.volatility * o.volatility : 0.0);
  const double whole = std::min(
      kMost, asset ? o.spot * discount_of(o.yield, o.time) : c.cash * discount_of(o.rate, o.time));
  double touch = 1.0;
  if (!is_touched(o)) {
    touch = certain ? (certain_hit(o) == kInfinity ? 0.0 : 1.0) : touch_probability(o, drift);
  }
  return whole * (pays_touch ? touch : 1.0 - touch);
}

OptionGreeks one_touch_greeks(const OneTouch& c) {
  const SpotOption& o = c.option;
  check(o);
  if (!is_touched(o)) {
    const auto price = [&](const SpotOption& changed) {
      OneTouch contract = c;
      contract.option = changed;
      return one_touch(contract);
    };
    const double room = o.spot > o.strike ? o.spot - o.strike : o.strike - o.spot;
    return greeks_by_differences(o, price, {.deviation = deviation_of(o), .room = room});
  }
  // Nothing is left to chance: the payment is certain.
  const bool asset = c.asset == TouchAsset::Asset;
  OptionGreeks g;
  g.price = one_touch(c);
  if (c.rule == TouchRule::PaysIfNot) return g;
  const double per_spot = is_at_hit(c) ? 1.0 : discount_of(o.yield, o.time);
  if (asset) g.delta = per_spot;
  if (is_at_hit(c)) return g;
  g.theta = (asset ? o.yield : o.rate) * g.price;
  (asset ? g.dividend_rho : g.rho) = -o.time * g.price;
  return g;
}

}  // namespace mezz::pricing

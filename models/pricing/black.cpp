#include "models/pricing/black.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kInfinity = __builtin_inf();
constexpr double kInverseSqrt2Pi = 0x1.9884533d43651p-2;
// A logarithm of money beyond this is infinite, or nothing, whatever is done to it.
constexpr double kFarthest = 1e6;

double absolute(double x) { return x < 0.0 ? -x : x; }

void check(double underlying, double strike, double time, double volatility) {
  MEZZ_ASSERT(underlying >= 0.0);
  MEZZ_ASSERT(strike >= 0.0);
  MEZZ_ASSERT(time >= 0.0);
  MEZZ_ASSERT(volatility >= 0.0);
}

// N(h + t) - N(h - t) in units of the density, Y(h + t) - Y(h - t) with Y = N / density, for small
// t: the odd terms of its Taylor series, whose derivatives follow Y(n+1) = h Y(n) + n Y(n-1).
double tail_difference(double h, double t) {
  double before = numeric::scaled_normal_tail(-h) / kInverseSqrt2Pi;  // Y, in units of sqrt(2 pi)
  double here = 1.0 + h * before;                                     // Y'
  double power = t;
  double sum = power * here;
  for (int n = 1; n < 12; n += 2) {
    const double second = h * here + n * before;
    const double third = h * second + (n + 1) * here;
    power *= t * t / ((n + 1) * (n + 2));
    sum += power * third;
    before = second;
    here = third;
  }
  return 2.0 * sum * kInverseSqrt2Pi;
}

// Out of the money, x <= 0: exp(-(h^2 + t^2) / 2) times a difference of scaled tails.
double normalised_call_out(double x, double s) {
  if (s <= 0.0) return 0.0;
  const double h = x / s;
  const double t = 0.5 * s;
  const double bell = numeric::exp(-0.5 * (h * h + t * t));
  if (t < 0.1 && h > -3.0) return bell * tail_difference(h, t);
  const double near = numeric::scaled_normal_tail(-(h + t));
  const double far = numeric::scaled_normal_tail(t - h);
  if (h + t > 5.0) {  // a huge deviation: the first leg is almost all of sqrt(F / K)
    return numeric::exp(0.5 * x) * numeric::normal_cdf(h + t) - bell * far;
  }
  return bell * (near - far);
}

// One of the two may be infinite: nothing of it is nothing.
double part_of(double whole, double share) {
  return whole == 0.0 || share == 0.0 ? 0.0 : whole * share;
}

// whole * N(d) as exp(logarithm) * factor, which neither overflows nor loses a far tail.
struct Leg {
  double logarithm;
  double factor;
  [[nodiscard]] double in(double unit) const {
    return factor == 0.0 ? 0.0 : numeric::exp(logarithm - unit) * factor;
  }
};
Leg leg_of(double log_whole, double d) {
  if (d >= 0.0) return {log_whole, numeric::normal_cdf(d)};
  return {std::max(log_whole - 0.5 * d * d, -kFarthest), numeric::scaled_normal_tail(-d)};
}

// Where a discount factor or what it multiplies leaves the range of doubles: everything in units of
// the larger leg, and only the results may overflow, to infinity.
OptionGreeks bsm_far(const SpotOption& o) {
  const double w = sign_of(o.right);
  const double root_time = numeric::sqrt(o.time);
  const double deviation = o.volatility * root_time;
  const auto log_discounted = [](double amount, double exponent) {
    return std::clamp(numeric::log(amount) - exponent, -kFarthest, kFarthest);
  };
  const double log_spot = log_discounted(o.spot, o.yield * o.time);
  const double log_strike = log_discounted(o.strike, o.rate * o.time);
  const double ahead = log_spot - log_strike;
  const double ratio = deviation > 0.0 ? ahead / deviation : ahead == 0.0 ? 0.0 : ahead * kInfinity;
  const double d1 = ratio + 0.5 * deviation;
  const double d2 = ratio - 0.5 * deviation;
  const Leg first = leg_of(log_spot, w * d1);
  const Leg second = leg_of(log_strike, w * d2);
  const double unit = std::max(first.logarithm, second.logarithm);
  const double whole = numeric::exp(unit);
  const double leg1 = first.in(unit);
  const double leg2 = second.in(unit);
  const double bell_at = std::max(log_spot - 0.5 * d1 * d1, -kFarthest);
  const Leg bell{bell_at, deviation > 0.0 && o.spot > 0.0 ? kInverseSqrt2Pi : 0.0};
  const double log_amount = o.spot > 0.0 ? numeric::log(o.spot) : 0.0;
  const double waning = bell.factor == 0.0 ? 0.0 : 0.5 * bell.in(unit)*o.volatility / root_time;
  OptionGreeks g;
  g.price = part_of(whole, std::max(0.0, w * (leg1 - leg2)));
  if (o.spot > 0.0) g.delta = w * first.in(log_amount);
  if (o.spot == 0.0 && w < 0.0) g.delta = -numeric::exp(-o.yield * o.time);
  g.theta = part_of(whole, w * (o.yield * leg1 - o.rate * leg2) - waning);
  g.rho = w * part_of(o.time, second.in(0.0));
  g.dividend_rho = -w * part_of(o.time, first.in(0.0));
  const double density = bell.in(log_amount);
  if (density == 0.0) return g;
  g.gamma = density / o.spot / deviation;
  g.vega = part_of(root_time, bell.in(0.0));
  g.vanna = -density * (d2 / o.volatility);
  g.volga = part_of(g.vega, d1 * d2 / o.volatility);
  return g;
}

// exp(700) is the last that leaves room for a spot of 1e3; both legs must be ordinary numbers.
bool is_far(const SpotOption& o) {
  const auto ordinary = [](double underlying, double exponent) {
    return absolute(exponent) < 700.0 && underlying * numeric::exp(-exponent) < 1e300;
  };
  return !ordinary(o.spot, o.yield * o.time) || !ordinary(o.strike, o.rate * o.time);
}

}  // namespace

Moneyness moneyness(double forward, double strike, double deviation) {
  if (strike == 0.0 || forward == 0.0 || deviation <= 0.0) {
    const double side = forward > strike ? kInfinity : forward < strike ? -kInfinity : 0.0;
    return {side, side};
  }
  const double ratio = numeric::log(forward / strike) / deviation;
  return {ratio + 0.5 * deviation, ratio - 0.5 * deviation};
}

double normalised_black(OptionRight right, double x, double s) {
  MEZZ_ASSERT(s >= 0.0);
  const double sign = sign_of(right);
  const double out = normalised_call_out(-absolute(x), s);
  if (sign * x <= 0.0) return out;
  return out + sign * (numeric::exp(0.5 * x) - numeric::exp(-0.5 * x));
}

OptionGreeks bsm(const SpotOption& o) {
  check(o.spot, o.strike, o.time, o.volatility);
  const double w = sign_of(o.right);
  const double root_time = numeric::sqrt(o.time);
  const double deviation = o.volatility * root_time;
  if (is_far(o)) return bsm_far(o);
  const double spot_discount = numeric::exp(-o.yield * o.time);
  const double discount = numeric::exp(-o.rate * o.time);
  const Moneyness d = moneyness(o.spot * spot_discount, o.strike * discount, deviation);
  const double leg1 = o.spot * spot_discount * numeric::normal_cdf(w * d.d1);
  const double leg2 = o.strike * discount * numeric::normal_cdf(w * d.d2);
  const double density = deviation > 0.0 ? numeric::normal_pdf(d.d1) : 0.0;
  OptionGreeks g;
  g.price = w * (leg1 - leg2);
  if (g.price < 0.0) g.price = 0.0;
  g.delta = w * spot_discount * numeric::normal_cdf(w * d.d1);
  g.theta = w * (o.yield * leg1 - o.rate * leg2);
  g.rho = w * o.time * leg2;
  g.dividend_rho = -w * o.time * leg1;
  if (density == 0.0 || o.spot == 0.0) return g;
  g.gamma = spot_discount * density / (o.spot * deviation);
  g.vega = o.spot * spot_discount * density * root_time;
  g.theta -= 0.5 * o.spot * spot_discount * density * o.volatility / root_time;
  g.vanna = -spot_discount * density * d.d2 / o.volatility;
  g.volga = g.vega * d.d1 * d.d2 / o.volatility;
  return g;
}

double elasticity(OptionRight right, const OptionGreeks& greeks, double underlying) {
  if (greeks.price == 0.0) return sign_of(right) * kInfinity;
  const double moved = underlying == 0.0 ? 0.0 : greeks.delta * underlying;
  if (greeks.price == kInfinity) return absolute(moved) == kInfinity ? sign_of(right) : 0.0;
  return moved / greeks.price;
}

// A forward is a spot whose yield is the rate, except that it does not move with the rate.
OptionGreeks black76(const ForwardOption& o) {
  OptionGreeks g = bsm({.right = o.right,
                        .spot = o.forward,
                        .strike = o.strike,
                        .time = o.time,
                        .volatility = o.volatility,
                        .rate = o.rate,
                        .yield = o.rate});
  g.rho = -o.time * g.price;
  g.dividend_rho = 0.0;
  return g;
}

}  // namespace mezz::pricing

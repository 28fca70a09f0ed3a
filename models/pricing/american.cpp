#include "models/pricing/american.h"

#include <algorithm>
#include <vector>

#include "models/pricing/american_boundary.h"
#include "models/pricing/differences.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

// Below this deviation the price moves by less than the lattice could resolve.
constexpr double kStill = 1e-5;
// Above this one the outermost prices of a lattice overflow.
constexpr double kWild = 10.0;
// Beyond these total deviation, drift in deviations and rates times time, the spectral method has
// not been tried.
constexpr double kBroad = 3.0;
constexpr double kOutrun = 12.0;
constexpr double kLong = 5.0;

double intrinsic(const SpotOption& o, double spot) {
  return std::max(0.0, sign_of(o.right) * (spot - o.strike));
}

// The most that exercise at some known moment pays, when the spot's path is known.
double best_certain_moment(const SpotOption& o) {
  const auto value_at = [&](double t) {
    return sign_of(o.right) *
           (o.spot * numeric::exp(-o.yield * t) - o.strike * numeric::exp(-o.rate * t));
  };
  double best = std::max({0.0, value_at(0.0), value_at(o.time)});
  const double turns = o.rate * o.strike / (o.yield * o.spot);
  if (turns > 0.0 && turns < __builtin_inf() && o.rate != o.yield) {
    const double t = numeric::log(turns) / (o.rate - o.yield);
    if (t > 0.0 && t < o.time) best = std::max(best, value_at(t));
  }
  return best;
}

bool is_certain(const SpotOption& o) {
  return o.spot == 0.0 || o.strike == 0.0 || o.time == 0.0 ||
         o.volatility * numeric::sqrt(o.time) < kStill;
}

// Peizer and Pratt's inversion of the normal distribution for an odd number of steps.
double lattice_probability(double z, int steps) {
  const double n = steps;
  const double scaled = z / (n + 1.0 / 3.0 + 0.1 / (n + 1.0));
  const double tail = numeric::exp(-scaled * scaled * (n + 1.0 / 6.0));
  const double half = 0.5 * numeric::sqrt(1.0 - tail);
  return z >= 0.0 ? 0.5 + half : 0.5 - half;
}

double lattice(const SpotOption& o, int steps) {
  const double deviation = o.volatility * numeric::sqrt(o.time);
  const double growth = numeric::exp((o.rate - o.yield) * o.time / steps);
  const double discount = numeric::exp(-o.rate * o.time / steps);
  const double forward = o.spot * numeric::exp((o.rate - o.yield) * o.time);
  const Moneyness d = moneyness(forward, o.strike, deviation);
  const double up_probability = lattice_probability(d.d2, steps);
  const double asset_probability = lattice_probability(d.d1, steps);
  if (up_probability <= 0.0 || up_probability >= 1.0) return best_certain_moment(o);
  const double up = growth * asset_probability / up_probability;
  const double down = growth * (1.0 - asset_probability) / (1.0 - up_probability);
  const double ratio = up / down;
  std::vector<double> value(static_cast<std::size_t>(steps) + 1);
  const auto lowest = [&](int step) { return o.spot * numeric::pow(down, step); };
  double spot = lowest(steps);
  for (double& v : value) {
    v = intrinsic(o, spot);
    spot *= ratio;
  }
  for (int step = steps - 1; step >= 0; --step) {
    spot = lowest(step);
    for (std::size_t i = 0; i <= static_cast<std::size_t>(step); ++i) {
      const double held =
          discount * (up_probability * value[i + 1] + (1.0 - up_probability) * value[i]);
      value[i] = std::max(held, intrinsic(o, spot));
      spot *= ratio;
    }
  }
  return value[0];
}

struct Boundary {
  double rate;
  double carry;
  double variance;
  double time;
  double level;  // spot at which a call is exercised
};

// Bjerksund and Stensland's phi(S, T, gamma, H, X), times exp(log_scale): a large power of the spot
// goes with an equal one of the level, and neither fits a double alone.
double boundary_term(const Boundary& b, double spot, double gamma, double barrier,
                     double log_scale = 0.0) {
  const double deviation = numeric::sqrt(b.variance * b.time);
  const double lambda = -b.rate + gamma * b.carry + 0.5 * gamma * (gamma - 1.0) * b.variance;
  const double kappa = 2.0 * b.carry / b.variance + (2.0 * gamma - 1.0);
  const double drift = (b.carry + (gamma - 0.5) * b.variance) * b.time;
  const double d = -(numeric::log(spot / barrier) + drift) / deviation;
  const double reach = numeric::log(b.level / spot);
  const double reflected = d - 2.0 * reach / deviation;
  // Beyond the mean by its bell, which is at most one where exp(kappa reach) overflows.
  const double second =
      reflected >= 0.0 ? numeric::exp(kappa * reach) * numeric::normal_cdf(reflected)
                       : numeric::exp(-0.5 * d * d - 2.0 * reach * numeric::log(b.level / barrier) /
                                                         (deviation * deviation)) *
                             numeric::scaled_normal_tail(-reflected);
  return numeric::exp(lambda * b.time + gamma * numeric::log(spot) + log_scale) *
         (numeric::normal_cdf(d) - second);
}

double call_approximation(double spot, double strike, double time, double volatility, double rate,
                          double yield) {
  const double european = bsm({.right = OptionRight::Call,
                               .spot = spot,
                               .strike = strike,
                               .time = time,
                               .volatility = volatility,
                               .rate = rate,
                               .yield = yield})
                              .price;
  if (yield <= 0.0) return european;  // waiting costs nothing
  const double carry = rate - yield;
  const double variance = volatility * volatility;
  const double half = 0.5 - carry / variance;
  const double under_root = half * half + 2.0 * rate / variance;
  if (under_root < 0.0) return std::max(european, spot - strike);
  const double root = numeric::sqrt(under_root);
  // By the product of the two roots where their sum cancels.
  const double beta =
      half < 0.0 && rate > 0.0 ? 2.0 * rate / variance / (root - half) : half + root;
  if (beta <= 1.0) return std::max(european, spot - strike);
  const double never = beta / (beta - 1.0) * strike;
  const double at_expiry = std::max(strike, rate / yield * strike);
  // A drift that outruns the volatility leaves the boundary at its perpetual place.
  const double spread = carry * time + 2.0 * volatility * numeric::sqrt(time);
  const double pull = spread > 0.0 ? -spread * at_expiry / (never - at_expiry) : -__builtin_inf();
  const double level = at_expiry + (never - at_expiry) * (1.0 - numeric::exp(pull));
  // The flat boundary may call for exercise where even the European option is worth more.
  if (spot >= level) return std::max(european, spot - strike);
  const Boundary b{rate, carry, variance, time, level};
  const double at_level = level - strike;
  const double log_level = numeric::log(level);
  const double value = at_level * numeric::exp(beta * (numeric::log(spot) - log_level)) -
                       at_level * boundary_term(b, spot, beta, level, -beta * log_level) +
                       boundary_term(b, spot, 1.0, level) - boundary_term(b, spot, 1.0, strike) -
                       strike * boundary_term(b, spot, 0.0, level) +
                       strike * boundary_term(b, spot, 0.0, strike);
  // Terms far larger than the spot cancel in `value`; no call on a yielding asset is worth more.
  return std::max({std::min(value, spot), european, spot - strike});
}

void check(const SpotOption& o) {
  MEZZ_ASSERT(o.spot >= 0.0 && o.strike >= 0.0);
  MEZZ_ASSERT(o.time >= 0.0 && o.volatility >= 0.0);
}

// A put; the call is the put on its strike, paid for in the asset.
SpotOption as_put(const SpotOption& o) {
  if (o.right == OptionRight::Put) return o;
  return {OptionRight::Put, o.strike, o.spot, o.time, o.volatility, o.yield, o.rate};
}

bool pays_to_wait(const SpotOption& put) { return put.rate <= 0.0 && put.yield >= put.rate; }

// What the spectral method is meant for.
bool has_smooth_boundary(const SpotOption& put) {
  const double deviation = put.volatility * numeric::sqrt(put.time);
  const double drift = (put.rate - put.yield) * put.time;
  const double most = kOutrun * deviation;
  return put.rate >= 0.0 && deviation < kBroad && drift < most && drift > -most &&
         put.rate * put.time < kLong && put.yield * put.time < kLong &&
         put.yield * put.time > -kLong;
}

ExerciseBoundary boundary_of(const SpotOption& put) {
  return ExerciseBoundary({put.time, put.volatility, put.rate, put.yield});
}

}  // namespace

double american(const SpotOption& o) {
  check(o);
  if (is_certain(o)) return american_lattice(o);
  const double european = bsm(o).price;
  const double exercised = intrinsic(o, o.spot);
  const SpotOption put = as_put(o);
  if (pays_to_wait(put)) return std::max(european, exercised);
  if (!has_smooth_boundary(put)) return american_lattice(o, 2'001);
  const ExerciseBoundary boundary = boundary_of(put);
  const double spot = put.spot / put.strike;
  if (spot <= boundary.now()) return exercised;
  return std::max(european + std::max(0.0, put.strike * boundary.premium(spot)), exercised);
}

OptionGreeks american_greeks(const SpotOption& o) {
  check(o);
  const double price = american(o);
  double room = __builtin_inf();
  const SpotOption put = as_put(o);
  const bool certain = is_certain(o);
  if (!certain && !pays_to_wait(put) && has_smooth_boundary(put)) {
    // The boundary in spots: for a call, strike over the put's own.
    const double now = boundary_of(put).now();
    const double at = o.right == OptionRight::Put ? o.strike * now : o.strike / now;
    room = sign_of(o.right) * (at - o.spot);
  }
  if (room <= 0.0 || (certain && price <= intrinsic(o, o.spot))) {
    const bool pays = intrinsic(o, o.spot) > 0.0;
    return {.price = price, .delta = pays ? sign_of(o.right) : 0.0};
  }
  const double deviation = o.volatility * numeric::sqrt(o.time);
  return greeks_by_differences(o, [](const SpotOption& changed) { return american(changed); },
                               {.deviation = deviation, .room = room});
}

double american_lattice(const SpotOption& o, int steps) {
  check(o);
  MEZZ_ASSERT(steps >= 3);
  if (is_certain(o)) return std::max(best_certain_moment(o), bsm(o).price);
  // Where the drift of a step exceeds a quarter of its deviation, the lattice cannot resolve the
  // boundary, which then lies next to the strike and is as good as flat.
  const double step = o.time / steps;
  const double drift = (o.rate < o.yield ? o.yield - o.rate : o.rate - o.yield) * step;
  if (drift > 0.25 * o.volatility * numeric::sqrt(step)) return american_approximation(o);
  if (o.volatility * numeric::sqrt(o.time) > kWild) return american_approximation(o);
  const int coarse = steps / 2 | 1;
  const int fine = 2 * coarse + 1;
  // The error falls with one over the number of steps.
  const double first = lattice(o, coarse);
  const double second = lattice(o, fine);
  const double extrapolated = second + (second - first) * coarse / (fine - coarse);
  return std::max({extrapolated, intrinsic(o, o.spot), bsm(o).price});
}

double american_approximation(const SpotOption& o) {
  check(o);
  if (is_certain(o)) return std::max(best_certain_moment(o), bsm(o).price);
  if (o.right == OptionRight::Call) {
    return call_approximation(o.spot, o.strike, o.time, o.volatility, o.rate, o.yield);
  }
  // A put is a call on the strike, paid for in the asset.
  return call_approximation(o.strike, o.spot, o.time, o.volatility, o.yield, o.rate);
}

}  // namespace mezz::pricing

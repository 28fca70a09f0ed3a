// The kernel of implied_vol_batch.h for W options at a time. Included by one .cpp file per
// instruction set (see lanes.h for why all of it has internal linkage).
#pragma once

#include "models/pricing/black_lanes.h"
#include "models/pricing/implied_vol_batch.h"

namespace mezz::pricing {
namespace {

// Below this share of sqrt(F K) a time value has lost too many digits, or the deviation is so small
// that the two tails differ in their last places only: the scalar method knows better.
inline constexpr double kLeastTimeValue = 1e-5;
// Of the last step, relative: Halley's error is of the order of its cube.
inline constexpr double kSettled = 1e-5;
inline constexpr int kSteps = 4;

template <int W>
struct Target {
  Lanes<W> x;           // -|log(F / K)|
  Lanes<W> inflection;  // sqrt(2 |x|)
  Lanes<W> log_target;  // of the price, or of what it lacks
  Bits<W> above;        // the deviation is above the inflection point
};

// One step of Halley's method on log(value / target), kept on its side of the inflection point.
template <int W>
[[gnu::always_inline]] inline Lanes<W> halley(const Target<W>& t, Lanes<W> s) {
  constexpr double kInverseRootTwoPi = 0x1.9884533d43651p-2;
  const Lanes<W> inverse = 1.0 / s;
  const Lanes<W> h = t.x * inverse;
  const Lanes<W> half = 0.5 * s;
  const Pair<W> tails = scaled_tails<W>(h + half, h - half);
  // Over the bell exp(-(h^2 + s^2 / 4) / 2): the price below the inflection point (d1 < 0), what is
  // missing above it (d1 > 0).
  const Lanes<W> value = tails.first + select<W>(t.above, tails.second, -tails.second);
  const Lanes<W> f = logarithm<W>(value) - 0.5 * (h * h + half * half) - t.log_target;
  // Of f as a function of s: f' = slope, f'' / f' = bend - slope.
  const Lanes<W> slope =
      select<W>(t.above, all<W>(-kInverseRootTwoPi), all<W>(kInverseRootTwoPi)) / value;
  const Lanes<W> bend = h * h * inverse - 0.25 * s;
  const Lanes<W> newton = -f / slope;
  const Lanes<W> step = newton / (1.0 + 0.5 * newton * (bend - slope));
  const Lanes<W> next = larger<W>(s + step, 0.5 * s);
  const Lanes<W> most = 3.0 * s;
  const Lanes<W> bounded = select<W>(next < most, next, most);
  return select<W>(t.above, larger<W>(bounded, t.inflection), -larger<W>(-bounded, -t.inflection));
}

// The deviation, and whether it may be trusted.
template <int W>
struct Solution {
  Lanes<W> deviation;
  Bits<W> settled;
};

template <int W>
[[gnu::always_inline]] inline Solution<W> solve(Lanes<W> x, Lanes<W> price) {
  constexpr double kRootTwoPi = 0x1.40d931ff62706p1;
  const Lanes<W> most = exponential<W>(0.5 * x);
  const Lanes<W> inflection = square_root<W>(-2.0 * x);
  const Pair<W> tail = scaled_tails<W>(inflection, inflection);
  const Lanes<W> there = most * (0.5 - tail.first);  // the price at the inflection point
  Target<W> t;
  t.x = x;
  t.inflection = inflection;
  t.above = price > there;
  t.log_target = logarithm<W>(select<W>(t.above, most - price, price));
  // Below: 1 / s^2 is nearly linear in the logarithm of the price. Above: the tangent.
  const Lanes<W> inverse_square = 0.5 / -x + 2.0 * (logarithm<W>(there) - t.log_target) / (x * x);
  const Lanes<W> low = square_root<W>(1.0 / inverse_square);
  const Lanes<W> high = inflection + (price - there) * kRootTwoPi / most;
  Lanes<W> s = select<W>(t.above, high, low);
  Lanes<W> before = s;
#pragma GCC unroll 4
  for (int i = 0; i < kSteps; ++i) {
    before = s;
    s = halley<W>(t, s);
  }
  // NaN compares as not settled.
  return {s, (magnitude<W>(s - before) <= kSettled * s) & (s > 0.0)};
}

// Writes NaN where the scalar method shall be asked.
template <int W>
[[gnu::always_inline]] inline Lanes<W> volatility_at(const QuoteColumns& q, std::size_t at) {
  const Lanes<W> forward = load<W>(q.forward + at);
  const Lanes<W> strike = load<W>(q.strike + at);
  const Lanes<W> time = load<W>(q.time + at);
  const Lanes<W> carry = load<W>(q.rate + at) * time;
  const Lanes<W> price = load<W>(q.price + at) * exponential<W>(carry);
  const Lanes<W> inside = load<W>(q.sign + at) * (forward - strike);
  const Lanes<W> unit = square_root<W>(forward * strike);
  const Lanes<W> value = (price - larger<W>(inside, all<W>(0.0))) / unit;
  const Lanes<W> x = -magnitude<W>(logarithm<W>(forward / strike));
  const Solution<W> solution = solve<W>(x, value);
  const Bits<W> usable = (forward > 1e-100) & (forward < 1e100) & (strike > 1e-100) &
                         (strike < 1e100) & (time > 1e-9) & (time < 1e9) &
                         (magnitude<W>(carry) < 700.0) & (value > kLeastTimeValue) &
                         (value < 0.999 * exponential<W>(0.5 * x));
  return select<W>(usable & solution.settled, solution.deviation / square_root<W>(time),
                   all<W>(__builtin_nan("")));
}

template <int W>
inline void implied_in_lanes(const QuoteColumns& quotes, double* volatility) {
  std::size_t at = 0;
  for (; at + W <= quotes.count; at += W) {
    store<W>(volatility + at, volatility_at<W>(quotes, at));
  }
  for (; at < quotes.count; ++at) store<1>(volatility + at, volatility_at<1>(quotes, at));
}

}  // namespace
}  // namespace mezz::pricing

// The kernel of black_batch.h for W options at a time. Included by one .cpp file per instruction
// set (see lanes.h for why all of it has internal linkage).
#pragma once

#include "models/pricing/black_batch.h"
#include "models/pricing/lanes.h"

namespace mezz::pricing {
namespace {

// (1 + t) exp(t^2 / 2) N(-t) for t >= 0 as a polynomial in u = (t - 5) / (t + 5).
inline constexpr double kTail[] = {
    0x1.d8979b0f2b39dp-2,   -0x1.76ff86859ebb2p-4, 0x1.fc66cc64a14d6p-6,   0x1.47c1d03070068p-7,
    -0x1.b08e0007b7a6fp-6,  0x1.92037ba9de3d7p-6,  -0x1.f11aab02a1597p-7,  0x1.ab6d03d1c39ccp-8,
    -0x1.b75f4f9f36ca4p-10, 0x1.056e059c0855bp-17, 0x1.7e61e611f16d8p-13,  -0x1.c1ae0dcb0e6cfp-15,
    -0x1.4c0ed44d11ce5p-17, 0x1.2fdc418aad822p-17, -0x1.2e23824565ef2p-24, -0x1.5d16911953e0ap-20,
    0x1.129e43dbb18f8p-23,  0x1.94b7c9f22d00ep-23, -0x1.c39ac3700088cp-26, -0x1.b583c7b76fa14p-26,
    0x1.f2944ee4ec11ap-29,  0x1.2f55c35b4067cp-29, -0x1.365818d142af1p-32};

template <int W>
struct Pair {
  Lanes<W> first;
  Lanes<W> second;
};

// exp(d^2 / 2) N(-|d|) of two numbers: with u = (t - 5) / (t + 5) and the 1 / (1 + t) of the
// polynomial's own factor they ask for four quotients, which one division gives.
template <int W>
[[gnu::always_inline]] inline Pair<W> scaled_tails(Lanes<W> d1, Lanes<W> d2) {
  const Lanes<W> t1 = magnitude<W>(d1);
  const Lanes<W> t2 = magnitude<W>(d2);
  const Lanes<W> product1 = (t1 + 5.0) * (t1 + 1.0);
  const Lanes<W> product2 = (t2 + 5.0) * (t2 + 1.0);
  const Lanes<W> inverse = 1.0 / (product1 * product2);
  const Lanes<W> inverse1 = inverse * product2;
  const Lanes<W> inverse2 = inverse * product1;
  const Lanes<W> u1 = (t1 - 5.0) * ((t1 + 1.0) * inverse1);
  const Lanes<W> u2 = (t2 - 5.0) * ((t2 + 1.0) * inverse2);
  return {polynomial<W>(kTail, u1) * ((t1 + 5.0) * inverse1),
          polynomial<W>(kTail, u2) * ((t2 + 5.0) * inverse2)};
}

// What of an option is the same for a whole chain, or was loaded for these lanes.
template <int W>
struct Terms {
  Lanes<W> forward;
  Lanes<W> inverse_forward;
  Lanes<W> root_time;
  Lanes<W> inverse_root_time;
  Lanes<W> rate;
  Lanes<W> discount;
  Lanes<W> log_moneyness;  // log(F / K)
  Lanes<W> strike;
  Lanes<W> volatility;
  Lanes<W> sign;
};

template <int W>
struct Greeks {
  Lanes<W> price;
  Lanes<W> delta;
  Lanes<W> gamma;
  Lanes<W> vega;
  Lanes<W> theta;
};

template <int W>
[[gnu::always_inline]] inline Greeks<W> black(const Terms<W>& o) {
  constexpr double kInverseRootTwoPi = 0x1.9884533d43651p-2;
  const Lanes<W> deviation = larger<W>(o.volatility * o.root_time, all<W>(1e-10));
  const Lanes<W> inverse_deviation = 1.0 / deviation;
  const Lanes<W> half = 0.5 * deviation;
  const Lanes<W> ratio = o.log_moneyness * inverse_deviation;
  const Lanes<W> d1 = ratio + half;
  const Lanes<W> d2 = ratio - half;

  // F phi(d1) = K phi(d2): one exponential serves both tails.
  const Lanes<W> bell = o.discount * o.forward * exponential<W>(-0.5 * d1 * d1);
  const Pair<W> tails = scaled_tails<W>(d1, d2);
  const Lanes<W> tail1 = bell * tails.first;   // D F N(-|d1|)
  const Lanes<W> tail2 = bell * tails.second;  // D K N(-|d2|)
  const Lanes<W> whole1 = o.discount * o.forward;
  const Lanes<W> whole2 = o.discount * o.strike;
  const Lanes<W> leg1 = select<W>(o.sign * d1 > 0.0, whole1 - tail1, tail1);
  const Lanes<W> leg2 = select<W>(o.sign * d2 > 0.0, whole2 - tail2, tail2);
  const Lanes<W> density = bell * kInverseRootTwoPi;  // D F phi(d1)

  Greeks<W> g;
  g.price = larger<W>(o.sign * (leg1 - leg2), all<W>(0.0));
  g.delta = o.sign * leg1 * o.inverse_forward;
  g.gamma = density * inverse_deviation * (o.inverse_forward * o.inverse_forward);
  g.vega = density * o.root_time;
  g.theta = o.rate * g.price - 0.5 * density * o.volatility * o.inverse_root_time;
  return g;
}

template <int W>
[[gnu::always_inline]] inline void put(const GreekColumns& out, std::size_t at,
                                       const Greeks<W>& g) {
  store<W>(out.price + at, g.price);
  store<W>(out.delta + at, g.delta);
  store<W>(out.gamma + at, g.gamma);
  store<W>(out.vega + at, g.vega);
  store<W>(out.theta + at, g.theta);
}

template <int W>
[[gnu::always_inline]] inline Terms<W> terms_at(const OptionColumns& o, std::size_t at) {
  Terms<W> t;
  t.forward = load<W>(o.forward + at);
  t.strike = load<W>(o.strike + at);
  t.volatility = load<W>(o.volatility + at);
  t.rate = load<W>(o.rate + at);
  t.sign = load<W>(o.sign + at);
  const Lanes<W> time = load<W>(o.time + at);
  t.inverse_forward = 1.0 / t.forward;
  t.root_time = square_root<W>(time);
  t.inverse_root_time = 1.0 / t.root_time;
  t.discount = exponential<W>(-t.rate * time);
  t.log_moneyness = logarithm<W>(t.forward / t.strike);
  return t;
}

template <int W>
[[gnu::always_inline]] inline Terms<W> terms_at(const ChainColumns& chain, std::size_t at) {
  Terms<W> t;
  t.forward = all<W>(chain.forward);
  t.strike = load<W>(chain.strike + at);
  t.volatility = load<W>(chain.volatility + at);
  t.rate = all<W>(chain.rate);
  t.sign = load<W>(chain.sign + at);
  t.inverse_forward = 1.0 / t.forward;
  t.root_time = square_root<W>(all<W>(chain.time));
  t.inverse_root_time = 1.0 / t.root_time;
  t.discount = exponential<W>(-t.rate * chain.time);
  t.log_moneyness = logarithm<W>(t.forward) - load<W>(chain.log_strike + at);
  return t;
}

// The last ones, too few for W lanes, go one by one through the same arithmetic. The columns are a
// copy that no result can overlap, or what a chain shares would be calculated anew for every W
// options.
template <int W, class Columns>
inline void in_lanes(Columns columns, GreekColumns out) {
  std::size_t at = 0;
  for (; at + W <= columns.count; at += W) put<W>(out, at, black<W>(terms_at<W>(columns, at)));
  for (; at < columns.count; ++at) put<1>(out, at, black<1>(terms_at<1>(columns, at)));
}

}  // namespace
}  // namespace mezz::pricing

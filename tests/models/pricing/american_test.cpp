// The spectral American price: against the lattice and numbers of others, and what must hold of
// every American option.
#include "models/pricing/american.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

// From others, published to fewer digits than ours: F. Le Floc'h's implementation of the method
// prints 21.0861357 for S = 80, K = 100, nine months, 30 %, 4 % (seven points); QuantLib's example
// EquityOption 4.4867 by its finest methods for S = 36, K = 40, one year, 20 %, 6 %.
TEST(AmericanSpectral, NumbersOfOthers) {
  EXPECT_NEAR(american({OptionRight::Put, 80, 100, 0.75, 0.3, 0.04, 0.0}) / 21.086135735, 1.0,
              1e-6);
  EXPECT_NEAR(american({OptionRight::Put, 36, 40, 1.0, 0.2, 0.06, 0.0}), 4.4867, 5e-5);
}

// The lattice of 6 401 steps, extrapolated, whose own error is about 3e-7 of the price here.
TEST(AmericanSpectral, IsTheFineLattice) {
  const SpotOption options[] = {
      {OptionRight::Put, 36, 40, 1.0, 0.2, 0.06, 0.0},
      {OptionRight::Put, 100, 100, 1.0, 0.25, 0.05, 0.05},
      {OptionRight::Put, 100, 100, 3.0, 0.2, 0.04, 0.08},
      {OptionRight::Call, 110, 100, 3.0, 0.6, 0.01, 0.05},
      {OptionRight::Put, 100, 100, 1.0, 0.3, 0.0, -0.05},
  };
  for (const SpotOption& o : options) {
    const double fine = american_lattice(o, 6'401);
    EXPECT_NEAR(american(o), fine, 1e-6 * fine) << o.spot << ' ' << o.volatility;
  }
}

// Found by random inputs: a boundary that starts below the strike (yield above rate), short and
// wild, where a start off its curve sent the fixed point away.
TEST(AmericanSpectral, BoundaryThatStartsBelowTheStrike) {
  const SpotOption o{OptionRight::Put, 85.18, 100, 0.081, 0.664, 0.0393, 0.05};
  EXPECT_NEAR(american(o), american_lattice(o, 1'601), 1e-6 * 16.745);
}

SpotOption random_option(Stream& stream) {
  return {.right = stream.uniform() < 0.5 ? OptionRight::Call : OptionRight::Put,
          .spot = 60 + 90 * stream.uniform(),
          .strike = 100,
          .time = 0.02 * std::exp(5 * stream.uniform()),
          .volatility = 0.05 + 0.9 * stream.uniform(),
          .rate = 0.15 * stream.uniform() - 0.01,
          .yield = 0.15 * stream.uniform() - 0.03};
}
bool has_two_boundaries(const SpotOption& o) {
  const bool is_call = o.right == OptionRight::Call;
  return (is_call ? o.yield : o.rate) < 0.0;
}

TEST(AmericanSpectral, LawsOfAmericanOptions) {
  Stream stream(11, 0, "american", "test");
  for (int i = 0; i < 400; ++i) {
    const SpotOption o = random_option(stream);
    if (has_two_boundaries(o)) continue;
    const double price = american(o);
    const double tiny = 1e-9 * (o.spot + o.strike);
    ASSERT_GE(price, bsm(o).price) << i;
    ASSERT_GE(price, sign_of(o.right) * (o.spot - o.strike)) << i;
    ASSERT_LE(price, o.right == OptionRight::Call
                         ? std::max(o.spot, o.spot * std::exp(-o.yield * o.time))
                         : std::max(o.strike, o.strike * std::exp(-o.rate * o.time)))
        << i;
    SpotOption wilder = o;
    wilder.volatility *= 1.05;
    ASSERT_GE(american(wilder), price - tiny) << i;
    SpotOption longer = o;
    longer.time *= 1.1;
    ASSERT_GE(american(longer), price - tiny) << i;
  }
}

// R. McDonald and M. Schroder (1998): a call is a put with spot and strike, rate and yield
// exchanged. The lattice, which knows nothing of it, agrees on both sides.
TEST(AmericanSpectral, CallIsThePutOnTheStrike) {
  Stream stream(12, 0, "symmetry", "test");
  for (int i = 0; i < 40; ++i) {
    SpotOption call = random_option(stream);
    call.right = OptionRight::Call;
    if (has_two_boundaries(call)) continue;
    const SpotOption put{OptionRight::Put, call.strike, call.spot, call.time,
                         call.volatility,  call.yield,  call.rate};
    ASSERT_NEAR(american(call), american(put), 1e-12 * 100) << i;
    ASSERT_NEAR(american(call), american_lattice(call, 401), 1e-4 * 100) << i;
  }
}

// Far out in time the put is the perpetual one (R. Merton 1973), without yield (K - B) (B / S)^g
// with g = 2 r / sigma^2 and B = K g / (1 + g): K = S = 100, r = 10 %, 40 %: g = 1.25, B = 55.556,
// price 44.444 x 0.55556^1.25 = 21.317.
TEST(AmericanSpectral, LongPutNearsThePerpetual) {
  const double perpetual = 100 / 2.25 * std::pow(1.25 / 2.25, 1.25);
  const double price = american({OptionRight::Put, 100, 100, 45.0, 0.4, 0.1, 0.0});
  EXPECT_LT(price, perpetual);
  EXPECT_NEAR(price, perpetual, 0.02 * perpetual);
}

TEST(AmericanSpectral, IsEuropeanWhereWaitingCostsNothing) {
  const SpotOption call{OptionRight::Call, 90, 100, 1.0, 0.4, 0.05, 0.0};
  EXPECT_EQ(american(call), bsm(call).price);
  const SpotOption put{OptionRight::Put, 90, 100, 1.0, 0.4, -0.02, 0.01};
  EXPECT_EQ(american(put), std::max(10.0, bsm(put).price));
}

// With both rates below zero and the yield the lower, the lattice answers.
TEST(AmericanSpectral, TwoBoundariesAreLeftToTheLattice) {
  const SpotOption o{OptionRight::Put, 80, 100, 0.75, 0.3, -0.005, -0.01};
  EXPECT_EQ(american(o), american_lattice(o, 2'001));
  // F. Le Floc'h's implementation for negative rates prints 22.372978113275483.
  EXPECT_NEAR(american(o), 22.372978, 2e-4);
}

// Where waiting costs nothing the Greeks are Black and Scholes's; elsewhere they obey their
// equation, -theta = sigma^2 S^2 gamma / 2 + (r - q) S delta - r V.
TEST(AmericanSpectral, GreeksObeyTheirEquation) {
  const SpotOption call{OptionRight::Call, 90, 100, 1.0, 0.4, 0.05, 0.0};
  EXPECT_NEAR(american_greeks(call).gamma, bsm(call).gamma, 1e-8);
  EXPECT_NEAR(american_greeks(call).rho, bsm(call).rho, 1e-4);
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {90.0, 100.0, 115.0}) {
      const SpotOption o{right, spot, 100, 0.8, 0.35, 0.05, 0.04};
      const OptionGreeks g = american_greeks(o);
      const double waning =
          0.5 * 0.35 * 0.35 * spot * spot * g.gamma + 0.01 * spot * g.delta - 0.05 * g.price;
      EXPECT_NEAR(-g.theta, waning, 1e-4 * (1 + std::abs(g.theta))) << spot;
      EXPECT_GT(g.vega, 0.0);
    }
  }
  // Exercised now: the payoff's own.
  const OptionGreeks now = american_greeks({OptionRight::Put, 50, 100, 1.0, 0.2, 0.08, 0.0});
  EXPECT_EQ(now.price, 50.0);
  EXPECT_EQ(now.delta, -1.0);
  EXPECT_EQ(now.gamma, 0.0);
}

TEST(AmericanSpectral, EdgesAreNumbers) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {0.0, 1e-8, 100.0, 5e8}) {
      for (const double volatility : {0.0, 7e-6, 3e-3, 0.7, 17.0}) {
        for (const double time : {0.0, 1e-8, 1.0, 70.0}) {
          for (const double rate : {-0.05, 0.0, 0.16}) {
            const SpotOption o{right, spot, 100, time, volatility, rate, 0.1};
            const double price = american(o);
            ASSERT_GE(price, sign_of(right) * (spot - 100)) << spot << ' ' << volatility;
            ASSERT_TRUE(std::isfinite(price)) << spot << ' ' << volatility << ' ' << time;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace mezz::pricing

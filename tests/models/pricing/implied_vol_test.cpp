#include "models/pricing/implied_vol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

// What is put in comes out, as far as the price determines it: an error of one rounding in the
// price moves s by price x 2^-53 / slope.
TEST(ImpliedVol, ComesBackFromEveryPrice) {
  Stream stream(3, 0, "implied", "test");
  const double kRootTwoPi = std::sqrt(2 * std::acos(-1.0));
  for (int i = 0; i < 20'000; ++i) {
    const double x = -12.0 * stream.uniform() * stream.uniform();
    const double s = 0.001 + 6.0 * stream.uniform() * stream.uniform();
    const double price = normalised_black(OptionRight::Call, x, s);
    const double greatest = std::exp(0.5 * x);
    if (price < 1e-280 || price >= greatest * (1 - 1e-12)) continue;
    const double slope = std::exp(-0.5 * (x * x / (s * s) + s * s / 4)) / kRootTwoPi;
    const double conditioned = 64 * 0x1p-53 * price / slope;
    EXPECT_NEAR(implied_deviation(x, price), s, conditioned + 4e-14 * s) << x << ' ' << s;
  }
}

TEST(ImpliedVol, OfPutsAndCallsInAndOutOfTheMoney) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double strike : {60.0, 99.0, 100.0, 170.0}) {
      for (const double volatility : {0.15, 0.8, 3.0}) {
        const ForwardOption o{right, 100, strike, 0.3, volatility, 0.05};
        const OptionGreeks g = black76(o);
        if (g.vega < 1e-6) continue;
        const ImpliedVol found = implied_volatility(o, g.price);
        EXPECT_EQ(found.status, ImpliedVolStatus::Found);
        EXPECT_NEAR(found.volatility, volatility, 1e-12 + 1e-13 / g.vega) << strike;
      }
    }
  }
}

// F = 100, K = 80, no interest: a call is worth 20 to 100, a put 0 to 80.
TEST(ImpliedVol, SaysWhyThereIsNone) {
  const ForwardOption call{OptionRight::Call, 100, 80, 1.0, 0.0, 0.0};
  ForwardOption put = call;
  put.right = OptionRight::Put;
  EXPECT_EQ(implied_volatility(call, 19.99).status, ImpliedVolStatus::BelowIntrinsic);
  EXPECT_EQ(implied_volatility(call, 20.0).status, ImpliedVolStatus::AtIntrinsic);
  EXPECT_EQ(implied_volatility(call, 100.0).status, ImpliedVolStatus::AboveMaximum);
  EXPECT_EQ(implied_volatility(put, 0.0).status, ImpliedVolStatus::AtIntrinsic);
  EXPECT_EQ(implied_volatility(put, -1.0).status, ImpliedVolStatus::BelowIntrinsic);
  EXPECT_EQ(implied_volatility(put, 80.0).status, ImpliedVolStatus::AboveMaximum);
  ForwardOption late = call;
  late.time = 0.0;
  EXPECT_EQ(implied_volatility(late, 25.0).status, ImpliedVolStatus::Impossible);
}

TEST(ImpliedVol, IsNeverNaN) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double odd[] = {nan, inf, -inf, 0.0, -1.0, 1e-320, 1e-300, 1e-9, 1.0, 100.0, 1e300};
  for (const double forward : odd) {
    for (const double strike : odd) {
      for (const double price : odd) {
        for (const double time : {nan, 0.0, 1e-12, 1.0, 1e6}) {
          for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
            const ForwardOption o{right, forward, strike, time, 0.0, 0.01};
            EXPECT_FALSE(std::isnan(implied_volatility(o, price).volatility))
                << forward << ' ' << strike << ' ' << price << ' ' << time;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace mezz::pricing

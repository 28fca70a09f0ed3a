#include "models/pricing/black.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "models/pricing/bachelier.h"

namespace mezz::pricing {
namespace {

const SpotOption kHull{.spot = 42, .strike = 40, .time = 0.5, .volatility = 0.2, .rate = 0.1};

SpotOption put_of(SpotOption option) {
  option.right = OptionRight::Put;
  return option;
}

// J. Hull, Options, Futures, and Other Derivatives, example of the Black-Scholes formula: a six
// month option on a stock at 42, strike 40, 10 % a year, 20 % volatility: call 4.76, put 0.81.
TEST(BlackScholes, CallAndPutOfTheTextbook) {
  EXPECT_NEAR(bsm(kHull).price, 4.76, 0.005);
  EXPECT_NEAR(bsm(put_of(kHull)).price, 0.81, 0.005);
}

// Hull, Black's model: put on futures, F = K = 20, 9 %, 25 %, four months: 1.12.
TEST(Black76, PutOfTheTextbook) {
  const ForwardOption put{.right = OptionRight::Put,
                          .forward = 20,
                          .strike = 20,
                          .time = 4.0 / 12,
                          .volatility = 0.25,
                          .rate = 0.09};
  EXPECT_NEAR(black76(put).price, 1.12, 0.005);
}

double difference(const std::function<double(double)>& f, double at, double step) {
  return (f(at + step) - f(at - step)) / (2 * step);
}

// Every Greek is the derivative that its name says, by central differences.
TEST(BlackScholes, GreeksAreDerivatives) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {60.0, 95.0, 130.0}) {
      const SpotOption o{right, spot, 100, 0.7, 0.45, 0.06, 0.03};
      const OptionGreeks g = bsm(o);
      const auto with = [&](double SpotOption::*member, double OptionGreeks::*greek) {
        return [&o, member, greek](double value) {
          SpotOption changed = o;
          changed.*member = value;
          return bsm(changed).*greek;
        };
      };
      const double eps = 1e-5;
      EXPECT_NEAR(g.delta, difference(with(&SpotOption::spot, &OptionGreeks::price), spot, 1e-3),
                  1e-8);
      EXPECT_NEAR(g.gamma, difference(with(&SpotOption::spot, &OptionGreeks::delta), spot, 1e-3),
                  1e-8);
      EXPECT_NEAR(g.vega,
                  difference(with(&SpotOption::volatility, &OptionGreeks::price), 0.45, eps), 1e-6);
      EXPECT_NEAR(g.vanna,
                  difference(with(&SpotOption::volatility, &OptionGreeks::delta), 0.45, eps), 1e-7);
      EXPECT_NEAR(g.volga,
                  difference(with(&SpotOption::volatility, &OptionGreeks::vega), 0.45, eps), 1e-5);
      EXPECT_NEAR(g.theta, -difference(with(&SpotOption::time, &OptionGreeks::price), 0.7, eps),
                  1e-6);
      EXPECT_NEAR(g.rho, difference(with(&SpotOption::rate, &OptionGreeks::price), 0.06, eps),
                  1e-6);
      EXPECT_NEAR(g.dividend_rho,
                  difference(with(&SpotOption::yield, &OptionGreeks::price), 0.03, eps), 1e-6);
    }
  }
}

TEST(Black76, RhoHoldsTheForward) {
  const ForwardOption o{OptionRight::Call, 105, 100, 2.0, 0.3, 0.08};
  const auto price = [&](double rate) {
    ForwardOption changed = o;
    changed.rate = rate;
    return black76(changed).price;
  };
  EXPECT_NEAR(black76(o).rho, difference(price, 0.08, 1e-5), 1e-6);
}

TEST(BlackScholes, CallMinusPutIsTheForward) {
  for (const double spot : {1e-3, 80.0, 100.0, 5e4}) {
    const SpotOption call{OptionRight::Call, spot, 100, 1.5, 0.6, 0.02, -0.01};
    const double forward = spot * std::exp(0.01 * 1.5) - 100 * std::exp(-0.02 * 1.5);
    EXPECT_NEAR(bsm(call).price - bsm(put_of(call)).price, forward, 1e-11 * (spot + 100));
  }
}

TEST(BlackScholes, LimitsAreNumbers) {
  for (const double spot : {0.0, 50.0, 100.0, 150.0}) {
    for (const double strike : {0.0, 100.0}) {
      for (const double time : {0.0, 1.0}) {
        for (const double volatility : {0.0, 1e-300, 0.5, 1e3}) {
          for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
            const OptionGreeks g = bsm({right, spot, strike, time, volatility, 0.05, 0.02});
            for (const double value : {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho, g.vanna,
                                       g.volga, g.dividend_rho}) {
              EXPECT_TRUE(std::isfinite(value)) << spot << ' ' << strike << ' ' << volatility;
            }
            if (time == 0.0) {
              EXPECT_EQ(g.price, std::max(0.0, sign_of(right) * (spot - strike)));
            }
          }
        }
      }
    }
  }
}

// b(0, s) = 2 N(s / 2) - 1 = erf(s / sqrt(8)). Far from the money b keeps its relative precision,
// where the difference of the two legs has little left. By 60-digit arithmetic (mpmath's ncdf),
// x = -10, s = 0.5: d1 = -19.75, d2 = -20.25,
//   exp(-5) N(d1) - exp(5) N(d2) = 2.702517611892859e-89 - 2.636114331547356e-89
//                                = 6.64032803455032105828e-91
// and likewise x = -3, s = 0.25: 3.62326089190625704297e-35. The bell exp(-(400 + 1 / 16) / 2) has
// an exponent of 200, half a last place of which is 200 x 2^-53 = 2e-14 of the result.
TEST(NormalisedBlack, AtAndFarFromTheMoney) {
  for (const double s : {1e-9, 1e-3, 0.19, 0.21, 1.0, 6.0, 30.0}) {
    const double want = std::erf(s / std::sqrt(8.0));
    EXPECT_NEAR(normalised_black(OptionRight::Call, 0.0, s), want, 1e-14 * want) << s;
  }
  EXPECT_NEAR(normalised_black(OptionRight::Call, -10.0, 0.5) / 6.64032803455032105828e-91, 1.0,
              1e-13);
  EXPECT_NEAR(normalised_black(OptionRight::Call, -3.0, 0.25) / 3.62326089190625704297e-35, 1.0,
              1e-13);
  // Either side of where the method changes: the same function.
  for (const double x : {-0.5, -0.05, -1e-4}) {
    const double before = normalised_black(OptionRight::Call, x, 0.2 - 1e-12);
    const double after = normalised_black(OptionRight::Call, x, 0.2 + 1e-12);
    EXPECT_NEAR(before, after, 1e-11 * after + 1e-12) << x;
  }
  // In the money by parity: b(x) - b(-x) of a call is 2 sinh(x / 2).
  EXPECT_NEAR(normalised_black(OptionRight::Call, 0.7, 0.4) -
                  normalised_black(OptionRight::Call, -0.7, 0.4) * 1.0,
              2 * std::sinh(0.35), 1e-15);
}

// At the money F = K the price is deviation / sqrt(2 pi): 20 x 0.39894 = 7.97885.
TEST(Bachelier, AtTheMoneyParityAndGreeks) {
  const ForwardOption call{OptionRight::Call, 100, 100, 1.0, 20, 0.0};
  EXPECT_NEAR(bachelier(call).price, 20 / std::sqrt(2 * std::acos(-1.0)), 1e-13);
  ForwardOption negative{OptionRight::Call, -3, 5, 2.0, 7, 0.04};
  const OptionGreeks g = bachelier(negative);
  ForwardOption put = negative;
  put.right = OptionRight::Put;
  EXPECT_NEAR(g.price - bachelier(put).price, -8 * std::exp(-0.08), 1e-13);
  const auto by_forward = [&](double f) {
    ForwardOption changed = negative;
    changed.forward = f;
    return bachelier(changed);
  };
  EXPECT_NEAR(g.delta, (by_forward(-2.999).price - by_forward(-3.001).price) / 0.002, 1e-8);
  EXPECT_NEAR(g.gamma, (by_forward(-2.999).delta - by_forward(-3.001).delta) / 0.002, 1e-8);
  negative.volatility = 0.0;
  EXPECT_EQ(bachelier(negative).price, 0.0);
}

}  // namespace
}  // namespace mezz::pricing

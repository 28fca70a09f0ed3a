// What prices and Greeks are at the edges of their inputs: the limit, never NaN.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "models/pricing/bachelier.h"
#include "models/pricing/black.h"
#include "models/pricing/digital.h"
#include "models/pricing/heston.h"
#include "models/pricing/implied_vol.h"
#include "models/pricing/perpetual.h"
#include "models/pricing/svi.h"
#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

const double kInf = std::numeric_limits<double>::infinity();

std::vector<double> all_of(const OptionGreeks& g) {
  return {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho, g.vanna, g.volga, g.dividend_rho};
}
bool has_nan(const OptionGreeks& g) {
  for (const double value : all_of(g)) {
    if (std::isnan(value)) return true;
  }
  return false;
}

// Every function of a spot option here, at every corner of its inputs.
template <class F>
void at_every_corner(const std::vector<double>& rates, const F& f) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {0.0, 1e-300, 80.0, 100.0, 1e300}) {
      for (const double strike : {0.0, 1e-300, 100.0, 1e300}) {
        for (const double time : {0.0, 1e-300, 0.5, 40.0}) {
          for (const double volatility : {0.0, 1e-300, 0.3, 40.0, 1e200}) {
            for (const double rate : rates) {
              for (const double yield : rates) {
                f(SpotOption{right, spot, strike, time, volatility, rate, yield});
              }
            }
          }
        }
      }
    }
  }
}

std::string text_of(const SpotOption& o) {
  std::string text = o.right == OptionRight::Call ? "call" : "put";
  for (const double value : {o.spot, o.strike, o.time, o.volatility, o.rate, o.yield}) {
    text += ' ' + testing::PrintToString(value);
  }
  return text;
}

TEST(Limits, BlackAndBachelierAreNeverNaN) {
  at_every_corner({-1e300, -800.0, -0.05, 0.0, 0.05, 800.0}, [](const SpotOption& o) {
    ASSERT_FALSE(has_nan(bsm(o))) << text_of(o);
    const ForwardOption forward{o.right, o.spot, o.strike, o.time, o.volatility, o.rate};
    ASSERT_FALSE(has_nan(black76(forward))) << text_of(o);
    ASSERT_FALSE(has_nan(bachelier(forward))) << text_of(o);
    ASSERT_FALSE(std::isnan(elasticity(o.right, bsm(o), o.spot))) << text_of(o);
  });
}

TEST(Limits, DigitalsAndOneTouchAreNeverNaN) {
  at_every_corner({-800.0, -0.3, 0.0, 0.05, 800.0}, [](const SpotOption& o) {
    ASSERT_FALSE(has_nan(cash_digital_greeks(o, 3.0))) << text_of(o);
    ASSERT_FALSE(std::isnan(asset_digital(o))) << text_of(o);
    ASSERT_FALSE(std::isnan(gap_option(o, 90.0))) << text_of(o);
    for (const TouchPayment payment : {TouchPayment::AtHit, TouchPayment::AtExpiry}) {
      for (const TouchAsset asset : {TouchAsset::Cash, TouchAsset::Asset}) {
        for (const TouchRule rule : {TouchRule::PaysIfTouched, TouchRule::PaysIfNot}) {
          const OneTouch touch{o, payment, asset, rule, 3.0};
          ASSERT_FALSE(std::isnan(one_touch(touch))) << text_of(o);
        }
      }
    }
  });
  at_every_corner({-0.3, 0.05}, [](const SpotOption& o) {
    ASSERT_FALSE(has_nan(asset_digital_greeks(o))) << text_of(o);
    ASSERT_FALSE(has_nan(gap_option_greeks(o, 90.0))) << text_of(o);
    ASSERT_FALSE(has_nan(one_touch_greeks({.option = o}))) << text_of(o);
  });
}

// exp(800) = 2.7e347: the strike of a call is out of reach, that of a put worth more than a double
// holds. With a volatility of 40 both legs matter: N(d1) = N(-20 + 20) = 1/2 of the spot, less
// 100 exp(800) N(-40) = 100 exp(800 - 800) x 0.0099674 (Mills' ratio of 40, 1 / 40 less 1 / 64 000,
// over sqrt(2 pi)): 50 - 0.99674.
TEST(Limits, DiscountThatOverflowsGivesTheLimit) {
  const SpotOption call{OptionRight::Call, 100, 100, 1.0, 0.2, -800.0, 0.0};
  SpotOption put = call;
  put.right = OptionRight::Put;
  EXPECT_EQ(bsm(call).price, 0.0);
  EXPECT_EQ(bsm(call).delta, 0.0);
  EXPECT_EQ(bsm(put).price, kInf);
  EXPECT_EQ(bsm(put).delta, -1.0);
  SpotOption wild = call;
  wild.volatility = 40.0;
  EXPECT_NEAR(bsm(wild).price, 50.0 - 100 * (1.0 / 40 - 1.0 / 64'000) / std::sqrt(2 * M_PI), 1e-4);
}

// Where both ways hold they agree: 699 is the last exponent of the ordinary one, 701 is not.
TEST(Limits, BothWaysOfBlackScholesAgree) {
  const auto at = [](double rate) { return bsm({OptionRight::Call, 1e-3, 1e-3, 1, 30, rate, 0}); };
  const OptionGreeks before = at(-699.9999999);
  const OptionGreeks after = at(-700.0000001);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_NEAR(all_of(after)[i] / all_of(before)[i], 1.0, 1e-5) << i;
  }
}

TEST(Limits, ElasticityOfAWorthlessOptionIsInfinite) {
  EXPECT_EQ(elasticity(OptionRight::Call, bsm({.spot = 50, .strike = 100}), 50), kInf);
  const SpotOption put{.right = OptionRight::Put, .spot = 150, .strike = 100};
  EXPECT_EQ(elasticity(OptionRight::Put, bsm(put), 150), -kInf);
  // A call with a strike of zero is the asset.
  EXPECT_EQ(elasticity(OptionRight::Call, bsm({.spot = 50}), 50), 1.0);
}

// Prices that black76 itself gives, deep in the money and without luck: rounding may leave them a
// few last places short of the intrinsic value.
TEST(Limits, OwnPricesAreNeverBelowIntrinsic) {
  Stream stream(5, 0, "roundings", "test");
  int at_intrinsic = 0;
  for (int i = 0; i < 100'000; ++i) {
    const ForwardOption o{.right = i % 2 == 0 ? OptionRight::Call : OptionRight::Put,
                          .forward = std::exp(20 * stream.uniform() - 10),
                          .strike = std::exp(20 * stream.uniform() - 10),
                          .time = 2 * stream.uniform() + 1e-3,
                          .volatility = 0.5 * stream.uniform(),
                          .rate = 0.4 * stream.uniform() - 0.2};
    const ImpliedVolStatus status = implied_volatility(o, black76(o).price).status;
    ASSERT_NE(status, ImpliedVolStatus::BelowIntrinsic) << i;
    if (status == ImpliedVolStatus::AtIntrinsic) ++at_intrinsic;
  }
  EXPECT_GT(at_intrinsic, 1'000);
  // 1e-13 of forward and strike is more than a rounding.
  const ForwardOption call{OptionRight::Call, 100, 80, 1.0, 0.0, 0.0};
  EXPECT_EQ(implied_volatility(call, 20 - 1.8e-11).status, ImpliedVolStatus::BelowIntrinsic);
  EXPECT_EQ(implied_volatility(call, 20 - 1e-13).status, ImpliedVolStatus::AtIntrinsic);
}

TEST(Limits, SviHasNoVolatilityWhereItsVarianceIsNegative) {
  const Svi svi{.a = -0.1, .b = 0.1, .rho = 0.0, .m = 0.0, .sigma = 0.1};
  EXPECT_FALSE(implied_volatility(svi, 0.0, 1.0).has_value());  // -0.1 + 0.1 x 0.1
  EXPECT_FALSE(implied_volatility(svi, 2.0, 0.0).has_value());
  // -0.1 + 0.1 sqrt(3^2 + 0.1^2) = 0.20016662: over two years, sqrt of half.
  EXPECT_NEAR(implied_volatility(svi, 3.0, 2.0).value(), std::sqrt(0.100083310), 1e-8);
}

// F = 100 e^(0.02): a digital that ends in the money pays, one at the forward pays half.
TEST(Limits, DigitalWithoutTimeOrVolatility) {
  for (const double strike : {90.0, 100.0, 110.0}) {
    const double share = strike < 100 ? 1.0 : strike > 100 ? 0.0 : 0.5;
    const SpotOption now{OptionRight::Call, 100, strike, 0.0, 0.3, 0.05, 0.01};
    EXPECT_EQ(cash_digital(now, 10), 10 * share);
    EXPECT_EQ(asset_digital(now), 100 * share);
    const SpotOption still{OptionRight::Call, 100, strike, 2.0, 0.0, 0.05, 0.05};
    const OptionGreeks g = cash_digital_greeks(still, 10);
    EXPECT_DOUBLE_EQ(g.price, 10 * share * std::exp(-0.1));
    EXPECT_DOUBLE_EQ(g.theta, 0.05 * g.price);
    EXPECT_DOUBLE_EQ(g.rho, -2.0 * g.price);
    EXPECT_EQ(g.delta, 0.0);
  }
  const SpotOption worthless{OptionRight::Put, 0.0, 100, 1.0, 0.3, 0.05, 0.01};
  EXPECT_DOUBLE_EQ(cash_digital(worthless, 10), 10 * std::exp(-0.05));
  EXPECT_EQ(asset_digital(worthless), 0.0);
}

// Without chance 50 grows at 10 % a year to 80 at t = 10 ln 1.6 = 4.70004.
TEST(Limits, OneTouchWithoutChanceFollowsThePath) {
  const double hit = 10 * std::log(1.6);
  OneTouch touch{.option = {OptionRight::Call, 50, 80, 5.0, 0.0, 0.12, 0.02}, .cash = 7};
  EXPECT_NEAR(one_touch(touch), 7 * std::exp(-0.12 * hit), 1e-14);
  touch.asset = TouchAsset::Asset;
  EXPECT_NEAR(one_touch(touch), 80 * std::exp(-0.12 * hit), 1e-13);
  touch.payment = TouchPayment::AtExpiry;
  EXPECT_NEAR(one_touch(touch), 50 * std::exp(-0.02 * 5), 1e-13);
  touch.option.time = 4.6;  // before the hit
  EXPECT_EQ(one_touch(touch), 0.0);
  touch.rule = TouchRule::PaysIfNot;
  EXPECT_NEAR(one_touch(touch), 50 * std::exp(-0.02 * 4.6), 1e-13);
  // Expired: touched or not; a spot of zero is below every barrier and reaches none above.
  for (const double spot : {0.0, 79.0}) {
    EXPECT_EQ(one_touch({.option = {OptionRight::Call, spot, 80, 0.0, 0.4, 0.05, 0.0}}), 0.0);
  }
  EXPECT_EQ(one_touch({.option = {OptionRight::Put, 0.0, 80, 1.0, 0.4, 0.05, 0.0}}), 1.0);
}

// Rates below zero: Haug's root is real on one side of a rate and not on the other; the value does
// not notice. At r = q - sigma^2 / 2 ... the root's square is (b - sigma^2 / 2)^2 + 2 r sigma^2 =
// 0.
TEST(Limits, OneTouchAtNegativeRatesIsContinuous) {
  const double variance = 0.04;
  const double drift = 0.01;  // b - sigma^2 / 2; the square vanishes at r = -drift^2 / (2 variance)
  const double turn = -drift * drift / (2 * variance);
  const auto value = [&](double rate) {
    const double carry = drift + 0.5 * variance;
    return one_touch({.option = {OptionRight::Call, 90, 100, 2.0, 0.2, rate, rate - carry}});
  };
  EXPECT_NEAR(value(turn - 1e-9), value(turn + 1e-9), 1e-8);
  const double step = 1e-3;  // no bend either
  EXPECT_NEAR(value(turn + step) - 2 * value(turn), -value(turn - step), 1e-5);
  // Paid later is worth more now: between the probability and that times e^(0.5 x 2).
  const SpotOption o{OptionRight::Call, 90, 100, 2.0, 0.2, -0.5, -0.53};
  const double at_expiry = one_touch({.option = o, .payment = TouchPayment::AtExpiry});
  EXPECT_LT(one_touch({.option = o}), at_expiry);
  EXPECT_GT(one_touch({.option = o}), at_expiry * std::exp(-1.0));
}

// Closed Greeks of digitals against differences of their prices.
TEST(Limits, DigitalGreeksAreDerivatives) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {80.0, 100.0, 125.0}) {
      const SpotOption o{right, spot, 100, 0.7, 0.45, 0.06, 0.03};
      const auto compare = [&](const OptionGreeks& g, const auto& price) {
        const auto by = [&](double SpotOption::*member, double h) {
          SpotOption up = o;
          SpotOption down = o;
          up.*member += h;
          down.*member -= h;
          return (price(up) - price(down)) / (2 * h);
        };
        SpotOption up = o;
        SpotOption down = o;
        const double scale = 1e-7 * (1 + std::abs(g.price));
        EXPECT_NEAR(g.delta, by(&SpotOption::spot, 1e-3), scale);
        EXPECT_NEAR(g.vega, by(&SpotOption::volatility, 1e-5), 10 * scale);
        EXPECT_NEAR(g.theta, -by(&SpotOption::time, 1e-5), 10 * scale);
        EXPECT_NEAR(g.rho, by(&SpotOption::rate, 1e-5), 10 * scale);
        EXPECT_NEAR(g.dividend_rho, by(&SpotOption::yield, 1e-5), 10 * scale);
        up.spot += 0.01;
        down.spot -= 0.01;
        EXPECT_NEAR(g.gamma, (price(up) - 2 * price(o) + price(down)) / 1e-4, scale);
      };
      compare(cash_digital_greeks(o, 5), [](const SpotOption& x) { return cash_digital(x, 5); });
      compare(asset_digital_greeks(o), [](const SpotOption& x) { return asset_digital(x); });
      compare(gap_option_greeks(o, 93), [](const SpotOption& x) { return gap_option(x, 93); });
      SpotOption higher = o;
      SpotOption lower = o;
      higher.volatility += 1e-5;
      lower.volatility -= 1e-5;
      const OptionGreeks g = asset_digital_greeks(o);
      const OptionGreeks more = asset_digital_greeks(higher);
      const OptionGreeks less = asset_digital_greeks(lower);
      EXPECT_NEAR(g.vanna, (more.delta - less.delta) / 2e-5, 1e-6);
      EXPECT_NEAR(g.volga, (more.vega - less.vega) / 2e-5, 1e-4);
    }
  }
}

// A touch above that is never far: paid at expiry with b = sigma^2 / 2 its probability is
// 2 N(-ln(H / S) / (sigma sqrt T)) (reflection), whose derivatives are plain.
TEST(Limits, OneTouchGreeksOfTheReflection) {
  const double variance = 0.09;
  const SpotOption o{OptionRight::Call, 90, 100, 1.0, 0.3, 0.0, -0.5 * variance};
  const OneTouch touch{.option = o, .payment = TouchPayment::AtExpiry};
  const double d = std::log(100.0 / 90) / 0.3;
  const double density = std::exp(-0.5 * d * d) / std::sqrt(2 * M_PI);
  const OptionGreeks g = one_touch_greeks(touch);
  EXPECT_NEAR(g.delta, 2 * density / (90 * 0.3), 1e-9);
  EXPECT_NEAR(g.gamma, 2 * density * (d / 0.3 - 1) / (90 * 90 * 0.3), 1e-9);
  const OptionGreeks touched =
      one_touch_greeks({.option = {OptionRight::Call, 120, 100, 1.0, 0.3}});
  EXPECT_EQ(touched.price, 1.0);
  EXPECT_EQ(touched.delta, 0.0);
}

TEST(Limits, HestonAtItsEdgesIsBlackScholes) {
  const Heston model{.v0 = 0.04, .kappa = 2, .theta = 0.09, .sigma = 0.5, .rho = -0.5};
  const SpotOption o{OptionRight::Call, 100, 90, 1.5, 0.0, 0.03, 0.01};
  SpotOption expired = o;
  expired.time = 0.0;
  EXPECT_EQ(heston_price(model, expired), 10.0);
  SpotOption worthless = o;
  worthless.spot = 0.0;
  EXPECT_EQ(heston_price(model, worthless), 0.0);
  worthless.right = OptionRight::Put;
  EXPECT_NEAR(heston_price(model, worthless), 90 * std::exp(-0.045), 1e-13);
  Heston none = model;
  none.v0 = none.theta = 0.0;
  const double forward = 100 * std::exp(-0.015) - 90 * std::exp(-0.045);
  EXPECT_NEAR(heston_price(none, o), forward, 1e-13);
  // A variance without luck moves from 0.04 to 0.09: its mean is 0.09 - 0.05 (1 - e^-3) / 3.
  Heston sure = model;
  sure.sigma = 0.0;
  SpotOption lognormal = o;
  lognormal.volatility = std::sqrt(0.09 - 0.05 * (1 - std::exp(-3.0)) / 3);
  EXPECT_NEAR(heston_price(sure, o), bsm(lognormal).price, 1e-12);
  for (const double sigma : {1e-25, 1e-12, 1e-9}) {
    sure.sigma = sigma;
    EXPECT_NEAR(heston_price(sure, o), bsm(lognormal).price, sigma + 1e-11) << sigma;
  }
  // The same without a pull: kappa = 0 keeps 0.04.
  sure = {.v0 = 0.04, .kappa = 0.0, .theta = 0.3, .sigma = 1e-12, .rho = -0.5};
  lognormal.volatility = 0.2;
  EXPECT_NEAR(heston_price(sure, o), bsm(lognormal).price, 1e-9);
}

TEST(Limits, HestonIsNeverNaN) {
  for (const Heston& model :
       {Heston{.v0 = 0.0}, Heston{.v0 = 0.0, .theta = 0.0}, Heston{.sigma = 0.0},
        Heston{.kappa = 0.0, .sigma = 1e-20}, Heston{.rho = 0.999}, Heston{.v0 = 1e-12}}) {
    for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
      for (const double spot : {0.0, 1e-300, 120.0, 1e300}) {
        for (const double strike : {0.0, 100.0, 130.0}) {
          for (const double time : {0.0, 1e-20, 1.0}) {
            const SpotOption o{right, spot, strike, time, 0.0, -0.02, 0.05};
            ASSERT_FALSE(std::isnan(heston_price(model, o))) << text_of(o);
            // 37 prices of many panels each.
            if (strike == 130.0 || (strike == 100.0 && model.v0 < 0.01)) continue;
            ASSERT_FALSE(has_nan(heston_greeks(model, o))) << text_of(o);
          }
        }
      }
    }
  }
}

// With next to no luck in a variance at its mean, Heston's Greeks are Black and Scholes's; v0 alone
// moves the mean variance by (1 - e^(-kappa T)) / (kappa T).
TEST(Limits, HestonGreeksNearBlackScholes) {
  const Heston model{.v0 = 0.09, .kappa = 1e-9, .theta = 0.09, .sigma = 1e-9, .rho = 0.0};
  for (const double strike : {80.0, 100.0, 130.0}) {
    const SpotOption o{OptionRight::Put, 100, strike, 0.8, 0.3, 0.04, 0.01};
    const OptionGreeks want = bsm(o);
    const OptionGreeks g = heston_greeks(model, o);
    EXPECT_NEAR(g.delta, want.delta, 1e-8);
    EXPECT_NEAR(g.gamma, want.gamma, 1e-8);
    EXPECT_NEAR(g.vega, want.vega, 1e-5);
    EXPECT_NEAR(g.theta, want.theta, 1e-5);
    EXPECT_NEAR(g.rho, want.rho, 1e-6);
    EXPECT_NEAR(g.dividend_rho, want.dividend_rho, 1e-6);
    EXPECT_NEAR(g.vanna, want.vanna, 1e-5);
    EXPECT_NEAR(g.volga, want.volga, 2e-3);
  }
}

// With rates the two styles are the same portfolios of ordinary, discounted options.
TEST(Limits, EverlastingOptionWithRateAndYieldIsItsPortfolio) {
  for (const double strike : {2'000.0, 3'000.0, 4'200.0}) {
    const SpotOption o{OptionRight::Call, 3'000, strike, 0.1, 0.9, 0.08, -0.05};
    double continuous = 0.0;  // midpoints in p = e^(-t / tau)
    for (int i = 0; i < 200'000; ++i) {
      SpotOption expiring = o;
      expiring.time = -0.1 * std::log((i + 0.5) / 200'000);
      continuous += bsm(expiring).price / 200'000;
    }
    EXPECT_NEAR(everlasting_option(o, FundingTime::Continuous), continuous,
                1e-5 * continuous + 1e-3);
  }
  // Strike zero is the asset: S sum 2^-i e^(-q i f) = S / (2 e^(q f) - 1) by the geometric series.
  const SpotOption asset{OptionRight::Call, 3'000, 1e-9, 0.1, 0.9, 0.08, 0.05};
  EXPECT_NEAR(everlasting_option(asset, FundingTime::Discrete), 3'000 / (2 * std::exp(0.005) - 1),
              1e-7);
  EXPECT_NEAR(everlasting_option(asset, FundingTime::Continuous), 3'000 / 1.005, 1e-7);
}

}  // namespace
}  // namespace mezz::pricing

// Digitals, American options, Heston, SVI, contracts without expiry: published numbers, limits and
// identities.
#include <gtest/gtest.h>

#include <cmath>

#include "models/pricing/american.h"
#include "models/pricing/digital.h"
#include "models/pricing/heston.h"
#include "models/pricing/perpetual.h"
#include "models/pricing/svi.h"

namespace mezz::pricing {
namespace {

// E. Haug, The Complete Guide to Option Pricing Formulas: cash-or-nothing put, S = 100, K = 80,
// nine months, r = q = 6 %, 35 %, pays 10: 2.6710. Gap call, S = 50, X1 = 50, X2 = 57: -0.0053.
TEST(Digital, NumbersOfTheHandbook) {
  EXPECT_NEAR(cash_digital({OptionRight::Put, 100, 80, 0.75, 0.35, 0.06, 0.06}, 10), 2.6710, 5e-5);
  EXPECT_NEAR(gap_option({OptionRight::Call, 50, 50, 0.5, 0.2, 0.09, 0.0}, 57), -0.0053, 5e-5);
}

TEST(Digital, IsTheDerivativeByTheStrikeAndTheTwoSidesAreACertainty) {
  const SpotOption call{OptionRight::Call, 90, 100, 0.8, 0.5, 0.03, 0.01};
  SpotOption put = call;
  put.right = OptionRight::Put;
  const auto price = [&](double strike) {
    SpotOption changed = call;
    changed.strike = strike;
    return bsm(changed).price;
  };
  EXPECT_NEAR(cash_digital(call, 1.0), -(price(100.001) - price(99.999)) / 0.002, 1e-8);
  EXPECT_NEAR(cash_digital(call, 1.0) + cash_digital(put, 1.0), std::exp(-0.024), 1e-14);
  EXPECT_NEAR(asset_digital(call) + asset_digital(put), 90 * std::exp(-0.008), 1e-12);
  EXPECT_NEAR(gap_option(call, 100), bsm(call).price, 1e-12);
}

// Haug 4.19.5: S = 105, barrier 100, six months, 10 %, 20 %, pays 15: down-and-in at the
// hit 9.7264; S = 95 up-and-in at the hit 11.6553.
TEST(OneTouch, NumbersOfTheHandbook) {
  OneTouch touch{.option = {OptionRight::Put, 105, 100, 0.5, 0.2, 0.1, 0.0}, .cash = 15};
  EXPECT_NEAR(one_touch(touch), 9.7264, 5e-5);
  touch.option.right = OptionRight::Call;
  touch.option.spot = 95;
  EXPECT_NEAR(one_touch(touch), 11.6553, 5e-5);
}

TEST(OneTouch, TouchedAndNotTouchedAreACertainty) {
  for (const TouchAsset asset : {TouchAsset::Cash, TouchAsset::Asset}) {
    for (const double spot : {80.0, 99.0, 100.0, 130.0}) {
      OneTouch touch{.option = {OptionRight::Put, spot, 100, 0.5, 0.3, 0.04, 0.02},
                     .payment = TouchPayment::AtExpiry,
                     .asset = asset,
                     .cash = 7};
      const double yes = one_touch(touch);
      touch.rule = TouchRule::PaysIfNot;
      const double certain =
          asset == TouchAsset::Asset ? spot * std::exp(-0.01) : 7 * std::exp(-0.02);
      EXPECT_NEAR(yes + one_touch(touch), certain, 1e-11) << spot;
      EXPECT_GE(one_touch(touch), -1e-12);
    }
  }
}

// In 1.65 years a growth of 38.6 % carries 41.58 to 78.6; at 3.08 % volatility ln(100 / 78.6) =
// 0.241 is 6.1 deviations away, and (H / S)^(2 drift / variance) alone is above 1e308.
TEST(OneTouch, WeightThatOverflowsMeetsATailThatDoesNot) {
  for (const double volatility : {1e-200, 1e-6, 0.004, 0.03, 0.0307795, 0.04}) {
    for (const TouchPayment payment : {TouchPayment::AtHit, TouchPayment::AtExpiry}) {
      for (const double spot : {41.58, 60.0, 99.999}) {
        const OneTouch touch{
            .option = {OptionRight::Call, spot, 100, 1.65, volatility, 0.289, -0.097},
            .payment = payment};
        EXPECT_GE(one_touch(touch), 0.0) << volatility << ' ' << spot;
        EXPECT_LE(one_touch(touch), 1.0) << volatility << ' ' << spot;
      }
    }
  }
}

// Without luck 99 reaches 100 at t = ln(100 / 99) / 0.13: paid at the hit e^(-0.06 t), at expiry
// e^(-0.06). Luck of 1e-6 a year moves the hit by less than 1e-5 years.
TEST(OneTouch, AtAVanishingVolatilityTheHitIsKnown) {
  for (const double volatility : {1e-6, 3e-7, 1e-7, 7e-8}) {
    OneTouch touch{.option = {OptionRight::Call, 99, 100, 1.0, volatility, 0.06, -0.07}};
    const double hit = std::log(100.0 / 99.0) / 0.13;
    EXPECT_NEAR(one_touch(touch), std::exp(-0.06 * hit), 1e-9) << volatility;
    touch.payment = TouchPayment::AtExpiry;
    EXPECT_NEAR(one_touch(touch), std::exp(-0.06), 1e-12) << volatility;
  }
}

// QuantLib's example EquityOption: a put, S = 36, K = 40, one year, 6 %, 20 %. It prints 4.4864 for
// Leisen and Reimer, 4.4861 for finite differences, 4.453064 for Bjerksund and Stensland.
TEST(American, NumbersOfQuantLibsExample) {
  const SpotOption put{OptionRight::Put, 36, 40, 1.0, 0.2, 0.06, 0.0};
  EXPECT_NEAR(american_lattice(put), 4.4864, 5e-4);
  EXPECT_NEAR(american_approximation(put), 4.453064, 1e-6);
}

TEST(American, IsEuropeanWhereWaitingCostsNothing) {
  const SpotOption call{OptionRight::Call, 90, 100, 1.0, 0.4, 0.05, 0.0};
  EXPECT_NEAR(american_lattice(call), bsm(call).price, 2e-4);
  EXPECT_EQ(american_approximation(call), bsm(call).price);
  const SpotOption put{OptionRight::Put, 90, 100, 1.0, 0.4, 0.0, 0.05};
  EXPECT_NEAR(american_lattice(put), bsm(put).price, 2e-4);
}

TEST(American, ApproximationIsBelowTheLatticeAndNear) {
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {70.0, 90.0, 100.0, 115.0, 140.0}) {
      for (const double volatility : {0.1, 0.3, 0.8}) {
        for (const double time : {0.1, 1.0, 3.0}) {
          const SpotOption o{right, spot, 100, time, volatility, 0.05, 0.04};
          const double exact = american_lattice(o);
          const double fast = american_approximation(o);
          EXPECT_LE(fast, exact + 3e-3);
          EXPECT_NEAR(fast, exact, 1.1) << spot << ' ' << volatility << ' ' << time;
          EXPECT_GE(fast, bsm(o).price - 1e-10);
          EXPECT_GE(fast, sign_of(right) * (spot - 100));
        }
      }
    }
  }
}

// Found by random inputs: the flat boundary called for exercise below the European price, and its
// terms overflowed at small and at large deviations.
TEST(American, IsNumberBetweenTheEuropeanAndTheAsset) {
  const SpotOption flat_boundary{OptionRight::Put, 43.1604,    100,       0.820384,
                                 0.729259,         0.00921727, 0.00436517};
  EXPECT_GE(american_approximation(flat_boundary), bsm(flat_boundary).price);
  for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
    for (const double spot : {1e-8, 43.0, 100.0, 5e8}) {
      for (const double volatility : {7e-6, 3e-3, 0.7, 17.0, 90.0}) {
        for (const double time : {1e-8, 1.0, 70.0}) {
          for (const double rate : {0.0, 0.009, 0.16}) {
            const SpotOption o{right, spot, 100, time, volatility, rate, 0.1};
            const double most = right == OptionRight::Call ? spot : 100.0;
            for (const double price : {american_approximation(o), american_lattice(o, 51)}) {
              EXPECT_GE(price, bsm(o).price * (1 - 1e-12)) << spot << ' ' << volatility;
              EXPECT_GE(price, sign_of(right) * (spot - 100));
              EXPECT_LE(price, most * (1 + 1e-9)) << spot << ' ' << volatility << ' ' << time;
            }
          }
        }
      }
    }
  }
}

// A put held to the best moment of a known path: S = 100 falls at 50 % a year against K = 120 at 1
// %; at the stationary moment 120 e^(-0.01 t) - 100 e^(-0.5 t) with e^(0.49 t) = 0.5 x 100 / (0.01
// x 120).
TEST(American, WithoutUncertaintyIsTheBestMoment) {
  const double t = std::log(50 / 1.2) / 0.49;
  const double want = 120 * std::exp(-0.01 * t) - 100 * std::exp(-0.5 * t);
  const SpotOption o{OptionRight::Put, 100, 120, 40, 0.0, 0.01, 0.5};
  EXPECT_NEAR(american_lattice(o), want, 1e-9);
  EXPECT_NEAR(american_approximation(o), want, 1e-9);
}

// A. Lewis's reference prices: S = 100, r = 1 %, q = 2 %, v0 = 0.04, kappa = 4, theta = 0.25,
// sigma = 1, rho = -0.5, one year.
TEST(Heston, PricesOfLewis) {
  const Heston model{.v0 = 0.04, .kappa = 4, .theta = 0.25, .sigma = 1, .rho = -0.5};
  const auto price = [&](OptionRight right, double strike) {
    return heston_price(model, {right, 100, strike, 1.0, 0.0, 0.01, 0.02});
  };
  EXPECT_NEAR(price(OptionRight::Call, 100), 16.070154917028834, 1e-12);
  EXPECT_NEAR(price(OptionRight::Put, 120), 29.811026202682471, 1e-12);
}

TEST(Heston, WithoutVolatilityOfVarianceIsBlackScholes) {
  const Heston model{.v0 = 0.09, .kappa = 2, .theta = 0.09, .sigma = 1e-7, .rho = -0.3};
  for (const double strike : {50.0, 100.0, 210.0}) {
    for (const double time : {0.01, 0.5, 10.0}) {
      const SpotOption o{OptionRight::Call, 100, strike, time, 0.3, 0.03, 0.01};
      EXPECT_NEAR(heston_price(model, o), bsm(o).price, 2e-6) << strike << ' ' << time;
    }
  }
}

TEST(Heston, ParityHoldsAndExtremesAreNumbers) {
  for (const double sigma : {0.01, 0.5, 3.0}) {
    for (const double rho : {-0.99, 0.0, 0.9}) {
      for (const double strike : {1.0, 100.0, 1e4}) {
        for (const double time : {1e-3, 1.0, 30.0}) {
          const Heston model{.v0 = 0.3, .kappa = 0.5, .theta = 0.6, .sigma = sigma, .rho = rho};
          const SpotOption call{OptionRight::Call, 100, strike, time, 0.0, 0.02, 0.0};
          SpotOption put = call;
          put.right = OptionRight::Put;
          const double c = heston_price(model, call);
          const double p = heston_price(model, put);
          const double discounted = strike * std::exp(-0.02 * time);
          EXPECT_NEAR(c - p, 100 - discounted, 1e-8 * (100 + strike));
          EXPECT_GE(c, std::max(0.0, 100 - discounted) - 1e-8 * (100 + strike));
          EXPECT_LE(c, 100 + 1e-8);
        }
      }
    }
  }
}

// Gatheral and Jacquier (2014), section 2.2: Axel Vogt's parameters look harmless and allow
// butterfly arbitrage; sqrt-like curves of small slope do not.
TEST(Svi, VogtsExampleIsFound) {
  const Svi vogt{.a = -0.0410, .b = 0.1331, .rho = 0.3060, .m = 0.3586, .sigma = 0.4153};
  EXPECT_EQ(wrong_parameters(vogt), "");
  EXPECT_TRUE(allows_butterfly_arbitrage(vogt, {-1.5, 1.5, 300}));
  const Svi mild{.a = 0.03, .b = 0.1, .rho = -0.3, .m = 0.0, .sigma = 0.2};
  EXPECT_FALSE(allows_butterfly_arbitrage(mild, {-3, 3, 600}));
  Svi later = mild;
  later.a += 0.01;
  EXPECT_FALSE(allows_calendar_arbitrage(mild, later, {-3, 3, 600}));
  EXPECT_TRUE(allows_calendar_arbitrage(later, mild, {-3, 3, 600}));
}

TEST(Svi, DerivativesAndRefusals) {
  const Svi svi{.a = 0.02, .b = 0.2, .rho = -0.4, .m = 0.1, .sigma = 0.15};
  for (const double k : {-1.0, 0.0, 0.1, 0.7}) {
    const double h = 1e-4;
    const SviPoint p = total_variance(svi, k);
    const double up = total_variance(svi, k + h).variance;
    const double down = total_variance(svi, k - h).variance;
    EXPECT_NEAR(p.first, (up - down) / (2 * h), 1e-6);
    EXPECT_NEAR(p.second, (up - 2 * p.variance + down) / (h * h), 1e-5);
  }
  EXPECT_NE(wrong_parameters({.b = -0.1}), "");
  EXPECT_NE(wrong_parameters({.b = 0.1, .rho = 1.0}), "");
  EXPECT_NE(wrong_parameters({.b = 0.1, .sigma = 0.0}), "");
  EXPECT_NE(wrong_parameters({.a = -1.0, .b = 0.1}), "");
}

// Ackerer, Hugonnier and Jermann (2024), continuous funding without interest part: linear
// F / S = k / (k + q - r), inverse F / S = (k + r - q) / k. Many short periods are continuous.
TEST(PerpetualFuture, ContinuousFormulasAndTheirLimit) {
  PerpetualFuture c{.spot = 100, .rate = 0.05, .yield = 0.0, .k = 1095};
  EXPECT_NEAR(perpetual_future(c) / 100, 1095 / (1095 - 0.05), 1e-14);
  c.payoff = PerpetualPayoff::Inverse;
  EXPECT_NEAR(perpetual_future(c) / 100, 1 + 0.05 / 1095, 1e-14);
  c.period = 1e-6;
  c.k = 1095e-6;
  for (const FundingSpot spot : {FundingSpot::Previous, FundingSpot::Current}) {
    c.funding_spot = spot;
    EXPECT_NEAR(perpetual_future(c) / 100, 1 + 0.05 / 1095, 2e-7);
  }
  c.payoff = PerpetualPayoff::Linear;
  c.period = 0.0;
  c.k = 0.01;  // weaker than the drift of 5 %: no price is fair
  EXPECT_TRUE(std::isinf(perpetual_future(c)));
}

// The continuous option is the integral of e^(-t / tau) / tau over the prices of all expiries.
TEST(EverlastingOption, IsAPortfolioOfAllExpiries) {
  for (const double rate : {0.0, 0.08}) {
    for (const double strike : {2'000.0, 3'000.0, 4'200.0}) {
      const SpotOption o{OptionRight::Call, 3'000, strike, 0.1, 0.9, rate, 0.0};
      const int steps = 200'000;
      double sum = 0.0;  // midpoints in p = e^(-t / tau)
      for (int i = 0; i < steps; ++i) {
        SpotOption expiring = o;
        expiring.time = -0.1 * std::log((i + 0.5) / steps);
        sum += bsm(expiring).price / steps;
      }
      EXPECT_NEAR(everlasting_option(o, FundingTime::Continuous), sum, 1e-5 * sum + 1e-3);
    }
  }
}

TEST(EverlastingOption, PutByParityAndWeightsThatHalve) {
  SpotOption put{OptionRight::Put, 3'000, 3'400, 5.0 / 365, 0.8, 0.0, 0.0};
  SpotOption call = put;
  call.right = OptionRight::Call;
  for (const FundingTime funding : {FundingTime::Continuous, FundingTime::Discrete}) {
    EXPECT_NEAR(everlasting_option(call, funding) - everlasting_option(put, funding), -400, 1e-9);
    EXPECT_GE(everlasting_option(put, funding), 400);
  }
}

// The power of one is the spot; the square with 1.2 volatility over a day grows by
// e^(0.05 + 1.44) / 365 a day: S^2 / (2 e^(-1.49 / 365) - 1).
TEST(PowerPerpetual, FirstAndSecondPower) {
  EXPECT_NEAR(power_perpetual({1.0, 3'000, 1.2, 0.05, 1.0 / 365}), 3'000, 1e-9);
  const double want = 9e6 / (2 * std::exp(-1.49 / 365) - 1);
  EXPECT_NEAR(power_perpetual({2.0, 3'000, 1.2, 0.05, 1.0 / 365}), want, 1e-6);
  EXPECT_TRUE(std::isinf(power_perpetual({3.0, 3'000, 2.0, 0.0, 0.1})));
}

}  // namespace
}  // namespace mezz::pricing

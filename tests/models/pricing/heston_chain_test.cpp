#include "models/pricing/heston_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

struct Chain {
  double spot = 100.0;
  double time = 1.0;
  double rate = 0.0;
  double yield = 0.0;
  std::vector<double> strike;
  std::vector<OptionRight> right;

  void add(OptionRight r, double k) {
    right.push_back(r);
    strike.push_back(k);
  }
  [[nodiscard]] std::vector<double> prices(const Heston& model) const {
    std::vector<double> price(strike.size());
    heston_chain(model, {spot, time, rate, yield, strike, right}, price);
    return price;
  }
  [[nodiscard]] double alone(const Heston& model, std::size_t i) const {
    return heston_price(model, {right[i], spot, strike[i], time, 0.0, rate, yield});
  }
};

// A. Lewis's reference prices: S = 100, r = 1 %, q = 2 %, one year.
TEST(HestonChain, PricesOfLewis) {
  const Heston model{.v0 = 0.04, .kappa = 4, .theta = 0.25, .sigma = 1, .rho = -0.5};
  Chain chain{.rate = 0.01, .yield = 0.02, .strike = {}, .right = {}};
  const double strikes[] = {80, 90, 100, 110, 120};
  for (const double k : strikes) chain.add(OptionRight::Call, k);
  for (const double k : strikes) chain.add(OptionRight::Put, k);
  const double published[] = {26.774758743998854, 20.933349000596710, 16.070154917028834,
                              12.132211516709844, 9.024913483457836,  7.958878113256768,
                              12.017966707346304, 17.055270961270109, 23.017825898442800,
                              29.811026202682471};
  const std::vector<double> price = chain.prices(model);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(price[i], published[i], 1e-12 * 100) << i;
}

// Every strike of random chains, near and far, against the integral made for it alone.
TEST(HestonChain, EveryPriceIsThatOfTheOptionAlone) {
  Stream stream(5, 0, "heston", "test");
  for (int n = 0; n < 120; ++n) {
    Heston model;
    model.v0 = 0.01 + 1.0 * stream.uniform() * stream.uniform();
    model.kappa = 0.1 + 6.0 * stream.uniform();
    model.theta = 0.01 + stream.uniform() * stream.uniform();
    model.sigma = 0.05 + 2.5 * stream.uniform();
    model.rho = 1.9 * stream.uniform() - 0.95;
    Chain chain{.strike = {}, .right = {}};
    chain.time = 1.0 / 365 + 2.0 * stream.uniform() * stream.uniform();
    chain.rate = 0.1 * stream.uniform() - 0.02;
    chain.yield = 0.05 * stream.uniform();
    const double width = 4.0 * std::sqrt((model.v0 + model.theta) * chain.time);
    for (int i = 0; i < 11; ++i) {
      chain.add(stream.uniform() < 0.5 ? OptionRight::Call : OptionRight::Put,
                100.0 * std::exp(width * (2.0 * stream.uniform() - 1.0)));
    }
    const std::vector<double> price = chain.prices(model);
    for (std::size_t i = 0; i < price.size(); ++i) {
      EXPECT_NEAR(price[i], chain.alone(model, i), 2e-12 * (100.0 + chain.strike[i]))
          << n << ' ' << i;
    }
  }
}

// No chance in the variance, no time, no strike: the limits of heston.h, and never NaN.
TEST(HestonChain, LimitsAreThoseOfTheOptionAlone) {
  for (const double sigma : {0.0, 1e-9, 0.5}) {
    for (const double time : {0.0, 1e-9, 0.5, 200.0}) {
      for (const double spot : {0.0, 100.0}) {
        const Heston model{.v0 = 0.04, .kappa = 1.5, .theta = 0.09, .sigma = sigma, .rho = 0.4};
        Chain chain{.spot = spot, .time = time, .rate = 0.03, .strike = {}, .right = {}};
        for (const double k : {0.0, 50.0, 100.0, 1e300}) {
          chain.add(OptionRight::Call, k);
          chain.add(OptionRight::Put, k);
        }
        const std::vector<double> price = chain.prices(model);
        for (std::size_t i = 0; i < price.size(); ++i) {
          const double want = chain.alone(model, i);
          EXPECT_NEAR(price[i], want, 1e-11 * (100.0 + want)) << sigma << ' ' << time << ' ' << i;
        }
      }
    }
  }
  EXPECT_TRUE(Chain{}.prices(Heston{}).empty());
}

// Put-call parity, S e^(-qT) - K e^(-rT), holds between the columns of one chain.
TEST(HestonChain, ParityHolds) {
  const Heston model{.v0 = 0.3, .kappa = 0.5, .theta = 0.6, .sigma = 1.5, .rho = -0.8};
  Chain chain{.time = 0.25, .rate = 0.05, .yield = 0.01, .strike = {}, .right = {}};
  for (double k = 40; k <= 240; k += 20) {
    chain.add(OptionRight::Call, k);
    chain.add(OptionRight::Put, k);
  }
  const std::vector<double> price = chain.prices(model);
  for (std::size_t i = 0; i < price.size(); i += 2) {
    const double forward =
        100.0 * std::exp(-0.01 * 0.25) - chain.strike[i] * std::exp(-0.05 * 0.25);
    EXPECT_NEAR(price[i] - price[i + 1], forward, 1e-11);
  }
}

}  // namespace
}  // namespace mezz::pricing

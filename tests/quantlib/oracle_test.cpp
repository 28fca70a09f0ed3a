// models/pricing against QuantLib over random inputs. Tolerances are what both sides promise or, as
// said at each, what the less exact one can give.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <vector>

#include "models/pricing/american.h"
#include "models/pricing/bachelier.h"
#include "models/pricing/black.h"
#include "models/pricing/black_batch.h"
#include "models/pricing/digital.h"
#include "models/pricing/heston.h"
#include "models/pricing/heston_chain.h"
#include "models/pricing/implied_vol.h"
#include "sim/random/stream.h"
#include "tests/quantlib/peer.h"

namespace mezz::pricing {
namespace {

constexpr int kOptions = 5'000;

// A day to three years, 5 to 155 % of volatility, strikes within a factor of 2.
struct Draws {
  explicit Draws(const char* purpose) : stream(7, 0, "quantlib", purpose) {}
  double within(double low, double high) { return low + (high - low) * stream.uniform(); }
  bool heads() { return stream.uniform() < 0.5; }
  SpotOption option() {
    return {.right = heads() ? OptionRight::Call : OptionRight::Put,
            .spot = within(50, 150),
            .strike = 100,
            .time = within(1.0 / 365, 3),
            .volatility = within(0.05, 1.55),
            .rate = within(-0.02, 0.1),
            .yield = within(-0.02, 0.1)};
  }
  int days() { return 1 + static_cast<int>(1'094 * stream.uniform()); }

  Stream stream;
};

std::string text(const SpotOption& o) {
  std::ostringstream out;
  out.precision(17);
  out << (o.right == OptionRight::Call ? "call" : "put") << " spot " << o.spot << " strike "
      << o.strike << " time " << o.time << " volatility " << o.volatility << " rate " << o.rate
      << " yield " << o.yield;
  return out.str();
}

QuantLibSpotOption peer_of(const SpotOption& o) {
  return {.spot = o.spot,
          .strike = o.strike,
          .time = o.time,
          .volatility = o.volatility,
          .rate = o.rate,
          .yield = o.yield,
          .call = o.right == OptionRight::Call};
}

// Both sides lose digits where terms of the size of the spot cancel; `scale` says that size for
// each number.
void expect_equal(const OptionGreeks& ours, const QuantLibGreeks& theirs, double relative,
                  const SpotOption& o, double size) {
  const double deviation = o.volatility * std::sqrt(o.time);
  const auto near = [&](const char* name, double a, double b, double scale) {
    EXPECT_NEAR(a, b, relative * std::max(scale, std::abs(b))) << name << ": " << text(o);
  };
  near("price", ours.price, theirs.price, size);
  near("delta", ours.delta, theirs.delta, size / o.spot / deviation);
  near("gamma", ours.gamma, theirs.gamma, size / (o.spot * o.spot) / (deviation * deviation));
  near("vega", ours.vega, theirs.vega, size / o.volatility);
  near("theta", ours.theta, theirs.theta, size / o.time);
  near("rho", ours.rho, theirs.rho, size * o.time);
  near("dividend rho", ours.dividend_rho, theirs.dividend_rho, size * o.time);
}

TEST(QuantLibOracle, EuropeanOptionsAndTheirGreeks) {
  Draws draws("european");
  for (int i = 0; i < kOptions; ++i) {
    const SpotOption o = draws.option();
    expect_equal(bsm(o), quantlib_greeks(peer_of(o)), 1e-12, o, o.spot);
  }
}

TEST(QuantLibOracle, DigitalAndGapOptionsAndTheirGreeks) {
  Draws draws("digital");
  for (int i = 0; i < kOptions; ++i) {
    const SpotOption o = draws.option();
    QuantLibSpotOption peer = peer_of(o);
    peer.payoff = QuantLibPayoff::Cash;
    peer.amount = 7.0;
    const double wild = 1 / (o.volatility * std::sqrt(o.time));  // of a step's own Greeks
    expect_equal(cash_digital_greeks(o, 7.0), quantlib_greeks(peer), 1e-12, o, 7.0 * wild);
    peer.payoff = QuantLibPayoff::Asset;
    expect_equal(asset_digital_greeks(o), quantlib_greeks(peer), 1e-12, o, o.spot * wild);
    peer.payoff = QuantLibPayoff::Gap;
    peer.amount = draws.within(80, 120);
    expect_equal(gap_option_greeks(o, peer.amount), quantlib_greeks(peer), 1e-12, o, o.spot * wild);
  }
}

TEST(QuantLibOracle, BlackForABatch) {
  Draws draws("batch");
  std::array<std::vector<double>, 6> in;
  std::array<std::vector<double>, 5> out;
  std::vector<SpotOption> options;
  for (int i = 0; i < kOptions; ++i) {
    SpotOption o = draws.option();
    o.yield = o.rate;  // the spot is the forward
    options.push_back(o);
    const double row[] = {o.spot, o.strike, o.time, o.volatility, o.rate, sign_of(o.right)};
    for (std::size_t c = 0; c < in.size(); ++c) in[c].push_back(row[c]);
  }
  for (std::vector<double>& column : out) column.resize(options.size());
  black_batch({options.size(), in[0].data(), in[1].data(), in[2].data(), in[3].data(), in[4].data(),
               in[5].data()},
              {out[0].data(), out[1].data(), out[2].data(), out[3].data(), out[4].data()});
  for (std::size_t i = 0; i < options.size(); ++i) {
    const SpotOption& o = options[i];
    const QuantLibGreeks theirs = quantlib_greeks(peer_of(o));
    // Rates are not told apart from yields in a batch: those numbers are QuantLib's own.
    const OptionGreeks ours{.price = out[0][i],
                            .delta = out[1][i],
                            .gamma = out[2][i],
                            .vega = out[3][i],
                            .theta = out[4][i],
                            .rho = theirs.rho,
                            .dividend_rho = theirs.dividend_rho};
    expect_equal(ours, theirs, 1e-12, o, o.spot);
  }
}

TEST(QuantLibOracle, OptionsOnANormalPrice) {
  Draws draws("bachelier");
  for (int i = 0; i < kOptions; ++i) {
    const ForwardOption o{.right = draws.heads() ? OptionRight::Call : OptionRight::Put,
                          .forward = draws.within(-50, 50),
                          .strike = draws.within(-50, 50),
                          .time = draws.within(1.0 / 365, 3),
                          .volatility = draws.within(5, 80),
                          .rate = draws.within(-0.02, 0.1)};
    const OptionGreeks ours = bachelier(o);
    const QuantLibGreeks theirs = quantlib_bachelier({.forward = o.forward,
                                                      .strike = o.strike,
                                                      .time = o.time,
                                                      .volatility = o.volatility,
                                                      .rate = o.rate,
                                                      .call = o.right == OptionRight::Call});
    EXPECT_NEAR(ours.price, theirs.price, 1e-12 * 100);
    EXPECT_NEAR(ours.delta, theirs.delta, 1e-12);
    EXPECT_NEAR(ours.vega, theirs.vega, 1e-12);
  }
}

// What the price itself determines: an error of 1e-15 of the spot in it is one of 1e-15 spot / vega
// in the volatility.
TEST(QuantLibOracle, TheVolatilityThatAPriceImplies) {
  Draws draws("implied");
  int compared = 0;
  for (int i = 0; i < kOptions; ++i) {
    SpotOption o = draws.option();
    o.yield = o.rate;
    const QuantLibGreeks theirs = quantlib_greeks(peer_of(o));
    if (theirs.vega < 1e-6) continue;
    ++compared;
    const ImpliedVol found = implied_volatility(
        {.right = o.right, .forward = o.spot, .strike = o.strike, .time = o.time, .rate = o.rate},
        theirs.price);
    EXPECT_EQ(found.status, ImpliedVolStatus::Found) << text(o);
    EXPECT_NEAR(found.volatility, o.volatility, 1e-13 + 1e-14 * 150 / theirs.vega) << text(o);
  }
  EXPECT_GT(compared, kOptions * 9 / 10);
}

// QuantLib multiplies a normal probability, known to 1e-15, by the reflected path's weight, which
// can be 1e7 (there ours has all 15 digits of a calculation with 40).
double weight_of_reflection(const SpotOption& o) {
  const double drift = std::abs(o.rate - o.yield) + o.volatility * o.volatility / 2;
  return std::exp(2 * drift * std::abs(std::log(o.strike / o.spot)) / o.volatility / o.volatility);
}

// Rates not below zero: else QuantLib takes the root of a negative number.
TEST(QuantLibOracle, OneTouchOptions) {
  Draws draws("one touch");
  for (int i = 0; i < kOptions; ++i) {
    SpotOption o = draws.option();
    const int days = draws.days();
    o.time = days / 365.0;
    o.right = o.spot < o.strike ? OptionRight::Call : OptionRight::Put;
    o.rate = std::abs(o.rate);
    const bool if_touched = draws.heads();
    const bool at_expiry = !if_touched || draws.heads();
    const bool asset = draws.heads();
    const OneTouch contract{.option = o,
                            .payment = at_expiry ? TouchPayment::AtExpiry : TouchPayment::AtHit,
                            .asset = asset ? TouchAsset::Asset : TouchAsset::Cash,
                            .rule = if_touched ? TouchRule::PaysIfTouched : TouchRule::PaysIfNot};
    const double theirs = quantlib_one_touch({.spot = o.spot,
                                              .strike = o.strike,
                                              .days = days,
                                              .volatility = o.volatility,
                                              .rate = o.rate,
                                              .yield = o.yield,
                                              .call = o.right == OptionRight::Call,
                                              .asset = asset,
                                              .at_expiry = at_expiry,
                                              .if_touched = if_touched});
    EXPECT_NEAR(one_touch(contract), theirs,
                (asset ? 150 : 1) * (1e-12 + 1e-15 * weight_of_reflection(o)))
        << text(o) << (if_touched ? " touched" : " not touched") << (asset ? " asset" : " cash")
        << (at_expiry ? " at expiry" : " at hit");
  }
}

// QdFpAmericanEngine's most precise scheme; rates of one sign, for one boundary to be.
TEST(QuantLibOracle, AmericanOptions) {
  Draws draws("american");
  for (int i = 0; i < 100; ++i) {
    SpotOption o = draws.option();
    const int days = draws.days();
    o.time = days / 365.0;
    o.rate = draws.within(0.001, 0.1);
    o.yield = draws.within(0.001, 0.1);
    const double theirs = quantlib_american({.spot = o.spot,
                                             .strike = o.strike,
                                             .days = days,
                                             .volatility = o.volatility,
                                             .rate = o.rate,
                                             .yield = o.yield,
                                             .call = o.right == OptionRight::Call},
                                            QuantLibScheme::HighPrecision);
    EXPECT_NEAR(american(o), theirs, 1e-7 * o.strike) << text(o);
  }
}

TEST(QuantLibOracle, HestonOneByOneAndAsAChain) {
  Draws draws("heston");
  const std::vector<double> strike{60, 80, 95, 100, 105, 125, 160};
  const std::vector<OptionRight> right(strike.size(), OptionRight::Call);
  for (int i = 0; i < 100; ++i) {
    const Heston model{.v0 = draws.within(0.02, 1),
                       .kappa = draws.within(0.3, 5),
                       .theta = draws.within(0.02, 1),
                       .sigma = draws.within(0.1, 1.5),
                       .rho = draws.within(-0.9, 0.5)};
    const int days = 7 + draws.days();
    const double rate = draws.within(0, 0.08);
    const double yield = draws.within(0, 0.08);
    std::vector<double> theirs(strike.size());
    quantlib_heston({.spot = 100,
                     .rate = rate,
                     .yield = yield,
                     .v0 = model.v0,
                     .kappa = model.kappa,
                     .theta = model.theta,
                     .sigma = model.sigma,
                     .rho = model.rho,
                     .days = days},
                    QuantLibIntegral::Adaptive, strike.data(), static_cast<int>(strike.size()),
                    theirs.data());
    std::vector<double> chain(strike.size());
    heston_chain(model, {100, days / 365.0, rate, yield, strike, right}, chain);
    for (std::size_t s = 0; s < strike.size(); ++s) {
      const SpotOption o{.right = OptionRight::Call,
                         .spot = 100,
                         .strike = strike[s],
                         .time = days / 365.0,
                         .rate = rate,
                         .yield = yield};
      EXPECT_NEAR(heston_price(model, o), theirs[s], 1e-8) << text(o) << " v0 " << model.v0;
      EXPECT_NEAR(chain[s], theirs[s], 1e-8) << text(o) << " v0 " << model.v0;
    }
  }
}

}  // namespace
}  // namespace mezz::pricing

#include "models/pricing/implied_vol_batch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "sim/numeric/elementary.h"
#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

struct Quotes {
  std::vector<double> forward, strike, time, rate, sign, price;

  void add(double f, double k, double t, double r, double s, double p) {
    forward.push_back(f);
    strike.push_back(k);
    time.push_back(t);
    rate.push_back(r);
    sign.push_back(s);
    price.push_back(p);
  }
  [[nodiscard]] std::size_t count() const { return forward.size(); }
  [[nodiscard]] QuoteColumns columns() const {
    return {count(),     forward.data(), strike.data(), time.data(),
            rate.data(), sign.data(),    price.data()};
  }
  [[nodiscard]] ImpliedVol alone(std::size_t i) const {
    return implied_volatility({.right = sign[i] > 0 ? OptionRight::Call : OptionRight::Put,
                               .forward = forward[i],
                               .strike = strike[i],
                               .time = time[i],
                               .volatility = 0.0,
                               .rate = rate[i]},
                              price[i]);
  }
};

struct Found {
  std::vector<double> volatility;
  std::vector<ImpliedVolStatus> status;
};
Found find(const Quotes& quotes, Isa isa = widest_isa()) {
  Found found{std::vector<double>(quotes.count()), std::vector<ImpliedVolStatus>(quotes.count())};
  implied_volatility_batch(quotes.columns(), found.volatility.data(), found.status.data(), isa);
  return found;
}

ForwardOption random_option(Stream& stream) {
  ForwardOption o;
  o.forward = 100.0;
  o.strike = 100.0 * numeric::exp(2.0 * stream.uniform() - 1.0);
  o.time = 1.0 / 365 + stream.uniform() * 2.0;
  o.volatility = 0.05 + 2.0 * stream.uniform() * stream.uniform();
  o.rate = 0.2 * stream.uniform() - 0.1;
  o.right = stream.uniform() < 0.5 ? OptionRight::Call : OptionRight::Put;
  return o;
}

Quotes random_quotes(std::size_t n) {
  Stream stream(11, 0, "quotes", "test");
  Quotes quotes;
  while (quotes.count() < n) {
    const ForwardOption o = random_option(stream);
    quotes.add(o.forward, o.strike, o.time, o.rate, sign_of(o.right), black76(o).price);
  }
  return quotes;
}

Quotes odd_quotes() {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double odd[] = {nan, inf, -inf, 0.0, -1.0, 1e-320, 1e-300, 1e-9, 1.0, 100.0, 1e300};
  Quotes quotes;
  for (const double forward : odd) {
    for (const double strike : odd) {
      for (const double price : odd) {
        for (const double time : {nan, 0.0, 1e-12, 1.0, 1e6}) {
          quotes.add(forward, strike, time, 0.01, 1.0, price);
          quotes.add(forward, strike, time, -900.0, -1.0, price);
        }
      }
    }
  }
  return quotes;
}

// Money, at the money, tiny and huge deviations, prices a last place away from their bounds.
Quotes edge_quotes() {
  Quotes quotes;
  for (const double ratio : {0.01, 0.5, 1 - 1e-15, 1.0, 1 + 1e-9, 2.0, 100.0}) {
    for (const double volatility : {1e-6, 0.003, 0.01, 0.5, 4.0, 15.0}) {
      for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
        const ForwardOption o{right, 3000.0, 3000.0 * ratio, 0.7, volatility, 0.02};
        const double price = black76(o).price;
        for (const double p : {price, std::nextafter(price, 0.0), std::nextafter(price, 1e9)}) {
          quotes.add(o.forward, o.strike, o.time, o.rate, sign_of(right), p);
        }
      }
    }
  }
  return quotes;
}

// A rounding of the price, or of its intrinsic part, moves the volatility by itself / vega.
TEST(ImpliedVolBatch, ComesBackFromEveryPrice) {
  Stream stream(11, 0, "quotes", "test");
  const Quotes quotes = random_quotes(20'000);
  const Found found = find(quotes);
  for (std::size_t i = 0; i < quotes.count(); ++i) {
    const ForwardOption o = random_option(stream);
    const double vega = black76(o).vega;
    const double rounding = 16 * 0x1p-53 * (o.forward + o.strike) / vega;
    if (rounding > 1e-3) continue;  // the price does not say
    EXPECT_EQ(found.status[i], ImpliedVolStatus::Found);
    EXPECT_NEAR(found.volatility[i], o.volatility, rounding + 1e-13 * o.volatility)
        << i << ": K " << o.strike << " T " << o.time;
  }
}

TEST(ImpliedVolBatch, SaysWhatTheScalarMethodSays) {
  for (const Quotes& quotes : {odd_quotes(), edge_quotes()}) {
    const Found found = find(quotes);
    for (std::size_t i = 0; i < quotes.count(); ++i) {
      const ImpliedVol alone = quotes.alone(i);
      EXPECT_EQ(found.status[i], alone.status) << i;
      EXPECT_EQ(std::isnan(found.volatility[i]), false) << i;
      if (std::isinf(alone.volatility)) {
        EXPECT_EQ(found.volatility[i], alone.volatility) << i;
      } else {
        EXPECT_NEAR(found.volatility[i], alone.volatility, 1e-11 * alone.volatility) << i;
      }
    }
  }
}

TEST(ImpliedVolBatch, EveryInstructionSetGivesTheSameBits) {
  for (const Quotes& quotes : {random_quotes(4'001), odd_quotes(), edge_quotes()}) {
    const Found narrow = find(quotes, Isa::Sse2);
    for (const Isa isa : available_isas()) {
      const Found wide = find(quotes, isa);
      EXPECT_EQ(std::memcmp(narrow.volatility.data(), wide.volatility.data(), 8 * quotes.count()),
                0);
      EXPECT_EQ(narrow.status, wide.status);
    }
  }
}

// 100 / sqrt(2 pi) = 39.894: the first order of an at-the-money price is 0.39894 F s.
TEST(ImpliedVolBatch, AtTheMoneyByHand) {
  Quotes quotes;
  quotes.add(100.0, 100.0, 1.0, 0.0, 1.0, 3.9878);  // s = 0.1: 3.9894 (1 - s^2 / 24)
  EXPECT_NEAR(find(quotes).volatility[0], 0.1, 2e-6);
}

TEST(ImpliedVolBatch, NoQuotesNoWork) { EXPECT_TRUE(find(Quotes{}).volatility.empty()); }

}  // namespace
}  // namespace mezz::pricing

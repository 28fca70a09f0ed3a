#include "models/pricing/black_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "sim/numeric/elementary.h"
#include "sim/random/stream.h"

namespace mezz::pricing {
namespace {

struct Options {
  std::vector<double> forward, strike, time, volatility, rate, sign;

  void add(double f, double k, double t, double v, double r, double s) {
    forward.push_back(f);
    strike.push_back(k);
    time.push_back(t);
    volatility.push_back(v);
    rate.push_back(r);
    sign.push_back(s);
  }
  [[nodiscard]] OptionColumns columns() const {
    return {forward.size(),    forward.data(), strike.data(), time.data(),
            volatility.data(), rate.data(),    sign.data()};
  }
};

struct Results {
  std::vector<double> price, delta, gamma, vega, theta;

  explicit Results(std::size_t n) : price(n), delta(n), gamma(n), vega(n), theta(n) {}
  [[nodiscard]] GreekColumns columns() {
    return {price.data(), delta.data(), gamma.data(), vega.data(), theta.data()};
  }
  [[nodiscard]] std::vector<const std::vector<double>*> all() const {
    return {&price, &delta, &gamma, &vega, &theta};
  }
};

Results evaluate(const Options& options, Isa isa = widest_isa()) {
  Results results(options.forward.size());
  black_batch(options.columns(), results.columns(), isa);
  return results;
}

// The workload of the published peer figures: K = F e^(u - 0.5), a day to two years, 10 to 150 %.
Options random_options(std::size_t n) {
  Stream stream(7, 0, "options", "test");
  Options options;
  for (std::size_t i = 0; i < n; ++i) {
    const double strike = 100.0 * numeric::exp(stream.uniform() - 0.5);
    const double time = 1.0 / 365 + stream.uniform() * (2.0 - 1.0 / 365);
    const double volatility = 0.1 + 1.4 * stream.uniform();
    const double sign = stream.uniform() < 0.5 ? 1.0 : -1.0;
    options.add(100.0, strike, time, volatility, 0.03, sign);
  }
  return options;
}

Options extreme_options() {
  Options options;
  for (const double forward : {1e-9, 1.0, 3e4, 1e12}) {
    for (const double ratio : {1e-8, 0.01, 1 - 1e-15, 1.0, 1 + 1e-9, 50.0, 1e8}) {
      for (const double time : {1e-12, 1e-4, 1.0, 40.0}) {
        for (const double volatility : {1e-9, 0.01, 1.0, 9.0, 60.0}) {
          options.add(forward, forward * ratio, time, volatility, -0.5, 1.0);
          options.add(forward, forward * ratio, time, volatility, 2.0, -1.0);
        }
      }
    }
  }
  return options;
}

// The same formulas in extended precision, from the C library's erfc and exp.
struct Reference {
  long double price, delta, gamma, vega, theta, d1, deviation;
};
Reference reference(const Options& o, std::size_t i) {
  const long double f = o.forward[i];
  const long double k = o.strike[i];
  const long double t = o.time[i];
  const long double v = o.volatility[i];
  const long double r = o.rate[i];
  const long double sign = o.sign[i];
  const auto normal = [](long double x) { return 0.5L * erfcl(-x / sqrtl(2.0L)); };
  const long double s = v * sqrtl(t);
  const long double d1 = logl(f / k) / s + s / 2;
  const long double d2 = d1 - s;
  const long double discount = expl(-r * t);
  const long double density = expl(-d1 * d1 / 2) / sqrtl(2 * acosl(-1.0L));
  const long double price = discount * sign * (f * normal(sign * d1) - k * normal(sign * d2));
  return {price,
          discount * sign * normal(sign * d1),
          discount * density / (f * s),
          discount * f * density * sqrtl(t),
          r * price - discount * f * density * v / (2 * sqrtl(t)),
          d1,
          s};
}

// J. Hull, Options, Futures, and Other Derivatives, Black's model for a put on crude oil futures:
// F = K = 20, 9 % a year, 25 % volatility, four months: 1.12.
TEST(BlackBatch, PutOfTheTextbook) {
  Options options;
  options.add(20.0, 20.0, 4.0 / 12, 0.25, 0.09, -1.0);
  EXPECT_NEAR(evaluate(options).price[0], 1.12, 0.005);
}

TEST(BlackBatch, AgreesWithExtendedPrecision) {
  const Options options = random_options(20'000);
  const Results got = evaluate(options);
  double worst[5] = {};
  for (std::size_t i = 0; i < options.forward.size(); ++i) {
    const Reference want = reference(options, i);
    // d1 = log(F / K) / s + s / 2: the rounding of F / K moves it by 2^-53 / s, that of d1 itself
    // by d1 2^-53, and exp(-d1^2 / 2) by d1 times either.
    const double d1 = std::fabs(static_cast<double>(want.d1));
    const double bell = 2e-15 + 4e-16 * d1 * (d1 + 1.0 / static_cast<double>(want.deviation));
    const double error[] = {// The price is a difference of two legs of the size of the forward.
                            static_cast<double>(fabsl(got.price[i] - want.price) / 100.0L),
                            static_cast<double>(fabsl(got.delta[i] - want.delta)),
                            static_cast<double>(fabsl(got.gamma[i] / want.gamma - 1)) / bell,
                            static_cast<double>(fabsl(got.vega[i] / want.vega - 1)) / bell,
                            static_cast<double>(fabsl(got.theta[i] - want.theta) / 100.0L)};
    for (int c = 0; c < 5; ++c) worst[c] = std::max(worst[c], error[c]);
  }
  EXPECT_LT(worst[0], 1e-15);
  EXPECT_LT(worst[1], 1e-15);
  EXPECT_LT(worst[2], 1.0);
  EXPECT_LT(worst[3], 1.0);
  EXPECT_LT(worst[4], 1e-14);
}

// A number is a number wherever it stands: any count, any place in the last, unfilled lanes.
TEST(BlackBatch, EveryCountGivesTheResultsOfTheWhole) {
  const Options all = random_options(19);
  const Results want = evaluate(all);
  for (std::size_t n = 0; n <= 19; ++n) {
    Options some = all;
    for (auto* column :
         {&some.forward, &some.strike, &some.time, &some.volatility, &some.rate, &some.sign}) {
      column->resize(n);
    }
    const Results got = evaluate(some);
    for (std::size_t c = 0; c < 5; ++c) {
      EXPECT_TRUE(std::equal(got.all()[c]->begin(), got.all()[c]->end(), want.all()[c]->begin()));
    }
  }
}

void expect_same_bits(const Results& a, const Results& b, const char* what) {
  for (std::size_t c = 0; c < 5; ++c) {
    const std::size_t bytes = a.all()[c]->size() * sizeof(double);
    EXPECT_EQ(std::memcmp(a.all()[c]->data(), b.all()[c]->data(), bytes), 0) << what << c;
  }
}

TEST(BlackBatch, EveryInstructionSetGivesTheSameBits) {
  for (const Options& options : {random_options(4'099), extreme_options()}) {
    const Results want = evaluate(options, Isa::Sse2);
    for (const Isa isa : available_isas()) expect_same_bits(evaluate(options, isa), want, "isa ");
  }
}

TEST(BlackBatch, ExtremesAreFiniteAndWithinTheirBounds) {
  const Options options = extreme_options();
  const Results got = evaluate(options);
  for (std::size_t i = 0; i < options.forward.size(); ++i) {
    const double discount = std::exp(-options.rate[i] * options.time[i]);
    const double forward = options.forward[i] * discount;
    const double strike = options.strike[i] * discount;
    const double most = options.sign[i] > 0 ? forward : strike;
    const double least = std::max(0.0, options.sign[i] * (forward - strike));
    const double rounding = 1e-12 * std::max(forward, strike);
    EXPECT_LE(got.price[i], most + rounding) << i;
    EXPECT_GE(got.price[i], least - rounding) << i;
    EXPECT_LE(std::fabs(got.delta[i]), discount * (1 + 1e-12)) << i;
    for (const auto* column : got.all()) EXPECT_TRUE(std::isfinite((*column)[i])) << i;
    EXPECT_GE(got.gamma[i], 0.0);
    EXPECT_GE(got.vega[i], 0.0);
  }
}

TEST(BlackBatch, CallMinusPutIsTheDiscountedForwardMinusStrike) {
  Options calls = random_options(1'000);
  Options puts = calls;
  std::fill(calls.sign.begin(), calls.sign.end(), 1.0);
  std::fill(puts.sign.begin(), puts.sign.end(), -1.0);
  const Results call = evaluate(calls);
  const Results put = evaluate(puts);
  for (std::size_t i = 0; i < 1'000; ++i) {
    const double discount = std::exp(-calls.rate[i] * calls.time[i]);
    EXPECT_NEAR(call.price[i] - put.price[i], discount * (calls.forward[i] - calls.strike[i]),
                1e-12);
    EXPECT_NEAR(call.delta[i] - put.delta[i], discount, 1e-14);
    EXPECT_EQ(call.gamma[i], put.gamma[i]);
    EXPECT_EQ(call.vega[i], put.vega[i]);
  }
}

// A chain is the same options; only log F - log K stands in the place of log(F / K).
TEST(BlackChain, IsTheBatchWithWhatIsSharedTakenOut) {
  Options options = random_options(1'003);
  std::fill(options.time.begin(), options.time.end(), 0.5);
  std::vector<double> logs;
  for (const double strike : options.strike) logs.push_back(numeric::log(strike));
  const ChainColumns chain{options.strike.size(),
                           100.0,
                           0.5,
                           0.03,
                           options.strike.data(),
                           logs.data(),
                           options.volatility.data(),
                           options.sign.data()};
  const Results want = evaluate(options);
  Results first(logs.size());
  black_chain(chain, first.columns(), Isa::Sse2);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    EXPECT_NEAR(first.price[i], want.price[i], 1e-12);
    EXPECT_NEAR(first.delta[i], want.delta[i], 1e-14);
    EXPECT_NEAR(first.theta[i], want.theta[i], 1e-11);
  }
  for (const Isa isa : available_isas()) {
    Results got(logs.size());
    black_chain(chain, got.columns(), isa);
    expect_same_bits(got, first, "isa ");
  }
}

}  // namespace
}  // namespace mezz::pricing

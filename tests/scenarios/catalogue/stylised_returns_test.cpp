// Case B-CONT-1 of the reference sheet "validation" (Cont 2001): the returns of the preset
// _stylised_market have no linear correlation, heavy tails with a finite index, volatility that
// clusters, and tails that thin out as the horizon grows. Computed from 240 days of minutes of the
// price process itself, at 1 min, 5 min and 1 h, for three seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

class Tape final : public EntityOf<Tape, NoParams, PriceObserver> {
 public:
  using EntityOf::EntityOf;
  // Jumps are published between two steps: only the grid counts.
  void on(Context&, const PriceTick& tick) override {
    if ((tick.time - Time::zero()).ns % (1_min).ns == 0) {
      log_prices.push_back(std::log(static_cast<double>(tick.price.ticks)));
    }
  }
  std::vector<double> log_prices;
};

std::vector<double> minutes(const PriceProcessParams& preset, std::uint64_t seed) {
  PriceProcessParams params = preset;
  params.step = 1_min;
  World world({.seed = seed});
  const auto process = world.add<PriceProcess>(
      "price", params, ContractSpec{.underlying = "BTC", .tick = Money{10'000}, .lot_decimals = 3});
  const auto tape = world.add<Tape>("tape", NoParams{});
  world.get(process).subscribe(tape);
  world.start();
  world.run(Time::zero() + 240_d);
  return world.get(tape).log_prices;
}

std::vector<double> returns(const std::vector<double>& log_prices, std::size_t horizon) {
  std::vector<double> out;
  for (std::size_t i = horizon; i < log_prices.size(); i += horizon) {
    out.push_back(log_prices[i] - log_prices[i - horizon]);
  }
  return out;
}

double mean(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

double autocorrelation(const std::vector<double>& x, std::size_t lag) {
  const double m = mean(x);
  double together = 0.0;
  double variance = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    variance += (x[i] - m) * (x[i] - m);
    if (i >= lag) together += (x[i] - m) * (x[i - lag] - m);
  }
  return together / variance;
}

double kurtosis(const std::vector<double>& x) {
  const double m = mean(x);
  double second = 0.0;
  double fourth = 0.0;
  for (const double value : x) {
    const double square = (value - m) * (value - m);
    second += square;
    fourth += square * square;
  }
  return fourth * static_cast<double>(x.size()) / (second * second);
}

std::vector<double> sizes(std::vector<double> x) {
  for (double& value : x) value = std::fabs(value);
  return x;
}

// Hill's estimator on the largest hundredth of |x|.
double hill(const std::vector<double>& x) {
  std::vector<double> sorted = sizes(x);
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const std::size_t tail = sorted.size() / 100;
  double sum = 0.0;
  for (std::size_t i = 0; i < tail; ++i) sum += std::log(sorted[i] / sorted[tail]);
  return static_cast<double>(tail) / sum;
}

class StylisedReturns : public testing::TestWithParam<std::uint64_t> {};

TEST_P(StylisedReturns, ShowWhatContFound) {
  const Scenario scenario = load_scenario("stylised_returns", {});
  const std::vector<double> path = minutes(scenario.price, GetParam());
  ASSERT_EQ(path.size(), 345'601U);
  double before = 1e9;
  for (const std::size_t horizon : {std::size_t{1}, std::size_t{5}, std::size_t{60}}) {
    SCOPED_TRACE(horizon);
    const std::vector<double> x = returns(path, horizon);
    EXPECT_LT(std::fabs(autocorrelation(x, 1)), 0.1);
    EXPECT_GE(hill(x), 2.0);
    EXPECT_LE(hill(x), 5.0);
    EXPECT_GT(autocorrelation(sizes(x), 1), 0.2);
    EXPECT_GT(autocorrelation(sizes(x), 20), 0.05);
    EXPECT_GT(kurtosis(x), 3.0);
    EXPECT_LT(kurtosis(x), before);
    before = kurtosis(x);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StylisedReturns, testing::Values(1U, 2U, 3U));

// The counterexample: a constant volatility has neither tails nor clusters.
TEST(StylisedReturns, AConstantVolatilityDoesNot) {
  const Scenario scenario = load_scenario("stylised_returns", {"price.kind=\"gbm\""});
  const std::vector<double> x = returns(minutes(scenario.price, 1), 1);
  EXPECT_NEAR(kurtosis(x), 3.0, 0.1);  // standard error sqrt(24 / 345600) = 0.008
  EXPECT_LT(std::fabs(autocorrelation(sizes(x), 1)), 0.02);
  EXPECT_GT(hill(x), 5.0);
}

// The stationary law is lognormal with E[factor^2] = 1, so the root of the mean variance is the
// parameter; 240 days hold some hundreds of memories of the slow factor: a factor of 1.5 either
// way.
TEST_P(StylisedReturns, HaveTheVolatilityThatIsWritten) {
  const Scenario scenario = load_scenario("stylised_returns", {"price.jumps_per_year=0.0"});
  const std::vector<double> x = returns(minutes(scenario.price, GetParam()), 1);
  double squares = 0.0;
  for (const double value : x) squares += value * value;
  const double yearly = std::sqrt(squares / static_cast<double>(x.size()) * 525'600.0);
  EXPECT_GT(yearly, scenario.price.volatility / 1.5);
  EXPECT_LT(yearly, scenario.price.volatility * 1.5);
}

}  // namespace
}  // namespace mezz

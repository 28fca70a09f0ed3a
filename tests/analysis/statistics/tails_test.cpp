// Tail risk and tail fits on exact quantile grids: value i is the quantile at (i - 1/2) / n of a
// law whose answers are closed.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/statistics/moments.h"
#include "analysis/statistics/tail_fit.h"
#include "analysis/statistics/tail_risk.h"

namespace mezz::statistics {
namespace {

template <class Quantile>
std::vector<double> grid(int n, Quantile quantile) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) values.push_back(quantile((i - 0.5) / n));
  return values;
}

double exponential(double p) { return -std::log1p(-p); }

// VaR = -ln(1 - p), ES = VaR + 1. The grid's own error is about 1 / (n (1 - p)).
TEST(TailRisk, OfTheExponentialIsItsClosedForm) {
  const TailRisk risk = tail_risk(grid(100'000, exponential), {.p = 0.99});
  EXPECT_NEAR(risk.value_at_risk.value, std::log(100.0), 0.001);
  EXPECT_NEAR(risk.expected_shortfall.value, std::log(100.0) + 1, 0.001);
  EXPECT_TRUE(risk.value_at_risk.interval.contains(std::log(100.0)));
  EXPECT_EQ(risk.value_at_risk.n, 100'000U);
  EXPECT_EQ(risk.in_tail, 1'001U);
  // Asymptotic: var(tail) = 1 and ES - VaR = 1, so (1 + 0.99) / 1000.
  EXPECT_NEAR(risk.expected_shortfall.interval.half_width(), 1.962 * std::sqrt(1.99 / 1'000),
              0.002);
}

// VaR 2.326348, ES = phi(VaR) / 0.01 = 2.665214.
TEST(TailRisk, OfTheNormalIsItsClosedForm) {
  const TailRisk risk = tail_risk(grid(100'000, normal_quantile), {.p = 0.99});
  EXPECT_NEAR(risk.value_at_risk.value, 2.326348, 0.0005);
  EXPECT_NEAR(risk.expected_shortfall.value, 2.665214, 0.0005);
}

// Losses 1 ... 10 at 75 %: VaR is the 8th; ES = (9 + 10 + 0.5 * 8) / 2.5 (Acerbi and Tasche).
TEST(TailRisk, CountsAPartOfTheLossAtTheRank) {
  const std::vector<double> losses{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  const TailRisk risk = tail_risk(losses, {.p = 0.75});
  EXPECT_EQ(risk.value_at_risk.value, 8);
  EXPECT_DOUBLE_EQ(risk.expected_shortfall.value, (9 + 10 + 0.5 * 8) / 2.5);
  EXPECT_EQ(risk.in_tail, 3U);
  // 0.9 * 10 is the 9th, although 0.9 is no binary number; beyond it is one loss.
  EXPECT_EQ(tail_risk(losses, {.p = 0.9}).value_at_risk.value, 9);
  EXPECT_DOUBLE_EQ(tail_risk(losses, {.p = 0.9}).expected_shortfall.value, 10);
}

TEST(TailRisk, OfFewOrEqualLosses) {
  const TailRisk none = tail_risk({}, {.p = 0.99});
  EXPECT_TRUE(std::isnan(none.value_at_risk.value));
  EXPECT_TRUE(std::isnan(none.expected_shortfall.value));
  const TailRisk one = tail_risk(std::vector<double>{5}, {.p = 0.99});
  EXPECT_EQ(one.expected_shortfall.value, 5);
  EXPECT_EQ(one.expected_shortfall.interval.high, kInfinity);
  EXPECT_EQ(one.value_at_risk.interval.high, kInfinity);
  const TailRisk zeros = tail_risk(std::vector<double>(1'000, 0.0), {.p = 0.99});
  EXPECT_EQ(zeros.expected_shortfall.value, 0);
  EXPECT_EQ(zeros.expected_shortfall.interval.high, 0);
}

TEST(Hill, OfAParetoGridIsItsExponent) {
  for (const double alpha : {1.5, 3.0}) {
    const auto pareto = [&](double p) { return std::pow(1 - p, -1 / alpha); };
    const Estimate out = hill(grid(10'000, pareto), 1'000, 0.95);
    // The mean of ln(x / x_k) over the grid is 1 / alpha up to 1 / k.
    EXPECT_NEAR(out.value, alpha, alpha * 0.003);
    EXPECT_TRUE(out.interval.contains(alpha));
    // Chi-square with 2000 degrees: 95 % within 1 +- 1.96 / sqrt 1000.
    EXPECT_NEAR(out.interval.half_width(), out.value * 1.96 / std::sqrt(1'000.0), alpha * 0.001);
  }
}

// k = 2 of 8, 4, 2: 2 / (ln 4 + ln 2).
TEST(Hill, OfThreeValuesByHand) {
  EXPECT_DOUBLE_EQ(hill(std::vector<double>{2, 8, 4}, 2, 0.95).value, 2 / (3 * std::numbers::ln2));
  EXPECT_TRUE(std::isnan(hill(std::vector<double>{2, 8, 4}, 3, 0.95).value));
  EXPECT_TRUE(std::isnan(hill(std::vector<double>{-2, 8, 4}, 2, 0.95).value));
  EXPECT_TRUE(std::isnan(hill(std::vector<double>{4, 4, 4}, 2, 0.95).value));
}

TEST(ParetoTail, OfAGridIsItsShapeAndScale) {
  for (const double shape : {-0.25, 0.0, 0.3, 1.0}) {
    const auto law = [&](double p) {
      return 100 +
             (shape == 0 ? 2 * exponential(p) : 2 * std::expm1(shape * exponential(p)) / shape);
    };
    const ParetoFit fit = fit_pareto_tail(grid(5'000, law), 100, 0.95);
    EXPECT_NEAR(fit.shape.value, shape, 0.01) << shape;
    EXPECT_NEAR(fit.scale.value, 2, 0.03) << shape;
    EXPECT_EQ(fit.shape.n, 5'000U);
    EXPECT_NEAR(fit.shape.interval.half_width(), 1.96 * (1 + shape) / std::sqrt(5'000.0), 0.001);
    EXPECT_NEAR(fit.quantile(0.99), law(0.99), 0.03 * (law(0.99) - 100)) << shape;
  }
}

// Only a tenth lies beyond the threshold: exponential from there on, so the quantile at p is
// threshold + ln(0.1 / (1 - p)), and the shortfall one more.
TEST(ParetoTail, BelongsToTheShareBeyondItsThreshold) {
  const double threshold = std::log(10.0);
  const ParetoFit fit = fit_pareto_tail(grid(50'000, exponential), threshold, 0.95);
  EXPECT_NEAR(fit.tail_share, 0.1, 1e-9);
  EXPECT_NEAR(fit.quantile(0.999), std::log(1'000.0), 0.02);
  EXPECT_NEAR(fit.expected_shortfall(0.999), std::log(1'000.0) + 1, 0.03);
}

TEST(ParetoTail, WithoutATailHasNoValue) {
  EXPECT_TRUE(std::isnan(fit_pareto_tail(std::vector<double>{1, 2, 3}, 0, 0.95).shape.value));
  EXPECT_TRUE(std::isnan(fit_pareto_tail(std::vector<double>(50, 2.0), 0, 0.95).shape.value));
  EXPECT_TRUE(std::isnan(fit_pareto_tail({}, 0, 0.95).tail_share));
  // The mean of a tail of shape 1 and more is infinite.
  ParetoFit heavy{.threshold = 0, .shape = {}, .scale = {}, .tail_share = 1};
  heavy.shape.value = 1;
  heavy.scale.value = 1;
  EXPECT_EQ(heavy.expected_shortfall(0.9), kInfinity);
  EXPECT_NEAR(heavy.quantile(0.9), 9, 1e-12);
}

}  // namespace
}  // namespace mezz::statistics

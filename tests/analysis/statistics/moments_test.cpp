// Against NIST's Statistical Reference Datasets (univariate: NumAcc1 to NumAcc4,
// itl.nist.gov/div898/strd) and printed tables of Student's t.
#include "analysis/statistics/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/check/error.h"

namespace mezz::statistics {
namespace {

// One value, then 500 pairs around it, as NumAcc2, 3 and 4 are made.
std::vector<double> alternating(double centre, double low, double high) {
  std::vector<double> values{centre};
  for (int i = 0; i < 500; ++i) values.insert(values.end(), {low, high});
  return values;
}

TEST(Moments, NistNumAcc1) {
  const std::vector<double> values{10'000'001, 10'000'003, 10'000'002};
  EXPECT_DOUBLE_EQ(mean(values), 10'000'002);
  EXPECT_DOUBLE_EQ(std::sqrt(variance(values)), 1);
  EXPECT_DOUBLE_EQ(autocorrelation(values, 1), -0.5);
}

TEST(Moments, NistNumAcc2) {
  const std::vector<double> values = alternating(1.2, 1.1, 1.3);
  EXPECT_NEAR(mean(values), 1.2, 1e-15);
  EXPECT_NEAR(std::sqrt(variance(values)), 0.1, 1e-15);
  EXPECT_NEAR(autocorrelation(values, 1), -0.999, 1e-12);
}

TEST(Moments, NistNumAcc3) {
  const std::vector<double> values = alternating(1'000'000.2, 1'000'000.1, 1'000'000.3);
  EXPECT_DOUBLE_EQ(mean(values), 1'000'000.2);
  EXPECT_NEAR(std::sqrt(variance(values)), 0.1, 1e-10);  // 0.2 has an error of 1e-10 at a million
  EXPECT_NEAR(autocorrelation(values, 1), -0.999, 1e-8);
}

TEST(Moments, NistNumAcc4) {
  const std::vector<double> values = alternating(10'000'000.2, 10'000'000.1, 10'000'000.3);
  EXPECT_DOUBLE_EQ(mean(values), 10'000'000.2);
  EXPECT_NEAR(std::sqrt(variance(values)), 0.1, 1e-8);
  EXPECT_NEAR(autocorrelation(values, 1), -0.999, 1e-7);
}

// The column 0.975 of every printed table.
TEST(Moments, StudentQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(t_quantile(0.975, 1), 12.706, 5e-4);
  EXPECT_NEAR(t_quantile(0.975, 2), 4.303, 5e-4);
  EXPECT_NEAR(t_quantile(0.975, 5), 2.571, 5e-4);
  EXPECT_NEAR(t_quantile(0.975, 10), 2.228, 5e-4);
  EXPECT_NEAR(t_quantile(0.975, 30), 2.042, 5e-4);
  EXPECT_NEAR(t_quantile(0.995, 10), 3.169, 5e-4);
  EXPECT_NEAR(t_quantile(0.975, 1e9), 1.959964, 1e-6);
  EXPECT_NEAR(normal_quantile(0.975), 1.959964, 1e-6);
}

// Values 1, 2, 3: mean 2, deviation 1, error 1 / sqrt 3, t = 4.30265 at two degrees.
TEST(Moments, IntervalOfThreeValues) {
  const Estimate out = t_interval(std::vector<double>{1, 2, 3}, 0.95);
  EXPECT_EQ(out.value, 2);
  EXPECT_EQ(out.n, 3U);
  EXPECT_NEAR(out.interval.low, 2 - 4.302653 / std::sqrt(3.0), 1e-6);
  EXPECT_NEAR(out.interval.high, 2 + 4.302653 / std::sqrt(3.0), 1e-6);
}

// t = 2 / (1 / sqrt 3) = sqrt 12 at two degrees, whose law is closed: P(|T| > t) = 1 - t / sqrt(t^2
// + 2).
TEST(Moments, PValueOfThreeValues) {
  EXPECT_NEAR(t_test_p(std::vector<double>{1, 2, 3}), 1 - std::sqrt(12.0 / 14.0), 1e-12);
}

// Groups 1, 2, 3 and 2, 4, 6, 8: variances 1 and 20/3, so var/n are 1/3 and 5/3, the degrees
// 4 / (1/18 + 25/27) = 4.0755, t = 2.7593 (between 2.776 at 4 and 2.571 at 5).
TEST(Moments, WelchOfTwoSmallGroups) {
  const Estimate out =
      welch_interval(std::vector<double>{1, 2, 3}, std::vector<double>{2, 4, 6, 8}, 0.95);
  EXPECT_DOUBLE_EQ(out.value, 3);
  const double half = t_quantile(0.975, 4.0 / (1.0 / 18 + 25.0 / 27)) * std::sqrt(2.0);
  EXPECT_NEAR(out.interval.high, 3 + half, 1e-12);
  EXPECT_GT(half, 2.571 * std::sqrt(2.0));
  EXPECT_LT(half, 2.776 * std::sqrt(2.0));
}

TEST(Moments, TooFewValuesAreNoPoint) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_TRUE(std::isnan(variance(std::vector<double>{1})));
  const Estimate one = t_interval(std::vector<double>{7}, 0.95);
  EXPECT_EQ(one.value, 7);
  EXPECT_EQ(one.interval.high, kInfinity);
  EXPECT_EQ(one.interval.low, -kInfinity);
}

TEST(Moments, EqualValuesHaveNoWidth) {
  const std::vector<double> equal(10, 0.1);
  EXPECT_EQ(variance(equal), 0);
  EXPECT_EQ(t_interval(equal, 0.95).interval.half_width(), 0);
  EXPECT_EQ(t_test_p(equal), 0);
  EXPECT_EQ(t_test_p(std::vector<double>(10, 0.0)), 1);
  EXPECT_TRUE(std::isnan(correlation(equal, equal)));
}

TEST(Moments, ValuesThatAreNoneAreACallersBug) {
  EXPECT_THROW(mean(std::vector<double>{1, kNone}), AssertionFailure);
  EXPECT_THROW(variance(std::vector<double>{1, kInfinity}), AssertionFailure);
}

}  // namespace
}  // namespace mezz::statistics

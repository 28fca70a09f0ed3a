#include "analysis/statistics/quantile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace mezz::statistics {
namespace {

std::vector<double> one_to(int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

// R: quantile(1:10, c(0.25, 0.5, 0.9)) = 3.25, 5.5, 9.1.
TEST(Quantile, IsThatOfR) {
  EXPECT_DOUBLE_EQ(quantile(one_to(10), 0.25), 3.25);
  EXPECT_DOUBLE_EQ(quantile(one_to(10), 0.5), 5.5);
  EXPECT_DOUBLE_EQ(quantile(one_to(10), 0.9), 9.1);
  EXPECT_EQ(quantile(one_to(10), 0), 1);
  EXPECT_EQ(quantile(one_to(10), 1), 10);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

// Of 10 values the median lies between the 2nd and the 9th: outside with chance 2 (1 + 10) / 1024 =
// 2.1 %; between the 3rd and the 8th it would be 2 (1 + 10 + 45) / 1024 = 10.9 % (printed tables of
// the sign test).
TEST(Quantile, RanksOfTheMedianAreThoseOfTheSignTest) {
  const RankInterval ranks = quantile_ranks(10, 0.5, 0.95);
  EXPECT_EQ(ranks.low, 2U);
  EXPECT_EQ(ranks.high, 9U);
  // Five values never reach 95 %: 2 / 32 = 6.25 % lie outside all of them.
  EXPECT_EQ(quantile_ranks(5, 0.5, 0.95).low, 0U);
  EXPECT_EQ(quantile_ranks(5, 0.5, 0.95).high, 6U);
  // Six do: 2 / 64 = 3.1 %.
  EXPECT_EQ(quantile_ranks(6, 0.5, 0.95).low, 1U);
  EXPECT_EQ(quantile_ranks(6, 0.5, 0.95).high, 6U);
  EXPECT_EQ(quantile_interval(one_to(10), 0.5, 0.95).interval.low, 2);
  EXPECT_EQ(quantile_interval(one_to(10), 0.5, 0.95).interval.high, 9);
}

// All n values lie below the 99 % quantile with chance 0.99^n, above 2.5 % until n = 368
// (ln 0.025 / ln 0.99 = 367.04).
TEST(Quantile, AnEndThatTheValuesCannotGiveIsInfinite) {
  EXPECT_EQ(quantile_interval(one_to(367), 0.99, 0.95).interval.high, kInfinity);
  EXPECT_EQ(quantile_interval(one_to(368), 0.99, 0.95).interval.high, 368);
}

TEST(Ecdf, HasAStepForEveryDistinctValue) {
  const std::vector<double> values{3, 1, 3, 2};
  const std::vector<EcdfStep> steps = ecdf(values);
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].share, 0.25);
  EXPECT_EQ(steps[2].value, 3);
  EXPECT_EQ(steps[2].share, 1);
  EXPECT_EQ(share_at_most(steps, 0.9), 0);
  EXPECT_EQ(share_at_most(steps, 2), 0.5);
  EXPECT_EQ(share_at_most(steps, 2.9), 0.5);
  EXPECT_EQ(share_at_most(steps, 9), 1);
  EXPECT_TRUE(ecdf({}).empty());
}

// 1.36 / sqrt n, as in the tables of Kolmogorov's test: sqrt(ln(40) / 2) = 1.3581.
TEST(Ecdf, BandIsThatOfKolmogorov) { EXPECT_NEAR(ecdf_band(100, 0.95), 0.13581, 1e-5); }

}  // namespace
}  // namespace mezz::statistics

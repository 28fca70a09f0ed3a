// Shares, several tests at once, pairs and the bootstrap: printed tables and closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/statistics/bootstrap.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/multiple.h"
#include "analysis/statistics/paired.h"
#include "analysis/statistics/resample.h"
#include "analysis/statistics/shares.h"

namespace mezz::statistics {
namespace {

// Newcombe 1998 (Statistics in Medicine 17:857), table I, methods 3 and 5.
TEST(Shares, HaveTheIntervalsOfNewcombe) {
  const auto is = [](const Interval& interval, double low, double high) {
    EXPECT_NEAR(interval.low, low, 5.1e-5);
    EXPECT_NEAR(interval.high, high, 5.1e-5);
  };
  is(wilson({81, 263}, 0.95).interval, 0.2553, 0.3662);
  is(wilson({15, 148}, 0.95).interval, 0.0624, 0.1605);
  is(wilson({0, 20}, 0.95).interval, 0, 0.1611);
  is(wilson({1, 29}, 0.95).interval, 0.0061, 0.1718);
  is(clopper_pearson({81, 263}, 0.95).interval, 0.2527, 0.3676);
  is(clopper_pearson({15, 148}, 0.95).interval, 0.0578, 0.1617);
  is(clopper_pearson({0, 20}, 0.95).interval, 0, 0.1684);
  is(clopper_pearson({1, 29}, 0.95).interval, 0.0009, 0.1776);
}

TEST(Shares, OfNothingOrEverythingReachTheEnds) {
  EXPECT_EQ(wilson({0, 10}, 0.95).interval.low, 0);
  EXPECT_EQ(wilson({10, 10}, 0.95).interval.high, 1);
  EXPECT_EQ(clopper_pearson({10, 10}, 0.95).interval.high, 1);
  // 1 - (alpha / 2)^(1 / n)
  EXPECT_NEAR(clopper_pearson({0, 10}, 0.95).interval.high, 1 - std::pow(0.025, 0.1), 1e-12);
  EXPECT_TRUE(std::isnan(wilson({0, 0}, 0.95).value));
  EXPECT_EQ(wilson({0, 0}, 0.95).interval.high, 1);
}

// The 15 p-values of Benjamini and Hochberg 1995, section 3.2: at 5 % Bonferroni and Holm reject
// three, their own procedure four.
TEST(ManyTests, AreTheExampleOfBenjaminiAndHochberg) {
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<double> by_holm = holm(p);
  const std::vector<double> by_rate = benjamini_hochberg(p);
  const auto significant = [](const std::vector<double>& values) {
    return std::count_if(values.begin(), values.end(), [](double x) { return x <= 0.05; });
  };
  EXPECT_EQ(significant(by_holm), 3);
  EXPECT_EQ(significant(by_rate), 4);
  EXPECT_NEAR(by_holm[0], 15 * 0.0001, 1e-15);
  EXPECT_NEAR(by_holm[3], 12 * 0.0095, 1e-15);
  EXPECT_NEAR(by_rate[3], 0.0095 * 15 / 4, 1e-15);
  // Not 0.0201 * 15 / 5, but not above that of a later one either.
  EXPECT_NEAR(by_rate[4], 0.0201 * 15 / 5, 1e-15);
}

TEST(ManyTests, KeepTheirPlacesAndSkipWhatIsNone) {
  const std::vector<double> p{0.04, kNone, 0.01};
  EXPECT_DOUBLE_EQ(holm(p)[2], 0.02);
  EXPECT_DOUBLE_EQ(holm(p)[0], 0.04);
  EXPECT_TRUE(std::isnan(holm(p)[1]));
  // A larger p-value is never adjusted below a smaller one: 0.03 * 1 becomes 0.05.
  const std::vector<double> step{0.025, 0.03};
  EXPECT_DOUBLE_EQ(holm(step)[1], 0.05);
  EXPECT_DOUBLE_EQ(benjamini_hochberg(step)[0], 0.03);
  EXPECT_TRUE(holm({}).empty());
}

// Differences 1, 2, 3: see moments_test. Variances 100 and 121, of the differences 1: factor 221.
TEST(Pairs, AreTheirDifferences) {
  const PairedComparison out =
      compare_pairs(std::vector<double>{10, 20, 30}, std::vector<double>{11, 22, 33}, 0.95);
  EXPECT_DOUBLE_EQ(out.difference.value, 2);
  EXPECT_NEAR(out.difference.interval.half_width(), 4.302653 / std::sqrt(3.0), 1e-6);
  EXPECT_DOUBLE_EQ(out.variance_reduction, 221);
  EXPECT_DOUBLE_EQ(out.correlation, 1);
  EXPECT_DOUBLE_EQ(out.wilcoxon_p, 0.25);
  EXPECT_DOUBLE_EQ(out.sign_p, 0.25);
  EXPECT_GT(out.unpaired.half_width(), out.difference.interval.half_width());
}

TEST(Pairs, OfEqualValuesOrOneSeed) {
  const std::vector<double> equal(5, 2.0);
  const PairedComparison same = compare_pairs(equal, equal, 0.95);
  EXPECT_EQ(same.difference.interval.half_width(), 0);
  EXPECT_TRUE(std::isnan(same.variance_reduction));
  EXPECT_EQ(same.wilcoxon_p, 1);
  const PairedComparison one = compare_pairs(std::vector<double>{1}, std::vector<double>{4}, 0.95);
  EXPECT_EQ(one.difference.value, 3);
  EXPECT_EQ(one.difference.interval.high, kInfinity);
  EXPECT_TRUE(std::isnan(one.wilcoxon_p));
  EXPECT_TRUE(std::isnan(compare_pairs({}, {}, 0.95).difference.value));
  // A shift without noise is known exactly.
  const PairedComparison shift =
      compare_pairs(std::vector<double>{1, 2, 3}, std::vector<double>{2, 3, 4}, 0.95);
  EXPECT_EQ(shift.variance_reduction, kInfinity);
}

// What a seed does to both sides must not matter. The values are eighths below 2^20, so that sums
// and differences are exact and the results must agree to the bit.
TEST(Pairs, DoNotSeeACommonShock) {
  ResampleStream stream(11);
  const auto eighths = [&](std::size_t below) {
    return static_cast<double>(stream.below(below)) / 8;
  };
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 2 + stream.below(30);
    std::vector<double> a(n), b(n), shocked_a(n), shocked_b(n);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = eighths(1'000);
      b[i] = eighths(1'000);
      const double shock = eighths(1'000'000);
      shocked_a[i] = a[i] + shock;
      shocked_b[i] = b[i] + shock;
    }
    const PairedComparison calm = compare_pairs(a, b, 0.95);
    const PairedComparison shocked = compare_pairs(shocked_a, shocked_b, 0.95);
    EXPECT_EQ(calm.difference.value, shocked.difference.value);
    EXPECT_EQ(calm.difference.interval.low, shocked.difference.interval.low);
    EXPECT_EQ(calm.difference.interval.high, shocked.difference.interval.high);
    EXPECT_EQ(calm.t_p, shocked.t_p);
    EXPECT_EQ(calm.sign_p, shocked.sign_p);
    EXPECT_EQ(calm.wilcoxon_p, shocked.wilcoxon_p);
    EXPECT_LT(calm.unpaired.half_width(), shocked.unpaired.half_width());
  }
}

// All 27 samples of {0, 0, 3} are known: the mean is 0 with chance 8/27, 1 with 12/27, 2 with 6/27,
// 3 with 1/27, so the 2.5 % and 97.5 % points are 0 and 3 (1/27 = 3.7 %).
TEST(Bootstrap, HasTheQuantilesOfAllSamples) {
  const Statistic average = [](std::span<const double> values) { return mean(values); };
  const Estimate out = bootstrap_percentile(std::vector<double>{0, 0, 3}, average);
  EXPECT_EQ(out.value, 1);
  EXPECT_EQ(out.interval.low, 0);
  EXPECT_EQ(out.interval.high, 3);
}

TEST(Bootstrap, DependsOnItsSeedOnly) {
  const Statistic average = [](std::span<const double> values) { return mean(values); };
  std::vector<double> values;
  for (int i = 0; i < 25; ++i) values.push_back(std::sqrt(static_cast<double>(i)));
  const Estimate once = bootstrap_bca(values, average, {.seed = 3});
  const Estimate again = bootstrap_bca(values, average, {.seed = 3});
  const Estimate other = bootstrap_bca(values, average, {.seed = 4});
  EXPECT_EQ(once.interval.low, again.interval.low);
  EXPECT_NE(once.interval.low, other.interval.low);
  EXPECT_NEAR(once.interval.low, other.interval.low, 0.1);
}

TEST(Bootstrap, OfEqualOrTooFewValues) {
  const Statistic average = [](std::span<const double> values) { return mean(values); };
  const Estimate equal = bootstrap_bca(std::vector<double>(5, 2.0), average);
  EXPECT_EQ(equal.interval.low, 2);
  EXPECT_EQ(equal.interval.high, 2);
  EXPECT_EQ(bootstrap_bca(std::vector<double>{1}, average).interval.high, kInfinity);
  EXPECT_TRUE(std::isnan(bootstrap_percentile({}, average).value));
}

// A right-skewed law: both ends of BCa lie to the right of those of the percentile interval.
TEST(Bootstrap, AcceleratedFollowsTheSkew) {
  const Statistic average = [](std::span<const double> values) { return mean(values); };
  std::vector<double> values;
  for (int i = 1; i <= 40; ++i) values.push_back(-std::log((i - 0.5) / 40));
  const Interval plain = bootstrap_percentile(values, average).interval;
  const Interval bca = bootstrap_bca(values, average).interval;
  EXPECT_GT(bca.low, plain.low);
  EXPECT_GT(bca.high, plain.high);
}

}  // namespace
}  // namespace mezz::statistics

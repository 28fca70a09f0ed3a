// Against the exact tables of Wilcoxon's signed rank test and numbers that can be counted by hand.
#include "analysis/statistics/rank_tests.h"

#include <gtest/gtest.h>

#include <vector>

#include "analysis/statistics/resample.h"

namespace mezz::statistics {
namespace {

// How many sets of different numbers have a sum of at most w: 0 | 1 | 2 | 3, 1+2 | ...: 1, 2, 3, 5,
// 7, 10, 14, 19, 25 for w = 0 ... 8; each of the 2^n sets is as likely as any other.
TEST(Wilcoxon, HasTheExactTables) {
  EXPECT_DOUBLE_EQ(wilcoxon_table_p(5, 0), 2.0 / 32);
  EXPECT_DOUBLE_EQ(wilcoxon_table_p(6, 0), 2.0 / 64);
  EXPECT_DOUBLE_EQ(wilcoxon_table_p(8, 3), 2.0 * 5 / 256);
  EXPECT_DOUBLE_EQ(wilcoxon_table_p(10, 8), 2.0 * 25 / 1024);
  EXPECT_DOUBLE_EQ(wilcoxon_table_p(10, 55 - 8), 2.0 * 25 / 1024);
}

// Critical values of the two-sided test at 5 % (Wilcoxon and Wilcox 1964): the largest sum that
// is significant.
TEST(Wilcoxon, HasTheCriticalValues) {
  const std::vector<std::pair<std::size_t, std::size_t>> table{
      {6, 0}, {7, 2}, {8, 3}, {9, 5}, {10, 8}, {12, 13}, {15, 25}, {20, 52}, {25, 89}};
  for (const auto& [n, critical] : table) {
    EXPECT_LE(wilcoxon_table_p(n, critical), 0.05) << n;
    EXPECT_GT(wilcoxon_table_p(n, critical + 1), 0.05) << n;
  }
}

// Sizes 1, 2, 2, 4: ranks 1, 2.5, 2.5, 4. Only the 1 is negative: sums at most 1 are {} and {1}.
TEST(Wilcoxon, SharesRanksAmongEqualSizes) {
  EXPECT_DOUBLE_EQ(wilcoxon_p(std::vector<double>{-1, 2, 2, 4}), 2.0 * 2 / 16);
  // Zeros say nothing. -2 has rank 2.5: {}, {1}, {2.5}, {2.5}, and no more, sum to at most 2.5.
  EXPECT_DOUBLE_EQ(wilcoxon_p(std::vector<double>{0, 1, -2, 2, 4, 0}), 2.0 * 4 / 16);
}

TEST(Wilcoxon, WithoutADifferenceIsOne) {
  EXPECT_EQ(wilcoxon_p(std::vector<double>{}), 1);
  EXPECT_EQ(wilcoxon_p(std::vector<double>(20, 0.0)), 1);
  EXPECT_EQ(sign_test_p(std::vector<double>(20, 0.0)), 1);
}

TEST(Wilcoxon, TheNormalLawTakesOverSmoothly) {
  ResampleStream stream(5);
  std::vector<double> differences;
  for (int i = 0; i < 300; ++i) differences.push_back(stream.unit() - 0.47);
  const double exact = wilcoxon_p(differences);
  differences.push_back(1e-9);  // one more, of rank one: now 301 and normal
  EXPECT_NEAR(wilcoxon_p(differences), exact, 0.003);
  EXPECT_GT(exact, 0.001);
  EXPECT_LT(exact, 0.5);
}

// 9 of 10 up: 2 (1 + 10) / 1024.
TEST(SignTest, CountsSigns) {
  EXPECT_DOUBLE_EQ(sign_test_p(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0}), 22.0 / 1024);
  EXPECT_DOUBLE_EQ(sign_test_p(std::vector<double>{1, -1}), 1);
}

}  // namespace
}  // namespace mezz::statistics

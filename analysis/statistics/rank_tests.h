// Whether paired differences lean to one side, without assuming their law. Two-sided p-values.
// Sign test: of the differences that are not zero, how many are positive is binomial (1/2).
// Wilcoxon's signed rank test (1945): zeros are left out, equal sizes share the mean of their
// ranks; the distribution given the ranks is exact up to 300 differences (dynamic programme over
// the sums), beyond that normal with the correction for ties and continuity. Assumes differences
// symmetric about their centre. Both are 1 when no difference is left. With n differences no
// p-value is below 2^(1-n): five pairs cannot reach 5 %.
#pragma once

#include <span>

namespace mezz::statistics {

double sign_test_p(std::span<const double> differences);
double wilcoxon_p(std::span<const double> differences);

// The exact two-sided p-value of a sum of ranks 1 ... n without ties, for tables.
double wilcoxon_table_p(std::size_t n, std::size_t rank_sum);

}  // namespace mezz::statistics

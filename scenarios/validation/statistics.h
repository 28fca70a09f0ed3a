// The statistics a verdict needs: Student t intervals over independent replications, exact Poisson
// intervals for counts of rare events, and the p-values of two goodness-of-fit tests. Analysis
// only: nothing here reaches a run. Sources: any textbook; Garwood 1936 for the Poisson interval;
// Kolmogorov's limit law with Stephens' correction for finite n.
#pragma once

#include <cstdint>
#include <vector>

namespace mezz::validation {

struct Interval {
  double low = 0;
  double high = 0;
  [[nodiscard]] bool contains(double x) const { return low <= x && x <= high; }
  [[nodiscard]] double half_width() const { return (high - low) / 2; }
};

double mean(const std::vector<double>& values);
double standard_error(const std::vector<double>& values);  // of the mean
// Of the mean of independent values; level is 0.95, 0.99, ...
Interval t_interval(const std::vector<double>& values, double level);
// Of the expected count, given the count seen.
Interval poisson_interval(double count, double level);

double normal_cdf(double x);
// p-value of Kolmogorov-Smirnov against the uniform law on (low, high). Sorts the sample.
double uniform_ks_p(std::vector<double> sample, Interval range);
// p-value of Pearson's chi-square; expected counts, all > 0.
double chi_square_p(const std::vector<double>& seen, const std::vector<double>& expected);
// p-value of the F test for a ratio of two sample variances of n values each: the chance of a ratio
// so large when the variances are equal.
double f_test_p(double ratio, double n);

}  // namespace mezz::validation

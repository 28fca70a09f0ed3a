// The statistics a verdict needs beyond those of analysis/statistics: exact Poisson intervals for
// counts of rare events, and the p-values of three tests. Analysis only: nothing here reaches a
// run. Sources: any textbook; Garwood 1936 for the Poisson interval; Kolmogorov's limit law with
// Stephens' correction for finite n.
#pragma once

#include <vector>

#include "analysis/statistics/moments.h"

namespace mezz::validation {

using statistics::Interval;
using statistics::mean;
using statistics::normal_cdf;
using statistics::standard_error;
using statistics::t_interval;

// Of the expected count, given the count seen.
Interval poisson_interval(double count, double level);

// p-value of Kolmogorov-Smirnov against the uniform law on (low, high). Sorts the sample.
double uniform_ks_p(std::vector<double> sample, Interval range);
// p-value of Pearson's chi-square; expected counts, all > 0.
double chi_square_p(const std::vector<double>& seen, const std::vector<double>& expected);
// p-value of the F test for a ratio of two sample variances of n values each: the chance of a ratio
// so large when the variances are equal.
double f_test_p(double ratio, double n);

}  // namespace mezz::validation

// Mean, variance and what Student's t says about them, of independent values. Sums are compensated
// (Neumaier 1974), deviations are taken from the mean (two passes): NIST's StRD sets NumAcc1 to
// NumAcc4 come out to 8 digits and more.
// Values must be finite (asserted): the caller decides what a missing number means. Levels lie
// between 0 and 1. The t interval is exact for normal values and good for the mean of any values
// without heavy tails from a few dozen on; bootstrap.h is for the others.
#pragma once

#include <span>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

double sum(std::span<const double> values);
double mean(std::span<const double> values);            // NaN of none
double variance(std::span<const double> values);        // n - 1 in the denominator; NaN below two
double standard_error(std::span<const double> values);  // of the mean
// Of values that stand at the same place; NaN below two, or when one does not vary.
double correlation(std::span<const double> a, std::span<const double> b);
// sum (x[i] - m)(x[i+lag] - m) / sum (x[i] - m)^2, as in NIST's handbook; NaN when nothing varies.
double autocorrelation(std::span<const double> values, std::size_t lag);

// The mean and its t interval.
Estimate t_interval(std::span<const double> values, double level);
// Two-sided p-value of "the mean is zero"; 1 when all values are 0, 0 when all are one other value.
double t_test_p(std::span<const double> values);
// Difference of two means of independent groups, b - a, after Welch 1947: unequal variances, the
// degrees of freedom of Satterthwaite. n is the smaller of the two sizes.
Estimate welch_interval(std::span<const double> a, std::span<const double> b, double level);

// x with P(T <= x) = p; degrees may be fractional.
double t_quantile(double p, double degrees);
double normal_quantile(double p);
double normal_cdf(double x);

}  // namespace mezz::statistics

// A straight line by least squares, and the exponent of a scaling law from a line through
// logarithms (bad debt against finality time, cost against batch size). Intervals are Student's t
// with n - 2 degrees: they hold when the deviations from the line are independent, normal and of
// one size (of the logarithms: of one relative size). Deviations are taken from the means, so that
// large x lose no digits (NIST StRD Norris: 12 digits of the certified slope). Fewer than three
// points, or one x only: NaN or the whole line. Values are finite (asserted). Left out: errors in
// x, weights, whether a line is right at all (look at the residuals).
#pragma once

#include <span>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct LineFit {
  Estimate slope;
  Estimate intercept;
  double residual_deviation = kNone;  // with n - 2 in the denominator
  double r_squared = kNone;
};

LineFit fit_line(std::span<const double> x, std::span<const double> y, double level);

// y = factor * x^exponent. Points with x or y not above zero have no logarithm: they are left out
// and counted.
struct ScalingLaw {
  Estimate exponent;
  Estimate factor;  // the interval is that of its logarithm
  double r_squared = kNone;
  std::size_t left_out = 0;
};
ScalingLaw fit_scaling(std::span<const double> x, std::span<const double> y, double level);

}  // namespace mezz::statistics

// How heavy a tail is, from the largest values only.
// Hill 1975: the exponent of P(X > x) ~ x^-alpha from the k largest values against the next one,
// all positive; the interval is exact for a Pareto tail (2 k alpha / estimate is chi-square with 2
// k degrees). Where k should end is for the caller to see: hill() over several k, and a plateau.
// Generalised Pareto (Pickands 1975): excesses over a threshold, P(X - u > y) = (1 + shape y /
// scale)^(-1 / shape), by maximum likelihood along the profile of Grimshaw 1993; standard errors of
// Smith 1987, which hold for shape > -1/2 (else the intervals are the whole line). Shape 0 is the
// exponential tail, shape > 0 a power law with alpha = 1 / shape, shape < 0 an end point. Fits are
// kept to shape >= -1/2 ... 5; fewer than 10 excesses, or all equal, give NaN.
// Values are finite (asserted). Left out: the choice of the threshold, dependence (declustering).
#pragma once

#include <span>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

// k below the number of values, or NaN; so it is when the value after the k largest is not
// positive.
Estimate hill(std::span<const double> values, std::size_t k, double level);

struct ParetoFit {
  double threshold = 0;
  Estimate shape;
  Estimate scale;             // in the unit of the values; n of both: the excesses
  double tail_share = kNone;  // of all values that lie beyond the threshold

  // The value that a share p does not exceed; p at least 1 - tail_share.
  [[nodiscard]] double quantile(double p) const;
  // The mean beyond that value; infinite for shape >= 1.
  [[nodiscard]] double expected_shortfall(double p) const;
};
ParetoFit fit_pareto_tail(std::span<const double> values, double threshold, double level);

}  // namespace mezz::statistics

// Two treatments under common random numbers: value i of both comes from the same seed, so what the
// seed does to both drops out of the difference (Law and Kelton, chapter 11). The interval is
// Student's t of the differences; the variance-reduction factor says what pairing was worth:
// (var a + var b) / var(b - a), the number by which an unpaired experiment would need more runs for
// the same interval. It is infinite when all differences are the same and NaN when nothing varies.
// Adding the same shock to both values of a pair changes neither difference nor interval nor any
// p-value (but it changes the factor). Values are finite (asserted).
#pragma once

#include <span>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct PairedComparison {
  Estimate difference;  // mean of b - a
  Interval unpaired;    // of the same difference, as if the seeds had been different (Welch)
  double variance_reduction = kNone;
  double correlation = kNone;
  double t_p = kNone;  // two-sided p-values of "no difference"
  double sign_p = kNone;
  double wilcoxon_p = kNone;
};

PairedComparison compare_pairs(std::span<const double> a, std::span<const double> b, double level);

}  // namespace mezz::statistics

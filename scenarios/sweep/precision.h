// When the seeds of one combination are enough: Student's t interval of the mean of independent
// replications (analysis/statistics/moments.h). Looking more than once makes the interval hold
// a little less often than its level says (Chow and Robbins 1965: the coverage reaches the level as
// the width goes to zero); `min` runs before the first look keep that small.
#pragma once

#include <vector>

#include "scenarios/sweep/axes.h"

namespace mezz::sweep {

struct Precision {
  std::size_t runs = 0;  // that have the number
  double mean = 0;
  double half_width = 0;  // infinite below two runs
  bool narrow = false;
};

// Values that are NaN (the number has no value in that run) do not count.
Precision precision_of(const std::vector<double>& values, const Until& until);

}  // namespace mezz::sweep

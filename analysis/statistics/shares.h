// The share of successes among independent trials. Wilson 1927 (the score interval): covers its
// level on average over the shares, a little less for some, and is the one to show. Clopper and
// Pearson 1934: covers at least its level for every share, and is wider for it. Both stay within 0
// and 1. Without trials the value is NaN and the interval is 0 to 1.
#pragma once

#include <cstdint>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct Count {
  std::uint64_t successes = 0;
  std::uint64_t trials = 0;
};

Estimate wilson(const Count& count, double level);
Estimate clopper_pearson(const Count& count, double level);

}  // namespace mezz::statistics

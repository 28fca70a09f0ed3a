// Means of one long run: what to leave out at its beginning, and how sure its mean is although its
// values depend on one another.
// Warm-up: MSER-5 (White 1997; White, Cobb, Spratt 2000): of the means of five values each, as many
// are dropped as make the variance of the mean of the rest smallest. A run whose best cut lies in
// its second half is too short to say (`found` is false). Interval: non-overlapping batch means
// (Law and Kelton); right when the batches are long against the memory of the series, which the
// lag-one correlation of the batch means shows (near zero).
#pragma once

#include <span>
#include <vector>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct WarmUp {
  std::size_t drop = 0;  // values from the beginning
  bool found = false;
};
WarmUp mser5(std::span<const double> series);

struct BatchMeans {
  Estimate mean;           // n is the number of batches
  std::size_t batch = 0;   // values in each
  double lag_one = kNone;  // correlation of neighbouring batch means
};
// What does not fill a batch is left out at the beginning. At least two batches.
BatchMeans batch_means(std::span<const double> series, std::size_t batches, double level);

}  // namespace mezz::statistics

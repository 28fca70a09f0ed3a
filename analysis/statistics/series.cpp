#include "analysis/statistics/series.h"

#include <limits>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

std::vector<double> means_of(std::span<const double> series, std::size_t size) {
  MEZZ_ASSERT(size > 0);
  std::vector<double> means;
  for (std::size_t at = 0; at + size <= series.size(); at += size) {
    means.push_back(mean(series.subspan(at, size)));
  }
  return means;
}

}  // namespace

WarmUp mser5(std::span<const double> series) {
  constexpr std::size_t kBatch = 5;
  const std::vector<double> means = means_of(series, kBatch);
  if (means.size() < 2) return {};
  // From the end: mean and sum of squared deviations of all from d on (Welford 1962).
  double centre = 0;
  double squares = 0;
  double count = 0;
  double best = std::numeric_limits<double>::infinity();
  std::size_t cut = 0;
  for (std::size_t d = means.size(); d-- > 0;) {
    count += 1;
    const double step = means[d] - centre;
    centre += step / count;
    squares += step * (means[d] - centre);
    // The last few means vary little by chance; they are no steady state.
    if (count < kBatch) continue;
    if (const double value = squares / (count * count); value <= best) {
      best = value;
      cut = d;
    }
  }
  return {.drop = cut * kBatch, .found = 2 * cut <= means.size() && means.size() >= kBatch};
}

BatchMeans batch_means(std::span<const double> series, std::size_t batches, double level) {
  MEZZ_ASSERT(batches >= 2);
  BatchMeans out;
  out.batch = series.size() / batches;
  if (out.batch == 0) return out;
  const std::vector<double> means =
      means_of(series.subspan(series.size() - out.batch * batches), out.batch);
  out.mean = t_interval(means, level);
  out.lag_one = autocorrelation(means, 1);
  return out;
}

}  // namespace mezz::statistics

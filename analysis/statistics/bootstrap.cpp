#include "analysis/statistics/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "analysis/statistics/moments.h"
#include "analysis/statistics/resample.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

void check(std::span<const double> values, const BootstrapOptions& options) {
  MEZZ_ASSERT(options.level > 0 && options.level < 1);
  MEZZ_ASSERT(options.draws > 0);
  MEZZ_ASSERT(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }));
}

std::vector<double> replicates_of(std::span<const double> values, const Statistic& statistic,
                                  const BootstrapOptions& options) {
  ResampleStream stream(options.seed);
  std::vector<double> drawn(values.size());
  std::vector<double> out(options.draws);
  for (double& replicate : out) {
    for (double& value : drawn) value = values[stream.below(values.size())];
    replicate = statistic(drawn);
  }
  return out;
}

// The value below which a share p of the replicates lies, none outside them.
double at_share(const std::vector<double>& in_order, double p) {
  const double last = static_cast<double>(in_order.size());
  const double rank = std::clamp(p * (last + 1), 1.0, last);
  return in_order[static_cast<std::size_t>(std::lround(rank)) - 1];
}

// Skewness of the jackknife values over six.
double acceleration(std::span<const double> values, const Statistic& statistic) {
  std::vector<double> left_out(values.begin() + 1, values.end());
  std::vector<double> influence(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    influence[i] = statistic(left_out);
    if (i < left_out.size()) left_out[i] = values[i];
  }
  const double centre = mean(influence);
  double squares = 0;
  double cubes = 0;
  for (const double x : influence) {
    const double deviation = centre - x;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

}  // namespace

Interval percentile_interval(std::vector<double> replicates, double level) {
  std::erase_if(replicates, [](double x) { return std::isnan(x); });
  if (replicates.empty()) return {};
  std::sort(replicates.begin(), replicates.end());
  return {at_share(replicates, (1 - level) / 2), at_share(replicates, (1 + level) / 2)};
}

Estimate bootstrap_percentile(std::span<const double> values, const Statistic& statistic,
                              const BootstrapOptions& options) {
  check(values, options);
  Estimate out{.value = kNone, .interval = {}, .n = values.size()};
  if (values.empty()) return out;
  out.value = statistic(values);
  if (values.size() < 2) return out;
  out.interval = percentile_interval(replicates_of(values, statistic, options), options.level);
  return out;
}

Estimate bootstrap_bca(std::span<const double> values, const Statistic& statistic,
                       const BootstrapOptions& options) {
  check(values, options);
  Estimate out{.value = kNone, .interval = {}, .n = values.size()};
  if (values.empty()) return out;
  out.value = statistic(values);
  if (values.size() < 2) return out;
  std::vector<double> replicates = replicates_of(values, statistic, options);
  std::erase_if(replicates, [](double x) { return std::isnan(x); });
  if (replicates.empty()) return out;
  std::sort(replicates.begin(), replicates.end());
  // Replicates that equal the estimate count half, so that a discrete statistic is not pushed
  // aside.
  const auto [first, last] = std::equal_range(replicates.begin(), replicates.end(), out.value);
  const double count = static_cast<double>(replicates.size());
  const double below = (static_cast<double>(first - replicates.begin()) +
                        static_cast<double>(last - replicates.begin())) /
                       2;
  const double bias = normal_quantile(std::clamp(below / count, 0.5 / count, 1 - 0.5 / count));
  const double a = acceleration(values, statistic);
  const auto end = [&](double p) {
    const double z = bias + normal_quantile(p);
    return at_share(replicates, normal_cdf(bias + z / (1 - a * z)));
  };
  out.interval = {end((1 - options.level) / 2), end((1 + options.level) / 2)};
  return out;
}

}  // namespace mezz::statistics

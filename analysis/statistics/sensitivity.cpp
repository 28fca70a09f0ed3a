#include "analysis/statistics/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/statistics/bootstrap.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/resample.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

struct Sum {
  double total = 0;
  double count = 0;
};

// The indices when the runs of block b count weights[b] times.
std::vector<double> indices(std::span<const GridRun> runs, const std::vector<double>& weights) {
  const std::size_t parameters = runs.front().levels.size();
  Sum all;
  for (const GridRun& run : runs) {
    all.total += weights[run.block] * run.value;
    all.count += weights[run.block];
  }
  const double centre = all.total / all.count;
  double variation = 0;
  std::vector<std::vector<Sum>> sums(parameters);
  for (const GridRun& run : runs) {
    const double weight = weights[run.block];
    const double deviation = run.value - centre;
    variation += weight * deviation * deviation;
    for (std::size_t p = 0; p < parameters; ++p) {
      if (run.levels[p] >= sums[p].size()) sums[p].resize(run.levels[p] + 1);
      sums[p][run.levels[p]].total += weight * deviation;
      sums[p][run.levels[p]].count += weight;
    }
  }
  std::vector<double> out(parameters, kNone);
  if (!(variation > 0)) return out;
  for (std::size_t p = 0; p < parameters; ++p) {
    double between = 0;
    for (const Sum& sum : sums[p]) {
      if (sum.count > 0) between += sum.total * sum.total / sum.count;
    }
    out[p] = std::clamp(between / variation, 0.0, 1.0);
  }
  return out;
}

}  // namespace

std::vector<Estimate> first_order_indices(std::span<const GridRun> runs,
                                          const SensitivityOptions& options) {
  MEZZ_ASSERT(options.level > 0 && options.level < 1);
  if (runs.empty()) return {};
  std::size_t blocks = 0;
  for (const GridRun& run : runs) {
    MEZZ_ASSERT(run.levels.size() == runs.front().levels.size());
    MEZZ_ASSERT(std::isfinite(run.value));
    blocks = std::max(blocks, run.block + 1);
  }
  const std::vector<double> values = indices(runs, std::vector<double>(blocks, 1.0));
  std::vector<Estimate> out;
  for (const double value : values)
    out.push_back({.value = value, .interval = {}, .n = runs.size()});
  if (blocks < 2) return out;
  ResampleStream stream(options.seed);
  std::vector<std::vector<double>> replicates(values.size());
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    std::vector<double> weights(blocks, 0.0);
    for (std::size_t b = 0; b < blocks; ++b) weights[stream.below(blocks)] += 1;
    const std::vector<double> drawn = indices(runs, weights);
    for (std::size_t p = 0; p < drawn.size(); ++p) replicates[p].push_back(drawn[p]);
  }
  for (std::size_t p = 0; p < out.size(); ++p) {
    out[p].interval = percentile_interval(std::move(replicates[p]), options.level);
  }
  return out;
}

double share_within(std::span<const GridRun> runs) {
  std::map<std::vector<std::size_t>, std::vector<double>> cells;
  std::vector<double> all;
  for (const GridRun& run : runs) {
    cells[run.levels].push_back(run.value);
    all.push_back(run.value);
  }
  const auto squares = [](const std::vector<double>& values) {
    const double centre = mean(values);
    double sum = 0;
    for (const double value : values) sum += (value - centre) * (value - centre);
    return sum;
  };
  if (cells.size() == runs.size()) return kNone;
  double within = 0;
  for (const auto& [levels, values] : cells) within += squares(values);
  const double total = squares(all);
  return total > 0 ? within / total : kNone;
}

}  // namespace mezz::statistics

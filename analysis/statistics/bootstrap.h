// Intervals for any statistic of independent values, by drawing from the values themselves (Efron
// and Tibshirani 1993): percentile (chapter 13) and BCa, bias-corrected and accelerated (chapter
// 14), which is second-order accurate and the one to prefer for skewed statistics. Both are too
// narrow for few values: of a normal mean, 95 % intervals cover 93 % with 20 values and 94 % with
// 60.
// The draws depend on the seed alone. Values are finite (asserted). Below two values the interval
// is the whole line. A statistic that is the same in every draw has an interval of width zero.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

using Statistic = std::function<double(std::span<const double>)>;

struct BootstrapOptions {
  double level = 0.95;
  std::size_t draws = 1'999;
  std::uint64_t seed = 1;
};

Estimate bootstrap_percentile(std::span<const double> values, const Statistic& statistic,
                              const BootstrapOptions& options = {});
Estimate bootstrap_bca(std::span<const double> values, const Statistic& statistic,
                       const BootstrapOptions& options = {});

// The interval between the two quantiles of replicates that were drawn elsewhere: the
// (draws + 1) p-th in order. NaN among them is left out.
Interval percentile_interval(std::vector<double> replicates, double level);

}  // namespace mezz::statistics

// Who paid when accounts could not: the loss waterfall of a run, and risk over many runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

struct LossStep {
  std::string name;
  double usd = 0.0;
  std::string note;
};

// Of /tables/liquidations, in the order of the waterfall; empty without one or without a row.
std::vector<LossStep> loss_waterfall(const RunData& run);

// Tail of one metric over runs: the value at risk at `level` is the smallest value with at least
// that share of runs at or below it; the expected shortfall is the mean of the worst 1 - level of
// the runs (at least one). The interval is the distribution-free one of order statistics (Conover,
// Practical Nonparametric Statistics, 3.2); it is missing when there are too few runs for its
// confidence.
struct TailRisk {
  std::size_t runs = 0;
  double value_at_risk = 0.0;
  double expected_shortfall = 0.0;
  std::optional<double> low = {};
  std::optional<double> high = {};
};
constexpr double kIntervalConfidence = 0.95;
TailRisk tail_risk(std::vector<double> values, double level);

// The mean of a metric over the runs for each pair of values of two parameters.
struct SweepGrid {
  std::string x = {};
  std::string y = {};
  std::string metric = {};
  std::string unit = {};
  std::vector<std::string> columns = {};          // values of x
  std::vector<std::string> rows = {};             // values of y
  std::vector<std::optional<double>> cells = {};  // row by row
  std::vector<std::size_t> runs = {};             // in each cell
};
// Parameters that differ between the runs, without run.seed.
std::vector<std::string> varying_parameters(const std::vector<RunSummary>& runs);
SweepGrid sweep_grid(const std::vector<RunSummary>& runs, std::string_view x, std::string_view y,
                     std::string_view metric);

}  // namespace mezz::gui

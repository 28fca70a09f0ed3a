// Who paid when accounts could not: the loss waterfall of a run, and the map of a sweep.
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
// Values of a parameter as a person orders them: "1 MUSD" before "16 MUSD".
bool value_less(const std::string& a, const std::string& b);
// Parameters that differ between the runs, without run.seed.
std::vector<std::string> varying_parameters(const std::vector<RunSummary>& runs);
SweepGrid sweep_grid(const std::vector<RunSummary>& runs, std::string_view x, std::string_view y,
                     std::string_view metric);

}  // namespace mezz::gui

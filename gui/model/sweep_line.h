// A headline number along one parameter of a sweep: for each of its values the mean over the runs
// and the 95 % t interval of that mean (analysis/statistics/moments.h), which needs two runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

struct SweepPoint {
  std::string value;  // of the parameter
  std::size_t runs = 0;
  double mean = 0.0;
  double low = 0.0;  // of the interval; the mean itself where there is none
  double high = 0.0;
  [[nodiscard]] bool has_interval() const { return runs > 1; }
};

struct SweepLine {
  std::string parameter = {};
  std::string metric = {};
  std::string unit = {};
  std::vector<SweepPoint> points = {};  // values in the order of their size
};

// Runs that could not be read, or without the number, are left out.
SweepLine sweep_line(const std::vector<RunSummary>& runs, std::string_view parameter,
                     std::string_view metric);

}  // namespace mezz::gui

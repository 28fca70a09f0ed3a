// A grid of cells, pale to deep, each with its number in it. Cells without a value are empty and
// say so; the colour scale is logarithmic on request.
#pragma once

#include <string>
#include <vector>

#include "analysis/chart/scale.h"
#include "analysis/chart/svg.h"

namespace mezz::chart {

struct HeatMap {
  Caption caption;
  std::string x_title;
  std::string y_title;
  std::vector<std::string> columns = {};
  std::vector<std::string> rows = {};
  std::vector<double> values = {};  // row by row; not finite: no value
  std::string unit = "1";
  ScaleKind kind = ScaleKind::Linear;
  double width = 760.0;
};

std::string draw(const HeatMap& map);

}  // namespace mezz::chart

// Horizontal bars in groups over one axis. On a linear axis a bar begins at zero unless it has a
// low end of its own; on a logarithmic axis, where there is no zero, every bar has one.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "analysis/chart/axis.h"
#include "analysis/chart/svg.h"

namespace mezz::chart {

struct Bar {
  std::string name;  // left of the bar; empty where the group says it all
  double low = 0.0;
  double high = std::numeric_limits<double>::quiet_NaN();  // not finite: no bar, only the words
  std::string text = {};                                   // right of the bar
  std::size_t colour = 0;
};

struct BarGroup {
  std::string name;  // a heading above its bars; empty: none
  std::vector<Bar> bars = {};
};

struct BarChart {
  Caption caption;
  Axis axis;
  std::vector<BarGroup> groups = {};
  std::vector<std::string> legend = {};  // one name per colour
  double width = 760.0;
};

std::string draw(const BarChart& chart);

}  // namespace mezz::chart

// Lines, steps and points over two axes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/chart/axis.h"
#include "analysis/chart/svg.h"

namespace mezz::chart {

enum class Shape : std::uint8_t {
  Line,        // straight between neighbours
  Step,        // holds its value until the next one: distribution functions
  Points,      // markers
  MarkedLine,  // both
};

// Drawn as a bar through the point with the same index.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

struct Series {
  std::string name;
  Shape shape = Shape::Line;
  std::vector<Point> points = {};        // in order of x; a point that is not finite is a gap
  std::vector<Interval> intervals = {};  // none, or one per point; not finite: none at this point
};

// A vertical line with words at its top.
struct Mark {
  double x = 0.0;
  std::string text;
};

struct Plot {
  Caption caption;
  Axis x;
  Axis y;
  std::vector<Series> series = {};
  std::vector<Mark> marks = {};
  std::optional<Span> y_span = {};  // else from the values
  double width = 760.0;
  double height = 320.0;
};

std::string draw(const Plot& plot);

}  // namespace mezz::chart

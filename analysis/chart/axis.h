// Axes and legends, shared by the charts.
#pragma once

#include <string>
#include <vector>

#include "analysis/chart/scale.h"
#include "analysis/chart/svg.h"

namespace mezz::chart {

struct Axis {
  std::string title;  // what is measured; the unit is added unless it is a time or "1"
  std::string unit = "1";
  ScaleKind kind = ScaleKind::Linear;
  std::vector<Tick> fixed = {};  // ticks of its own (levels of a parameter); else round values
};

// "bad debt, USD"
std::string axis_title(const Axis& axis);
// Left edge to the longest tick label's end.
double label_room(const std::vector<Tick>& ticks);

// Ticks below the box, or above it, with grid lines through it. Labels that would touch their left
// neighbour are left out, their grid lines stay.
void draw_x_axis(Svg& svg, const Box& box, const Scale& scale, const std::vector<Tick>& ticks,
                 const std::string& title);
void draw_y_axis(Svg& svg, const Box& box, const Scale& scale, const std::vector<Tick>& ticks,
                 const std::string& title);

// Rows of keys, as many as it takes; the height they need. Draws nothing where `svg` is null.
enum class KeyKind : std::uint8_t { Line, Area, Marker };
double draw_legend(Svg* svg, Point at, double width, const std::vector<std::string>& names,
                   KeyKind kind);

// Circle, square, diamond or triangle: the marker of a series, so that colour is not needed.
void draw_marker(Svg& svg, Point at, std::size_t series);

}  // namespace mezz::chart

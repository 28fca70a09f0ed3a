#include "analysis/chart/bars.h"

#include <algorithm>
#include <cmath>

#include "analysis/chart/style.h"

namespace mezz::chart {
namespace {

constexpr double kBar = 14.0;
constexpr double kGap = 6.0;
constexpr double kHeading = 22.0;
constexpr double kNameWidthMax = 250.0;
constexpr double kTextWidthMax = 240.0;

struct Room {
  double names = 0.0;
  double texts = 0.0;
  double height = 0.0;
  std::vector<double> values;
};

Room room_of(const BarChart& chart) {
  Room room;
  const bool linear = chart.axis.kind == ScaleKind::Linear;
  for (const BarGroup& group : chart.groups) {
    if (!group.name.empty()) room.height += kHeading;
    for (const Bar& bar : group.bars) {
      room.names = std::max(room.names, text_width(bar.name));
      room.texts = std::max(room.texts, text_width(bar.text));
      room.height += kBar + kGap;
      if (!std::isfinite(bar.high)) continue;
      room.values.push_back(bar.low);
      room.values.push_back(bar.high);
      if (linear) room.values.push_back(0.0);
    }
  }
  room.names = std::min(room.names, kNameWidthMax);
  room.texts = std::min(room.texts, kTextWidthMax);
  return room;
}

void draw_bar(Svg& svg, const Box& box, const Scale& scale, const Bar& bar, double top) {
  double end = box.left;
  if (std::isfinite(bar.high)) {
    const double low = scale.at(bar.low);
    const double high = scale.at(bar.high);
    // One value twice is a bar of no length: it still is to be seen, unless it is nothing.
    const double least = bar.low == bar.high && scale.kind == ScaleKind::Log ? 3.0 : 0.0;
    const Box area{std::min(low, high) - least / 2, top, std::fabs(high - low) + least, kBar};
    svg.rectangle(area, "bar " + area_class(bar.colour), bar.text);
    end = area.right();
  }
  svg.text({box.left - 8, top + kBar - 3}, fitted(bar.name, kNameWidthMax), "label", Anchor::End);
  svg.text({end + 6, top + kBar - 3}, fitted(bar.text, kTextWidthMax), "soft");
}

}  // namespace

std::string draw(const BarChart& chart) {
  const Room room = room_of(chart);
  const Span span = span_of(room.values, chart.axis.kind);
  const double left = std::max(room.names + 16.0, 24.0);
  const double legend = draw_legend(nullptr, {}, chart.width - left, chart.legend, KeyKind::Area);
  // The words of the longest bar stand right of the axis.
  const Box box{left, legend + 8, std::max(120.0, chart.width - left - room.texts - 20),
                room.height + kGap};
  const std::vector<Tick> at = ticks(span, chart.axis.kind, chart.axis.unit, 6);
  Svg svg(chart.width, box.bottom() + (chart.axis.title.empty() ? 26 : 46));
  draw_legend(&svg, {left, 2}, chart.width - left, chart.legend, KeyKind::Area);
  const Scale scale{chart.axis.kind, span, {box.left, box.right()}};
  draw_x_axis(svg, box, scale, at, axis_title(chart.axis));
  svg.line({box.left, box.top}, {box.left, box.bottom()}, "axis");
  double top = box.top + kGap;
  for (const BarGroup& group : chart.groups) {
    if (!group.name.empty()) {
      svg.text({box.left - 8, top + 12}, group.name, "strong", Anchor::End);
      top += kHeading;
    }
    for (const Bar& bar : group.bars) {
      draw_bar(svg, box, scale, bar, top);
      top += kBar + kGap;
    }
  }
  return svg.finish(chart.caption);
}

}  // namespace mezz::chart

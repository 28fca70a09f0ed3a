#include "analysis/chart/axis.h"

#include <algorithm>

#include "analysis/chart/style.h"

namespace mezz::chart {
namespace {

constexpr double kKeyWidth = 26.0;
constexpr double kRowHeight = 18.0;
constexpr double kNameWidthMax = 420.0;

}  // namespace

std::string axis_title(const Axis& axis) {
  if (axis.title.empty() || axis.unit == "1" || axis.unit == "s" || axis.unit.empty()) {
    return axis.title;
  }
  return axis.title + ", " + axis.unit;
}

double label_room(const std::vector<Tick>& ticks) {
  double room = 0.0;
  for (const Tick& tick : ticks) room = std::max(room, text_width(tick.label));
  return room;
}

void draw_x_axis(Svg& svg, const Box& box, const Scale& scale, const std::vector<Tick>& ticks,
                 const std::string& title) {
  double free_from = -1e9;
  for (const Tick& tick : ticks) {
    const double x = scale.at(tick.value);
    svg.line({x, box.top}, {x, box.bottom()}, "grid");
    const double half = text_width(tick.label) / 2;
    if (x - half < free_from) continue;
    free_from = x + half + 8;
    svg.text({x, box.bottom() + 16}, tick.label, "soft tick", Anchor::Middle);
  }
  svg.line({box.left, box.bottom()}, {box.right(), box.bottom()}, "axis");
  if (title.empty()) return;
  svg.text({box.left + box.width / 2, box.bottom() + 36}, fitted(title, box.width), "label",
           Anchor::Middle);
}

void draw_y_axis(Svg& svg, const Box& box, const Scale& scale, const std::vector<Tick>& ticks,
                 const std::string& title) {
  double free_below = 1e9;
  for (const Tick& tick : ticks) {
    const double y = scale.at(tick.value);
    svg.line({box.left, y}, {box.right(), y}, "grid");
    if (y + 6 > free_below) continue;
    free_below = y - 7;
    svg.text({box.left - 8, y + 4}, tick.label, "soft tick", Anchor::End);
  }
  svg.line({box.left, box.top}, {box.left, box.bottom()}, "axis");
  if (title.empty()) return;
  svg.upright_text({14, box.top + box.height / 2}, fitted(title, box.height + 40), "label");
}

void draw_marker(Svg& svg, Point at, std::size_t series) {
  const std::string area = area_class(series);
  if (series % 3 == 0) return svg.circle(at, 4, area);
  if (series % 3 == 1) return svg.rectangle({at.x - 3.5, at.y - 3.5, 7, 7}, area);
  svg.path(
      {{at.x, at.y - 5}, {at.x + 5, at.y}, {at.x, at.y + 5}, {at.x - 5, at.y}, {at.x, at.y - 5}},
      "thin " + line_class(series));
}

double draw_legend(Svg* svg, Point at, double width, const std::vector<std::string>& names,
                   KeyKind kind) {
  if (names.empty()) return 0.0;
  double x = 0.0;
  double y = 0.0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = fitted(names[i], std::min(kNameWidthMax, width - kKeyWidth - 6));
    const double needs = kKeyWidth + 6 + text_width(name) + 14;
    if (x > 0.0 && x + needs > width) {
      x = 0.0;
      y += kRowHeight;
    }
    if (svg != nullptr) {
      const Point key{at.x + x, at.y + y + 8};
      if (kind == KeyKind::Area) {
        svg->rectangle({key.x + 6, key.y - 5, 14, 10}, area_class(i));
      } else if (kind == KeyKind::Line) {
        svg->line(key, {key.x + kKeyWidth, key.y}, line_class(i) + " key");
      } else {
        draw_marker(*svg, {key.x + kKeyWidth / 2, key.y}, i);
      }
      svg->text({key.x + kKeyWidth + 6, key.y + 4}, name, "label");
    }
    x += needs;
  }
  return y + kRowHeight;
}

}  // namespace mezz::chart

#include "analysis/chart/heat_map.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart/style.h"
#include "analysis/headline.h"

namespace mezz::chart {
namespace {

constexpr double kRow = 30.0;
constexpr double kCellMax = 130.0;
constexpr double kNameWidthMax = 220.0;
constexpr double kBoldSize = 13.5;  // bold letters of 12 are as wide as these

// The span of the finite values, [v, v] for a single one.
Span spread(const HeatMap& map) {
  std::vector<double> finite;
  for (const double value : map.values) {
    if (std::isfinite(value) && (map.kind == ScaleKind::Linear || value > 0.0)) {
      finite.push_back(value);
    }
  }
  if (finite.empty()) return {0.0, 0.0};
  const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
  return {*low, *high};
}

void draw_cell(Svg& svg, const Box& box, const HeatMap& map, const Span& span, std::size_t index) {
  const double value = map.values.at(index);
  const std::size_t columns = map.columns.size();
  const std::string place = map.rows[index / columns] + ", " + map.columns[index % columns] + ": ";
  if (!std::isfinite(value)) {
    svg.rectangle(box, "none", place + "no value");
    svg.text({box.left + box.width / 2, box.top + box.height / 2 + 4}, "\u2013", "soft",
             Anchor::Middle);
    return;
  }
  const Scale scale{map.kind, span, {0.0, 1.0}};
  const CellColour colour = cell_colour(span.low < span.high ? scale.at(value) : 0.0);
  svg.filled(box, colour.fill, place + analysis::human(value, map.unit));
  svg.text({box.left + box.width / 2, box.top + box.height / 2 + 4},
           fitted(short_label(value, map.unit), box.width - 2),
           colour.light_text ? "on-dark" : "on-pale", Anchor::Middle);
}

}  // namespace

std::string draw(const HeatMap& map) {
  double names = text_width(map.y_title, kBoldSize);
  for (const std::string& row : map.rows) names = std::max(names, text_width(row));
  names = std::min(names, kNameWidthMax);
  const double left = names + 12;
  const auto columns = static_cast<double>(map.columns.size());
  const double cell = std::min(kCellMax, (map.width - left - 8) / std::max(columns, 1.0));
  const double top = 40.0;
  const double height = top + kRow * static_cast<double>(map.rows.size()) + 8;
  Svg svg(map.width, height);
  const Span span = spread(map);
  svg.text({left, 14}, fitted(map.x_title, map.width - left), "strong");
  svg.text({left - 8, 32}, fitted(map.y_title, names, kBoldSize), "strong", Anchor::End);
  for (std::size_t c = 0; c < map.columns.size(); ++c) {
    svg.text({left + cell * (static_cast<double>(c) + 0.5), 32}, fitted(map.columns[c], cell - 4),
             "soft", Anchor::Middle);
  }
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    const double y = top + kRow * static_cast<double>(r);
    svg.text({left - 8, y + kRow / 2 + 4}, fitted(map.rows[r], names), "label", Anchor::End);
    for (std::size_t c = 0; c < map.columns.size(); ++c) {
      draw_cell(svg, {left + cell * static_cast<double>(c), y, cell, kRow}, map, span,
                r * map.columns.size() + c);
    }
  }
  return svg.finish(map.caption);
}

}  // namespace mezz::chart

#include "analysis/chart/plot.h"

#include <algorithm>
#include <cmath>

#include "analysis/chart/style.h"

namespace mezz::chart {
namespace {

bool drawable(const Axis& axis, double value) {
  return std::isfinite(value) && (axis.kind == ScaleKind::Linear || value > 0.0);
}

bool has_markers(const Series& series) {
  return series.shape == Shape::Points || series.shape == Shape::MarkedLine;
}

Span x_span(const Plot& plot) {
  std::vector<double> values;
  for (const Series& series : plot.series) {
    for (const Point& point : series.points) values.push_back(point.x);
  }
  for (const Mark& mark : plot.marks) values.push_back(mark.x);
  for (const Tick& tick : plot.x.fixed) values.push_back(tick.value);
  Span span = span_of(values, plot.x.kind);
  // Levels of a parameter stand clear of the edges.
  if (!plot.x.fixed.empty() && plot.x.kind == ScaleKind::Linear) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double room = *low < *high ? 0.06 * (*high - *low) : 0.5;
    span = {*low - room, *high + room};
  }
  return span;
}

Span y_span(const Plot& plot) {
  if (plot.y_span) return *plot.y_span;
  std::vector<double> values;
  for (const Series& series : plot.series) {
    for (const Point& point : series.points) values.push_back(point.y);
    for (const Interval& interval : series.intervals) {
      values.push_back(interval.low);
      values.push_back(interval.high);
    }
  }
  return span_of(values, plot.y.kind);
}

class Canvas {
 public:
  Canvas(Svg& svg, const Plot& plot, const Scale& x, const Scale& y)
      : svg_(svg), plot_(plot), x_(x), y_(y) {}

  void draw(const Series& series, std::size_t number) const {
    if (has_markers(series)) draw_points(series, number);
    if (series.shape == Shape::Points) return;
    std::vector<Point> run;
    const auto flush = [&] {
      svg_.path(run, line_class(number) + (has_markers(series) ? " thin" : ""));
      run.clear();
    };
    for (const Point& point : series.points) {
      if (!drawable(plot_.x, point.x) || !drawable(plot_.y, point.y)) {
        flush();
        continue;
      }
      const Point next{x_.at(point.x), y_.at(point.y)};
      if (series.shape == Shape::Step && !run.empty()) run.push_back({next.x, run.back().y});
      run.push_back(next);
    }
    flush();
  }

 private:
  void draw_points(const Series& series, std::size_t number) const {
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const Point& point = series.points[i];
      if (!drawable(plot_.x, point.x) || !drawable(plot_.y, point.y)) continue;
      const double x = x_.at(point.x);
      if (i < series.intervals.size() && std::isfinite(series.intervals[i].low) &&
          std::isfinite(series.intervals[i].high)) {
        draw_interval(series.intervals[i], x, number);
      }
      draw_marker(svg_, {x, y_.at(point.y)}, number);
    }
  }
  void draw_interval(const Interval& interval, double x, std::size_t number) const {
    const std::string classes = line_class(number) + " thin";
    const double low = drawable(plot_.y, interval.low) ? y_.at(interval.low) : y_.pixels.low;
    const double high = y_.at(interval.high);
    svg_.line({x, low}, {x, high}, classes);
    for (const double y : {low, high}) svg_.line({x - 4, y}, {x + 4, y}, classes);
  }

  Svg& svg_;
  const Plot& plot_;
  const Scale& x_;
  const Scale& y_;
};

// Words that would run over their left neighbour go one line lower.
void draw_marks(Svg& svg, const Box& box, const Scale& x, const std::vector<Mark>& marks) {
  double free_from = -1e9;
  double lower = 0.0;
  for (const Mark& mark : marks) {
    const double at = x.at(mark.x);
    svg.line({at, box.top}, {at, box.bottom()}, "rule");
    const double needs = text_width(mark.text);
    const bool left = at + needs + 6 > box.right();
    lower = (left ? at - needs : at) < free_from ? lower + 15.0 : 0.0;
    free_from = std::max(free_from, left ? at : at + needs + 6);
    svg.text({left ? at - 5 : at + 5, box.top + 12 + lower}, mark.text, "soft",
             left ? Anchor::End : Anchor::Start);
  }
}

}  // namespace

std::string draw(const Plot& plot) {
  const Span xs = x_span(plot);
  const Span ys = y_span(plot);
  const std::vector<Tick> x_ticks =
      plot.x.fixed.empty() ? ticks(xs, plot.x.kind, plot.x.unit, 8) : plot.x.fixed;
  const std::vector<Tick> y_ticks =
      plot.y.fixed.empty() ? ticks(ys, plot.y.kind, plot.y.unit, 6) : plot.y.fixed;
  std::vector<std::string> names;
  for (const Series& series : plot.series) names.push_back(series.name);
  if (names.size() == 1 && names.front().empty()) names.clear();

  const double left = label_room(y_ticks) + (plot.y.title.empty() ? 16.0 : 34.0);
  const double legend = draw_legend(nullptr, {}, plot.width - left - 16, names, KeyKind::Line);
  const Box box{left, legend + 12, plot.width - left - 24, plot.height - 60};
  const double height = box.bottom() + (plot.x.title.empty() ? 26 : 46);
  Svg svg(plot.width, height);
  const bool points = !plot.series.empty() && has_markers(plot.series.front());
  draw_legend(&svg, {left, 2}, plot.width - left - 16, names,
              points ? KeyKind::Marker : KeyKind::Line);
  const Scale x{plot.x.kind, xs, {box.left, box.right()}};
  const Scale y{plot.y.kind, ys, {box.bottom(), box.top}};
  draw_x_axis(svg, box, x, x_ticks, axis_title(plot.x));
  draw_y_axis(svg, box, y, y_ticks, axis_title(plot.y));
  draw_marks(svg, box, x, plot.marks);
  const Canvas canvas(svg, plot, x, y);
  for (std::size_t i = 0; i < plot.series.size(); ++i) canvas.draw(plot.series[i], i);
  return svg.finish(plot.caption);
}

}  // namespace mezz::chart

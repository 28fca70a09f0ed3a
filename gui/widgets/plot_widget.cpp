#include "gui/widgets/plot_widget.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

// The rows of a series that decide what is seen: those in the range and the one before it.
struct Rows {
  std::size_t first = 0;
  std::size_t last = 0;
};

Rows rows_in(const Series& series, TimeRange range) {
  const auto begin = std::lower_bound(series.times.begin(), series.times.end(), range.begin.ns);
  const auto end = std::upper_bound(begin, series.times.end(), range.end.ns);
  auto first = static_cast<std::size_t>(begin - series.times.begin());
  if (first > 0) --first;
  return {first, static_cast<std::size_t>(end - series.times.begin())};
}

QPolygonF shape_at(EventMarks::Shape shape, QPointF p) {
  constexpr double s = 4.0;
  switch (shape) {
    case EventMarks::Shape::Triangle:
      return QPolygonF({p + QPointF(-s, -s), p + QPointF(s, -s), p + QPointF(0, s)});
    case EventMarks::Shape::Cross:
      return QPolygonF({p + QPointF(-s, -s), p, p + QPointF(s, -s), p, p + QPointF(s, s), p,
                        p + QPointF(-s, s), p});
    case EventMarks::Shape::Dot:
      break;
  }
  return QPolygonF(
      {p + QPointF(-1.5, 0), p + QPointF(0, -1.5), p + QPointF(1.5, 0), p + QPointF(0, 1.5)});
}

}  // namespace

double PlotWidget::Axis::y(double value) const {
  const double low_end = log ? std::log10(low) : low;
  const double high_end = log ? std::log10(high) : high;
  const double v = log ? std::log10(std::max(value, low)) : value;
  return area.bottom() - (v - low_end) / (high_end - low_end) * area.height();
}

PlotWidget::PlotWidget(TimeContext& time, QWidget* parent) : TimeDrawing(time, parent) {}

void PlotWidget::set_curves(const QString& title, std::vector<Curve> curves) {
  title_ = title;
  curves_ = std::move(curves);
  setAccessibleName(tr("Plot of %1").arg(title));
  update();
}

void PlotWidget::set_marks(std::vector<EventMarks> marks) {
  marks_ = std::move(marks);
  update();
}

void PlotWidget::set_band(Band band) {
  band_ = std::move(band);
  update();
}

void PlotWidget::set_log(bool log) {
  log_ = log;
  update();
}

void PlotWidget::set_compact(bool compact) {
  compact_ = compact;
  update();
}

Extremes PlotWidget::shown() const {
  Extremes all;
  for (const Curve& curve : curves_) {
    const Rows rows = rows_in(*curve.series, time().range());
    all.add(curve.series->pyramid.extremes(rows.first, rows.last));
  }
  for (std::size_t i = 0; i < band_.times.size(); ++i) {
    if (!time().range().contains({band_.times[i]})) continue;
    all.add(band_.low[i]);
    all.add(band_.high[i]);
  }
  return all;
}

PlotWidget::Axis PlotWidget::axis_of(const QRectF& plot) const {
  Extremes seen = shown();
  if (!seen.any) seen = {0.0, 1.0, true};
  for (const Curve& curve : curves_) {
    if (curve.filled) seen.add(0.0);
  }
  Axis axis{.low = seen.low, .high = seen.high, .log = log_ && seen.high > 0.0, .area = plot};
  if (axis.log) {
    // Zero and less have no place on this axis; they lie on its lower end.
    axis.low = seen.low > 0.0 ? seen.low : seen.high * 1e-6;
    if (axis.low >= axis.high) axis.low = axis.high / 10.0;
    axis.high *= 1.1;
    return axis;
  }
  const double span = axis.high - axis.low;
  const double around = axis.high == 0.0 ? 1.0 : std::fabs(axis.high) * 0.1;  // a flat curve
  const double pad = span > 0.0 ? span * 0.06 : around;
  axis.low -= pad;
  axis.high += pad;
  // What is never negative is not drawn as if it could be.
  if (seen.low >= 0.0 && axis.low < 0.0) axis.low = 0.0;
  return axis;
}

void PlotWidget::draw(QPainter& painter, const QRectF& area) const {
  const QRectF plot = plot_area(area);
  if (plot.width() < 20 || plot.height() < 20) return;
  if (curves_.empty() && band_.times.empty()) {
    draw_empty(painter, area, tr("Tick a series on the left to see it here"));
    return;
  }
  const Axis axis = axis_of(plot);
  draw_axes(painter, plot, axis);
  painter.save();
  painter.setClipRect(plot);
  draw_band(painter, plot, axis);
  for (const Curve& curve : curves_) {
    curve.filled ? draw_filled(painter, plot, axis, curve) : draw_curve(painter, plot, axis, curve);
  }
  draw_marks(painter, plot, axis);
  painter.restore();
  if (compact_) {
    draw_cursor(painter, plot);
    draw_values(painter, area);
  } else {
    draw_legend(painter, area, plot);
  }
}

void PlotWidget::draw_axes(QPainter& painter, const QRectF& plot, const Axis& axis) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const int rows = std::max(2, static_cast<int>(plot.height() / (metrics.height() * 1.7)));
  const auto ticks =
      axis.log ? log_ticks(axis.low, axis.high, rows) : number_ticks(axis.low, axis.high, rows);
  for (const Tick& tick : ticks) {
    const double y = axis.y(tick.at);
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(0, y - metrics.height(), plot.left() - 6, metrics.height() * 2),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(tick.label));
  }
  draw_time_axis(painter, plot);
}

void PlotWidget::draw_curve(QPainter& painter, const QRectF& plot, const Axis& axis,
                            const Curve& curve) const {
  const Series& series = *curve.series;
  const TimeRange range = time().range();
  const Rows rows = rows_in(series, range);
  if (rows.first >= rows.last) return;
  const QColor colour = qt(series_colour(Theme::instance().colours(), curve.colour));
  const auto columns = static_cast<std::size_t>(plot.width());
  if (rows.last - rows.first < columns) {
    QPainterPath path;
    bool drawing = false;
    double y = 0.0;
    for (std::size_t i = rows.first; i < rows.last; ++i) {
      const double value = series.values[i];
      if (std::isnan(value)) {
        drawing = false;
        continue;
      }
      const double fraction = range.fraction({series.times[i]});
      const double x = plot.left() + std::clamp(fraction, -1.0, 2.0) * plot.width();
      if (drawing) path.lineTo(x, y);
      y = axis.y(value);
      drawing ? path.lineTo(x, y) : path.moveTo(x, y);
      drawing = true;
    }
    if (drawing) path.lineTo(plot.right(), y);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.strokePath(path, QPen(colour, 1.5));
    painter.setRenderHint(QPainter::Antialiasing, false);
    return;
  }
  // Thin separate lines: wide joined pens are a hundred times slower on dense data.
  QList<QLineF> lines;
  lines.reserve(static_cast<qsizetype>(columns * 2));
  std::optional<QPointF> before;
  const auto shown_columns = plot_columns(series.times, series.values, series.pyramid,
                                          range.begin.ns, range.end.ns + 1, columns);
  for (std::size_t i = 0; i < shown_columns.size(); ++i) {
    const PlotColumn& column = shown_columns[i];
    if (!column.any) continue;
    const double x = plot.left() + static_cast<double>(i) + 0.5;
    double top = axis.y(column.high);
    double bottom = axis.y(column.low);
    if (before) {
      lines.append(QLineF(*before, QPointF(x, before->y())));
      top = std::min(top, before->y());
      bottom = std::max(bottom, before->y());
    }
    lines.append(QLineF(x, top, x, bottom));
    before = QPointF(x, axis.y(column.last));
  }
  const bool ended = std::isnan(series.values[rows.last - 1]);
  if (before && !ended) lines.append(QLineF(*before, QPointF(plot.right(), before->y())));
  painter.setPen(QPen(colour, 0));
  painter.drawLines(lines);
}

// In each pixel column what is farthest from zero.
void PlotWidget::draw_filled(QPainter& painter, const QRectF& plot, const Axis& axis,
                             const Curve& curve) const {
  const Series& series = *curve.series;
  const TimeRange range = time().range();
  const auto width = static_cast<std::size_t>(plot.width());
  const auto columns = plot_columns(series.times, series.values, series.pyramid, range.begin.ns,
                                    range.end.ns + 1, width);
  const QColor colour = qt(series_colour(Theme::instance().colours(), curve.colour));
  const double zero = axis.y(axis.log ? axis.low : 0.0);
  double holds = series.at(range.begin.ns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    double value = holds;
    if (columns[i].any) {
      value = std::fabs(columns[i].high) >= std::fabs(columns[i].low) ? columns[i].high
                                                                      : columns[i].low;
      holds = columns[i].last;
    }
    if (std::isnan(value)) continue;
    const double y = axis.y(value);
    painter.fillRect(
        QRectF(plot.left() + static_cast<double>(i), std::min(y, zero), 1.0, std::fabs(y - zero)),
        colour);
  }
}

void PlotWidget::draw_band(QPainter& painter, const QRectF& plot, const Axis& axis) const {
  if (band_.times.size() < 2) return;
  const ThemeColours& c = Theme::instance().colours();
  QPolygonF low;
  QPolygonF high;
  QPolygonF middle;
  for (std::size_t i = 0; i < band_.times.size(); ++i) {
    if (std::isnan(band_.middle[i])) continue;
    const double x = plot.left() + time().range().fraction({band_.times[i]}) * plot.width();
    low.prepend(QPointF(x, axis.y(band_.low[i])));
    high.append(QPointF(x, axis.y(band_.high[i])));
    middle.append(QPointF(x, axis.y(band_.middle[i])));
  }
  QColor fill = qt(series_colour(c, 0));
  fill.setAlpha(60);
  painter.setPen(Qt::NoPen);
  painter.setBrush(fill);
  painter.drawPolygon(high + low);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(qt(series_colour(c, 0)), 1));
  painter.drawPolyline(middle);
}

void PlotWidget::draw_marks(QPainter& painter, const QRectF& plot, const Axis& axis) const {
  if (curves_.empty()) return;
  const Series& series = *curves_[0].series;
  const TimeRange range = time().range();
  const auto columns = static_cast<std::size_t>(plot.width() / 5.0) + 1;
  for (std::size_t kind = 0; kind < marks_.size(); ++kind) {
    const EventMarks& marks = marks_[kind];
    painter.setPen(QPen(qt(series_colour(Theme::instance().colours(), kind + 1)), 1));
    painter.setBrush(painter.pen().color());
    // One mark for all events of five pixels: a hundred thousand would be one blot.
    std::vector<bool> taken(columns, false);
    auto at = std::lower_bound(marks.times.begin(), marks.times.end(), range.begin.ns);
    for (; at != marks.times.end() && *at <= range.end.ns; ++at) {
      const double fraction = range.fraction({*at});
      const auto column = static_cast<std::size_t>(fraction * plot.width() / 5.0);
      if (column >= columns || taken[column]) continue;
      taken[column] = true;
      const double value = series.at(*at);
      if (std::isnan(value)) continue;
      const QPointF p(plot.left() + fraction * plot.width(), axis.y(value));
      painter.drawPolygon(shape_at(marks.shape, p));
    }
  }
  painter.setBrush(Qt::NoBrush);
}

void PlotWidget::draw_values(QPainter& painter, const QRectF& area) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double baseline = area.top() + 4 + metrics.ascent();
  double right = area.right() - 6;
  const TimeCursor cursor = time().cursor();
  for (const Curve& curve : curves_) {  // the last one, which lies on top, is read first
    const double value =
        cursor ? curve.series->at(cursor->ns) : std::numeric_limits<double>::quiet_NaN();
    if (std::isnan(value)) continue;
    const QString text = QString::fromStdString(short_number(value));
    right -= metrics.horizontalAdvance(text);
    painter.setPen(qt(series_colour(c, curve.colour)));
    painter.drawText(QPointF(right, baseline), text);
    right -= 10;
  }
  QFont bold = painter.font();
  bold.setBold(true);
  painter.save();
  painter.setFont(bold);
  painter.setPen(qt(c.text));
  const double left = area.left() + 8;
  painter.drawText(QPointF(left, baseline),
                   QFontMetricsF(bold).elidedText(title_, Qt::ElideRight, right - left));
  painter.restore();
}

void PlotWidget::draw_legend(QPainter& painter, const QRectF& area, const QRectF& plot) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double baseline = area.top() + 4 + metrics.ascent();
  double x = draw_heading(painter, area, plot, title_);
  const TimeCursor cursor = time().cursor();
  const auto entry = [&](const QString& text, QColor colour, EventMarks::Shape shape, bool line) {
    if (x + 22 + metrics.horizontalAdvance(text) > area.right()) return;
    const QPointF middle(x + 8, baseline - metrics.ascent() / 3);
    painter.setPen(QPen(colour, line ? 2 : 1));
    painter.setBrush(colour);
    line ? painter.drawLine(middle - QPointF(8, 0), middle + QPointF(8, 0))
         : painter.drawPolygon(shape_at(shape, middle));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(qt(c.text));
    painter.drawText(QPointF(x + 22, baseline), text);
    x += 22 + metrics.horizontalAdvance(text) + 16;
  };
  for (const Curve& curve : curves_) {
    QString text = curve.label;
    if (text.isEmpty()) continue;
    if (cursor && !curve.filled) {
      const double value = curve.series->at(cursor->ns);
      text += QStringLiteral(" ") + QString::fromStdString(short_number(value));
    }
    entry(text, qt(series_colour(c, curve.colour)), EventMarks::Shape::Dot, true);
  }
  for (std::size_t i = 0; i < marks_.size(); ++i)
    entry(marks_[i].label, qt(series_colour(c, i + 1)), marks_[i].shape, false);
}

}  // namespace mezz::gui

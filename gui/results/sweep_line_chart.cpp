#include "gui/results/sweep_line_chart.h"

#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

struct Scale {
  double low = 0.0;
  double high = 1.0;
};

Scale scale_of(const SweepLine& line) {
  Scale scale{line.points[0].low, line.points[0].high};
  for (const SweepPoint& point : line.points) {
    scale.low = std::min(scale.low, point.low);
    scale.high = std::max(scale.high, point.high);
  }
  const bool never_negative = std::all_of(line.points.begin(), line.points.end(),
                                          [](const SweepPoint& point) { return point.low >= 0.0; });
  const double span = scale.high - scale.low;
  const double pad = span > 0.0 ? span * 0.08 : std::max(1.0, scale.high * 0.1);
  scale.low = never_negative ? std::max(0.0, scale.low - pad) : scale.low - pad;
  scale.high += pad;
  return scale;
}

}  // namespace

SweepLineChart::SweepLineChart(QWidget* parent) : Drawing(parent) { setMinimumHeight(180); }

void SweepLineChart::set_line(SweepLine line) {
  line_ = std::move(line);
  setAccessibleName(
      tr("%1 along %2")
          .arg(QString::fromStdString(line_.metric), QString::fromStdString(line_.parameter)));
  update();
}

QPointF SweepLineChart::Frame::at(std::size_t i, double value) const {
  return {plot.left() + step * (static_cast<double>(i) + 0.5),
          plot.bottom() - (value - low) / (high - low) * plot.height()};
}

void SweepLineChart::draw(QPainter& painter, const QRectF& area) const {
  if (line_.points.empty()) {
    draw_empty(painter, area, tr("Open a sweep folder, or runs that differ in a parameter"));
    return;
  }
  const QFontMetricsF metrics(painter.font());
  const bool band = std::any_of(line_.points.begin(), line_.points.end(),
                                [](const SweepPoint& point) { return point.has_interval(); });
  const QString unit = line_.unit.empty() || line_.unit == "1"
                           ? QString()
                           : ", " + QString::fromStdString(line_.unit);
  draw_title(painter, area,
             (band ? tr("Mean of %1%2 and its 95 % interval") : QStringLiteral("%1%2"))
                 .arg(QString::fromStdString(line_.metric), unit));
  const QRectF plot = area.adjusted(metrics.horizontalAdvance(QStringLiteral("-000.0 M")) + 14,
                                    metrics.height() * 1.6 + 8, -16, -metrics.height() * 3.4 - 8);
  if (plot.width() < 40 || plot.height() < 40) return;
  const Scale scale = scale_of(line_);
  const Frame frame{plot, scale.low, scale.high,
                    plot.width() / static_cast<double>(line_.points.size())};
  draw_grid(painter, area, frame);
  draw_line(painter, frame);
  draw_values(painter, frame);
}

void SweepLineChart::draw_grid(QPainter& painter, const QRectF& area, const Frame& frame) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QRectF& plot = frame.plot;
  const int rows = std::max(2, static_cast<int>(plot.height() / (metrics.height() * 2)));
  for (const Tick& tick : number_ticks(frame.low, frame.high, rows)) {
    const double y = frame.at(0, tick.at).y();
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(area.left(), y - metrics.height(), plot.left() - area.left() - 6,
                            metrics.height() * 2),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(tick.label));
  }
  painter.setPen(QPen(qt(c.faint), 0));
  painter.drawRect(plot);
}

void SweepLineChart::draw_line(QPainter& painter, const Frame& frame) const {
  QPolygonF low;
  QPolygonF high;
  QPolygonF mean;
  for (std::size_t i = 0; i < line_.points.size(); ++i) {
    low.prepend(frame.at(i, line_.points[i].low));
    high.append(frame.at(i, line_.points[i].high));
    mean.append(frame.at(i, line_.points[i].mean));
  }
  painter.setRenderHint(QPainter::Antialiasing, true);
  const QColor colour = qt(series_colour(Theme::instance().colours(), 0));
  QColor fill = colour;
  fill.setAlpha(60);
  painter.setPen(Qt::NoPen);
  painter.setBrush(fill);
  painter.drawPolygon(high + low);
  painter.setPen(QPen(colour, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawPolyline(mean);
  painter.setBrush(colour);
  for (std::size_t i = 0; i < line_.points.size(); ++i) {
    painter.drawEllipse(mean[static_cast<qsizetype>(i)], 3, 3);
    // The interval also as a line: a band of one value has no width.
    painter.drawLine(frame.at(i, line_.points[i].low), frame.at(i, line_.points[i].high));
  }
  painter.setBrush(Qt::NoBrush);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

// As many as there is room for.
void SweepLineChart::draw_values(QPainter& painter, const Frame& frame) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  double widest = 1.0;
  for (const SweepPoint& point : line_.points)
    widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(point.value)) + 10);
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(widest / frame.step)));
  for (std::size_t i = 0; i < line_.points.size(); i += every) {
    const QRectF label(frame.at(i, 0.0).x() - widest, frame.plot.bottom() + 3, widest * 2,
                       metrics.height());
    painter.setPen(qt(c.text));
    painter.drawText(label, Qt::AlignCenter, QString::fromStdString(line_.points[i].value));
    painter.setPen(qt(c.faint));
    painter.drawText(label.translated(0, metrics.height()), Qt::AlignCenter,
                     tr("n = %1").arg(line_.points[i].runs));
  }
  painter.setPen(qt(c.text));
  painter.drawText(QRectF(frame.plot.left(), frame.plot.bottom() + 3 + metrics.height() * 2.1,
                          frame.plot.width(), metrics.height() * 1.2),
                   Qt::AlignCenter, QString::fromStdString(line_.parameter));
}

}  // namespace mezz::gui

#include "gui/results/finality_charts.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

QString seconds_text(double seconds) {
  return QString::fromStdString(analysis::human(seconds, "s"));
}

// Logarithmic axis of seconds over the rungs that were reached.
struct TimeAxis {
  double low = 0.001;
  double high = 1.0;
  QRectF area;

  TimeAxis(const std::vector<RungStatistics>& rungs, const QRectF& plot) : area(plot) {
    double least = 1e300;
    double most = 0.0;
    for (const RungStatistics& rung : rungs) {
      if (rung.reached == 0) continue;
      least = std::min(least, std::max(1e-3, rung.p50));
      most = std::max(most, rung.sorted.back());
    }
    if (most > 0.0) {
      low = std::pow(10.0, std::floor(std::log10(least) - 0.3));
      high = std::max(most * 1.3, low * 10.0);
    }
  }
  [[nodiscard]] double x(double seconds) const {
    const double share = (std::log10(std::clamp(seconds, low, high)) - std::log10(low)) /
                         (std::log10(high) - std::log10(low));
    return area.left() + share * area.width();
  }
  void draw(QPainter& painter) const {
    const ThemeColours& c = Theme::instance().colours();
    const QFontMetricsF metrics(painter.font());
    double free_from = area.left() - 40;
    for (const Tick& mark : log_duration_ticks(low, high)) {
      const double at = x(mark.at);
      painter.setPen(QPen(qt(c.grid), 0));
      painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
      const QString text = QString::fromStdString(mark.label);
      const double width = metrics.horizontalAdvance(text);
      if (at - width / 2 < free_from) continue;
      free_from = at + width / 2 + 10;
      painter.setPen(qt(c.faint));
      painter.drawText(QPointF(at - width / 2, area.bottom() + metrics.ascent() + 3), text);
    }
  }
};

double name_width(const QPainter& painter) {
  return QFontMetricsF(painter.font()).horizontalAdvance(QStringLiteral("preconfirmed")) + 20;
}

}  // namespace

FinalityBars::FinalityBars(QWidget* parent) : Drawing(parent) { setMinimumHeight(190); }

void FinalityBars::set_rungs(std::vector<RungStatistics> rungs) {
  rungs_ = std::move(rungs);
  update();
}

void FinalityBars::draw(QPainter& painter, const QRectF& area) const {
  if (rungs_.empty()) {
    draw_empty(painter, area, tr("This result has no transactions with finality"));
    return;
  }
  draw_title(painter, area, tr("Time from submission: median, p99, p99.9"));
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double never_width = metrics.horizontalAdvance(QStringLiteral("never 100.0 %")) + 24;
  const QRectF plot = area.adjusted(name_width(painter), metrics.height() + 14, -never_width,
                                    -metrics.height() - 12);
  const TimeAxis axis(rungs_, plot);
  axis.draw(painter);
  const double step = plot.height() / static_cast<double>(rungs_.size());
  const double bar = std::min(step * 0.45, 18.0);
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    const RungStatistics& rung = rungs_[i];
    const double y = plot.top() + step * (static_cast<double>(i) + 0.5);
    const QColor colour = qt(series_colour(c, i));
    painter.setPen(qt(c.text));
    painter.drawText(QRectF(0, y - step / 2, plot.left() - 8, step),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(rung.rung));
    const double all = static_cast<double>(rung.reached + rung.never);
    const double never = all > 0.0 ? 100.0 * static_cast<double>(rung.never) / all : 0.0;
    painter.setPen(qt(never > 0.0 ? c.bad : c.faint));
    painter.drawText(QRectF(plot.right() + 8, y - step / 2, never_width - 10, step),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     tr("never %1 %").arg(never, 0, 'f', never > 0.0 && never < 0.1 ? 3 : 1));
    if (rung.reached == 0) continue;
    painter.fillRect(QRectF(plot.left(), y - bar / 2, axis.x(rung.p50) - plot.left(), bar), colour);
    painter.setPen(QPen(colour, 2));
    painter.drawLine(QPointF(axis.x(rung.p50), y), QPointF(axis.x(rung.p999), y));
    for (const double q : {rung.p99, rung.p999})
      painter.drawLine(QPointF(axis.x(q), y - bar / 2), QPointF(axis.x(q), y + bar / 2));
    painter.setPen(qt(c.text));
    const QString numbers =
        QStringLiteral("%1 / %2 / %3")
            .arg(seconds_text(rung.p50), seconds_text(rung.p99), seconds_text(rung.p999));
    painter.drawText(QPointF(plot.left() + 4, y - bar / 2 - 3), numbers);
  }
}

LatencyEcdf::LatencyEcdf(QWidget* parent) : Drawing(parent) { setMinimumHeight(170); }

void LatencyEcdf::set_rungs(std::vector<RungStatistics> rungs) {
  rungs_ = std::move(rungs);
  update();
}

void LatencyEcdf::draw(QPainter& painter, const QRectF& area) const {
  if (rungs_.empty()) {
    draw_empty(painter, area, tr("No distribution without transactions"));
    return;
  }
  draw_title(painter, area, tr("Share of transactions that were there within a time"));
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double left = metrics.horizontalAdvance(QStringLiteral("100 %")) + 18;
  const QRectF plot =
      area.adjusted(left, metrics.height() + 14, -name_width(painter), -metrics.height() - 12);
  const TimeAxis axis(rungs_, plot);
  axis.draw(painter);
  for (int percent = 0; percent <= 100; percent += 25) {
    const double y = plot.bottom() - plot.height() * percent / 100.0;
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(0, y - 20, plot.left() - 6, 40), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("%1 %").arg(percent));
  }
  double free_label = plot.top();
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    const RungStatistics& rung = rungs_[i];
    if (rung.reached == 0) continue;
    const double all = static_cast<double>(rung.reached + rung.never);
    // One point per pixel column: what lies between them cannot be seen.
    QPainterPath path(QPointF(plot.left(), plot.bottom()));
    std::size_t done = 0;
    for (double x = plot.left(); x <= plot.right(); x += 1.0) {
      while (done < rung.reached && axis.x(rung.sorted[done]) <= x) ++done;
      path.lineTo(x, plot.bottom() - plot.height() * static_cast<double>(done) / all);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.strokePath(path, QPen(qt(series_colour(c, i)), 1.5));
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double end = plot.bottom() - plot.height() * static_cast<double>(rung.reached) / all;
    const double y = std::max(end, free_label);
    free_label = y + metrics.height();
    painter.setPen(qt(series_colour(c, i)));
    painter.drawText(
        QRectF(plot.right() + 6, y - metrics.height() / 2, name_width(painter), metrics.height()),
        Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(rung.rung));
  }
}

ChainDrawing::ChainDrawing(QWidget* parent) : Drawing(parent) { setMinimumHeight(180); }

void ChainDrawing::set_chain(std::optional<Chain> chain) {
  chain_ = std::move(chain);
  QString text = tr("No transaction chosen");
  if (chain_) {
    text = QString::fromStdString(chain_->title);
    for (const ChainLeg& leg : chain_->legs)
      text += QStringLiteral("; %1 %2").arg(
          QString::fromStdString(leg.rung),
          leg.at.happened() ? QString::fromStdString(duration_text(leg.since_submitted))
                            : tr("never"));
  }
  setAccessibleDescription(text);
  update();
}

void ChainDrawing::draw(QPainter& painter, const QRectF& area) const {
  if (!chain_) {
    draw_empty(painter, area,
               tr("Choose a transaction: a row of kind tx in the event log, or its number above"));
    return;
  }
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  draw_title(painter, area, QString::fromStdString(chain_->title));
  const double left = name_width(painter) + 8;
  const double top = area.top() + metrics.height() * 2 + 10;
  const double step =
      std::min(metrics.height() * 3.2,
               (area.bottom() - top - metrics.height()) / static_cast<double>(chain_->legs.size()));
  double before = -1.0;
  for (std::size_t i = 0; i < chain_->legs.size(); ++i) {
    const ChainLeg& leg = chain_->legs[i];
    const double y = top + step * static_cast<double>(i);
    const bool there = leg.at.happened();
    const QPointF dot(area.left() + left, y);
    if (there && before >= 0.0) {
      painter.setPen(QPen(qt(c.accent), 2));
      painter.drawLine(QPointF(dot.x(), before + 6), QPointF(dot.x(), y - 6));
      painter.setPen(qt(c.faint));
      painter.drawText(QPointF(dot.x() + 14, (before + y) / 2 + metrics.ascent() / 2),
                       QStringLiteral("+ ") + QString::fromStdString(duration_text(leg.leg)));
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(qt(there ? c.accent : c.faint), 2));
    painter.setBrush(there ? QBrush(qt(c.accent)) : QBrush(Qt::NoBrush));
    painter.drawEllipse(dot, 5, 5);
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(qt(there ? c.text : c.faint));
    painter.drawText(QRectF(0, y - step / 2, dot.x() - 12, step), Qt::AlignRight | Qt::AlignVCenter,
                     QString::fromStdString(leg.rung));
    QString text = tr("never in this run");
    if (there)
      text = tr("at %1, %2 after submission")
                 .arg(QString::fromStdString(clock_text(leg.at)),
                      QString::fromStdString(duration_text(leg.since_submitted)));
    painter.drawText(QPointF(dot.x() + 14, y + metrics.ascent() / 2 - 1), text);
    if (there) before = y;
  }
}

}  // namespace mezz::gui

#include "gui/results/risk_charts.h"

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "gui/model/risk_cards.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

QString amount(double value, const std::string& unit) {
  return QString::fromStdString(analysis::human(value, unit));
}

}  // namespace

LossWaterfall::LossWaterfall(QWidget* parent) : Drawing(parent) { setMinimumHeight(170); }

void LossWaterfall::set_steps(std::vector<LossStep> steps) {
  steps_ = std::move(steps);
  QString text;
  for (const LossStep& step : steps_)
    text += QString::fromStdString(step.name) + QLatin1Char(' ') + amount(step.usd, "USD") +
            QStringLiteral("; ");
  setAccessibleDescription(text);
  update();
}

void LossWaterfall::draw(QPainter& painter, const QRectF& area) const {
  if (steps_.empty()) {
    draw_empty(painter, area, tr("Nobody was liquidated in this run"));
    return;
  }
  draw_title(painter, area, tr("Who paid for the liquidations"));
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double left = metrics.horizontalAdvance(QStringLiteral("insurance fund")) + 20;
  const double right = metrics.horizontalAdvance(QStringLiteral("-100,000,000.00 USD")) + 16;
  const QRectF plot = area.adjusted(left, metrics.height() + 16, -right, -8);
  double most = 1e-9;
  for (const LossStep& step : steps_) most = std::max(most, step.usd);
  const double row = plot.height() / static_cast<double>(steps_.size());
  const double bar = std::min(22.0, row * 0.45);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const LossStep& step = steps_[i];
    const double y = plot.top() + row * (static_cast<double>(i) + 0.5);
    painter.setPen(qt(c.text));
    painter.drawText(QRectF(0, y - row / 2, plot.left() - 8, row),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(step.name));
    const double width = std::max(step.usd > 0.0 ? 1.0 : 0.0, plot.width() * step.usd / most);
    const bool bad = i + 1 == steps_.size();
    painter.fillRect(QRectF(plot.left(), y - bar / 2, width, bar),
                     bad ? qt(c.bad) : qt(series_colour(c, i)));
    painter.setPen(qt(bad && step.usd > 0.0 ? c.bad : c.text));
    painter.drawText(QPointF(plot.left() + width + 6, y + metrics.ascent() / 2 - 1),
                     amount(step.usd, "USD"));
    if (row < bar + metrics.height() + 4) continue;
    painter.setPen(qt(c.faint));
    painter.drawText(QPointF(plot.left(), y + bar / 2 + metrics.ascent() + 1),
                     QString::fromStdString(step.note));
  }
}

HeatMap::HeatMap(QWidget* parent) : Drawing(parent) { setMinimumHeight(180); }

void HeatMap::set_grid(SweepGrid grid) {
  grid_ = std::move(grid);
  update();
}

void HeatMap::draw(QPainter& painter, const QRectF& area) const {
  if (grid_.cells.empty()) {
    draw_empty(painter, area,
               tr("Open a sweep folder, or runs that differ in a parameter, to see a map"));
    return;
  }
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  draw_title(painter, area,
             tr("Mean of %1 over %2 (across) and %3 (down)")
                 .arg(QString::fromStdString(grid_.metric), QString::fromStdString(grid_.x),
                      QString::fromStdString(grid_.y)));
  double left = 40;
  for (const std::string& name : grid_.rows)
    left = std::max(left, metrics.horizontalAdvance(QString::fromStdString(name)) + 18);
  left = std::min(left, area.width() / 3);
  const QRectF plot =
      area.adjusted(left, metrics.height() * 1.6 + 10, -10, -metrics.height() * 1.4 - 6);
  double low = 1e300;
  double high = -1e300;
  for (const auto& cell : grid_.cells) {
    if (!cell) continue;
    low = std::min(low, *cell);
    high = std::max(high, *cell);
  }
  const double width = plot.width() / static_cast<double>(grid_.columns.size());
  const double height = plot.height() / static_cast<double>(grid_.rows.size());
  for (std::size_t i = 0; i < grid_.cells.size(); ++i) {
    const std::size_t row = i / grid_.columns.size();
    const std::size_t column = i % grid_.columns.size();
    const QRectF cell(plot.left() + width * static_cast<double>(column),
                      plot.top() + height * static_cast<double>(row), width - 1, height - 1);
    if (!grid_.cells[i]) {
      painter.setPen(qt(c.faint));
      painter.drawText(cell, Qt::AlignCenter, tr("no run"));
      continue;
    }
    const double share = high > low ? (*grid_.cells[i] - low) / (high - low) : 0.0;
    const Colour ground = scale_colour(share);
    painter.fillRect(cell, qt(ground));
    const Colour white{255, 255, 255};
    const Colour black{0, 0, 0};
    painter.setPen(qt(contrast(white, ground) >= contrast(black, ground) ? white : black));
    const QString text = amount(*grid_.cells[i], grid_.unit) + tr("\nn = %1").arg(grid_.runs[i]);
    painter.drawText(cell, Qt::AlignCenter | Qt::TextWordWrap, text);
  }
  painter.setPen(qt(c.text));
  for (std::size_t i = 0; i < grid_.columns.size(); ++i)
    painter.drawText(QRectF(plot.left() + width * static_cast<double>(i), plot.bottom() + 2, width,
                            metrics.height() * 1.4),
                     Qt::AlignCenter, QString::fromStdString(grid_.columns[i]));
  for (std::size_t i = 0; i < grid_.rows.size(); ++i)
    painter.drawText(QRectF(4, plot.top() + height * static_cast<double>(i), left - 10, height),
                     Qt::AlignRight | Qt::AlignVCenter | Qt::TextWordWrap,
                     QString::fromStdString(grid_.rows[i]));
}

RiskCards::RiskCards(QWidget* parent) : Drawing(parent) { setMinimumHeight(215); }

void RiskCards::set_liquidated(std::vector<double> usd) {
  liquidated_ = std::move(usd);
  update();
}

void RiskCards::set_values(const QString& metric, const std::string& unit,
                           std::vector<double> values) {
  metric_ = metric;
  unit_ = unit;
  values_ = std::move(values);
  update();
}

void RiskCards::draw(QPainter& painter, const QRectF& area) const {
  const std::vector<RiskCard> cards = risk_cards(values_, unit_, liquidated_);
  if (cards.empty()) {
    draw_empty(painter, area, tr("Open several runs to see the tail of their losses"));
    return;
  }
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  draw_title(painter, area, metric_);
  // Side by side where there is room for their numbers, else two in a row.
  const double least = metrics.horizontalAdvance(QStringLiteral("Expected shortfall 95 %")) + 24;
  const std::size_t across =
      area.width() >= least * static_cast<double>(cards.size()) ? cards.size() : 2;
  const std::size_t rows = (cards.size() + across - 1) / across;
  const double top = area.top() + metrics.height() + 12;
  const double width = (area.width() - 16) / static_cast<double>(across);
  const double height =
      std::min((area.bottom() - top - 4) / static_cast<double>(rows), metrics.height() * 6.5);
  QFont large = painter.font();
  const QFont plain = large;
  large.setPointSizeF(large.pointSizeF() * 1.25);
  large.setBold(true);
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const QRectF card(area.left() + 10 + width * static_cast<double>(i % across),
                      top + height * static_cast<double>(i / across), width - 6, height - 6);
    painter.setPen(QPen(qt(c.grid), 1));
    painter.drawRoundedRect(card, 4, 4);
    const QRectF inside = card.adjusted(8, 4, -8, -4);
    painter.setPen(qt(c.faint));
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop, QString::fromStdString(cards[i].name));
    painter.drawText(inside.adjusted(0, metrics.height() * 2.4, 0, 0),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     QString::fromStdString(cards[i].note));
    painter.setPen(qt(c.text));
    const QString value = QString::fromStdString(cards[i].value);
    const double room = inside.width() / QFontMetricsF(large).horizontalAdvance(value);
    QFont fitted = large;
    if (room < 1.0) fitted.setPointSizeF(large.pointSizeF() * room * 0.98);
    painter.setFont(fitted);
    painter.drawText(inside.adjusted(0, metrics.height(), 0, 0), Qt::AlignLeft | Qt::AlignTop,
                     value);
    painter.setFont(plain);
  }
}

}  // namespace mezz::gui

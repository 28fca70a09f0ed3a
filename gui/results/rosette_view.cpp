#include "gui/results/rosette_view.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

QColor colour_of(Trust trust) {
  const ThemeColours& c = Theme::instance().colours();
  switch (trust) {
    case Trust::Good:
      return qt(c.good);
    case Trust::Warning:
      return qt(series_colour(c, 1));
    case Trust::Bad:
      return qt(c.bad);
    case Trust::Unknown:
      break;
  }
  return qt(c.faint);
}

QString sign_of(Trust trust) {
  switch (trust) {
    case Trust::Good:
      return QStringLiteral("+");
    case Trust::Warning:
      return QStringLiteral("!");
    case Trust::Bad:
      return QStringLiteral("×");
    case Trust::Unknown:
      break;
  }
  return QStringLiteral("?");
}

QString text_of(const std::string& text) { return QString::fromStdString(text); }

}  // namespace

RosetteView::RosetteView(QWidget* parent) : Drawing(parent) {
  setMinimumHeight(300);
  setAccessibleName(tr("Risk rosette of the design"));
}

void RosetteView::set_design(const QString& design, std::vector<RiskSlice> slices) {
  design_ = design;
  slices_ = std::move(slices);
  QString text;
  for (const RiskSlice& slice : slices_)
    text += QStringLiteral("%1: %2 (%3). %4 ")
                .arg(text_of(slice.name), text_of(slice.value),
                     QString::fromUtf8(name_of(slice.trust).data()), text_of(slice.reason));
  setAccessibleDescription(text);
  update();
}

void RosetteView::draw(QPainter& painter, const QRectF& area) const {
  if (slices_.empty()) {
    draw_empty(painter, area, tr("This result does not name a design of layer two"));
    return;
  }
  draw_title(painter, area, tr("What users of this %1 trust").arg(design_));
  const QFontMetricsF metrics(painter.font());
  // Room for the names: of the upper slice below the title, of the others on both sides.
  const double top = area.top() + 2 * metrics.height() + 22;
  const double names = metrics.horizontalAdvance(QStringLiteral("Proposer failure")) + 18;
  const double side =
      std::clamp(std::min(area.height() * 0.34, area.width() - 2 * names), 90.0, 240.0);
  const QRectF circle(area.center().x() - side / 2, top, side, side);
  draw_slices(painter, circle);
  draw_reasons(painter, QRectF(area.left() + 12, circle.bottom() + 14, area.width() - 24,
                               area.bottom() - circle.bottom() - 18));
}

void RosetteView::draw_slices(QPainter& painter, const QRectF& circle) const {
  const ThemeColours& c = Theme::instance().colours();
  const double step = 360.0 / static_cast<double>(slices_.size());
  QFont large = painter.font();
  const QFont plain = large;
  large.setPointSizeF(large.pointSizeF() * 1.6);
  large.setBold(true);
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    // The first one points up, the others follow clockwise.
    const double middle = 90.0 - step * static_cast<double>(i);
    QPainterPath slice(circle.center());
    slice.arcTo(circle, middle - step / 2, step);
    slice.closeSubpath();
    painter.setPen(QPen(qt(c.base), 3));
    painter.setBrush(colour_of(slices_[i].trust));
    painter.drawPath(slice);
    const double radians = middle * std::numbers::pi / 180.0;
    const QPointF at =
        circle.center() + QPointF(std::cos(radians), -std::sin(radians)) * circle.width() * 0.33;
    painter.setPen(qt(c.base));
    painter.setFont(large);
    painter.drawText(QRectF(at.x() - 20, at.y() - 20, 40, 40), Qt::AlignCenter,
                     sign_of(slices_[i].trust));
    painter.setFont(plain);
    const QPointF out =
        circle.center() + QPointF(std::cos(radians), -std::sin(radians)) * (circle.width() / 2 + 8);
    const auto side = std::abs(std::cos(radians)) < 0.3 ? Qt::AlignHCenter
                      : std::cos(radians) > 0           ? Qt::AlignLeft
                                                        : Qt::AlignRight;
    painter.setPen(qt(c.text));
    const double width = 170;
    const double left = side == Qt::AlignHCenter ? out.x() - width / 2
                        : side == Qt::AlignLeft  ? out.x()
                                                 : out.x() - width;
    painter.drawText(QRectF(left, out.y() - 10, width, 20), side | Qt::AlignVCenter,
                     text_of(slices_[i].name));
  }
  painter.setBrush(Qt::NoBrush);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void RosetteView::draw_reasons(QPainter& painter, const QRectF& area) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QFont plain = painter.font();
  QFont bold = plain;
  bold.setBold(true);
  double y = area.top();
  for (const RiskSlice& slice : slices_) {
    const QRectF room(area.left() + 22, y + metrics.height() + 2, area.width() - 22,
                      std::max(0.0, area.bottom() - y - metrics.height()));
    const QString reason = text_of(slice.reason);
    const QRectF used = metrics.boundingRect(room, Qt::TextWordWrap, reason);
    painter.setFont(bold);
    painter.setPen(colour_of(slice.trust));
    painter.drawText(QPointF(area.left(), y + metrics.ascent()), sign_of(slice.trust));
    painter.drawText(QPointF(area.left() + 22, y + metrics.ascent()),
                     QStringLiteral("%1: %2").arg(text_of(slice.name), text_of(slice.value)));
    painter.setFont(plain);
    painter.setPen(qt(c.text));
    painter.drawText(room, Qt::TextWordWrap, reason);
    y = used.bottom() + 9;
  }
}

}  // namespace mezz::gui

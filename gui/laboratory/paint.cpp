#include "gui/laboratory/paint.h"

#include <QPainter>
#include <cmath>

namespace mezz::gui {

QColor kind_colour(std::string_view kind) {
  std::size_t hash = 1469598103934665603U;  // FNV-1a: the same in every run, unlike std::hash
  for (const char c : kind) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return qt(series_colour(Theme::instance().colours(), hash % kSeriesColours));
}

void paint_arrow(QPainter& painter, QPointF from, QPointF to, const QColor& colour) {
  painter.setPen(QPen(colour, 1.4));
  painter.drawLine(from, to);
  const double length = std::hypot(to.x() - from.x(), to.y() - from.y());
  if (length < 1) return;
  const QPointF along = (to - from) / length;
  const QPointF across(-along.y(), along.x());
  const QPointF head[3] = {to, to - along * 7 + across * 3.2, to - along * 7 - across * 3.2};
  painter.setBrush(colour);
  painter.setPen(Qt::NoPen);
  painter.drawPolygon(head, 3);
}

void paint_empty(QPainter& painter, const QRect& room, const QString& words) {
  painter.setPen(qt(Theme::instance().colours().faint));
  painter.drawText(room.adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, words);
}

}  // namespace mezz::gui

#include "gui/widgets/drawing.h"

#include <QFile>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include "gui/widgets/theme.h"

namespace mezz::gui {

Drawing::Drawing(QWidget* parent) : QWidget(parent) {
  setMinimumSize(120, 80);
  connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void Drawing::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), qt(Theme::instance().colours().base));
  draw(painter, QRectF(rect()));
  if (hasFocus()) {
    painter.setPen(QPen(qt(Theme::instance().colours().accent), 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

void Drawing::draw_title(QPainter& painter, const QRectF& area, const QString& text) {
  const QFont plain = painter.font();
  QFont bold = plain;
  bold.setBold(true);
  painter.setFont(bold);
  painter.setPen(qt(Theme::instance().colours().text));
  painter.drawText(area.adjusted(10, 6, -10, 0), Qt::AlignLeft | Qt::AlignTop, text);
  painter.setFont(plain);
}

void Drawing::draw_empty(QPainter& painter, const QRectF& area, const QString& text) const {
  painter.setPen(qt(Theme::instance().colours().faint));
  painter.drawText(area.adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, text);
}

bool export_drawing(const Drawing& drawing, const QString& file, QSize size) {
  const QRectF area(QPointF(0, 0), QSizeF(size));
  const QColor ground = qt(Theme::instance().colours().base);
  const QString ending = file.section(QLatin1Char('.'), -1).toLower();
  if (ending == QLatin1String("png")) {
    QImage image(size, QImage::Format_RGB32);
    image.fill(ground);
    QPainter painter(&image);
    drawing.draw(painter, area);
    painter.end();
    return image.save(file, "PNG");
  }
  if (ending == QLatin1String("svg")) {
    QSvgGenerator svg;
    svg.setFileName(file);
    svg.setSize(size);
    svg.setViewBox(area);
    QPainter painter;
    if (!painter.begin(&svg)) return false;
    painter.fillRect(area, ground);
    drawing.draw(painter, area);
    return painter.end();
  }
  if (ending == QLatin1String("pdf")) {
    QPdfWriter pdf(file);
    pdf.setResolution(96);
    pdf.setPageSize(QPageSize(QSizeF(size) * 72.0 / 96.0, QPageSize::Point));
    pdf.setPageMargins(QMarginsF());
    QPainter painter;
    if (!painter.begin(&pdf)) return false;
    painter.fillRect(area, ground);
    drawing.draw(painter, area);
    return painter.end();
  }
  return false;
}

}  // namespace mezz::gui

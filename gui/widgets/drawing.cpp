#include "gui/widgets/drawing.h"

#include <QBuffer>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
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

bool write_whole(const QString& file, const QByteArray& bytes, QString* reason) {
  QSaveFile out(file);
  // Of the last block a full disk takes a part, which is no error to Qt 6.4: hence the size.
  const bool written = out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() &&
                       out.flush() && out.size() == bytes.size() && out.commit();
  if (!written && reason != nullptr) {
    const bool known = out.error() != QFileDevice::NoError;
    *reason = known ? out.errorString() : QStringLiteral("No space left on device");
  }
  return written;
}

QByteArray as_png(const QImage& image) {
  QBuffer buffer;
  return image.save(&buffer, "PNG") ? buffer.data() : QByteArray();
}

namespace {

bool paint(QPaintDevice& device, const Drawing& drawing, const QRectF& area) {
  QPainter painter;
  if (!painter.begin(&device)) return false;
  painter.fillRect(area, qt(Theme::instance().colours().base));
  drawing.draw(painter, area);
  return painter.end();
}

QByteArray svg_of(const Drawing& drawing, QSize size) {
  const QRectF area(QPointF(0, 0), QSizeF(size));
  QBuffer buffer;
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setSize(size);
  svg.setViewBox(area);
  return paint(svg, drawing, area) ? buffer.data() : QByteArray();
}

QByteArray pdf_of(const Drawing& drawing, QSize size) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter pdf(&buffer);
  pdf.setResolution(96);
  pdf.setPageSize(QPageSize(QSizeF(size) * 72.0 / 96.0, QPageSize::Point));
  pdf.setPageMargins(QMarginsF());
  return paint(pdf, drawing, QRectF(QPointF(0, 0), QSizeF(size))) ? buffer.data() : QByteArray();
}

QByteArray png_of(const Drawing& drawing, QSize size) {
  QImage image(size, QImage::Format_RGB32);
  return paint(image, drawing, QRectF(QPointF(0, 0), QSizeF(size))) ? as_png(image) : QByteArray();
}

}  // namespace

bool export_drawing(const Drawing& drawing, const QString& file, QSize size) {
  const QString ending = file.section(QLatin1Char('.'), -1).toLower();
  QByteArray bytes;
  if (ending == QLatin1String("png")) bytes = png_of(drawing, size);
  if (ending == QLatin1String("svg")) bytes = svg_of(drawing, size);
  if (ending == QLatin1String("pdf")) bytes = pdf_of(drawing, size);
  return !bytes.isEmpty() && write_whole(file, bytes);
}

}  // namespace mezz::gui

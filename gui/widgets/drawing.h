// A widget whose picture can also go to a file: draw() paints on any QPainter in the colours of the
// theme, so PNG, SVG and PDF show what the screen shows, at any size.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QPainter>
#include <QString>
#include <QWidget>

#include "gui/model/colours.h"

namespace mezz::gui {

class Drawing : public QWidget {
  Q_OBJECT

 public:
  explicit Drawing(QWidget* parent = nullptr);

  virtual void draw(QPainter& painter, const QRectF& area) const = 0;
  // Bold, in the upper left corner.
  static void draw_title(QPainter& painter, const QRectF& area, const QString& text);
  // Written in the middle when there is nothing to draw.
  void draw_empty(QPainter& painter, const QRectF& area, const QString& text) const;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

// All of the file or nothing: when it cannot be written, an earlier one stays. False then, with the
// reason.
bool write_whole(const QString& file, const QByteArray& bytes, QString* reason = nullptr);
QByteArray as_png(const QImage& image);

// By the ending: .png, .svg or .pdf. False when the ending is another or the file cannot be
// written.
bool export_drawing(const Drawing& drawing, const QString& file, QSize size);

}  // namespace mezz::gui

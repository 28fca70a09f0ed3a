// A picture over simulated time: what all of them share. Left margin, time axis and cursor are the
// same in each, so that pictures above one another line up, and so are the hands:
//   wheel, + and -: zoom      drag, left and right: pan      Home: everything
//   pointer: read-out         click, Enter: jump there in the event log
#pragma once

#include <optional>

#include "gui/widgets/drawing.h"
#include "gui/widgets/time_context.h"

namespace mezz::gui {

class TimeDrawing : public Drawing {
  Q_OBJECT

 public:
  explicit TimeDrawing(TimeContext& time, QWidget* parent = nullptr);

  // The part of `area` inside the axes.
  [[nodiscard]] QRectF plot_area(const QRectF& area) const;

 signals:
  void clicked(Time t);

 protected:
  [[nodiscard]] const TimeContext& time() const { return time_; }
  [[nodiscard]] double x_of(Time t, const QRectF& plot) const;
  [[nodiscard]] Time time_at(double x) const;
  // Grid lines and marks of the time axis below `plot`, and the frame around it.
  void draw_time_axis(QPainter& painter, const QRectF& plot) const;
  void draw_cursor(QPainter& painter, const QRectF& plot) const;
  // Title, cursor and its time. Where the text beside them may begin.
  double draw_heading(QPainter& painter, const QRectF& area, const QRectF& plot,
                      const QString& title) const;

  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  TimeContext& time_;
  std::optional<QPointF> press_;
  TimeRange range_at_press_;
  bool dragged_ = false;
};

}  // namespace mezz::gui

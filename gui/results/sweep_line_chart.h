// A headline number along one parameter: the mean of the runs at each value, and its interval as a
// band. Values stand at even distances, in their order.
#pragma once

#include "gui/model/sweep_line.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

class SweepLineChart final : public Drawing {
  Q_OBJECT

 public:
  explicit SweepLineChart(QWidget* parent = nullptr);
  void set_line(SweepLine line);
  [[nodiscard]] const SweepLine& line() const { return line_; }
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  struct Frame {
    QRectF plot;  // inside the axes
    double low = 0.0;
    double high = 1.0;
    double step = 1.0;  // from one value of the parameter to the next
    [[nodiscard]] QPointF at(std::size_t i, double value) const;
  };
  void draw_grid(QPainter& painter, const QRectF& area, const Frame& frame) const;
  void draw_line(QPainter& painter, const Frame& frame) const;
  void draw_values(QPainter& painter, const Frame& frame) const;

  SweepLine line_;
};

}  // namespace mezz::gui

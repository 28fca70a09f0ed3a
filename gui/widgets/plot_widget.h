// Curves over simulated time. Every pixel column shows the smallest and largest value in it, so no
// spike is lost at any zoom. A value holds until the next one, so curves are steps. Filled curves
// painted from the greatest to the least are stacked bands.
#pragma once

#include <memory>
#include <vector>

#include "gui/model/compare_series.h"
#include "gui/model/run_data.h"
#include "gui/widgets/time_drawing.h"

namespace mezz::gui {

struct Curve {
  std::shared_ptr<const Series> series;
  QString label;
  std::size_t colour = 0;
  bool filled = false;  // down to zero; its value is not in the legend
};

// Events drawn on the first curve; the shape says which kind.
struct EventMarks {
  enum class Shape : std::uint8_t { Dot, Triangle, Cross };
  QString label;
  Shape shape = Shape::Dot;
  std::vector<std::int64_t> times;  // sorted
};

class PlotWidget final : public TimeDrawing {
  Q_OBJECT

 public:
  explicit PlotWidget(TimeContext& time, QWidget* parent = nullptr);

  void set_curves(const QString& title, std::vector<Curve> curves);
  void set_marks(std::vector<EventMarks> marks);
  void set_band(Band band);  // an empty one removes it
  void set_log(bool log);
  // For a narrow place: above the plot only its title and, on the right in the colours of the
  // curves, their values at the cursor.
  void set_compact(bool compact);
  [[nodiscard]] bool is_log() const { return log_; }
  [[nodiscard]] const std::vector<Curve>& curves() const { return curves_; }
  // Of the values shown.
  [[nodiscard]] Extremes shown() const;

  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  // Maps values to pixels, on a linear or a logarithmic axis.
  struct Axis {
    double low = 0.0;
    double high = 1.0;
    bool log = false;
    QRectF area;
    [[nodiscard]] double y(double value) const;
  };

  [[nodiscard]] Axis axis_of(const QRectF& plot) const;
  void draw_axes(QPainter& painter, const QRectF& plot, const Axis& axis) const;
  void draw_curve(QPainter& painter, const QRectF& plot, const Axis& axis,
                  const Curve& curve) const;
  void draw_filled(QPainter& painter, const QRectF& plot, const Axis& axis,
                   const Curve& curve) const;
  void draw_band(QPainter& painter, const QRectF& plot, const Axis& axis) const;
  void draw_marks(QPainter& painter, const QRectF& plot, const Axis& axis) const;
  void draw_legend(QPainter& painter, const QRectF& area, const QRectF& plot) const;
  void draw_values(QPainter& painter, const QRectF& area) const;

  QString title_;
  std::vector<Curve> curves_;
  std::vector<EventMarks> marks_;
  Band band_;
  bool log_ = false;
  bool compact_ = false;
};

}  // namespace mezz::gui

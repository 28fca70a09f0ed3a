// Candles of one instrument with what was forced on its accounts, and volume below. The length of
// a bar follows the zoom. A rising candle is hollow, a falling one filled; when few fills are in
// sight each is drawn, pointing up where the taker bought.
#pragma once

#include <map>
#include <memory>

#include "gui/model/candles.h"
#include "gui/widgets/time_drawing.h"

namespace mezz::gui {

class CandleChart final : public TimeDrawing {
  Q_OBJECT

 public:
  CandleChart(TimeContext& time, std::shared_ptr<const Tape> tape, QWidget* parent = nullptr);

  // Written before the title, where several runs are shown.
  void set_run(const QString& name) { run_ = name; }
  void draw(QPainter& painter, const QRectF& area) const override;
  // What is drawn at this width.
  [[nodiscard]] const Bars& bars(double width) const;

 private:
  struct Scale {
    QRectF area;
    double low = 0.0;
    double high = 1.0;
    [[nodiscard]] double y(double value) const {
      return area.bottom() - (value - low) / (high - low) * area.height();
    }
  };

  [[nodiscard]] Scale price_scale(const QRectF& plot, const Bars& bars) const;
  void draw_scale(QPainter& painter, const Scale& scale) const;
  void draw_mark(QPainter& painter, const Scale& scale) const;
  void draw_candles(QPainter& painter, const Scale& scale, const Bars& bars) const;
  void draw_fills(QPainter& painter, const Scale& scale) const;
  void draw_forced(QPainter& painter, const Scale& scale, const Bars& bars) const;
  void draw_volume(QPainter& painter, const QRectF& plot, const Bars& bars) const;
  void draw_legend(QPainter& painter, const QRectF& area, const QRectF& plot,
                   const Bars& bars) const;
  [[nodiscard]] QString read_out(Time at, const Bars& bars) const;
  // In pixels, not less than one.
  [[nodiscard]] double bar_width(const QRectF& plot, const Bars& bars) const;

  std::shared_ptr<const Tape> tape_;
  QString run_;
  mutable std::map<std::int64_t, Bars> bars_;  // by length; made when first seen
};

}  // namespace mezz::gui

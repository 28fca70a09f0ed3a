// Latencies of one run: a table of quantiles, and the histogram of the row that is chosen in it,
// time and count each on a linear or a logarithmic axis.
#pragma once

#include <QWidget>
#include <vector>

#include "gui/model/latency.h"
#include "gui/widgets/drawing.h"
#include "gui/widgets/fitted_table.h"

class QCheckBox;

namespace mezz::gui {

class LatencyHistogram final : public Drawing {
  Q_OBJECT

 public:
  explicit LatencyHistogram(QWidget* parent = nullptr);

  void set_latency(Latency latency);
  void set_scales(AxisScale time, AxisScale count);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  struct Frame;  // where the bins lie

  void draw_axes(QPainter& painter, const Frame& frame) const;
  void draw_bins(QPainter& painter, const Frame& frame) const;
  void draw_quantiles(QPainter& painter, const Frame& frame) const;

  Latency latency_;
  AxisScale time_ = AxisScale::Log;
  AxisScale count_ = AxisScale::Linear;
};

class LatencyView final : public QWidget {
  Q_OBJECT

 public:
  explicit LatencyView(QWidget* parent = nullptr);

  void set_latencies(std::vector<Latency> latencies);
  [[nodiscard]] FittedTable& table() { return *table_; }
  [[nodiscard]] LatencyHistogram& histogram() { return *histogram_; }

 private:
  void show_chosen();

  std::vector<Latency> latencies_;
  LatencyHistogram* histogram_;
  FittedTable* table_;
  QCheckBox* log_time_;
  QCheckBox* log_count_;
};

}  // namespace mezz::gui

// Who paid, and how bad it gets over many runs: the loss waterfall of one run, the heat map of two
// parameters of a sweep, and cards of the tail of one metric.
#pragma once

#include <vector>

#include "gui/model/losses.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

class LossWaterfall final : public Drawing {
  Q_OBJECT

 public:
  explicit LossWaterfall(QWidget* parent = nullptr);
  void set_steps(std::vector<LossStep> steps);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  std::vector<LossStep> steps_;
};

class HeatMap final : public Drawing {
  Q_OBJECT

 public:
  explicit HeatMap(QWidget* parent = nullptr);
  void set_grid(SweepGrid grid);
  [[nodiscard]] const SweepGrid& grid() const { return grid_; }
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  SweepGrid grid_;
};

class RiskCards final : public Drawing {
  Q_OBJECT

 public:
  explicit RiskCards(QWidget* parent = nullptr);
  // `values`: the metric of every run.
  void set_values(const QString& metric, const std::string& unit, std::vector<double> values);
  // liquidations.notional of the same runs, for liquidations at risk.
  void set_liquidated(std::vector<double> usd);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  QString metric_;
  std::string unit_;
  std::vector<double> values_;
  std::vector<double> liquidated_;
};

}  // namespace mezz::gui

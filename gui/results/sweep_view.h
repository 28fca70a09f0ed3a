// Many runs at once: a metric over two of the parameters in which they differ, and its tail.
#pragma once

#include <QWidget>

#include "gui/results/risk_charts.h"

class QComboBox;

namespace mezz::gui {

class SweepView final : public QWidget {
  Q_OBJECT

 public:
  explicit SweepView(QWidget* parent = nullptr);

  void set_runs(const std::vector<RunSummary>& runs);
  [[nodiscard]] HeatMap& map() { return *map_; }

 private:
  void fill();

  std::vector<RunSummary> runs_;
  QComboBox* x_;
  QComboBox* y_;
  QComboBox* metric_;
  HeatMap* map_;
  RiskCards* cards_;
};

}  // namespace mezz::gui

// Many runs at once: a metric over two of the parameters in which they differ, as a map, or along
// one of them, as a line with its interval; and its tail.
#pragma once

#include <QWidget>

#include "gui/results/risk_charts.h"
#include "gui/results/sweep_line_chart.h"

class QComboBox;
class QStackedWidget;

namespace mezz::gui {

class SweepView final : public QWidget {
  Q_OBJECT

 public:
  explicit SweepView(QWidget* parent = nullptr);

  void set_runs(const std::vector<RunSummary>& runs);
  [[nodiscard]] HeatMap& map() { return *map_; }
  [[nodiscard]] SweepLineChart& line() { return *line_; }
  // A map, not a line, is shown.
  [[nodiscard]] bool shows_map() const;

 private:
  // "Down" offers what "Across" does not show, and no second parameter.
  void fill_down();
  void fill();

  std::vector<RunSummary> runs_;
  QStringList parameters_;
  QComboBox* x_;
  QComboBox* y_;
  QComboBox* metric_;
  QStackedWidget* charts_;
  HeatMap* map_;
  SweepLineChart* line_;
  RiskCards* cards_;
};

}  // namespace mezz::gui

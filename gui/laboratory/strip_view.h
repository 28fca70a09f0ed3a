// The numbers of the run over time, on the same plots as the results browser: zoom and pan with
// wheel and mouse, values under the pointer, a click goes to that moment. With a baseline, two
// curves each.
#pragma once

#include <QScrollArea>
#include <vector>

#include "gui/laboratory/lab_frame.h"
#include "gui/widgets/plot_widget.h"

class QLabel;

namespace mezz::gui {

class StripView final : public QScrollArea {
  Q_OBJECT

 public:
  explicit StripView(TimeContext& time, QWidget* parent = nullptr);
  void set_frame(const LabFramePtr& frame);
  // Beside the run; empty takes it away.
  void set_baseline(std::vector<lab::LabSeries> series);
  [[nodiscard]] bool has_baseline() const { return !baseline_.empty(); }
  [[nodiscard]] const std::vector<PlotWidget*>& plots() const { return plots_; }
  // The cursor of the plots is the pointer then, else the moment at which the run stands.
  [[nodiscard]] bool is_pointed_at() const { return inside_->underMouse(); }
  // All of the plots, also what is scrolled away.
  [[nodiscard]] QWidget& picture() const { return *inside_; }
  [[nodiscard]] QSize sizeHint() const override { return {420, 420}; }

 signals:
  void time_chosen(mezz::Time time);

 private:
  void show_series();

  TimeContext& time_;
  LabFramePtr frame_;
  std::vector<std::shared_ptr<const Series>> baseline_;
  QWidget* inside_;
  QLabel* legend_;
  std::vector<PlotWidget*> plots_;
};

}  // namespace mezz::gui

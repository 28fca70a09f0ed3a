// Depth of a book over time: bands of what rests within each distance of the middle, asks above the
// axis and bids below, and the numbers of both sides at the cursor (without one: at the end of what
// is shown).
#pragma once

#include <QWidget>
#include <memory>

#include "gui/model/book_depth.h"
#include "gui/widgets/time_context.h"

class QComboBox;
class QLabel;

namespace mezz::gui {

class PlotWidget;

class DepthView final : public QWidget {
  Q_OBJECT

 public:
  explicit DepthView(TimeContext& time, QWidget* parent = nullptr);

  void set_run(std::shared_ptr<const RunData> run);
  [[nodiscard]] PlotWidget& plot() { return *plot_; }
  [[nodiscard]] QComboBox& instruments() { return *instruments_; }
  // What is written above the plot.
  [[nodiscard]] QString reading() const;

 private:
  void show_instrument();
  void show_reading();

  TimeContext& time_;
  std::shared_ptr<const RunData> run_;
  Depth depth_;
  QComboBox* instruments_;
  QLabel* reading_;
  PlotWidget* plot_;
};

}  // namespace mezz::gui

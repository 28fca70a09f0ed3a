// The Greeks ladder at the cursor (without one: at the end of what is shown), per unit of the
// contract or times the open interest.
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "gui/model/greeks/greeks_ladder.h"
#include "gui/widgets/fitted_table.h"
#include "gui/widgets/time_context.h"

class QCheckBox;
class QLabel;

namespace mezz::gui {

class GreeksView final : public QWidget {
  Q_OBJECT

 public:
  explicit GreeksView(TimeContext& time, QWidget* parent = nullptr);

  void set_run(std::shared_ptr<const RunData> run);
  [[nodiscard]] FittedTable& table() { return *table_; }
  [[nodiscard]] QString heading() const;
  void weigh_with_open_interest(bool weigh);

 private:
  void show_ladder();
  void fill_row(int row, const GreeksRow& listing);

  TimeContext& time_;
  std::shared_ptr<const RunData> run_;
  std::optional<GreeksLadder> ladder_;
  QLabel* heading_;
  QCheckBox* weigh_;
  FittedTable* table_;
};

}  // namespace mezz::gui

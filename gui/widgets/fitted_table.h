// A table for a narrow place: it does not scroll sideways as long as the columns that matter fit.
// Where there is no room the others go, the least important first, and hidden_text() says what
// they hold; make_rest_line() shows it below the table.
#pragma once

#include <QTableWidget>
#include <vector>

class QLabel;

namespace mezz::gui {

class FittedTable final : public QTableWidget {
  Q_OBJECT

 public:
  using QTableWidget::QTableWidget;

  // Columns that may go, by number, the first one first.
  void set_expendable(std::vector<int> columns);
  // To be called when cells have changed: widths follow the contents, then what fits is shown.
  void fit();
  // "p99.9 1.3 h, longest 2 h": of the columns that are hidden; empty when none is.
  [[nodiscard]] QString hidden_text(int row) const;

 signals:
  void fitted();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  std::vector<int> expendable_;
};

// What is hidden of the current row, or of the first; nothing to be seen when all of it fits. It
// follows the table.
QLabel* make_rest_line(FittedTable& table);

}  // namespace mezz::gui

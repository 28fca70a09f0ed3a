#include "gui/widgets/fitted_table.h"

#include <QHeaderView>
#include <QLabel>
#include <QResizeEvent>
#include <algorithm>

namespace mezz::gui {

void FittedTable::set_expendable(std::vector<int> columns) {
  expendable_ = std::move(columns);
  fit();
}

void FittedTable::fit() {
  for (const int column : expendable_) setColumnHidden(column, false);
  resizeColumnsToContents();
  for (const int column : expendable_) {
    if (horizontalHeader()->length() <= viewport()->width()) break;
    setColumnHidden(column, true);
  }
  emit fitted();
}

QString FittedTable::hidden_text(int row) const {
  QStringList words;
  for (int column = 0; column < columnCount(); ++column) {
    const QTableWidgetItem* cell = item(row, column);
    if (!isColumnHidden(column) || cell == nullptr) continue;
    words << horizontalHeaderItem(column)->text() + QLatin1Char(' ') + cell->text();
  }
  return words.join(QStringLiteral(", "));
}

// Also when the headings of the rows become wider: the viewport then becomes narrower.
void FittedTable::resizeEvent(QResizeEvent* event) {
  QTableWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) fit();
}

QLabel* make_rest_line(FittedTable& table) {
  auto* line = new QLabel;
  line->setObjectName(QStringLiteral("rest"));
  line->setWordWrap(true);
  line->setTextInteractionFlags(Qt::TextSelectableByMouse);
  const auto tell = [line, &table] {
    const int row = std::max(0, table.currentRow());
    const QString hidden = table.hidden_text(row);
    const QTableWidgetItem* head = table.verticalHeaderItem(row);
    line->setVisible(!hidden.isEmpty());
    line->setText(head == nullptr || hidden.isEmpty()
                      ? hidden
                      : QStringLiteral("%1: %2").arg(head->text(), hidden));
  };
  QObject::connect(&table, &FittedTable::fitted, line, tell);
  QObject::connect(&table, &QTableWidget::currentCellChanged, line, tell);
  return line;
}

}  // namespace mezz::gui

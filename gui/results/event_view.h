// The event log: every row of every table of a run in the order of time, with the filter language
// of gui/model/event_filter.h, which is applied in the background (filter_job.h). The cursor and
// the log follow each other.
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <vector>

#include "gui/results/filter_job.h"
#include "gui/widgets/time_context.h"

class QLabel;
class QLineEdit;
class QTableView;

namespace mezz::gui {

class EventTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { When, Kind, Account, Details, Columns };

  using QAbstractTableModel::QAbstractTableModel;

  // All events of the log.
  void set_log(std::shared_ptr<const EventLog> log);
  // Only these of the log's events; null is all of them.
  void set_rows(std::shared_ptr<const FilterJob::Rows> rows);
  [[nodiscard]] const std::shared_ptr<const EventLog>& log() const { return log_; }
  // The event in a row, and the first row at or after a moment.
  [[nodiscard]] std::size_t event_of(int row) const;
  [[nodiscard]] int row_at(Time t) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  std::shared_ptr<const EventLog> log_;
  std::shared_ptr<const FilterJob::Rows> rows_;
};

class EventView final : public QWidget {
  Q_OBJECT

 public:
  explicit EventView(TimeContext& time, QWidget* parent = nullptr);

  void set_log(std::shared_ptr<const EventLog> log);
  // Looked for in the background; a wrong filter leaves the rows as they are and says why.
  void set_filter(const QString& text);
  [[nodiscard]] bool filtering() const { return job_->running(); }
  // Ends a search; the rows stay as they were.
  void stop_filtering();
  [[nodiscard]] QString filter() const;
  [[nodiscard]] QString complaint() const;
  [[nodiscard]] EventTable& table() { return *model_; }
  void focus_filter();
  void show_time(Time t);
  void next(int step);

 signals:
  // A row of /tx was chosen.
  void transaction_chosen(const TableData* tx, std::size_t row);

 private:
  void apply();
  void show_rows(const std::shared_ptr<const FilterJob::Rows>& rows);
  enum class Answer { Plain, Wrong };
  void answer(const QString& text, Answer kind);
  void row_chosen(int row);

  TimeContext& time_;
  EventTable* model_;
  FilterJob* job_;
  QLineEdit* filter_;
  QLabel* answer_;
  QTableView* view_;
};

}  // namespace mezz::gui

#include "gui/results/event_view.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

void EventTable::set_log(std::shared_ptr<const EventLog> log) {
  beginResetModel();
  log_ = std::move(log);
  rows_ = nullptr;
  endResetModel();
}

void EventTable::set_rows(std::shared_ptr<const FilterJob::Rows> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

std::size_t EventTable::event_of(int row) const {
  const auto at = static_cast<std::size_t>(row);
  return rows_ == nullptr ? at : (*rows_)[at];
}

int EventTable::row_at(Time t) const {
  int low = 0;
  int high = rowCount();
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (log_->time(event_of(middle)) < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

int EventTable::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || log_ == nullptr) return 0;
  const std::size_t count = rows_ == nullptr ? log_->size() : rows_->size();
  return static_cast<int>(std::min<std::size_t>(count, std::numeric_limits<int>::max()));
}

int EventTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Columns;
}

QVariant EventTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || log_ == nullptr || index.row() >= rowCount()) return {};
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const std::size_t event = event_of(index.row());
  switch (index.column()) {
    case When:
      return QString::fromStdString(clock_text(log_->time(event), Duration{1'000}));
    case Kind:
      return QString::fromStdString(log_->table(event).name);
    case Account:
      return QString::fromStdString(log_->account(event));
    case Details:
      return QString::fromStdString(log_->text(event));
    default:
      return {};
  }
}

QVariant EventTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case When:
      return tr("Time");
    case Kind:
      return tr("Kind");
    case Account:
      return tr("Account");
    case Details:
      return tr("Details");
    default:
      return {};
  }
}

EventView::EventView(TimeContext& time, QWidget* parent)
    : QWidget(parent),
      time_(time),
      model_(new EventTable(this)),
      job_(new FilterJob(this)),
      filter_(new QLineEdit),
      answer_(new QLabel),
      view_(new QTableView) {
  filter_->setPlaceholderText(
      tr("Filter, for example: kind=liquidation account=42 fund_paid>0 t>30min"));
  filter_->setClearButtonEnabled(true);
  filter_->setAccessibleName(tr("Filter of the event log"));
  view_->setAccessibleName(tr("Events"));
  view_->setModel(model_);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->setAlternatingRowColors(true);
  view_->setShowGrid(false);
  view_->setWordWrap(false);
  view_->setTabKeyNavigation(false);
  // Fixed heights: ten million rows are never measured.
  view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  view_->verticalHeader()->hide();
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  const int character = fontMetrics().averageCharWidth();
  view_->setColumnWidth(EventTable::When, character * 21);
  view_->setColumnWidth(EventTable::Kind, character * 22);
  view_->setColumnWidth(EventTable::Account, character * 12);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(filter_);
  layout->addWidget(answer_);
  layout->addWidget(view_, 1);
  connect(filter_, &QLineEdit::returnPressed, this, &EventView::apply);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    if (text.isEmpty()) apply();
  });
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& index) { row_chosen(index.row()); });
  connect(job_, &FilterJob::progressed, this, [this](double share) {
    answer(tr("Filtering, %1 % (Esc stops)").arg(static_cast<int>(share * 100)), Answer::Plain);
  });
  connect(job_, &FilterJob::found, this, &EventView::show_rows);
  answer_->setText(tr("Open a result to see its events"));
}

void EventView::set_log(std::shared_ptr<const EventLog> log) {
  model_->set_log(std::move(log));
  apply();
}

void EventView::set_filter(const QString& text) {
  filter_->setText(text);
  apply();
}

QString EventView::filter() const { return filter_->text(); }
QString EventView::complaint() const { return answer_->text(); }

void EventView::focus_filter() {
  filter_->setFocus();
  filter_->selectAll();
}

void EventView::apply() {
  job_->stop();
  if (model_->log() == nullptr) return;
  try {
    const EventFilter filter(filter_->text().toStdString(), *model_->log()->run());
    if (filter.matches_all()) {
      show_rows(nullptr);
    } else {
      job_->start(model_->log(), filter);
    }
  } catch (const FilterError& error) {
    answer(tr("At character %1: %2").arg(error.place() + 1).arg(QString::fromUtf8(error.what())),
           Answer::Wrong);
    filter_->setCursorPosition(static_cast<int>(error.place()));
  }
}

void EventView::stop_filtering() {
  if (!job_->running()) return;
  job_->stop();
  answer(tr("Stopped; the events are those of before"), Answer::Wrong);
}

void EventView::show_rows(const std::shared_ptr<const FilterJob::Rows>& rows) {
  model_->set_rows(rows);
  answer(tr("%L1 of %L2 events; Enter applies the filter")
             .arg(model_->rowCount())
             .arg(model_->log()->size()),
         Answer::Plain);
}

void EventView::answer(const QString& text, Answer kind) {
  const ThemeColours& c = Theme::instance().colours();
  QPalette palette = QWidget::palette();
  palette.setColor(QPalette::WindowText, qt(kind == Answer::Wrong ? c.bad : c.faint));
  answer_->setText(text);
  answer_->setPalette(palette);
}

void EventView::show_time(Time t) {
  if (model_->rowCount() == 0) return;
  const int row = std::min(model_->row_at(t), model_->rowCount() - 1);
  const QSignalBlocker quiet(view_->selectionModel());
  view_->selectRow(row);
  view_->scrollTo(model_->index(row, 0), QAbstractItemView::PositionAtCenter);
  view_->viewport()->update();
}

void EventView::next(int step) {
  if (model_->rowCount() == 0) return;
  const int row = std::clamp(view_->currentIndex().row() + step, 0, model_->rowCount() - 1);
  view_->setCurrentIndex(model_->index(row, 0));
}

void EventView::row_chosen(int row) {
  if (row < 0 || row >= model_->rowCount()) return;
  const std::size_t event = model_->event_of(row);
  time_.jump_to(model_->log()->time(event));
  const TableData& table = model_->log()->table(event);
  if (table.path == "tx") emit transaction_chosen(&table, model_->log()->row(event));
}

}  // namespace mezz::gui

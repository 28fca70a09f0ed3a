#include "gui/results/run_table.h"

#include <QColor>
#include <algorithm>
#include <array>
#include <map>

#include "analysis/headline.h"
#include "gui/model/losses.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

struct Headline {
  const char* title;
  const char* metric;
};
constexpr std::array<Headline, 9> kHeadlines = {{{"Bad debt", "bad_debt.usd"},
                                                 {"Liquidations", "liquidations.count"},
                                                 {"Fund, lowest", "insurance_fund.min"},
                                                 {"Deleveraged", "adl.notional"},
                                                 {"Preconfirmed p99", "finality.preconfirmed.p99"},
                                                 {"Published p99", "finality.published.p99"},
                                                 {"Settled p99", "finality.settled.p99"},
                                                 {"Trades", "trades"},
                                                 {"Events", "events"}}};
constexpr int kFixedColumns = 3;

QString title_of(const RunSummary& run) {
  const std::string& title = run.header.title;
  return QString::fromStdString(run.file_name() + (title.empty() ? "" : "  " + title));
}

}  // namespace

void RunTable::add(const std::vector<RunSummary>& runs) {
  beginResetModel();
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < runs_.size(); ++i) rows.emplace(runs_[i].path, i);
  for (const RunSummary& run : runs) {
    const auto [entry, fresh] = rows.emplace(run.path, runs_.size());
    if (fresh) {
      runs_.push_back(run);
    } else {
      runs_[entry->second] = run;
    }
  }
  find_columns();
  endResetModel();
}

void RunTable::clear() {
  beginResetModel();
  runs_.clear();
  ticked_.clear();
  find_columns();
  endResetModel();
}

void RunTable::find_columns() {
  columns_.resize(kFixedColumns);
  for (const std::string& name : varying_parameters(runs_)) {
    // A few are a comparison, many are different scenarios.
    if (columns_.size() < kFixedColumns + 4) columns_.push_back({name, "", name});
  }
  for (const Headline& headline : kHeadlines)
    columns_.push_back({headline.title, headline.metric, ""});
}

void RunTable::set_ticked(const std::vector<std::string>& paths, bool ticked) {
  bool changed = false;
  for (const std::string& path : paths)
    changed = (ticked ? ticked_.insert(path).second : ticked_.erase(path) > 0) || changed;
  if (!changed) return;
  emit dataChanged(index(0, 0), index(std::max(0, rowCount() - 1), 0));
  emit ticks_changed();
}

std::vector<std::string> RunTable::ticked() const {
  std::vector<std::string> paths;
  for (const RunSummary& run : runs_) {
    if (ticked_.contains(run.path)) paths.push_back(run.path);
  }
  return paths;
}

int RunTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QString RunTable::text(const RunSummary& run, int column) const {
  if (column == 0) return title_of(run);
  if (column == 2) return QString::fromStdString(run.error.empty() ? run.header.status : run.error);
  if (!run.error.empty()) return {};
  if (column == 1) return QString::number(run.header.seed);
  const Column& shown = columns_[static_cast<std::size_t>(column)];
  if (!shown.parameter.empty()) return QString::fromStdString(run.parameter(shown.parameter));
  const auto value = run.metric(shown.metric);
  if (!value) return QStringLiteral("n/a");
  return QString::fromStdString(analysis::human(*value, run.unit_of(shown.metric)));
}

QVariant RunTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const RunSummary& run = runs_[static_cast<std::size_t>(index.row())];
  const Column& column = columns_[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return text(run, index.column());
    case Qt::ToolTipRole:
      return QString::fromStdString(run.error.empty() ? run.path : run.path + "\n" + run.error);
    case Qt::TextAlignmentRole:
      return index.column() == 0 || index.column() == 2
                 ? QVariant(static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter))
                 : QVariant(static_cast<int>(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ForegroundRole:
      if (!run.error.empty()) return qt(Theme::instance().colours().bad);
      return {};
    case Qt::CheckStateRole:
      if (index.column() != 0) return {};
      return ticked_.contains(run.path) ? Qt::Checked : Qt::Unchecked;
    case kSortRole: {
      if (index.column() == 1) return QVariant::fromValue<qulonglong>(run.header.seed);
      const auto value = run.metric(column.metric);
      if (!column.metric.empty()) return value ? QVariant(*value) : QVariant();
      return text(run, index.column());
    }
    default:
      return {};
  }
}

QVariant RunTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= columnCount()) return {};
  const Column& column = columns_[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromStdString(column.title);
  if (role == Qt::ToolTipRole)
    return QString::fromStdString(column.parameter.empty() ? column.metric : column.parameter);
  return {};
}

Qt::ItemFlags RunTable::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  const bool readable = runs_[static_cast<std::size_t>(index.row())].error.empty();
  Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
  if (index.column() == 0 && readable) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

bool RunTable::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::CheckStateRole || !(flags(index) & Qt::ItemIsUserCheckable)) return false;
  set_ticked(runs_[static_cast<std::size_t>(index.row())].path,
             value.toInt() == static_cast<int>(Qt::Checked));
  return true;
}

}  // namespace mezz::gui

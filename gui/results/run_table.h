// The runs that are open, one row each, with headline numbers: the parameters in which they differ
// first. A file that cannot be read is a row that says why. Ticked runs are shown in the plots.
#pragma once

#include <QAbstractTableModel>
#include <set>
#include <string>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

class RunTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  // Sorts by it: the number where there is one, the text elsewhere.
  static constexpr int kSortRole = Qt::UserRole;

  using QAbstractTableModel::QAbstractTableModel;

  // A run that is there already is replaced.
  void add(const std::vector<RunSummary>& runs);
  void clear();
  void set_ticked(const std::vector<std::string>& paths, bool ticked);
  void set_ticked(const std::string& path, bool ticked) { set_ticked(std::vector{path}, ticked); }
  [[nodiscard]] const std::vector<RunSummary>& runs() const { return runs_; }
  [[nodiscard]] std::vector<std::string> ticked() const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 signals:
  void ticks_changed();

 private:
  struct Column {
    std::string title;
    std::string metric;     // or
    std::string parameter;  // one of the two, or neither for the first columns
  };

  [[nodiscard]] QString text(const RunSummary& run, int column) const;
  void find_columns();

  std::vector<RunSummary> runs_;
  std::vector<Column> columns_ = {{"Run", "", ""}, {"Seed", "", ""}, {"Status", "", ""}};
  std::set<std::string> ticked_;
};

}  // namespace mezz::gui

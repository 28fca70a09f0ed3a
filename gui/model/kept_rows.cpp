#include "gui/model/kept_rows.h"

#include <algorithm>
#include <map>

namespace mezz::gui {

const ColumnData* whole_column(const TableData& table, std::string_view name) {
  const ColumnData* column = table.column(name);
  return column != nullptr && column->stored.size() == table.rows ? column : nullptr;
}

std::vector<bool> kept_rows(const RunData& run, const TableData& table) {
  std::vector<bool> kept(table.rows, true);
  const TableData* blocks = run.table("tables/blocks");
  const ColumnData* block = whole_column(table, "block");
  const ColumnData* incarnation = whole_column(table, "incarnation");
  if (blocks == nullptr || block == nullptr || incarnation == nullptr) return kept;
  const ColumnData* numbers = whole_column(*blocks, "block");
  const ColumnData* incarnations = whole_column(*blocks, "incarnation");
  if (numbers == nullptr || incarnations == nullptr) return kept;
  std::map<std::int64_t, std::int64_t> last;
  for (std::size_t row = 0; row < blocks->rows; ++row) {
    auto& newest = last[numbers->stored[row]];
    newest = std::max(newest, incarnations->stored[row]);
  }
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto entry = last.find(block->stored[row]);
    kept[row] = entry == last.end() || entry->second == incarnation->stored[row];
  }
  return kept;
}

std::shared_ptr<const RunData> only_rows(const TableData& table, const std::vector<bool>& keep) {
  TableData kept{.path = table.path, .name = table.name};
  const auto copy = [&](const auto& from, auto& to) {
    for (std::size_t row = 0; row < from.size() && row < keep.size(); ++row) {
      if (keep[row]) to.push_back(from[row]);
    }
  };
  for (const ColumnData& column : table.columns) {
    ColumnData& to = kept.columns.emplace_back(ColumnData{column.info, {}, {}});
    copy(column.stored, to.stored);
    copy(column.real, to.real);
  }
  kept.rows = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), true));
  auto run = std::make_shared<RunData>();
  run->tables.push_back(std::move(kept));
  return run;
}

}  // namespace mezz::gui

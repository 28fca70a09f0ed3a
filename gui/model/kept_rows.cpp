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

}  // namespace mezz::gui

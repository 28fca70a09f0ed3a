// Which rows of a table count, and columns as the reader promised them: a damaged or foreign file
// may hold another type under a name that is known.
#pragma once

#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

// Rows of `table` whose block was not replaced: those of the last incarnation of their block. All
// when the file does not say.
std::vector<bool> kept_rows(const RunData& run, const TableData& table);
// Null unless the column is there and holds whole numbers.
const ColumnData* whole_column(const TableData& table, std::string_view name);

}  // namespace mezz::gui

// Which rows of a table count, and columns as the reader promised them: a damaged or foreign file
// may hold another type under a name that is known.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

// Rows of `table` whose block was not replaced: those of the last incarnation of their block. All
// when the file does not say.
std::vector<bool> kept_rows(const RunData& run, const TableData& table);
// A run of nothing but these rows of `table`, for series that leave out the others.
std::shared_ptr<const RunData> only_rows(const TableData& table, const std::vector<bool>& keep);
// Null unless the column is there and holds whole numbers.
const ColumnData* whole_column(const TableData& table, std::string_view name);

}  // namespace mezz::gui

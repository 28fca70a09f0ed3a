#include "analysis/reader/contents.h"

namespace mezz::analysis::reader {

void require_sound(const RunContents& run, const RunFileLimits& limits) {
  for (const TableInfo& table : run.tables) {
    if (table.rows > limits.rows) throw BadFrame("too many rows");
    if (table.columns.empty()) throw BadFrame("a table without columns");
    for (const ColumnInfo& column : table.columns) {
      if (column.type > StoredType::F64) throw BadFrame("an unknown type");
      if (column.flag_values.size() != column.flag_meanings.size()) {
        throw BadFrame("flags without meanings");
      }
    }
  }
}

}  // namespace mezz::analysis::reader

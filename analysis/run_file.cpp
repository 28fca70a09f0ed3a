#include "analysis/run_file.h"

#include <algorithm>

#include "analysis/headline.h"
#include "analysis/run_source.h"
#include "sim/check/assert.h"

namespace mezz::analysis {
namespace {

std::string shown(std::string_view name) { return "'" + printable(name.substr(0, 80)) + "'"; }

const TableInfo& require_table(const RunContents& run, std::string_view name) {
  for (const TableInfo& table : run.tables) {
    if (table.path == name) return table;
  }
  throw RunFileError(run.path, "no table " + shown(name));
}

const ColumnInfo& require_column(const RunContents& run, const TableInfo& table,
                                 std::string_view name) {
  if (const ColumnInfo* column = table.column(name)) return *column;
  throw RunFileError(run.path, "no column " + shown(name) + " in " + table.path);
}

RowRange clipped(const TableInfo& table, RowRange range) {
  const std::uint64_t first = std::min(range.first, table.rows);
  return {first, std::min(range.count, table.rows - first)};
}

}  // namespace

// Reasons may quote names from the file.
RunFileError::RunFileError(std::string path, std::string reason)
    : std::runtime_error(path + ": " + printable(reason)),
      path_(std::move(path)),
      reason_(printable(reason)) {}

const ColumnInfo* TableInfo::column(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnInfo& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

RunFile::RunFile(const std::string& path, const RunFileLimits& limits)
    : RunFile(open_with_hdf5(path, limits)) {}

RunFile::RunFile(std::unique_ptr<RunSource> source) : source_(std::move(source)) {
  MEZZ_ASSERT(source_ != nullptr);
}

RunFile::RunFile(RunFile&&) noexcept = default;
RunFile& RunFile::operator=(RunFile&&) noexcept = default;
RunFile::~RunFile() = default;

const std::string& RunFile::path() const { return source_->contents().path; }
bool RunFile::is_part() const { return source_->contents().is_part; }
Time RunFile::committed() const { return source_->contents().committed; }
const RunHeader& RunFile::header() const { return source_->contents().header; }
const std::vector<TableInfo>& RunFile::tables() const { return source_->contents().tables; }

const TableInfo* RunFile::table(std::string_view path) const {
  for (const TableInfo& table : tables()) {
    if (table.path == path) return &table;
  }
  return nullptr;
}

ScenarioText RunFile::scenario() const { return source_->scenario(); }
std::vector<ParameterText> RunFile::parameters() const { return source_->parameters(); }
std::vector<Metric> RunFile::metrics() const { return source_->metrics(); }
std::vector<Metric> RunFile::profile() const { return source_->profile(); }
std::vector<SubHash> RunFile::fingerprints() const { return source_->fingerprints(); }

std::vector<std::int64_t> RunFile::integers(std::string_view table, std::string_view column,
                                            RowRange range) const {
  const TableInfo& from = require_table(source_->contents(), table);
  const ColumnInfo& info = require_column(source_->contents(), from, column);
  if (info.type == StoredType::F64) {
    throw RunFileError(path(), "the column " + info.name + " does not hold integers");
  }
  return source_->integers(from, info, clipped(from, range));
}

std::vector<double> RunFile::doubles(std::string_view table, std::string_view column,
                                     RowRange range) const {
  const TableInfo& from = require_table(source_->contents(), table);
  const ColumnInfo& info = require_column(source_->contents(), from, column);
  return source_->doubles(from, info, clipped(from, range));
}

}  // namespace mezz::analysis

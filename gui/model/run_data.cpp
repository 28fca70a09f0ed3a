#include "gui/model/run_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "analysis/export_table.h"
#include "analysis/headline.h"
#include "analysis/reader/reader_process.h"
#include "gui/model/ticks.h"

namespace mezz::gui {

using analysis::ColumnInfo;
using analysis::StoredType;
using analysis::TableInfo;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kRowsAtOnce = 1'000'000;

bool is_none(const ColumnInfo& info, std::int64_t stored) {
  switch (info.type) {
    case StoredType::U8:
      return stored == UINT8_MAX;
    case StoredType::U16:
      return stored == UINT16_MAX;
    case StoredType::U32:
      return stored == UINT32_MAX;
    case StoredType::U64:
      return stored == -1;
    default:
      return false;
  }
}

std::string name_of(const TableInfo& table) {
  for (const std::string_view front : {"tables/", "series/"}) {
    if (table.path.starts_with(front)) return table.path.substr(front.size());
  }
  return table.path;
}

std::uint64_t bytes_of(const TableInfo& table) { return table.rows * table.columns.size() * 8; }

analysis::RunFile open(const std::string& path, const LoadOptions& options) {
  return analysis::open_in_reader(path, {.program = options.reader});
}

RunSummary summary_of(const analysis::RunFile& file) {
  return {.path = file.path(),
          .error = {},
          .header = file.header(),
          .is_part = file.is_part(),
          .metrics = file.metrics(),
          .parameters = file.parameters()};
}

// Empty when stopped.
std::optional<ColumnData> read_column(const analysis::RunFile& file, const TableInfo& table,
                                      const ColumnInfo& info, const std::stop_token& stop) {
  ColumnData column{info, {}, {}};
  for (std::uint64_t row = 0; row < table.rows; row += kRowsAtOnce) {
    if (stop.stop_requested()) return std::nullopt;
    const analysis::RowRange range{row, std::min(kRowsAtOnce, table.rows - row)};
    if (info.type == StoredType::F64) {
      const auto part = file.doubles(table.path, info.name, range);
      column.real.insert(column.real.end(), part.begin(), part.end());
    } else {
      const auto part = file.integers(table.path, info.name, range);
      column.stored.insert(column.stored.end(), part.begin(), part.end());
    }
  }
  return column;
}

TimeRange range_of(const std::vector<TableData>& tables) {
  TimeRange range{Time{0}, Time{1'000'000'000}};
  for (const TableData& table : tables) {
    const auto times = table.times();
    if (!times.empty()) range.end = std::max(range.end, Time{times.back()});
  }
  return range;
}

}  // namespace

std::optional<double> RunSummary::metric(std::string_view name) const {
  for (const analysis::Metric& metric : metrics) {
    if (metric.name == name && !std::isnan(metric.value)) return metric.value;
  }
  return std::nullopt;
}

std::string RunSummary::unit_of(std::string_view name) const {
  for (const analysis::Metric& metric : metrics) {
    if (metric.name == name) return metric.unit;
  }
  return "1";
}

std::string RunSummary::parameter(std::string_view name) const {
  for (const analysis::ParameterText& p : parameters) {
    if (p.name == name) return p.value;
  }
  return {};
}

std::string RunSummary::file_name() const {
  return std::filesystem::path(path).filename().string();
}

double ColumnData::number(std::size_t row) const {
  if (info.type == StoredType::F64) return real[row];
  const std::int64_t value = stored[row];
  if (is_duration()) return static_cast<double>(value) * 1e-9;
  if (info.is_point_in_time()) return value < 0 ? kNaN : static_cast<double>(value) * 1e-9;
  if (is_none(info, value) && !is_category()) return kNaN;
  if (info.type == StoredType::U64) return static_cast<double>(static_cast<std::uint64_t>(value));
  return static_cast<double>(value) * (info.scale_factor > 0.0 ? info.scale_factor : 1.0);
}

std::string ColumnData::text(std::size_t row) const {
  if (info.type == StoredType::F64) return fmt::format("{:.6g} {}", real[row], info.units);
  const std::int64_t value = stored[row];
  if (is_category()) {
    for (std::size_t i = 0; i < info.flag_values.size() && i < info.flag_meanings.size(); ++i) {
      if (info.flag_values[i] == value) return analysis::printable(info.flag_meanings[i]);
    }
    return fmt::format("{}?", value);
  }
  if (info.is_point_in_time()) return value < 0 ? "never" : clock_text({value}, Duration{1'000});
  if (is_duration()) return duration_text({value});
  if (is_none(info, value)) return "none";
  if (info.units == "USD") return long_number(number(row), 2) + " USD";
  if (info.scale_factor > 0.0) return fmt::format("{:.6g} {}", number(row), info.units);
  const std::string digits = info.type == StoredType::U64
                                 ? std::to_string(static_cast<std::uint64_t>(value))
                                 : std::to_string(value);
  return info.units.empty() || info.units == "1" ? digits : digits + " " + info.units;
}

std::string ColumnData::unit() const {
  if (is_duration() || info.is_point_in_time()) return "s";
  return info.units;
}

const ColumnData* TableData::column(std::string_view wanted) const {
  for (const ColumnData& column : columns) {
    if (column.info.name == wanted) return &column;
  }
  return nullptr;
}

std::span<const std::int64_t> TableData::times() const {
  if (const ColumnData* time = column(path == "tx" ? "submitted" : "time")) return time->stored;
  return {};
}

const TableData* RunData::table(std::string_view name) const {
  for (const TableData& table : tables) {
    if (table.path == name || table.name == name) return &table;
  }
  return nullptr;
}

double Series::at(std::int64_t t) const {
  const auto after = std::upper_bound(times.begin(), times.end(), t);
  if (after == times.begin()) return kNaN;
  return values[static_cast<std::size_t>(after - times.begin()) - 1];
}

std::vector<SeriesName> series_of(const RunData& run) {
  // Whole numbers without a unit are mostly identifiers; these are amounts.
  constexpr std::array<std::string_view, 4> kCounts = {"transactions", "gas_used", "blobs",
                                                       "bytes"};
  std::vector<SeriesName> names;
  for (const TableData& table : run.tables) {
    if (table.rows == 0 || table.times().empty() || table.path == "tx") continue;
    if (!std::is_sorted(table.times().begin(), table.times().end())) continue;
    const bool probe = table.path.starts_with("series/") && table.columns.size() == 2;
    for (const ColumnData& column : table.columns) {
      const ColumnInfo& info = column.info;
      if (info.is_point_in_time() || column.is_category()) continue;
      const bool amount = info.units != "1" || info.scale_factor > 0.0 ||
                          info.type == StoredType::F64 ||
                          std::find(kCounts.begin(), kCounts.end(), info.name) != kCounts.end();
      if (!amount && !table.path.starts_with("series/")) continue;
      names.push_back({probe ? table.name : table.name + "." + info.name, table.path, info.name});
    }
  }
  return names;
}

std::shared_ptr<const Series> make_series(const std::shared_ptr<const RunData>& run,
                                          std::string_view name) {
  for (const SeriesName& entry : series_of(*run)) {
    if (entry.name != name) continue;
    const TableData* table = run->table(entry.table);
    const ColumnData* column = table->column(entry.column);
    auto series = std::make_shared<Series>();
    series->name = entry.name;
    series->unit = column->unit();
    series->owner = run;
    series->times = table->times();
    series->values.resize(table->rows);
    for (std::size_t row = 0; row < table->rows; ++row) series->values[row] = column->number(row);
    series->pyramid = MinMaxPyramid(series->values);
    return series;
  }
  return nullptr;
}

RunSummary read_summary(const std::string& path, const LoadOptions& options) {
  try {
    return summary_of(open(path, options));
  } catch (const std::exception& error) {
    return {.path = path, .error = analysis::printable(error.what())};
  }
}

std::shared_ptr<const RunData> load_run(const std::string& path, const LoadOptions& options) {
  const analysis::RunFile file = open(path, options);
  auto run = std::make_shared<RunData>();
  run->summary = summary_of(file);
  run->scenario = file.scenario();
  run->fingerprints = file.fingerprints();
  std::vector<TableInfo> tables = file.tables();
  std::stable_sort(tables.begin(), tables.end(), [](const TableInfo& a, const TableInfo& b) {
    return bytes_of(a) < bytes_of(b);
  });
  std::uint64_t all = 1;
  for (const TableInfo& table : tables) all += bytes_of(table);
  std::uint64_t read = 0;
  for (const TableInfo& table : tables) {
    if (read + bytes_of(table) > options.bytes_max) {
      run->left_out.push_back(
          fmt::format("{} ({} rows)", table.path, long_number(static_cast<double>(table.rows), 0)));
      continue;
    }
    TableData data{table.path, name_of(table), table.rows, {}};
    for (const ColumnInfo& info : table.columns) {
      std::optional<ColumnData> column = read_column(file, table, info, options.stop);
      if (!column) return nullptr;
      data.columns.push_back(std::move(*column));
      read += table.rows * 8;
      if (options.progress) options.progress(static_cast<double>(read) / static_cast<double>(all));
    }
    run->tables.push_back(std::move(data));
  }
  std::sort(run->tables.begin(), run->tables.end(),
            [](const TableData& a, const TableData& b) { return a.path < b.path; });
  run->range = range_of(run->tables);
  return run;
}

std::vector<std::string> result_files(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (const fs::path& folder : {fs::path(path), fs::path(path) / "runs"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      const bool wanted = entry.path().extension() == ".h5" && entry.is_regular_file(error);
      // The summary of a sweep is no run.
      if (wanted && entry.path().filename() != "sweep.h5") files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace mezz::gui

// What the viewer holds of a result file. A RunSummary is enough for the run table (hundreds of
// runs of a sweep); a RunData has the rows, for the few runs that are looked at. Both come from
// open_in_reader(): libhdf5 never runs in this process, and may be asked from any one thread.
// Tables are read up to a budget of memory, small ones first; what was left out is named.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_file.h"
#include "gui/model/min_max_pyramid.h"
#include "gui/model/time_range.h"

namespace mezz::gui {

struct RunSummary {
  std::string path;
  std::string error;  // not empty: the file cannot be read, and this is why
  analysis::RunHeader header = {};
  bool is_part = false;
  std::vector<analysis::Metric> metrics = {};
  std::vector<analysis::ParameterText> parameters = {};

  [[nodiscard]] std::optional<double> metric(std::string_view name) const;
  [[nodiscard]] std::string unit_of(std::string_view metric) const;
  [[nodiscard]] std::string parameter(std::string_view name) const;  // "" when absent
  [[nodiscard]] std::string file_name() const;
};

struct ColumnData {
  analysis::ColumnInfo info;
  std::vector<std::int64_t> stored;  // as in the file; empty for a float column
  std::vector<double> real;          // only of a float column

  // In the unit of the column: durations in seconds, points in time in seconds since the start. NaN
  // for "never" and "none".
  [[nodiscard]] double number(std::size_t row) const;
  [[nodiscard]] std::string text(std::size_t row) const;
  [[nodiscard]] bool is_category() const { return !info.flag_meanings.empty(); }
  [[nodiscard]] bool is_duration() const { return info.units == "nanoseconds"; }
  // "s" for durations, else as stored.
  [[nodiscard]] std::string unit() const;
};

struct TableData {
  std::string path;  // "tables/liquidations"
  std::string name;  // "liquidations"
  std::size_t rows = 0;
  std::vector<ColumnData> columns = {};

  [[nodiscard]] const ColumnData* column(std::string_view name) const;
  // Of the first column that is a point in time; empty when there is none.
  [[nodiscard]] std::span<const std::int64_t> times() const;
};

struct RunData {
  RunSummary summary;
  analysis::ScenarioText scenario = {};
  std::vector<analysis::SubHash> fingerprints = {};
  std::vector<TableData> tables = {};
  std::vector<std::string> left_out = {};
  TimeRange range = {};  // of all that was recorded

  // By path or by name; null when absent.
  [[nodiscard]] const TableData* table(std::string_view name) const;
};

// One curve. Shared by all plots that show it.
struct Series {
  std::string name;  // "price", "blocks.bad_debt"
  std::string unit;
  std::shared_ptr<const RunData> owner;  // of the times
  std::span<const std::int64_t> times;
  std::vector<double> values;
  MinMaxPyramid pyramid;

  // The value that holds at `t`: the last one not after it; NaN before the first.
  [[nodiscard]] double at(std::int64_t t) const;
};

struct SeriesName {
  std::string name;
  std::string table;
  std::string column;
};

// What can be plotted over time: columns that are amounts, not categories or identifiers.
std::vector<SeriesName> series_of(const RunData& run);
// Null when the run has no such series.
std::shared_ptr<const Series> make_series(const std::shared_ptr<const RunData>& run,
                                          std::string_view name);

struct LoadOptions {
  std::string reader = {};  // program; default: mezz-h5read beside this one
  std::uint64_t bytes_max = std::uint64_t{1} << 31;
  std::stop_token stop = {};
  std::function<void(double share)> progress = {};
};

// A file that cannot be read gives a summary with `error`.
RunSummary read_summary(const std::string& path, const LoadOptions& options = {});
// Null when stopped. Throws RunFileError.
std::shared_ptr<const RunData> load_run(const std::string& path, const LoadOptions& options = {});

// A file stands for itself, a folder for the *.h5 in it and in its folder "runs", sorted.
std::vector<std::string> result_files(const std::string& path);

}  // namespace mezz::gui

// One result file, opened read-only (layout: sim/record/schema.md). NAME.h5 is whole; NAME.h5.part
// belongs to a run that is alive or was killed: it is opened beside its writer (HDF5 SWMR mode) and
// nothing beyond its last /commit record is shown. A missing NAME.h5 falls back to NAME.h5.part.
// The file may be hostile: no locks, plug-ins, soft, external or virtual links, external storage,
// unknown filters or types; every extent, chunk and text is measured before it is read, and the row
// counts must agree with /commit. libhdf5 itself can still crash on a damaged file: programs that
// open files from strangers use open_in_reader() (reader/reader_process.h), which gives the same
// RunFile served by a process of its own.
// Every failure is a RunFileError. Not for several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.h"
#include "sim/types/time.h"

namespace mezz::analysis {

// Exit code 3 of the command line.
class RunFileError : public std::runtime_error {
 public:
  RunFileError(std::string path, std::string reason);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::string path_;
  std::string reason_;
};

// Beyond these a file is refused, before anything is allocated.
struct RunFileLimits {
  std::uint64_t rows = std::uint64_t{1} << 36;         // of one table
  std::uint64_t read_bytes = std::uint64_t{1} << 33;   // by one call of a read function
  std::uint64_t chunk_bytes = std::uint64_t{1} << 26;  // of one chunk, unpacked
  std::uint64_t list_entries = 1'000'000;              // metrics, parameters, fingerprints
  std::uint64_t text_bytes = std::uint64_t{1} << 24;   // of one attribute
};

struct RunHeader {
  std::string title;
  std::string status;       // complete, running (or killed), failed, interrupted
  std::string fingerprint;  // 16 hex digits; of a .part: at its last commit
  std::string git_commit;
  std::string compiler;
  std::string flags;
  std::string creator;
  std::string rng;
  std::string epoch;  // calendar date of simulated time 0
  std::uint64_t seed = 0;
};

struct ScenarioText {
  std::string source;
  std::string resolved;
  std::string interventions;
};

struct ParameterText {
  std::string name;
  std::string value;
};

struct SubHash {
  Time time;
  std::uint64_t events = 0;  // dispatched up to here
  std::uint64_t fingerprint = 0;
};

enum class StoredType : std::uint8_t { I64, I32, U8, U16, U32, U64, F64 };

struct ColumnInfo {
  std::string name;
  StoredType type = StoredType::I64;
  std::string units;          // empty for a category
  double scale_factor = 0.0;  // value = stored * scale_factor; 0 = stored as is
  std::string description;
  std::vector<std::int64_t> flag_values;
  std::vector<std::string> flag_meanings;

  [[nodiscard]] bool is_point_in_time() const { return units.starts_with("nanoseconds since"); }
};

struct TableInfo {
  std::string path;  // "tables/trades", "series/l2_block", "tx"
  std::string description;
  std::uint64_t rows = 0;
  std::vector<ColumnInfo> columns;

  [[nodiscard]] const ColumnInfo* column(std::string_view name) const;  // null when absent
};

struct RowRange {
  std::uint64_t first = 0;
  std::uint64_t count = UINT64_MAX;  // cut at the end of the table
};

class RunSource;

class RunFile {
 public:
  // Calls libhdf5 in this process.
  explicit RunFile(const std::string& path, const RunFileLimits& limits = {});
  explicit RunFile(std::unique_ptr<RunSource> source);
  RunFile(RunFile&&) noexcept;
  RunFile& operator=(RunFile&&) noexcept;
  ~RunFile();

  [[nodiscard]] const std::string& path() const;  // of the file in fact opened
  [[nodiscard]] bool is_part() const;
  [[nodiscard]] Time committed() const;  // simulated time of the last commit
  [[nodiscard]] const RunHeader& header() const;
  [[nodiscard]] const std::vector<TableInfo>& tables() const;
  [[nodiscard]] const TableInfo* table(std::string_view path) const;  // null when absent

  [[nodiscard]] ScenarioText scenario() const;
  [[nodiscard]] std::vector<ParameterText> parameters() const;
  [[nodiscard]] std::vector<Metric> metrics() const;  // empty in a .part
  [[nodiscard]] std::vector<Metric> profile() const;
  [[nodiscard]] std::vector<SubHash> fingerprints() const;

  // The stored integers; a 64-bit unsigned column keeps its bits.
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view table, std::string_view column,
                                                   RowRange range = {}) const;
  // The values in the column's unit (stored * scale_factor), rounded to double.
  [[nodiscard]] std::vector<double> doubles(std::string_view table, std::string_view column,
                                            RowRange range = {}) const;

 private:
  std::unique_ptr<RunSource> source_;
};

struct RunOutcome {
  RunHeader header;
  std::vector<Metric> metrics;  // empty in a .part
};

// What the file says of the whole run, without a look at its tables: many times quicker, for one
// who reads hundreds of files that this program has written. Calls libhdf5 in this process.
RunOutcome read_outcome(const std::string& path);

}  // namespace mezz::analysis

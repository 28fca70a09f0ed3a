// Where a RunFile gets its content from: libhdf5 in this process (run_file_hdf5.cpp), or a reader
// process of its own (reader/reader_process.h). RunFile has checked names and clipped row ranges
// before it asks. Every failure is a RunFileError.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/run_file.h"

namespace mezz::analysis {

// What is known as soon as the file is open.
struct RunContents {
  std::string path;  // of the file in fact opened
  bool is_part = false;
  Time committed = {};
  RunHeader header;
  std::vector<TableInfo> tables;
};

class RunSource {
 public:
  virtual ~RunSource() = default;

  [[nodiscard]] virtual const RunContents& contents() const = 0;
  [[nodiscard]] virtual ScenarioText scenario() = 0;
  [[nodiscard]] virtual std::vector<ParameterText> parameters() = 0;
  [[nodiscard]] virtual std::vector<Metric> metrics() = 0;
  [[nodiscard]] virtual std::vector<Metric> profile() = 0;
  [[nodiscard]] virtual std::vector<SubHash> fingerprints() = 0;
  // `table` and `column` are those of contents(); the rows exist. Integers as stored, doubles in
  // the column's unit.
  [[nodiscard]] virtual std::vector<std::int64_t> integers(const TableInfo& table,
                                                           const ColumnInfo& column,
                                                           RowRange range) = 0;
  [[nodiscard]] virtual std::vector<double> doubles(const TableInfo& table,
                                                    const ColumnInfo& column, RowRange range) = 0;
};

// Opens the file with libhdf5 in this process.
std::unique_ptr<RunSource> open_with_hdf5(const std::string& path, const RunFileLimits& limits);

}  // namespace mezz::analysis

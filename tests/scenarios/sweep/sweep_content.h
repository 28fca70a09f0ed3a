// What a sweep's folder holds, for comparison: every run's fingerprint, metrics and every value of
// every table, without what depends on the machine.
#pragma once

#include <bit>
#include <filesystem>
#include <map>
#include <string>

#include "analysis/run_file.h"
#include "sim/check/fingerprint.h"

namespace mezz {

inline std::string content_of_run(const std::string& path) {
  const analysis::RunFile file(path);
  std::string text = file.header().status + " " + file.header().fingerprint;
  for (const analysis::Metric& m : file.metrics())
    text += "\n" + m.name + " " + std::to_string(m.value);
  for (const analysis::TableInfo& table : file.tables()) {
    Fingerprint values;
    for (const analysis::ColumnInfo& column : table.columns) {
      if (column.type == analysis::StoredType::F64) {
        for (const double value : file.doubles(table.path, column.name)) {
          values.add(std::bit_cast<std::uint64_t>(value));
        }
        continue;
      }
      for (const std::int64_t value : file.integers(table.path, column.name)) {
        values.add(static_cast<std::uint64_t>(value));
      }
    }
    text +=
        "\n" + table.path + " " + std::to_string(table.rows) + " " + std::to_string(values.value());
  }
  return text;
}

// By file name.
inline std::map<std::string, std::string> content_of_sweep(const std::filesystem::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "runs")) {
    content[entry.path().filename()] = content_of_run(entry.path());
  }
  return content;
}

}  // namespace mezz

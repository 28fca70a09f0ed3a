#include "scenarios/validation/recorded_table.h"

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "sim/check/error.h"

namespace mezz::validation {

namespace {

std::vector<std::string> split(std::string line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

RecordedTable::RecordedTable(const std::string& path) : path_(path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) throw ScenarioError("file", "is empty or cannot be read", path);
  columns_ = split(line);
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    rows_.push_back(split(line));
    if (rows_.back().size() != columns_.size()) {
      throw ScenarioError("file", "has a row that is not as wide as its header: " + line, path);
    }
  }
  if (rows_.empty()) throw ScenarioError("file", "has no rows", path);
}

const std::string& RecordedTable::text(std::size_t row, std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == column) return rows_.at(row)[i];
  }
  throw ScenarioError("file", "has no column " + std::string(column), path_);
}

double RecordedTable::number(std::size_t row, std::string_view column) const {
  const std::string& field = text(row, column);
  char* end = nullptr;
  const double value = std::strtod(field.c_str(), &end);
  if (field.empty() || end != field.c_str() + field.size() || !std::isfinite(value)) {
    throw ScenarioError("file", "column " + std::string(column) + " is not a number: " + field,
                        path_);
  }
  return value;
}

std::string find_recorded(const std::string& name) {
  if (name.empty()) return {};
  for (const std::string& path : {name, std::string(MEZZ_SOURCE_DIR) + "/" + name}) {
    if (std::ifstream(path).good()) return path;
  }
  return {};
}

std::string missing_recorded(const std::string& name) {
  if (!find_recorded(name).empty()) return {};
  return "file not found: " + (name.empty() ? "(none named)" : name);
}

}  // namespace mezz::validation

// A recorded table for the cases that compare with data: a comma-separated file whose first line
// names the columns. Fields are kept as text; a case reads the columns it needs. Errors are
// ScenarioError with the file. Left out: quoted fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mezz::validation {

class RecordedTable {
 public:
  explicit RecordedTable(const std::string& path);
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
  [[nodiscard]] double number(std::size_t row, std::string_view column) const;

 private:
  std::string path_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The file relative to the working folder, or else to the source folder; empty when neither is
// there.
std::string find_recorded(const std::string& name);
// Why a case that needs the file cannot run; empty when it can.
std::string missing_recorded(const std::string& name);

}  // namespace mezz::validation

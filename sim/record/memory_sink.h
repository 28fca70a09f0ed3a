// Keeps every recorded row in memory, by column: for tests, for headline numbers, and as the
// statement of what the file must contain.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/check/assert.h"
#include "sim/record/sink.h"

namespace mezz {

class MemorySink final : public Sink {
 public:
  [[nodiscard]] bool start(const RunMetadata& run, const std::vector<TableSpec>& tables) override;
  void write(RowBlock& block) override;
  void commit(const Commit& commit) override;
  [[nodiscard]] bool finish(const RunResult& result) override;

  [[nodiscard]] const std::vector<TableSpec>& tables() const { return specs_; }
  [[nodiscard]] bool has(std::string_view path) const;
  [[nodiscard]] std::uint64_t rows(std::string_view path) const;
  [[nodiscard]] const std::vector<std::byte>& bytes(std::string_view path,
                                                    std::string_view column) const;
  // Stored (unscaled) values; Raw must be the column's stored type.
  template <class Raw>
  [[nodiscard]] std::vector<Raw> column(std::string_view path, std::string_view name) const {
    static_assert(std::is_arithmetic_v<Raw>);
    const std::vector<std::byte>& from = bytes(path, name);
    std::vector<Raw> values(from.size() / sizeof(Raw));
    MEZZ_ASSERT(values.size() == rows(path));
    if (!values.empty()) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }
  [[nodiscard]] const std::vector<Commit>& commits() const { return commits_; }
  [[nodiscard]] const RunMetadata& run() const { return run_; }
  [[nodiscard]] const RunResult& result() const { return result_; }

 private:
  struct Table {
    std::uint64_t rows = 0;
    std::vector<std::vector<std::byte>> columns;
  };
  [[nodiscard]] std::size_t find(std::string_view path) const;  // tables().size() when absent

  RunMetadata run_;
  RunResult result_;
  std::vector<TableSpec> specs_;
  std::vector<Table> tables_;
  std::vector<Commit> commits_;
};

}  // namespace mezz

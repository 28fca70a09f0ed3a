// Private to this folder (includes HDF5): reads back what Writer wrote, from a file that may not
// have been closed. Every failure is an IoFailure.
#pragma once

#include <string>
#include <vector>

#include "sim/record/hdf5_handle.h"
#include "sim/record/sink.h"

namespace mezz::hdf5 {

class Reader {
 public:
  // Opens as a reader beside a (dead) SWMR writer. When the writer died while it was adding the
  // final results, SWMR reading is refused: then the file is copied to `scratch` and opened there
  // with its open-for-writing mark removed.
  Reader(const std::string& path, const std::string& scratch);

  [[nodiscard]] RunMetadata metadata() const;
  [[nodiscard]] const std::vector<TableSpec>& tables() const { return specs_; }
  // The records of /commit, oldest first. Damaged ones are left out and counted.
  struct Commits {
    std::vector<Commit> valid;
    std::uint64_t damaged = 0;
  };
  [[nodiscard]] Commits commits() const;
  // Rows [first, first + count) of one column, checked by Fletcher32.
  void read(std::size_t table, std::size_t column, std::uint64_t first, std::uint64_t count,
            std::byte* to) const;

 private:
  Handle file_;
  std::vector<TableSpec> specs_;
};

}  // namespace mezz::hdf5

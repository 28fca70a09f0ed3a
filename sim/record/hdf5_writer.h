// Private to this folder (includes HDF5): writes one result file (layout: schema.md). Used by one
// thread.
//   create()      every group and dataset, then SWMR mode: from here only extents and chunks change
//   write_rows()  appends or rewrites one chunk of every column of a table
//   commit()      flushes what changed, then appends a record to /commit
//   close()
// complete_file() and verify_file() work on the closed file.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/record/chunk_filter.h"
#include "sim/record/hdf5_handle.h"
#include "sim/record/sink.h"

namespace mezz::hdf5 {

// One chunk of every column of a table, as ChunkFilter packs it, one after the other. Any thread
// may pack.
struct PackedRows {
  std::uint32_t rows = 0;
  std::uint64_t first_row = 0;
  std::vector<std::byte> bytes = {};
  std::vector<std::size_t> ends = {};  // of each column, in bytes
};

class Writer {
 public:
  void create(const std::string& path, const RunMetadata& run,
              const std::vector<TableSpec>& tables);
  // columns: the values of each column from first_row on; first_row is a multiple of kChunkRows.
  struct Rows {
    std::uint32_t table = 0;
    std::uint32_t rows = 0;
    std::uint64_t first_row = 0;
    const std::byte* const* columns = nullptr;
  };
  void write_rows(const Rows& rows);
  // The same with chunks that another thread has packed.
  void write_packed(std::uint32_t table, const PackedRows& rows);
  void commit(const Commit& commit);
  void close();
  // Closes without checks, after a failure.
  void abandon() noexcept;

  // Bytes stored, and those of them that a later version of the same chunk has replaced (SWMR mode
  // does not reuse their space).
  [[nodiscard]] std::uint64_t bytes_stored() const { return stored_; }
  [[nodiscard]] std::uint64_t bytes_replaced() const { return replaced_; }

 private:
  struct Column {
    Handle dataset;
    std::uint64_t last_chunk_bytes = 0;
  };
  struct Table {
    std::vector<Column> columns;
    std::uint64_t rows = 0;
    std::uint64_t chunk = 0;  // number of the last chunk written
    bool written = false;
    bool dirty = false;
  };
  void declare_table(const TableSpec& spec, const std::string& epoch);
  void write_chunk(std::uint32_t table, std::size_t column, std::uint64_t first_row,
                   std::span<const std::byte> bytes);
  void set_rows(std::uint32_t table, std::uint64_t first_row, std::uint64_t rows);
  void declare_commit();

  const std::vector<TableSpec>* specs_ = nullptr;
  Handle file_;
  std::vector<Table> tables_;
  Handle commit_;
  std::uint64_t commits_ = 0;
  ChunkFilter filter_;
  std::uint64_t stored_ = 0;
  std::uint64_t replaced_ = 0;
};

// Adds metrics, histograms, fingerprints, profile and the final status to a closed file.
void complete_file(const std::string& path, const RunResult& result);
// Reopens the file: every column has `rows` rows, its last chunk passes its checksum, and status
// and fingerprint are those of the result.
void verify_file(const std::string& path, const std::vector<TableSpec>& tables,
                 const std::vector<std::uint64_t>& rows, const RunResult& result);

std::string fingerprint_text(std::uint64_t fingerprint);  // 16 hex digits
// Stored last in a commit record, so that a torn record is recognised.
std::int64_t commit_checksum(const std::vector<std::int64_t>& record);

}  // namespace mezz::hdf5

// Private to this folder (includes HDF5): identifiers that close themselves, and return values that
// cannot be forgotten. IoFailure is thrown by everything that touches the file and is caught at the
// folder's border (Hdf5Sink's thread, recover()); it never reaches the simulation.
#pragma once

#include <hdf5.h>

#include <string>
#include <string_view>
#include <utility>

#include "sim/record/column.h"

namespace mezz::hdf5 {

struct IoFailure {
  std::string text;
  bool disk_full = false;
};

// Throws IoFailure: what was tried, the file system's word for why, HDF5's innermost message.
[[noreturn]] void fail(std::string_view what);
// Same for POSIX calls: uses errno.
[[noreturn]] void fail_errno(std::string_view what);

inline void check(herr_t result, std::string_view what) {
  if (result < 0) fail(what);
}

class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, std::string_view what) : id_(id) {
    if (id < 0) fail(what);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) H5Idec_ref(id_);
  }
  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool open() const { return id_ >= 0; }
  // Checked; the destructor is for the way out after a failure.
  void close(std::string_view what) {
    if (id_ >= 0) check(H5Idec_ref(std::exchange(id_, -1)), what);
  }

 private:
  hid_t id_ = -1;
};

// Stops HDF5 from printing to stderr in the calling thread.
void silence_errors();

// How this folder opens files: a close closes all, and HDF5 takes no lock. Its lock would let
// whoever reads along (h5py locks too) stop the writer when it creates or completes the file; two
// writers are kept apart by our own lock (disk.h), readers of a file that is not theirs yet by
// HDF5's mark in it.
Handle file_access();

// The stored type, little-endian; also the type in memory.
hid_t stored_type(ColumnType type);
// The column type of a dataset; fails on anything we do not write.
ColumnType column_type_of(hid_t dataset);

}  // namespace mezz::hdf5

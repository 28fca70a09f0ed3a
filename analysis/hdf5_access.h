// Private to this folder (includes HDF5): the few ways in which a result file is touched, each with
// its limits checked before the library reads anything. Failures are Refusal, which RunFile turns
// into a RunFileError with the path.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/run_file.h"

namespace mezz::analysis::hdf5 {

struct Refusal {
  std::string reason;
};
// Adds HDF5's innermost message.
[[noreturn]] void refuse(std::string_view what);

class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, std::string_view what) : id_(id) {
    if (id < 0) refuse(what);
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

 private:
  hid_t id_ = -1;
};

// HDF5 prints nothing in this thread while one of these exists.
class Quiet {
 public:
  Quiet() {
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

 private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

enum class Access : std::uint8_t { Finished, BesideWriter };
Handle open_file(const std::string& path, Access access);

// Whether a path exists; refuses every link on the way that is not a hard link.
bool exists(hid_t from, std::string_view path);
Handle open_group(hid_t from, std::string_view path);
// One-dimensional or scalar, stored in this file, with our filters only and chunks within limits.
Handle open_dataset(hid_t from, std::string_view path, const RunFileLimits& limits);
// Names in a group in order of creation.
std::vector<std::string> names_in(hid_t group, std::uint64_t limit);
bool is_dataset(hid_t group, const std::string& name);

std::string text_attribute(hid_t object, const char* name, const RunFileLimits& limits);
// Empty when absent. Only integers of at most 64 bits.
std::vector<std::int64_t> integer_attribute(hid_t object, const char* name);
std::vector<double> real_attribute(hid_t object, const char* name);

StoredType stored_type(hid_t dataset);
std::uint64_t length(hid_t dataset);
// Refuses a dataset whose chunks do not cover `rows`: missing ones would read as zeros.
void require_stored(hid_t dataset, std::uint64_t rows);
// Converts to a native 64-bit integer or double as `memory_type` says; `to` holds `count` values.
void read_rows(hid_t dataset, hid_t memory_type, std::uint64_t first, std::uint64_t count,
               void* to);
std::vector<std::string> texts(hid_t group, const char* name, const RunFileLimits& limits);

}  // namespace mezz::analysis::hdf5

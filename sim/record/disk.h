// Private to this folder: the file-system part of writing a result safely (POSIX).
// Everything throws hdf5::IoFailure on error.
#pragma once

#include <cstdint>
#include <string>

namespace mezz {

// An exclusive lock file that also reserves space; removed at the latest when it goes out of scope.
class Ballast {
 public:
  Ballast() = default;
  Ballast(const Ballast&) = delete;
  Ballast& operator=(const Ballast&) = delete;
  ~Ballast() { remove(); }
  void take(const std::string& path, std::uint64_t bytes);
  // Gives the reserved space back, keeps the lock.
  void release() noexcept;
  // Removes the file and the lock.
  void remove() noexcept;

 private:
  std::string path_;
  int descriptor_ = -1;
};

// Fails when less is free in the folder of `path`.
void require_free_space(const std::string& path, std::uint64_t bytes);
void keep_previous(const std::string& path);  // renames an existing file to <path>.previous
void sync_file(const std::string& path);
// Renames and makes the new name durable.
void publish(const std::string& from, const std::string& to);

}  // namespace mezz

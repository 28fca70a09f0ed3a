#include "sim/record/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "sim/check/assert.h"
#include "sim/record/hdf5_handle.h"

namespace mezz {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_path(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) hdf5::fail_errno("cannot open " + path);
  const int result = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  errno = number;
  if (result != 0) hdf5::fail_errno("cannot sync " + path);
}

// Whether the name is still that of the open file.
bool is_named(int descriptor, const std::string& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

int open_locked(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) hdf5::fail_errno("cannot write " + path);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  throw hdf5::IoFailure{path + " is locked: another run is writing this result"};
}

}  // namespace

void Ballast::take(const std::string& path, std::uint64_t bytes) {
  MEZZ_ASSERT(descriptor_ < 0);
  descriptor_ = open_locked(path);
  // The run before us may have removed the file after we had opened it: a lock on nothing.
  while (!is_named(descriptor_, path)) {
    ::close(std::exchange(descriptor_, -1));
    descriptor_ = open_locked(path);
  }
  path_ = path;
  if (bytes == 0) return;
  const int result = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
  if (result != 0) {
    errno = result;
    hdf5::fail_errno("cannot reserve space beside " + path);
  }
}

void Ballast::release() noexcept {
  // Best effort: this runs because something failed already.
  if (descriptor_ >= 0 && ::ftruncate(descriptor_, 0) != 0) ::unlink(path_.c_str());
}

void Ballast::remove() noexcept {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());  // before the lock goes, so that nobody locks a removed file
  ::close(descriptor_);
  descriptor_ = -1;
}

void require_free_space(const std::string& path, std::uint64_t bytes) {
  const std::string folder = folder_of(path);
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) hdf5::fail_errno("cannot write to " + folder);
  const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  if (free >= bytes) return;
  throw hdf5::IoFailure{"not enough space in " + folder + ": " + std::to_string(bytes >> 20) +
                            " MiB needed, " + std::to_string(free >> 20) + " MiB free",
                        true};
}

void keep_previous(const std::string& path) {
  if (std::rename(path.c_str(), (path + ".previous").c_str()) != 0 && errno != ENOENT) {
    hdf5::fail_errno("cannot rename " + path);
  }
}

void sync_file(const std::string& path) { sync_path(path, O_RDONLY); }

void publish(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) hdf5::fail_errno("cannot rename to " + to);
  sync_path(folder_of(to), O_RDONLY | O_DIRECTORY);
}

}  // namespace mezz

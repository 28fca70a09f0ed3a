#include "scenarios/sweep/store.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mezz::sweep {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_errno(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

void sync_path(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail_errno("cannot open " + path);
  const int result = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  errno = number;
  if (result != 0) fail_errno("cannot sync " + path);
}

void rename_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) fail_errno("cannot rename " + from + " to " + to);
  sync_path(fs::path(to).parent_path().string(), O_RDONLY | O_DIRECTORY);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The file is never removed while anybody may wait for it.
int open_locked(const std::string& path, int mode, const std::string& else_say) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_errno("cannot open " + path);
  if (::flock(descriptor, mode | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  throw std::runtime_error(else_say + "; wait for it");
}

// Number of "000042.h5"; none for another name.
std::size_t number_of(const fs::path& path, std::string_view extension) {
  const std::string stem = path.stem().string();
  if (path.extension() != extension || stem.size() < 6 || stem.size() > 9) return SIZE_MAX;
  if (stem.find_first_not_of("0123456789") != std::string::npos) return SIZE_MAX;
  return std::stoul(stem);
}

}  // namespace

void write_atomically(const std::string& path, const std::string& text) {
  const std::string part = path + fmt::format(".{}.part", ::getpid());
  {
    std::ofstream file(part, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
      const std::string reason = "cannot write " + path + ": " + std::strerror(errno);
      std::remove(part.c_str());
      throw std::runtime_error(reason);
    }
  }
  sync_path(part, O_RDONLY);
  rename_durably(part, path);
}

std::uint64_t free_bytes(const std::string& folder) {
  fs::path path = fs::absolute(folder);
  std::error_code error;
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  struct statvfs space {};
  if (::statvfs(path.c_str(), &space) != 0) fail_errno("cannot look at " + path.string());
  return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

Store::Store(std::string folder) : folder_(std::move(folder)) {
  for (const char* below : {"", "/runs", "/failed", "/work"}) {
    std::error_code error;
    fs::create_directories(folder_ + below, error);
    if (error) {
      throw std::runtime_error("cannot make the folder " + folder_ + below + ": " +
                               error.message());
    }
  }
}

std::string Store::result(std::size_t run) const {
  return fmt::format("{}/runs/{:06}.h5", folder_, run);
}
std::string Store::work(std::size_t run) const {
  return fmt::format("{}/work/{:06}.h5", folder_, run);
}
std::string Store::failure(std::size_t run) const {
  return fmt::format("{}/failed/{:06}.json", folder_, run);
}
std::string Store::failed_result(std::size_t run) const {
  return fmt::format("{}/failed/{:06}.h5", folder_, run);
}

RunState Store::state(std::size_t run) const {
  std::error_code error;
  if (fs::exists(result(run), error)) return RunState::Finished;
  return fs::exists(failure(run), error) ? RunState::Failed : RunState::Left;
}

std::vector<RunState> Store::states(std::size_t runs) const {
  std::vector<RunState> states(runs, RunState::Left);
  for (const auto& entry : fs::directory_iterator(folder_ + "/failed")) {
    const std::size_t run = number_of(entry.path(), ".json");
    if (run < runs) states[run] = RunState::Failed;
  }
  for (const auto& entry : fs::directory_iterator(folder_ + "/runs")) {
    const std::size_t run = number_of(entry.path(), ".h5");
    if (run < runs) states[run] = RunState::Finished;
  }
  return states;
}

void Store::finish(std::size_t run) const { rename_durably(work(run), result(run)); }

void Store::fail(std::size_t run, const Failure& failure_of_it) const {
  if (std::error_code error; fs::exists(work(run), error)) {
    rename_durably(work(run), failed_result(run));
  }
  const nlohmann::json out{
      {"run", run}, {"message", failure_of_it.message}, {"event", failure_of_it.event}};
  // The message may quote bytes of the user.
  write_atomically(failure(run),
                   out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  clear_work(run);
}

Failure Store::read_failure(std::size_t run) const {
  const nlohmann::json json = nlohmann::json::parse(text_of(failure(run)), nullptr, false);
  if (!json.is_object()) return {.message = failure(run) + " is damaged", .event = {}};
  return {.message = json.value("message", ""), .event = json.value("event", "")};
}

void Store::forget_failure(std::size_t run) const {
  std::error_code error;
  fs::remove(failure(run), error);
  fs::remove(failed_result(run), error);
}

void Store::clear_work(std::size_t run) const {
  std::error_code error;
  for (const char* left : {"", ".part", ".lock", ".part.previous"})
    fs::remove(work(run) + left, error);
}

void Store::clear_work() const {
  std::error_code error;
  fs::remove_all(folder_ + "/work", error);
  fs::create_directories(folder_ + "/work", error);
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().extension() == ".part") fs::remove(entry.path(), error);
  }
}

FolderLock::FolderLock(const std::string& folder, Kind kind)
    : descriptor_(open_locked(folder + "/sweep.lock", kind == Kind::Alone ? LOCK_EX : LOCK_SH,
                              folder + " is in use by another mezz sweep or mezz resume")) {}

FolderLock::FolderLock(const Store& store, std::size_t run)
    : descriptor_(
          open_locked(fmt::format("{}/work/{:06}.index", store.folder(), run), LOCK_EX,
                      fmt::format("run {} of {} is on its way in another mezz sweep --index {}",
                                  run, store.folder(), run))) {}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace mezz::sweep

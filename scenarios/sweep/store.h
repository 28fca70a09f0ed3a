// The folder of a sweep. What has been done is told by which files are there, so there is no record
// to keep in step with them and nothing to repair after a kill:
//   sweep.json            the plan (manifest.h)
//   runs/000042.h5        run 42 is finished: appears by rename when the file is complete and
//   synced failed/000042.json    run 42 failed for a reason of its own (message, event); with what
//   it
//                         recorded in failed/000042.h5. `resume` leaves it alone unless asked.
//   work/                 runs on their way; whatever is left here is rubbish
//   sweep.lock            held by who works here: one `sweep` or `resume`, or many `--index`
//   work/000042.index     held by the `--index` that makes run 42
//   sweep.h5              all runs as one data set (write_master), made at the end
// Errors: std::runtime_error that names the file (exit code 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mezz::sweep {

enum class RunState : std::uint8_t { Left, Finished, Failed };

struct Failure {
  std::string message;
  std::string event;
};

void write_atomically(const std::string& path, const std::string& text);
// What is free where the folder is, or will be.
std::uint64_t free_bytes(const std::string& folder);

class Store {
 public:
  // Makes the folders that are missing.
  explicit Store(std::string folder);

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string result(std::size_t run) const;
  [[nodiscard]] std::string work(std::size_t run) const;
  [[nodiscard]] std::string failure(std::size_t run) const;
  [[nodiscard]] std::string failed_result(std::size_t run) const;

  [[nodiscard]] RunState state(std::size_t run) const;
  [[nodiscard]] std::vector<RunState> states(std::size_t runs) const;

  // work(run) becomes result(run).
  void finish(std::size_t run) const;
  void fail(std::size_t run, const Failure& failure) const;
  [[nodiscard]] Failure read_failure(std::size_t run) const;
  void forget_failure(std::size_t run) const;
  void clear_work(std::size_t run) const;
  // Of all runs. Only for who holds the lock alone.
  void clear_work() const;

 private:
  std::string folder_;
};

// Held until it goes out of scope or the process ends, however it ends.
class FolderLock {
 public:
  enum class Kind : std::uint8_t { Alone, Shared };
  FolderLock(const std::string& folder, Kind kind);
  // Of one run, for who shares the folder.
  FolderLock(const Store& store, std::size_t run);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace mezz::sweep

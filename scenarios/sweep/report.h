// What a sweep says: its plan before, its progress while, its outcome after. Text for people on
// standard output, progress on standard error, JSON for machines.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "scenarios/sweep/collect.h"
#include "scenarios/sweep/dispatcher.h"
#include "scenarios/sweep/manifest.h"

namespace mezz::sweep {

struct Resources {
  std::size_t jobs = 1;  // runs at once, over all processes
  std::uint64_t free_bytes = 0;
};

std::string plan_text(const Manifest& manifest, const Resources& resources,
                      const std::string& folder);
std::string plan_json(const Manifest& manifest, const Resources& resources,
                      const std::string& folder);

struct SweepOutcome {
  int exit_code = 0;
  bool interrupted = false;
  std::string problem;  // disk, memory
  std::vector<std::string> failures;
  std::vector<std::string> limits;
};
std::string outcome_text(const Manifest& manifest, const Schedule& schedule,
                         const Collected& collected, const SweepOutcome& outcome,
                         const std::string& folder);
std::string outcome_json(const Manifest& manifest, const Schedule& schedule,
                         const Collected& collected, const SweepOutcome& outcome,
                         const std::string& folder);

std::string bytes_text(double bytes);      // "12.3 MB"
std::string seconds_text(double seconds);  // "about" is said by the caller

// On a terminal twice a second, else one line per tenth.
class SweepProgress {
 public:
  explicit SweepProgress(bool on);
  void show(const Dispatcher::Count& count);
  void done() const;

 private:
  bool on_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double last_ = -1;
  int tenth_ = -1;
};

}  // namespace mezz::sweep

// Runs one built study to its end: slices of events, commits to the result file, progress,
// interruption, invariants. The exit codes of the command line are decided here (DESIGN section 6).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/study.h"
#include "sim/record/sink.h"

namespace mezz {

struct ExecuteOptions {
  std::string out;                // result file; empty: nothing is written
  bool make_folder = false;       // the one of `out`, when the run starts and there is none
  std::optional<Duration> until;  // stop early; default: run.duration
  bool progress = false;          // on standard error
  bool warnings = false;          // on standard error, before the run (scenario_warnings.h)
  std::string restore_from;       // snapshot to continue from
  std::string snapshot_to;        // save a snapshot at the end
  std::uint64_t memory_max = 0;   // bytes the estimate may reach; 0 = 3/4 of the machine
  double wall_max = 0;            // seconds after which the run ends as interrupted; 0 = never
};

struct ExecuteOutcome {
  int exit_code = 0;  // 0 complete, 1 limit or invariant, 3 I/O, 130 interrupted
  RunStatus status = RunStatus::Complete;
  std::uint64_t fingerprint = 0;
  std::vector<Metric> metrics;
  std::vector<std::string> broken_limits;
  std::string error;  // empty when all is well
  std::string event;  // during which an invariant failed
  Time end;           // simulated time reached
};

// Throws ScenarioError, before anything is written, when the scenario cannot be built, needs more
// memory than there is, or an option contradicts it.
ExecuteOutcome execute(const Scenario& scenario, const ExecuteOptions& options);

// What a result file says about where it came from, without the entities of a world.
RunMetadata run_metadata(const Scenario& scenario);

// The parts of execute() that `mezz check` shares. Errors name the scenario's file.
void check_resources(const Scenario& scenario, std::uint64_t memory_max = 0);
std::unique_ptr<Study> build_study(const Scenario& scenario, Recording* recording);

// Set by the signal handler of the program; execute() ends the run at the next slice.
void request_interruption();
[[nodiscard]] bool interruption_requested();
// Memory of the machine that a run, or all runs at once, may take: three quarters of it.
[[nodiscard]] std::uint64_t memory_allowed();

}  // namespace mezz

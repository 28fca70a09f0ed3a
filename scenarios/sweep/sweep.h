// The commands `mezz sweep` and `mezz resume`: many worlds over seeds and parameters, on the
// threads of one process, the ranks of MPI, or the tasks of a job array. Return values are exit
// codes: 0 all runs finished; 1 some failed or broke a limit; 2 bad usage or scenario; 3 I/O; 130
// interrupted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/commands.h"

namespace mezz::sweep {

struct SweepArguments {
  commands::ScenarioArguments scenario;  // a scenario, or the folder of a sweep (resume, --index)
  std::string out;
  std::optional<std::int64_t> jobs;
  std::optional<std::int64_t> index;  // run only this one
  bool dry_run = false;               // print the plan, write nothing
  bool prepare = false;               // write the manifest, run nothing
  bool retry_failed = false;
  bool json = false;
  bool quiet = false;
};

int sweep(const SweepArguments& arguments);
int resume(const SweepArguments& arguments);
// For `mezz check`: one line about the sweep of the scenario, empty when it has none.
std::string check_sweep(const commands::ScenarioArguments& arguments);

}  // namespace mezz::sweep

// One run of a sweep, from its number to its files (store.h). What goes wrong in the run itself (an
// invariant, a value that only the builder refuses) is a failed run; what goes wrong around it
// (disk, memory) ends the sweep and leaves the run to be repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "scenarios/execute.h"
#include "scenarios/sweep/plan.h"
#include "scenarios/sweep/store.h"

namespace mezz::sweep {

enum class RunEnd : std::uint8_t {
  Finished,
  Failed,
  Abandoned,  // by a signal
  Broken      // by disk or memory: nobody should go on
};

struct RunReport {
  std::size_t run = 0;
  RunEnd end = RunEnd::Abandoned;
  double value = 0;  // of the metric of [sweep.until]; NaN without one
  std::string message = {};
};

// execute(), or what a test puts in its place.
using Executor = std::function<ExecuteOutcome(const Scenario&, const ExecuteOptions&)>;

RunReport run_one(const Plan& plan, const Store& store, std::size_t run,
                  const Executor& executor = execute);

}  // namespace mezz::sweep

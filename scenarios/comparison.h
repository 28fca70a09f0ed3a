// Several designs under several conditions, each a run of its own under the same seed, prices,
// traders and layer one: the section [compare] of a scenario. A run takes the scenario, the
// assignments of the command line, those of its design, those of its condition, in this order. The
// runs share nothing, so they are spread over the machine's cores; numbers do not depend on that.
// Result: a table on standard output and one file whose /metrics are called
// CONDITION.DESIGN.METRIC; [[limit]] takes these names, and no others.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/execute.h"

namespace mezz {

struct ComparedRun {
  std::string design;
  std::string condition;
  ExecuteOutcome outcome;
};

struct Comparison {
  std::vector<ComparedRun> runs;  // by condition, then by design
  ExecuteOutcome outcome;         // of all; its fingerprint is that of theirs, in order
};

[[nodiscard]] bool is_comparison(const Scenario& scenario);
// Reads and builds every run; how many there are. Throws ScenarioError.
std::size_t check_comparison(const Scenario& scenario);
// That the limits speak of numbers that the runs have. Builds every run, for milliseconds each.
void check_comparison_limits(const Scenario& scenario);
Comparison compare_designs(const Scenario& scenario, const ExecuteOptions& options);
std::string to_text(const Scenario& scenario, const Comparison& comparison);

}  // namespace mezz

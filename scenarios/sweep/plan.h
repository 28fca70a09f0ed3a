// A sweep as plain data: the scenario they all share, the keys that vary, and the values of every
// run, in the order of their numbers (the last axis runs fastest). With [sweep.until], every
// combination has a block of `until.max` numbers, of which only as many are run as it takes.
// Every combination that differs in more than a seed is read, and every value is built once, before
// anything runs: a bad one is a ScenarioError that names the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/sweep/axes.h"

namespace mezz::sweep {

struct Plan {
  std::string name;
  std::string file;
  std::string title;
  std::string source;  // the scenario file as typed
  config::Node base;   // the whole scenario without [sweep], assignments applied
  std::vector<std::string> keys;
  std::vector<std::vector<config::Node>> runs;  // runs[i][k] is the value of keys[k]
  std::optional<Until> until;
  std::size_t left_out = 0;  // combinations that [[sweep.skip]] excludes
};

// What it will take. Time and size come from a pilot, the first run for at most two seconds.
struct Needs {
  double pilot_seconds = 0;  // of the pilot itself
  double run_seconds = 0;
  std::uint64_t run_bytes = 0;
  std::uint64_t run_memory_bytes = 0;  // of the largest run
};

Plan make_plan(const config::Document& document, const std::string& file);
// Reads and builds the combinations; the memory that the largest run needs. Throws ScenarioError.
std::uint64_t check_plan(const Plan& plan);

Scenario run_scenario(const Plan& plan, std::size_t index);
// "layer2.design = zk_rollup, run.seed = 7"
std::string run_text(const Plan& plan, std::size_t index);
// Runs that there will be: at least, and at most.
struct RunCount {
  std::size_t least = 0;
  std::size_t most = 0;
};
RunCount count_of(const Plan& plan);

// Runs the first run of the plan into `scratch` (a file that is removed again).
Needs pilot(const Plan& plan, const std::string& scratch);

}  // namespace mezz::sweep

// What a sweep has brought: the headline numbers of every run, read back from the result files, so
// it is the same whoever made them and in whichever order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/metric.h"
#include "scenarios/sweep/plan.h"
#include "scenarios/sweep/store.h"

namespace mezz::sweep {

struct CollectedRun {
  std::size_t run = 0;
  RunState state = RunState::Left;
  std::string fingerprint;  // empty unless finished
  std::vector<analysis::Metric> metrics;
};

struct Collected {
  std::vector<CollectedRun> runs;
  std::size_t finished = 0;
  std::size_t failed = 0;
  std::uint64_t fingerprint = 0;  // of all finished runs and their numbers, in order
};

// One number of one finished run; NaN when it has none.
double value_in_file(const Store& store, std::size_t run, const std::string& metric);

Collected collect(const Store& store, const std::vector<std::size_t>& runs);

// "run 12 (layer2.design = plasma): bad_debt.usd = ..." for every [[limit]] that does not hold.
std::vector<std::string> limits_broken(const Plan& plan, const Collected& collected);

// DIR/sweep.h5: one row per run; the keys are coordinates, the headline numbers columns along
// `run`; /runs/000042 is an external link to the result file. Throws std::runtime_error.
void write_master(const Plan& plan, const Store& store, const Collected& collected);

}  // namespace mezz::sweep

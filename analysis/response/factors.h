// What varies over the runs of a set, as a factor of an experiment: its levels, and the level of
// every run. Levels that are numbers of one unit stand in the order of the numbers, names in that
// of the runs. Seeds are no factors: they are the repetitions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/runs/run_set.h"

namespace mezz::analysis {

// The keys by which runs are repetitions of one another.
bool is_seed_key(std::string_view key);
// The values of those keys in a run: runs with the same text share their randomness.
std::string seed_text(const RunSet& set, const RunRecord& run);

struct Factor {
  std::string name;  // the key; "a with b" for keys that change together
  std::string unit = "1";
  std::vector<std::string> levels = {};
  std::vector<double> numbers =
      {};  // as many as levels when all are numbers of one unit, else none
  std::vector<std::size_t> level_of_run = {};  // of every run of the set, failed ones too

  // Whether the numbers grow by a constant factor (within 1 %), which asks for logarithms. Needs
  // three.
  [[nodiscard]] bool geometric() const;
};

// Of one key, RunSet::keys[key].
Factor factor_of(const RunSet& set, std::size_t key);

// Every key that is no seed and has two levels or more. Keys of which each tells the others (the
// zipped axes of a sweep) are one factor with the levels of the first.
std::vector<Factor> factors_of(const RunSet& set);

}  // namespace mezz::analysis

// Runs a case and decides. Rows that need no sampling are taken from the first replication. For the
// others the first round of replications is judged; when an interval is too wide, a longer round
// follows (its length computed from the first), and when the law lies outside a 99 % interval a
// fresh round four times as long decides alone: a true law fails once in 10 000 rows instead of
// once in 100, a false one still fails. Every round has its own streams, so no round is chosen for
// its result.
#pragma once

#include <string>
#include <vector>

#include "scenarios/validation/case.h"
#include "scenarios/validation/statistics.h"

namespace mezz::validation {

struct Row {
  LawRow quantity;
  double simulated = 0;
  Interval ci95 = {};  // empty (low = high = simulated) where there is no sampling
  Interval ci99 = {};
  bool pass = false;
  std::string why = {};  // when it fails
};

struct Round {
  std::uint64_t number = 0;
  std::int64_t replications = 0;
  std::int64_t size = 0;
};

struct Outcome {
  std::vector<Row> rows;
  std::vector<Round> rounds;
};

Outcome run_case(const ValidationCase& validation);

// The pure verdict on one row, given each replication's value. `trials` is replications x size, the
// number of outcomes behind a Rare row.
Row judge(const LawRow& quantity, const std::vector<double>& values, double trials);

}  // namespace mezz::validation

// Groups of runs against one of them, the baseline, metric by metric. Runs are grouped by the value
// of one key and paired by their seeds, so that what a seed does to both groups drops out of the
// difference (common random numbers; DESIGN section 2.5).
//   One seed is one observation: where further keys vary, the runs of a seed that both groups have
// are averaged first, as runs with one seed are not independent of one another. Keys that have one
// value within every group (zipped with the key that groups) are not compared. n is the number of
// seeds; without it (one run per group) there is a difference and no interval.
//   Left out, and listed: runs that failed or were interrupted, and runs without a partner in the
// baseline. Numbers that a run has not (NaN: nothing reached that rung) are counted as missing;
// what is compared are the runs that have one.
//   The p-value is Wilcoxon's signed rank test of the paired differences, adjusted (Holm) over all
// differences that are compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/runs/run_set.h"
#include "analysis/statistics/paired.h"

namespace mezz::analysis {

// Beside the keys of the runs: the file itself, the scenario's name, the version of the program.
inline constexpr std::string_view kByFile = "file";
inline constexpr std::string_view kByScenario = "scenario";
inline constexpr std::string_view kByProgram = "program";

// What runs can be grouped by.
std::vector<std::string> group_keys(const RunSet& set);
// The key to group by when none is said: the design, or the only key beside `paired_on`; "file" for
// two files. None when it is not clear.
std::optional<std::string> default_group_key(const RunSet& set, std::string_view paired_on);
// The groups, in the order of the runs.
std::vector<std::string> group_names(const RunSet& set, std::string_view by);

struct CompareRequest {
  std::string by;                    // one of group_keys()
  std::string baseline = {};         // one of group_names(); empty: the first
  std::vector<std::string> metrics;  // empty: all that the baseline and another group have, unless
                                     // they are the same in every group
  std::string paired_on = "run.seed";
  double level = 0.95;
};

struct GroupResult {
  statistics::Estimate mean;  // over the seeds that have the number
  std::size_t missing = 0;    // runs that have not
  // To the baseline; of the baseline itself NaN.
  statistics::PairedComparison paired;
  double holm_p = statistics::kNone;
  double rate_p = statistics::kNone;  // Benjamini-Hochberg
};

struct ComparedMetric {
  std::string name;
  std::string unit;
  std::vector<GroupResult> groups;  // as Comparison::groups
};

struct Comparison {
  std::string title;
  std::string by;
  std::string paired_on;
  double level = 0.95;
  std::vector<std::string> groups;
  std::vector<std::size_t> runs;  // of each group that are compared
  std::size_t baseline = 0;
  bool single_runs = false;  // one run in each group
  std::vector<ComparedMetric> metrics;
  std::size_t equal_metrics = 0;      // not shown: the same in every group
  std::size_t partial_metrics = 0;    // not shown: nothing to take a difference of
  std::vector<std::string> left_out;  // for people, one line each
  std::vector<std::string> notes;     // likewise
};

// The request is valid (asserted): see the functions above.
Comparison compare(const RunSet& set, const CompareRequest& request);

std::string comparison_text(const Comparison& comparison, bool colour = false);
// One line without newline; numbers that are none are null.
std::string comparison_json(const Comparison& comparison);

}  // namespace mezz::analysis

// mezz compare: reads the runs, checks what was asked for against what is there, prints.
#include <fmt/core.h>

#include "analysis/compare/compare.h"
#include "analysis/compare_fingerprints.h"
#include "analysis/runs/run_set.h"
#include "scenarios/commands.h"
#include "scenarios/requested_names.h"
#include "sim/config/nearest.h"

namespace mezz::commands {

namespace {

using Names = std::vector<std::string>;

std::string key_to_group_by(const analysis::RunSet& set, const CompareArguments& arguments) {
  const Names keys = analysis::group_keys(set);
  if (!arguments.by.empty()) {
    require_known("--by", arguments.by, keys, "key of these runs");
    return arguments.by;
  }
  if (const auto key = analysis::default_group_key(set, arguments.paired_on)) return *key;
  reject("--by", "is needed: these runs can be grouped by " +
                     config::joined(std::vector<std::string_view>(keys.begin(), keys.end())));
}

analysis::CompareRequest checked(const analysis::RunSet& set, const CompareArguments& arguments) {
  if (set.runs.size() < 2) reject("paths", "name one run; it takes two to compare");
  analysis::CompareRequest request{.by = key_to_group_by(set, arguments),
                                   .baseline = arguments.baseline,
                                   .metrics = arguments.metrics,
                                   .paired_on = arguments.paired_on,
                                   .level = arguments.level};
  require_level(request.level);
  if (request.by == request.paired_on) {
    reject("--paired-on", "is the key that groups; pair on another one");
  }
  // Runs that all have one seed can still be compared, without an interval.
  if (request.paired_on != analysis::CompareRequest{}.paired_on) {
    require_known("--paired-on", request.paired_on, set.keys, "key of these runs");
  }
  const Names groups = analysis::group_names(set, request.by);
  if (!request.baseline.empty()) {
    require_known("--baseline", request.baseline, groups,
                  "value of " + request.by + " in these runs");
  }
  if (groups.size() < 2) {
    reject("--by",
           fmt::format("all runs have {} = {}; nothing to compare", request.by, groups.front()));
  }
  for (const std::string& metric : request.metrics) {
    require_known("--metric", metric, set.metric_names(), "number of these runs");
  }
  return request;
}

void require_groups(const analysis::Comparison& comparison,
                    const analysis::CompareRequest& request) {
  std::string reasons;
  for (const std::string& line : comparison.left_out) reasons += "; " + line;
  if (comparison.groups.size() < 2) {
    reject("paths", "leave fewer than two groups with a complete run" + reasons);
  }
  if (!request.baseline.empty() && comparison.groups[comparison.baseline] != request.baseline) {
    reject("--baseline", config::quote(request.baseline) + " has no complete run" + reasons);
  }
}

// Where two single runs part, from what their files hold.
std::string divergence(const std::string& first, const std::string& second) {
  const analysis::RunFile a = analysis::open_in_reader(first);
  const analysis::RunFile b = analysis::open_in_reader(second);
  const analysis::FingerprintComparison found = analysis::compare_fingerprints(a, b);
  if (found.equal) return found.reason;
  return fmt::format("{}; mezz diff {} {} shows the event", found.reason, first, second);
}

}  // namespace

int compare(const CompareArguments& arguments) {
  const analysis::RunSet set = analysis::read_run_set(arguments.paths);
  const analysis::CompareRequest request = checked(set, arguments);
  analysis::Comparison comparison = analysis::compare(set, request);
  require_groups(comparison, request);
  if (comparison.single_runs && set.runs.size() == 2) {
    comparison.notes.push_back(divergence(set.runs[0].path, set.runs[1].path));
  }
  if (arguments.json) {
    fmt::print("{}\n", analysis::comparison_json(comparison));
  } else {
    fmt::print("{}", analysis::comparison_text(comparison, coloured_output()));
  }
  return 0;
}

}  // namespace mezz::commands

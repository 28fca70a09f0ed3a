// mezz analyse: reads the runs, checks what was asked for against what is there, prints.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/response/response.h"
#include "analysis/runs/run_set.h"
#include "scenarios/commands.h"
#include "scenarios/requested_names.h"

namespace mezz::commands {

namespace {

using Names = std::vector<std::string>;

// What can be refused before anything is read.
void check_arguments(const AnalyseArguments& arguments) {
  require_level(arguments.level);
  if (!(arguments.share > 0 && arguments.share <= 0.5)) {
    reject("--share", fmt::format("must lie above 0 and at most at 0.5, got {}", arguments.share));
  }
  if (!(arguments.p > 0 && arguments.p < 1)) {
    reject("--var", fmt::format("must lie between 0 and 1, got {}", arguments.p));
  }
  if (arguments.surface.size() == 2 && arguments.surface[0] == arguments.surface[1]) {
    reject("--surface", "takes two different parameters");
  }
}

void check_names(const analysis::RunSet& set, const AnalyseArguments& arguments) {
  if (set.runs.size() < 2) reject("paths", "name one run; it takes a sweep or several results");
  const Names known = set.metric_names();
  if (arguments.metrics.empty()) require_known("--metric", "", known, "number of these runs");
  for (const std::string& metric : arguments.metrics) {
    require_known("--metric", metric, known, "number of these runs");
  }
  Names parameters;
  std::copy_if(set.keys.begin(), set.keys.end(), std::back_inserter(parameters),
               [](const std::string& key) { return !analysis::is_seed_key(key); });
  for (const std::string& key : arguments.surface) {
    require_known("--surface", key, parameters, "parameter that varies in these runs");
  }
}

// The first two parameters that are numbers, when the user names none.
Names surface_keys(const analysis::RunSet& set, const AnalyseArguments& arguments) {
  if (!arguments.surface.empty() || arguments.sensitivity || arguments.tail) {
    return arguments.surface;
  }
  Names keys;
  for (std::size_t key = 0; key < set.keys.size(); ++key) {
    if (analysis::is_seed_key(set.keys[key])) continue;
    const analysis::Factor factor = analysis::factor_of(set, key);
    if (factor.levels.size() > 1 && !factor.numbers.empty()) keys.push_back(factor.name);
  }
  if (keys.size() < 2) return {};
  keys.resize(2);
  return keys;
}

analysis::Factor factor(const analysis::RunSet& set, const std::string& key) {
  return analysis::factor_of(set, set.key(key).value());
}

std::string unit_of(const analysis::RunSet& set, const std::string& metric) {
  for (const analysis::RunRecord& run : set.runs) {
    if (const analysis::Metric* found = run.metric(metric)) return found->unit;
  }
  return "1";
}

}  // namespace

int analyse(const AnalyseArguments& arguments) {
  check_arguments(arguments);
  const analysis::RunSet set = analysis::read_run_set(arguments.paths);
  check_names(set, arguments);
  const bool everything = !arguments.sensitivity && !arguments.tail && arguments.surface.empty();
  const Names keys = surface_keys(set, arguments);
  analysis::Responses out{.title = set.title, .level = arguments.level};
  for (const std::string& metric : arguments.metrics) {
    analysis::Response response{.metric = metric, .unit = unit_of(set, metric)};
    if (everything || arguments.sensitivity) {
      response.sensitivity = analysis::sensitivity(set, metric, arguments.level);
    }
    if (!keys.empty()) {
      response.surface = analysis::response_surface(
          set, metric, {factor(set, keys[0]), factor(set, keys[1])}, arguments.level);
    }
    if (everything || arguments.tail) {
      response.tails = analysis::tails(set, metric,
                                       {.share = arguments.share,
                                        .threshold = arguments.threshold,
                                        .p = arguments.p,
                                        .level = arguments.level});
    }
    out.metrics.push_back(std::move(response));
  }
  if (arguments.json) {
    fmt::print("{}\n", analysis::responses_json(out));
  } else {
    fmt::print("{}", analysis::responses_text(out, coloured_output()));
  }
  return 0;
}

}  // namespace mezz::commands

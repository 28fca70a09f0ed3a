#include "analysis/compare/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "analysis/compare/observations.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/multiple.h"
#include "sim/check/assert.h"

namespace mezz::analysis {

namespace {

using statistics::PairedComparison;

double average(const std::map<std::string, double>& values) {
  std::vector<double> out;
  for (const auto& [rest, value] : values) out.push_back(value);
  return statistics::mean(out);
}

statistics::Estimate mean_of(const Values& values, double level) {
  std::vector<double> per_seed;
  for (const auto& [seed, rest] : values) per_seed.push_back(average(rest));
  return statistics::t_interval(per_seed, level);
}

// Per seed the averages over what both have.
PairedComparison paired(const Values& baseline, const Values& group, double level) {
  std::vector<double> a;
  std::vector<double> b;
  for (const auto& [seed, of_baseline] : baseline) {
    const auto found = group.find(seed);
    if (found == group.end()) continue;
    std::map<std::string, double> left;
    std::map<std::string, double> right;
    for (const auto& [rest, value] : of_baseline) {
      const auto other = found->second.find(rest);
      if (other == found->second.end()) continue;
      left[rest] = value;
      right[rest] = other->second;
    }
    if (left.empty()) continue;
    a.push_back(average(left));
    b.push_back(average(right));
  }
  return statistics::compare_pairs(a, b, level);
}

std::size_t count(const Values& values) {
  std::size_t out = 0;
  for (const auto& [seed, rest] : values) out += rest.size();
  return out;
}

ComparedMetric compared(const RunSet& set, const Grouping& grouping, std::size_t baseline,
                        const std::string& name, double level) {
  ComparedMetric out{.name = name, .unit = "1", .groups = {}};
  for (const RunRecord& run : set.runs) {
    if (const Metric* metric = run.metric(name)) out.unit = metric->unit;
  }
  const Values reference = values_of(set, grouping.groups[baseline], name);
  for (std::size_t g = 0; g < grouping.groups.size(); ++g) {
    const Values values = values_of(set, grouping.groups[g], name);
    GroupResult result;
    result.mean = mean_of(values, level);
    result.missing = grouping.groups[g].observations.size() - count(values);
    if (g != baseline) result.paired = paired(reference, values, level);
    out.groups.push_back(std::move(result));
  }
  return out;
}

// Whether every group has the same numbers for the same seeds.
bool equal_everywhere(const RunSet& set, const Grouping& grouping, const std::string& name) {
  const Values first = values_of(set, grouping.groups.front(), name);
  return std::all_of(grouping.groups.begin(), grouping.groups.end(),
                     [&](const Group& group) { return values_of(set, group, name) == first; });
}

bool without_difference(const ComparedMetric& metric) {
  return std::all_of(metric.groups.begin(), metric.groups.end(),
                     [](const GroupResult& group) { return group.paired.difference.n == 0; });
}

void adjust(std::vector<ComparedMetric>& metrics) {
  std::vector<double> p_values;
  for (const ComparedMetric& metric : metrics) {
    for (const GroupResult& group : metric.groups) p_values.push_back(group.paired.wilcoxon_p);
  }
  const std::vector<double> family = statistics::holm(p_values);
  const std::vector<double> rate = statistics::benjamini_hochberg(p_values);
  std::size_t at = 0;
  for (ComparedMetric& metric : metrics) {
    for (GroupResult& group : metric.groups) {
      group.holm_p = family[at];
      group.rate_p = rate[at];
      ++at;
    }
  }
}

// What a reader of the differences must know.
std::vector<std::string> notes_on(const RunSet& set, const Grouping& grouping,
                                  std::string_view paired_on) {
  std::vector<std::string> notes;
  std::set<std::uint64_t> seeds;
  for (const Group& group : grouping.groups) {
    for (const Observation& one : group.observations) {
      const RunRecord& run = set.runs[one.run];
      seeds.insert(run.seed);
      if (run.status != "complete") notes.push_back(run.path + " is " + run.status);
    }
  }
  if (grouping.single_runs && seeds.size() > 1) {
    notes.push_back("the seeds differ, so part of every difference is chance");
  }
  if (!set.key(paired_on) && !grouping.single_runs) {
    notes.push_back(
        fmt::format("all runs have one {}: differences are means without an interval", paired_on));
  }
  return notes;
}

std::size_t baseline_of(const Grouping& grouping, const std::string& name) {
  for (std::size_t g = 0; g < grouping.groups.size(); ++g) {
    if (grouping.groups[g].name == name) return g;
  }
  return 0;
}

}  // namespace

std::vector<std::string> group_keys(const RunSet& set) {
  std::vector<std::string> out = set.keys;
  for (const std::string_view word : {kByFile, kByScenario, kByProgram}) out.emplace_back(word);
  return out;
}

std::optional<std::string> default_group_key(const RunSet& set, std::string_view paired_on) {
  if (!set.sweep && set.runs.size() == 2) return std::string(kByFile);
  if (set.key("layer2.design")) return "layer2.design";
  std::vector<std::string> others;
  for (const std::string& key : set.keys) {
    if (key != paired_on) others.push_back(key);
  }
  if (others.size() == 1) return others.front();
  return {};
}

std::vector<std::string> group_names(const RunSet& set, std::string_view by) {
  std::vector<std::string> out;
  for (const RunRecord& run : set.runs) {
    const std::string name = group_of(set, run, by);
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

Comparison compare(const RunSet& set, const CompareRequest& request) {
  MEZZ_ASSERT(request.level > 0 && request.level < 1);
  Grouping grouping = grouped(set, request);
  Comparison out{.title = set.title,
                 .by = request.by,
                 .paired_on = request.paired_on,
                 .level = request.level,
                 .groups = {},
                 .runs = {},
                 .metrics = {},
                 .left_out = grouping.left_out,
                 .notes = {}};
  if (grouping.groups.empty()) return out;
  out.baseline = baseline_of(grouping, request.baseline);
  out.single_runs = grouping.single_runs;
  for (const Group& group : grouping.groups) {
    out.groups.push_back(group.name);
    out.runs.push_back(group.observations.size());
  }
  for (std::string& line :
       without_partner(grouping, grouping.groups[out.baseline], request.paired_on)) {
    out.left_out.push_back(std::move(line));
  }
  out.notes = notes_on(set, grouping, request.paired_on);
  const bool chosen = !request.metrics.empty();
  for (const std::string& name : chosen ? request.metrics : set.metric_names()) {
    if (!chosen && equal_everywhere(set, grouping, name)) {
      ++out.equal_metrics;
      continue;
    }
    ComparedMetric metric = compared(set, grouping, out.baseline, name, request.level);
    if (!chosen && without_difference(metric)) {
      ++out.partial_metrics;
      continue;
    }
    out.metrics.push_back(std::move(metric));
  }
  adjust(out.metrics);
  return out;
}

}  // namespace mezz::analysis

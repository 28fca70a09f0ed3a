#include "analysis/compare/observations.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace mezz::analysis {

namespace {

// Keys by which runs within a group differ, other than the seed.
std::vector<std::size_t> further_keys(const RunSet& set, const std::vector<Group>& groups,
                                      const CompareRequest& request) {
  std::vector<std::size_t> keys;
  for (std::size_t k = 0; k < set.keys.size(); ++k) {
    if (set.keys[k] == request.by || set.keys[k] == request.paired_on) continue;
    const bool varies = std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
      const std::string& first = set.runs[group.observations.front().run].values[k].text;
      return std::any_of(
          group.observations.begin(), group.observations.end(),
          [&](const Observation& one) { return set.runs[one.run].values[k].text != first; });
    });
    if (varies) keys.push_back(k);
  }
  return keys;
}

std::string rest_text(const RunSet& set, const RunRecord& run,
                      const std::vector<std::size_t>& keys) {
  std::string text;
  for (const std::size_t k : keys) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", set.keys[k], run.values[k].text);
  }
  return text;
}

// Sets seed and rest of every observation; one that is there already is left out.
void describe(const RunSet& set, const CompareRequest& request, Grouping& out) {
  const std::vector<std::size_t> keys = further_keys(set, out.groups, request);
  const auto seed = set.key(request.paired_on);
  for (Group& group : out.groups) {
    std::map<std::pair<std::string, std::string>, std::size_t> seen;
    std::vector<Observation> kept;
    for (Observation one : group.observations) {
      const RunRecord& run = set.runs[one.run];
      if (seed && !out.single_runs) one.seed = run.values[*seed].text;
      one.rest = rest_text(set, run, keys);
      const auto [at, is_new] = seen.emplace(std::pair(one.seed, one.rest), one.run);
      if (is_new) {
        kept.push_back(std::move(one));
      } else {
        out.left_out.push_back(
            fmt::format("{} is the same run as {}", run.path, set.runs[at->second].path));
      }
    }
    group.observations = std::move(kept);
  }
}

}  // namespace

std::string group_of(const RunSet& set, const RunRecord& run, std::string_view by) {
  if (const auto key = set.key(by)) return run.values[*key].text;
  if (by == kByScenario) return run.scenario;
  if (by == kByProgram) return run.program;
  return run.path;
}

Grouping grouped(const RunSet& set, const CompareRequest& request) {
  Grouping out;
  for (const std::string& name : group_names(set, request.by)) out.groups.push_back({name, {}});
  for (std::size_t r = 0; r < set.runs.size(); ++r) {
    const RunRecord& run = set.runs[r];
    const std::string name = group_of(set, run, request.by);
    // A file that was named is compared as far as it goes.
    const bool whole = run.status == "complete" || (request.by == kByFile && !run.failed());
    if (!whole) {
      out.left_out.push_back(fmt::format("{} ({}) {}{}", run.path, name, run.status,
                                         run.message.empty() ? "" : ": " + run.message));
      continue;
    }
    for (Group& group : out.groups) {
      if (group.name == name) group.observations.push_back({.run = r, .seed = {}, .rest = {}});
    }
  }
  std::erase_if(out.groups, [&](const Group& group) {
    if (group.observations.empty()) {
      out.left_out.push_back(fmt::format("{} has no complete run", group.name));
    }
    return group.observations.empty();
  });
  out.single_runs = std::all_of(out.groups.begin(), out.groups.end(),
                                [](const Group& group) { return group.observations.size() == 1; });
  describe(set, request, out);
  return out;
}

Values values_of(const RunSet& set, const Group& group, std::string_view metric) {
  Values out;
  for (const Observation& one : group.observations) {
    const Metric* found = set.runs[one.run].metric(metric);
    if (found != nullptr && std::isfinite(found->value)) out[one.seed][one.rest] = found->value;
  }
  return out;
}

std::vector<std::string> without_partner(const Grouping& grouping, const Group& baseline,
                                         std::string_view paired_on) {
  const auto places = [](const Group& group) {
    std::set<std::pair<std::string, std::string>> out;
    for (const Observation& one : group.observations) out.emplace(one.seed, one.rest);
    return out;
  };
  const auto lonely = [&](const Group& group, const Group& other) -> std::string {
    const auto partners = places(other);
    std::vector<std::string> alone;
    for (const Observation& one : group.observations) {
      if (partners.contains({one.seed, one.rest})) continue;
      alone.push_back(one.rest.empty() ? one.seed : one.seed + " with " + one.rest);
    }
    if (alone.empty()) return {};
    const std::size_t count = alone.size();
    if (count > 6) alone.resize(6);
    std::string list;
    for (const std::string& one : alone) list += (list.empty() ? "" : ", ") + one;
    return fmt::format("{} of {} runs of {} have no partner in {} ({} {}{})", count,
                       group.observations.size(), group.name, other.name, paired_on, list,
                       count > 6 ? ", ..." : "");
  };
  std::vector<std::string> out;
  for (const Group& group : grouping.groups) {
    if (&group == &baseline) continue;
    for (const std::string& line : {lonely(group, baseline), lonely(baseline, group)}) {
      if (!line.empty()) out.push_back(line);
    }
  }
  return out;
}

}  // namespace mezz::analysis

#include "scenarios/headline_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "models/layer2/finality.h"
#include "scenarios/scenario_checks.h"
#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"

namespace mezz {

namespace {

struct Name {
  std::string name;
  std::string unit;
};

std::vector<Name> percentiles() {
  std::vector<Name> names;
  for (std::size_t r = 1; r < kRungs; ++r) {
    const std::string rung = "finality." + std::string(enum_name(static_cast<Rung>(r)));
    for (const char* of : {".p50", ".p99", ".p999"}) names.push_back({rung + of, "s"});
    if (static_cast<Rung>(r) < Rung::Published) continue;
    names.push_back({rung + ".longest_gap", "s"});
  }
  for (const char* delay :
       {"withdrawal.delay", "forced.delay", "liquidations.delay", "disputes.duration"}) {
    for (const char* of : {".p50", ".p99"}) names.push_back({delay + std::string(of), "s"});
  }
  names.push_back({"liquidations.uncontested.share", "1"});
  return names;
}

// Numbers that only designs with the part have: a limit on them says nothing about another design
// that the same scenario is run with.
bool of_another_design(std::string_view name) {
  static constexpr std::string_view kFamilies[] = {"disputes.",
                                                   "bold.",
                                                   "proving.",
                                                   "batches",
                                                   "committee.",
                                                   "escape.",
                                                   "exits.",
                                                   "channel.",
                                                   "consensus.",
                                                   "milestone.",
                                                   "data.",
                                                   "l2.reverts",
                                                   "theft.",
                                                   "proofs",
                                                   "withdrawal.reproved",
                                                   "sequencer.failover",
                                                   "sequencer.downtime",
                                                   "checkpoint.",
                                                   "bridge.",
                                                   "express_lane.",
                                                   "fast_exit.",
                                                   "plasma.",
                                                   "forced."};
  return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](std::string_view family) { return name.starts_with(family); });
}

const Metric* find(const std::vector<Metric>& metrics, std::string_view name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

}  // namespace

void complete_headline(std::vector<Metric>& metrics) {
  for (const Name& wanted : percentiles()) {
    if (find(metrics, wanted.name) != nullptr) continue;
    metrics.push_back({wanted.name, std::numeric_limits<double>::quiet_NaN(), wanted.unit});
  }
}

void check_limit_names(const Scenario& scenario, const std::vector<Metric>& known) {
  std::vector<Metric> all = known;
  complete_headline(all);
  std::vector<std::string_view> names{"events", "wall", "events_per_second", "memory.peak"};
  for (const Metric& metric : all) names.push_back(metric.name);
  for (std::size_t i = 0; i < scenario.limit.size(); ++i) {
    const std::string& name = scenario.limit[i].metric;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (of_another_design(name)) continue;
    const std::string path = config::item_path("limit", i) + ".metric";
    const std::string near = config::did_you_mean(name, names);
    throw ScenarioError(path,
                        "no headline number is called " + config::quote(name) +
                            (near.empty() ? "; known are " + config::joined(names) : near),
                        written_at(scenario, path));
  }
}

bool LimitParams::holds_for(Design design) const {
  return designs.empty() || std::find(designs.begin(), designs.end(), design) != designs.end();
}

std::vector<std::string> broken_limits(const Scenario& scenario,
                                       const std::vector<Metric>& metrics) {
  std::vector<std::string> broken;
  for (const LimitParams& limit : scenario.limit) {
    if (!limit.holds_for(scenario.layer2.design)) continue;
    const Metric* found = find(metrics, limit.metric);
    if (found == nullptr && of_another_design(limit.metric)) continue;
    if (found == nullptr || !std::isfinite(found->value)) {
      broken.push_back(limit.metric + " has no value in this run");
    } else if (limit.min && found->value < *limit.min) {
      broken.push_back(fmt::format("{} = {} {}, at least {} was expected", limit.metric,
                                   found->value, found->unit, *limit.min));
    } else if (limit.max && found->value > *limit.max) {
      broken.push_back(fmt::format("{} = {} {}, at most {} was expected", limit.metric,
                                   found->value, found->unit, *limit.max));
    }
  }
  return broken;
}

}  // namespace mezz

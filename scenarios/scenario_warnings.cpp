#include "scenarios/scenario_warnings.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "scenarios/scenario_checks.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"
#include "sim/config/units.h"

namespace mezz {

namespace {

std::string line(const Scenario& scenario, const std::string& path, const std::string& text) {
  return written_at(scenario, path) + ": " + path + ": " + text;
}

std::string sum(std::string_view names, Duration total) {
  return fmt::format("{} = {}", names, config::to_text(total));
}

// How old a report can be when a block of layer two executes it, delays at their means.
void warn_of_stale_reports(const Scenario& s, std::vector<std::string>& warnings) {
  const OracleParams& market = s.layer2.execution.exchange.oracle;
  const Duration block = s.layer2.sequencing.block_time;
  Duration age;
  std::string names;
  if (market.policy == OraclePolicy::Pull) {
    age = s.pull_oracle.interval + block;
    names = "pull_oracle.interval + sequencing.block_time";
  } else {
    age = s.push_oracle.poll + s.push_oracle.report_delay.mean + block;
    names = "push_oracle.poll + push_oracle.report_delay.mean + sequencing.block_time";
    if (s.push_oracle.route == OracleRoute::Layer1) {
      age = age + s.layer1.slot_time + s.push_oracle.relay_delay;
      names += " + layer1.slot_time + push_oracle.relay_delay";
    }
  }
  if (age < market.max_age) return;
  warnings.push_back(line(s, "market.oracle.max_age",
                          fmt::format("prices older than {} are refused, and {}: expect every "
                                      "report to be refused",
                                      config::to_text(market.max_age), sum(names, age))));
}

void warn_of_idle_patterns(const Scenario& s, const RecorderPlan& plan,
                           std::vector<std::string>& warnings) {
  const std::vector<std::string_view> names(plan.names().begin(), plan.names().end());
  const std::vector<std::string> unmatched = plan.unmatched();
  for (std::size_t i = 0; i < s.record.size(); ++i) {
    const std::string& pattern = s.record[i].match;
    if (std::find(unmatched.begin(), unmatched.end(), pattern) == unmatched.end()) continue;
    warnings.push_back(line(s, config::item_path("record", i) + ".match",
                            config::quote(pattern) + " matches no probe and no table" +
                                config::did_you_mean(pattern, names)));
  }
}

}  // namespace

std::vector<std::string> warnings_of(const Scenario& scenario, const RecorderPlan& plan) {
  std::vector<std::string> warnings;
  warn_of_stale_reports(scenario, warnings);
  warn_of_idle_patterns(scenario, plan, warnings);
  return warnings;
}

RecorderPlan recorder_plan_of(const Scenario& scenario) {
  RecorderPlan plan;
  for (const RecordParams& rule : scenario.record) plan.add(rule.match, rule.with);
  return plan;
}

}  // namespace mezz

#include "scenarios/scenario_warnings.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "scenarios/parameter_tables.h"
#include "scenarios/scenario_checks.h"
#include "scenarios/unread_keys.h"
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

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The sections that describe the parts a shock hits; empty: parts that every design has, or that
// another parameter decides on.
std::vector<std::string_view> sections_hit(ShockKind kind) {
  switch (kind) {
    case ShockKind::ProverDown:
    case ShockKind::ProverDegraded:
    case ShockKind::ProverLoad:
    case ShockKind::ProofMismatch:
      return {"prover"};
    case ShockKind::ProposerDown:
      return {"proposer", "prover", "plasma"};
    case ShockKind::InvalidClaim:
      return {"attacker"};
    case ShockKind::ChallengerDown:
      return {"challenger", "plasma"};
    case ShockKind::CommitteeDown:
      return {"committee"};
    case ShockKind::DataWithheld:
      return {"committee", "plasma"};
    case ShockKind::InvalidBlock:
      return {"plasma"};
    case ShockKind::KeysCompromised:
      return {"quorum_bridge"};
    case ShockKind::WatchtowerDown:
    case ShockKind::StaleClose:
    case ShockKind::MassExit:
      return {"channel", "plasma"};
    case ShockKind::SigningRefused:
      return {"channel"};
    default:
      return {};
  }
}

void warn_of_idle_shocks(const Scenario& s, std::vector<std::string>& warnings) {
  const std::vector<std::string> own = sections_of_design(enum_name(s.layer2.design));
  for (std::size_t i = 0; i < s.shock.size(); ++i) {
    const std::vector<std::string_view> hit = sections_hit(s.shock[i].kind);
    const auto has = [&](std::string_view section) { return contains(own, section); };
    if (hit.empty() || std::any_of(hit.begin(), hit.end(), has)) continue;
    if (s.shock[i].kind == ShockKind::DataWithheld && s.data_sampling.clients > 0) continue;
    warnings.push_back(line(s, config::item_path("shock", i) + ".kind",
                            fmt::format("{} hits nothing {}", enum_name(s.shock[i].kind),
                                        in_design(enum_name(s.layer2.design)))));
  }
}

// Agents that never find what they trade.
void warn_of_idle_agents(const Scenario& s, std::vector<std::string>& warnings) {
  const ExchangeParams& market = s.layer2.execution.exchange;
  const auto idle = [&](std::string_view kind) -> std::string_view {
    if (market.listing.empty() && (kind == "listing_maker" || kind == "listing_trader")) {
      return "trades listings only, and market.listing has none";
    }
    if (market.pool.empty() && kind == "pool_arbitrageur") {
      return "trades pools only, and market.pool has none";
    }
    if (market.oracle.policy != OraclePolicy::Pull && kind == "pull_arbitrageur") {
      return "chooses among prices that only market.oracle.policy = pull accepts";
    }
    return {};
  };
  for (std::size_t i = 0; i < s.agents.size(); ++i) {
    const std::string_view reason = idle(s.agents[i].kind);
    if (reason.empty()) continue;
    warnings.push_back(line(s, config::item_path("agent", i) + ".kind",
                            fmt::format("{} {}", s.agents[i].kind, reason)));
  }
}

}  // namespace

std::vector<std::string> warnings_of(const Scenario& scenario, const RecorderPlan& plan) {
  std::vector<std::string> warnings;
  warn_of_stale_reports(scenario, warnings);
  warn_of_idle_patterns(scenario, plan, warnings);
  for (const UnreadKey& key : unread_keys(scenario)) {
    warnings.push_back(key.place + ": " + key.path + ": " + key.problem);
  }
  warn_of_idle_shocks(scenario, warnings);
  warn_of_idle_agents(scenario, warnings);
  return warnings;
}

RecorderPlan recorder_plan_of(const Scenario& scenario) {
  RecorderPlan plan;
  for (const RecordParams& rule : scenario.record) plan.add(rule.match, rule.with);
  return plan;
}

}  // namespace mezz

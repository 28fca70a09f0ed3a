#include "scenarios/live_parameters.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <span>

#include "models/shock/live.h"
#include "scenarios/scenario_checks.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/scalar.h"

namespace mezz {

namespace {

using config::Field;

// Designs that publish batches (models/layer2/designs).
bool has_batch_poster(Design design) {
  return design == Design::OptimisticRollup || design == Design::Optimium ||
         design == Design::ZkRollup || design == Design::Validium || design == Design::Volition;
}

struct Candidate {
  LiveParameter parameter;
  bool has_part = true;  // somebody in this scenario reads it
};

std::vector<Candidate> candidates(const Scenario& scenario) {
  std::vector<Candidate> out;
  const auto add = [&](const std::string& section, std::span<const std::string_view> names,
                       const std::vector<std::string>& entities, bool has_part) {
    for (const std::string_view name : names) {
      out.push_back({{config::child_path(section, name), std::string(name), entities}, has_part});
    }
  };
  const bool push = scenario.layer2.execution.exchange.oracle.policy == OraclePolicy::Push;
  add("push_oracle", PushOracleParams::kLive, {"oracle"}, push);
  add("pull_oracle", PullOracleParams::kLive, {"oracle"}, !push);
  add("availability", BatchPosterParams::kLive, {"l2/batch_poster"},
      has_batch_poster(scenario.layer2.design));
  for (std::size_t i = 0; i < scenario.agents.size(); ++i) {
    const AgentEntry& agent = scenario.agents[i];
    add(config::item_path("agent", i), agent.model->live(), agent.entities(), true);
  }
  return out;
}

// "agent[2].refresh" in the described tree; null when there is no such scalar.
const Field* find(const Field& table, const std::string& path, const std::string& wanted) {
  for (const Field& field : table.fields) {
    const std::string here = config::child_path(path, field.name);
    if (!wanted.starts_with(here)) continue;
    if (field.shape == Field::Shape::Scalar && here == wanted) return &field;
    if (field.shape == Field::Shape::Table) {
      if (const Field* found = find(field, here, wanted)) return found;
    }
    for (std::size_t i = 0; field.shape == Field::Shape::TableArray && i < field.fields.size();
         ++i) {
      const std::string item = config::item_path(here, i);
      if (const Field* found = find(field.fields[i], item, wanted)) return found;
    }
  }
  return nullptr;
}

// As after --set: what is no TOML is a text.
config::Node node_of(const std::string& value) {
  config::Document document;
  config::apply_override(document, "value=" + value);
  const config::Node* node = document.root.find("value");
  MEZZ_ASSERT(node != nullptr);
  return *node;
}

// The live parameters of the same section when it has some: those of a hundred agents are no help.
std::string alternatives(const std::vector<Candidate>& all, const std::string& wanted) {
  constexpr std::size_t kNamed = 12;
  const std::string section = wanted.substr(0, wanted.rfind('.')) + ".";
  std::vector<std::string_view> near;
  std::vector<std::string_view> every;
  for (const Candidate& one : all) {
    if (!one.has_part) continue;
    every.push_back(one.parameter.path);
    if (one.parameter.path.starts_with(section)) near.push_back(one.parameter.path);
  }
  std::vector<std::string_view>& named = near.empty() ? every : near;
  if (named.empty()) return "nothing of this scenario can";
  const std::size_t more = named.size() - std::min(named.size(), kNamed);
  named.resize(named.size() - more);
  const std::string rest = more == 0 ? "" : fmt::format(" and {} more", more);
  return "these can change: " + config::joined(named) + rest;
}

// What all changes of one scenario are checked against.
class ChangeRules {
 public:
  explicit ChangeRules(const Scenario& scenario)
      : scenario_(scenario), all_(candidates(scenario)), root_(described(scenario)) {}

  struct Checked {
    LiveParameter parameter;
    std::int64_t stored = 0;  // as of ParameterChange
  };
  [[nodiscard]] Checked check(const ChangeParams& change, const std::string& where) const {
    const LiveParameter& parameter = check_parameter(change.parameter, where + ".parameter");
    return {parameter, check_value(change, where + ".value")};
  }

 private:
  // Without the changes themselves, of which there may be many.
  static Field described(Scenario scenario) {
    scenario.change.clear();
    return describe_scenario(scenario);
  }

  [[noreturn]] void reject(const std::string& path, const std::string& problem) const {
    throw ScenarioError(path, problem, written_at(scenario_, path));
  }

  [[nodiscard]] const LiveParameter& check_parameter(const std::string& wanted,
                                                     const std::string& path) const {
    for (const Candidate& one : all_) {
      if (one.parameter.path != wanted) continue;
      if (one.has_part) return one.parameter;
      reject(path, config::quote(wanted) + " belongs to a part that this scenario does not have; " +
                       alternatives(all_, wanted));
    }
    if (find(root_, "", wanted) != nullptr) {
      reject(path,
             config::quote(wanted) + " is fixed while a world runs; " + alternatives(all_, wanted));
    }
    std::vector<std::string_view> names;
    for (const Candidate& one : all_) {
      if (one.has_part) names.push_back(one.parameter.path);
    }
    reject(path, "there is no parameter " + config::quote(wanted) +
                     config::did_you_mean(wanted, names) + "; " + alternatives(all_, wanted));
  }

  [[nodiscard]] std::int64_t check_value(const ChangeParams& change,
                                         const std::string& path) const {
    const Field* field = find(root_, "", change.parameter);
    MEZZ_ASSERT(field != nullptr);
    if (change.value.find_first_not_of(" \t\r\n") == std::string::npos) reject(path, "is empty");
    try {
      const config::ScalarValue value =
          config::read_scalar(node_of(change.value), path, field->type, field->range);
      const bool real = field->type.kind == config::ScalarKind::Real;
      return real ? std::bit_cast<std::int64_t>(value.real) : narrow(value.integer);
    } catch (const ScenarioError& error) {
      reject(path, "of " + change.parameter + ": " + error.problem());
    }
  }

  const Scenario& scenario_;
  std::vector<Candidate> all_;
  Field root_;
};

// A world that is built by hand may have other parts than the scenario's design.
Ref<Tunable> tunable(World& world, const std::string& path, const std::string& parameter) {
  Entity* entity = world.find(path);
  const void* role = dynamic_cast<Tunable*>(entity);
  if (role == nullptr) {
    throw ScenarioError("change", "of " + parameter + " needs the part " + config::quote(path) +
                                      ", which this world does not have");
  }
  const auto endpoints = entity->endpoints();
  for (std::uint32_t i = 1; i < kEndpointsPerEntity; ++i) {
    if (endpoints[i] == role) return Ref<Tunable>(entity->id().value * kEndpointsPerEntity + i);
  }
  MEZZ_ASSERT(false);  // it plays the role and does not declare it
}

void schedule(World& world, const ChangeRules::Checked& known, Duration at) {
  const ParameterChange message{parameter_key(known.parameter.name), known.stored};
  for (const std::string& path : known.parameter.entities) {
    world.engine().schedule(Time::zero() + at, tunable(world, path, known.parameter.path), message);
  }
}

}  // namespace

std::vector<LiveParameter> live_parameters(const Scenario& scenario) {
  std::vector<LiveParameter> out;
  for (Candidate& one : candidates(scenario)) {
    if (one.has_part) out.push_back(std::move(one.parameter));
  }
  return out;
}

void check_changes(const Scenario& scenario) {
  if (scenario.change.empty()) return;
  const ChangeRules rules(scenario);
  for (std::size_t i = 0; i < scenario.change.size(); ++i) {
    static_cast<void>(rules.check(scenario.change[i], config::item_path("change", i)));
  }
}

void schedule_changes(World& world, const Scenario& scenario) {
  if (scenario.change.empty()) return;
  const ChangeRules rules(scenario);
  for (std::size_t i = 0; i < scenario.change.size(); ++i) {
    const ChangeParams& change = scenario.change[i];
    schedule(world, rules.check(change, config::item_path("change", i)), change.at);
  }
}

void schedule_change(World& world, const Scenario& scenario, const ChangeParams& change) {
  schedule(world, ChangeRules(scenario).check(change, "change"), change.at);
}

}  // namespace mezz

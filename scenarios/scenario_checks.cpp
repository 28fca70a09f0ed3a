#include "scenarios/scenario_checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include "analysis/export_table.h"
#include "scenarios/design_checks.h"
#include "scenarios/live_parameters.h"
#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"
#include "sim/config/units.h"
#include "sim/record/recorder_plan.h"

namespace mezz {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject(const Scenario& scenario, const std::string& path,
                         const std::string& problem) {
  throw ScenarioError(path, problem, written_at(scenario, path));
}

void require_written(const Scenario& scenario, const std::string& table, const char* key) {
  const std::string path = config::child_path(table, key);
  if (!scenario.origins.contains(path)) reject(scenario, path, "is missing and has no default");
}

// What the magnitude of a kind means (models/shock/shock.h) and the values that make sense.
enum class Magnitude { Unused, Share, Factor, Depth };
Magnitude magnitude_of(ShockKind kind) {
  switch (kind) {
    case ShockKind::SequencerDegraded:
    case ShockKind::Censorship:
    case ShockKind::L1MissedSlots:
    case ShockKind::ProverDegraded:
    case ShockKind::CommitteeDown:
    case ShockKind::ValidatorsDown:
    case ShockKind::KeysCompromised:
    case ShockKind::StaleClose:
    case ShockKind::SigningRefused:
    case ShockKind::MassExit:
      return Magnitude::Share;
    case ShockKind::GasSpike:
    case ShockKind::BlobSpike:
    case ShockKind::OracleWrongPrice:
    case ShockKind::PriceJump:
    case ShockKind::ProverLoad:
      return Magnitude::Factor;
    case ShockKind::L1Reorg:
    case ShockKind::SequencerReorg:
      return Magnitude::Depth;
    default:
      return Magnitude::Unused;
  }
}

// These happen at one instant; every other shock of no duration would do nothing.
bool is_moment(ShockKind kind) {
  switch (kind) {
    case ShockKind::L1Reorg:
    case ShockKind::PriceJump:
    case ShockKind::InvalidClaim:
    case ShockKind::SequencerReorg:
    case ShockKind::ProofMismatch:
    case ShockKind::InvalidBlock:
    case ShockKind::StaleClose:
    case ShockKind::MassExit:
      return true;
    default:
      return false;
  }
}

void check_magnitude(const Scenario& scenario, const std::string& path, const ShockParams& shock) {
  constexpr std::int64_t kFactorMax = 1'000;
  constexpr std::int64_t kDepthMax = 1'000;
  const std::string kind(enum_name(shock.kind));
  const std::string got = fmt::format("{:g}", shock.magnitude.value());
  const bool whole = shock.magnitude.ppb % Ratio::kScale == 0;
  switch (magnitude_of(shock.kind)) {
    case Magnitude::Unused:
      return;
    case Magnitude::Share:
      if (shock.magnitude <= Ratio::one()) return;
      reject(scenario, path, "of " + kind + " is a share, 0 to 1, got " + got);
    case Magnitude::Factor:
      if (shock.magnitude > Ratio::zero() && shock.magnitude <= Ratio::one() * kFactorMax) return;
      reject(
          scenario, path,
          fmt::format("of {} is a factor above 0 and at most {}, got {}", kind, kFactorMax, got));
    case Magnitude::Depth:
      if (whole && shock.magnitude >= Ratio::one() && shock.magnitude <= Ratio::one() * kDepthMax)
        return;
      reject(
          scenario, path,
          fmt::format("of {} is a whole number of blocks, 1 to {}, got {}", kind, kDepthMax, got));
  }
}

void check_shocks(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.shock.size(); ++i) {
    const ShockParams& shock = scenario.shock[i];
    const std::string path = config::item_path("shock", i);
    require_written(scenario, path, "at");
    require_written(scenario, path, "kind");
    check_magnitude(scenario, path + ".magnitude", shock);
    if (shock.duration == Duration::zero() && !is_moment(shock.kind)) {
      reject(
          scenario, path + ".duration",
          fmt::format("must be above 0: a {} of no duration does nothing", enum_name(shock.kind)));
    }
  }
}

void check_change_tables(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.change.size(); ++i) {
    for (const char* key : {"at", "parameter", "value"}) {
      require_written(scenario, config::item_path("change", i), key);
    }
  }
  check_changes(scenario);
}

void check_links(const Scenario& scenario) {
  const std::vector<std::string_view> places(known_places().begin(), known_places().end());
  for (std::size_t i = 0; i < scenario.link.size(); ++i) {
    const std::string path = config::item_path("link", i);
    const auto known = [&](const char* key, const std::string& place) {
      require_written(scenario, path, key);
      if (std::find(places.begin(), places.end(), place) != places.end()) return;
      reject(scenario, config::child_path(path, key),
             "no place is called " + config::quote(place) + config::did_you_mean(place, places) +
                 "; places are " + config::joined(places));
    };
    known("from", scenario.link[i].from);
    known("to", scenario.link[i].to);
    check(scenario.link[i].link.delay, path + ".delay");
  }
}

void check_limits(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.limit.size(); ++i) {
    const LimitParams& limit = scenario.limit[i];
    const std::string path = limit.path.empty() ? config::item_path("limit", i) : limit.path;
    if (limit.path.empty()) require_written(scenario, path, "metric");
    if (!limit.min && !limit.max) reject(scenario, path, "needs min, max or both");
    if (limit.min && limit.max && *limit.min > *limit.max) {
      reject(scenario, path + ".min",
             fmt::format("must not be above max, {}, got {}", *limit.max, *limit.min));
    }
  }
}

void check_records(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.record.size(); ++i) {
    const std::string path = config::item_path("record", i);
    require_written(scenario, path, "match");
    try {
      (void)parse_recorders(scenario.record[i].with, path + ".with");
    } catch (const ScenarioError& error) {
      reject(scenario, path + ".with", error.problem());
    }
  }
}

void check_agents(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.agents.size(); ++i) {
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    };
    const std::string& name = scenario.agents[i].name;
    const std::string path = config::item_path("agent", i) + ".name";
    if (!std::all_of(name.begin(), name.end(), plain) || name.size() > 100) {
      reject(scenario, path,
             "takes letters, digits, '_' and '-', at most 100, got " + config::quote(name));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (scenario.agents[j].name != name) continue;
      const bool written = scenario.origins.contains(path);
      reject(scenario, written ? path : config::item_path("agent", i) + ".kind",
             fmt::format("agent[{}] is called {} too; give one of them another name", j,
                         config::quote(name)));
    }
  }
}

void check_price(const Scenario& scenario) {
  const Money tick = scenario.layer2.execution.exchange.contract.tick;
  if (scenario.price.initial_price < tick) {
    reject(scenario, "price.initial_price",
           "must be at least one tick, " + config::to_text(tick) + ", got " +
               config::to_text(scenario.price.initial_price));
  }
  if (scenario.price.kind != PricePathKind::Replay) return;
  const std::string& file = scenario.price.file;
  if (file.empty())
    reject(scenario, "price.file", "is missing; kind = \"replay\" needs a CSV file");
  std::error_code error;
  if (!fs::exists(file, error))
    reject(scenario, "price.file", "there is no file " + config::quote(file));
  if (fs::is_directory(file, error))
    reject(scenario, "price.file", config::quote(file) + " is a directory, not a CSV file");
}

void check_epoch(const Scenario& scenario) {
  if (!analysis::iso_time(scenario.run.epoch, Time::zero()).empty()) return;
  reject(scenario, "run.epoch",
         "expected a date and time such as \"2026-01-01 00:00:00\", got " +
             config::quote(scenario.run.epoch));
}

}  // namespace

std::string written_at(const Scenario& scenario, const std::string& path) {
  for (std::string part = path; !part.empty();) {
    const auto found = scenario.origins.find(part);
    if (found != scenario.origins.end()) return config::place(found->second);
    const std::size_t cut = part.find_last_of(".[");
    part.resize(cut == std::string::npos ? 0 : cut);
  }
  return scenario.file;
}

bool reads_magnitude(ShockKind kind) { return magnitude_of(kind) != Magnitude::Unused; }

void check_scenario(const Scenario& scenario) {
  check_epoch(scenario);
  check_shocks(scenario);
  check_links(scenario);
  check_records(scenario);
  check_limits(scenario);
  check_agents(scenario);
  check_price(scenario);
  check_design(scenario);
  check_change_tables(scenario);
}

}  // namespace mezz

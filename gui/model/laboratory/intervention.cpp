#include "gui/model/laboratory/intervention.h"

#include <fmt/core.h>

#include "scenarios/live_parameters.h"
#include "sim/check/error.h"
#include "sim/config/scalar.h"
#include "sim/config/units.h"

namespace mezz::lab {

namespace {

std::string fields(const ShockParams& shock, std::string_view between) {
  std::string out =
      fmt::format("at = \"{}\"{}kind = \"{}\"{}duration = \"{}\"", config::to_text(shock.at),
                  between, enum_name(shock.kind), between, config::to_text(shock.duration));
  if (shock.magnitude != Ratio::one()) {
    out += fmt::format("{}magnitude = \"{}\"", between, config::to_text(shock.magnitude));
  }
  return out;
}

std::string fields(const ChangeParams& change, std::string_view between) {
  return fmt::format("at = \"{}\"{}parameter = {}{}value = {}", config::to_text(change.at), between,
                     config::toml_string(change.parameter), between,
                     config::toml_string(change.value));
}

// "shock=[{...}, {...}]" of those in the scenario and those of this type that were added.
template <class Params>
std::string assignment(const char* key, const std::vector<Params>& written,
                       const std::vector<Intervention>& interventions) {
  std::string list;
  const auto add = [&](const Params& one) {
    list += (list.empty() ? "{" : ", {") + fields(one, ", ") + "}";
  };
  for (const Params& one : written) add(one);
  bool any = false;
  for (const Intervention& done : interventions) {
    const auto* one = std::get_if<Params>(&done.what);
    if (one != nullptr) add(*one);
    any = any || one != nullptr;
  }
  return any ? std::string(key) + "=[" + list + "]" : std::string();
}

}  // namespace

Duration Intervention::at() const {
  return std::visit([](const auto& params) { return params.at; }, what);
}

void Intervention::set_at(Duration at) {
  std::visit([&](auto& params) { params.at = at; }, what);
}

std::string Intervention::text() const {
  if (const ShockParams* one = shock()) return "the shock " + std::string(enum_name(one->kind));
  return change()->parameter + " " + change()->value;
}

std::string problem_of(const ChangeParams& change, const Scenario& scenario) {
  Scenario with = scenario;
  with.change = {change};
  try {
    check_changes(with);
  } catch (const ScenarioError& error) {
    return error.problem();
  }
  return {};
}

// The checks of a scenario ask where a value came from.
Scenario with_interventions(const Scenario& scenario,
                            const std::vector<Intervention>& interventions) {
  Scenario out = scenario;
  const auto written = [&](const std::string& table, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      out.origins.emplace(config::child_path(table, key), config::Origin::command_line());
    }
  };
  for (const Intervention& done : interventions) {
    if (const ShockParams* shock = done.shock()) {
      written(config::item_path("shock", out.shock.size()),
              {"at", "kind", "duration", "magnitude"});
      out.shock.push_back(*shock);
    } else {
      written(config::item_path("change", out.change.size()), {"at", "parameter", "value"});
      out.change.push_back(*done.change());
    }
  }
  return out;
}

std::string toml_text(const std::vector<Intervention>& interventions) {
  std::string out;
  for (const Intervention& done : interventions) {
    out += done.shock() != nullptr ? "[[shock]]\n" + fields(*done.shock(), "\n")
                                   : "[[change]]\n" + fields(*done.change(), "\n");
    out += "\n\n";
  }
  return out;
}

std::vector<std::string> assignments(const Scenario& scenario,
                                     const std::vector<Intervention>& interventions) {
  std::vector<std::string> out = {assignment("shock", scenario.shock, interventions),
                                  assignment("change", scenario.change, interventions)};
  std::erase(out, std::string());
  return out;
}

const std::vector<ShockHelp>& shock_help() {
  static const std::vector<ShockHelp> help = {
      {ShockKind::RpcDown, "users cannot reach the sequencer", "", Ratio::one()},
      {ShockKind::SequencerDown, "no layer-two blocks", "", Ratio::one()},
      {ShockKind::SequencerDegraded, "smaller blocks", "share of the capacity left", 20_percent},
      {ShockKind::BatcherDown, "blocks go on, nothing is published", "", Ratio::one()},
      {ShockKind::ProposerDown, "no state claims", "", Ratio::one()},
      {ShockKind::Censorship, "some accounts are ignored", "share of the accounts", 50_percent},
      {ShockKind::CensorWithdrawals, "withdrawals are ignored", "", Ratio::one()},
      {ShockKind::InvalidClaim, "a false state claim is posted", "", Ratio::one()},
      {ShockKind::ChallengerDown, "honest challengers sleep", "", Ratio::one()},
      {ShockKind::L1Reorg, "layer one goes back", "depth in blocks", Ratio::one() * 3},
      {ShockKind::L1NoFinality, "layer one does not finalise", "", Ratio::one()},
      {ShockKind::L1MissedSlots, "layer-one slots stay empty", "share of the slots", 50_percent},
      {ShockKind::GasSpike, "gas is dear", "factor on the demand", Ratio::one() * 4},
      {ShockKind::BlobSpike, "blobs are dear", "factor on the demand", Ratio::one() * 4},
      {ShockKind::OracleDown, "no oracle updates", "", Ratio::one()},
      {ShockKind::OracleWrongPrice, "the oracle is wrong", "factor on the price", 90_percent},
      {ShockKind::KeeperDown, "liquidators sleep", "", Ratio::one()},
      {ShockKind::BridgePaused, "no withdrawals are paid", "", Ratio::one()},
      {ShockKind::PriceJump, "the price jumps", "factor on the price", 80_percent},
      {ShockKind::SequencerReorg, "the sequencer drops blocks", "depth in blocks",
       Ratio::one() * 5},
      {ShockKind::FailoverFails, "the standby makes no blocks", "", Ratio::one()},
      {ShockKind::ForcedQueueStalled, "messages of layer one are not taken", "", Ratio::one()},
      {ShockKind::ProverDown, "no proofs", "", Ratio::one()},
      {ShockKind::ProverDegraded, "fewer proving machines", "share that is left", 20_percent},
      {ShockKind::ProverLoad, "proving is harder", "factor on the work", Ratio::one() * 5},
      {ShockKind::ProofMismatch, "unproven blocks are taken back", "", Ratio::one()},
      {ShockKind::CommitteeDown, "committee members do not sign", "share of them", 50_percent},
      {ShockKind::DataWithheld, "the data is not given out", "", Ratio::one()},
      {ShockKind::InvalidBlock, "a block that invents money", "", Ratio::one()},
      {ShockKind::ValidatorsDown, "validators are silent", "share of the power", 40_percent},
      {ShockKind::KeysCompromised, "bridge keys are stolen", "share of the keys", 60_percent},
      {ShockKind::WatchtowerDown, "nobody watches the channels", "", Ratio::one()},
      {ShockKind::StaleClose, "channels close with an old state", "share of them", 10_percent},
      {ShockKind::SigningRefused, "losers stop signing", "share of the accounts", 20_percent},
      {ShockKind::MassExit, "many leave at once", "share of the accounts", 30_percent},
  };
  return help;
}

}  // namespace mezz::lab

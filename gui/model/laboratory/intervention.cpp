#include "gui/model/laboratory/intervention.h"

#include <fmt/core.h>

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

}  // namespace

std::string toml_text(const std::vector<Intervention>& interventions) {
  std::string out;
  for (const Intervention& done : interventions) {
    out += "[[shock]]\n" + fields(done.shock, "\n") + "\n\n";
  }
  return out;
}

std::string shock_assignment(const std::vector<ShockParams>& scenario,
                             const std::vector<Intervention>& interventions) {
  if (interventions.empty()) return {};
  std::string out = "shock=[";
  const auto add = [&](const ShockParams& shock) {
    if (out.back() != '[') out += ", ";
    out += "{" + fields(shock, ", ") + "}";
  };
  for (const ShockParams& shock : scenario) add(shock);
  for (const Intervention& done : interventions) add(done.shock);
  return out + "]";
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

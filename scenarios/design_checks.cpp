#include "scenarios/design_checks.h"

#include <fmt/core.h>

#include <string>

#include "scenarios/scenario_checks.h"
#include "sim/check/error.h"
#include "sim/config/units.h"

namespace mezz {

namespace {

[[noreturn]] void reject(const Scenario& s, const std::string& path, const std::string& problem) {
  throw ScenarioError(path, problem, written_at(s, path));
}

// Nothing that happens on layer one fits into a window shorter than its slot.
void require_a_slot(const Scenario& s, const std::string& path, Duration window,
                    const std::string& why) {
  if (window >= s.layer1.slot_time) return;
  reject(s, path,
         fmt::format("must be at least one block of layer one (layer1.slot_time = {}), got {}: {}",
                     config::to_text(s.layer1.slot_time), config::to_text(window), why));
}

// Designs whose chain takes messages of layer one by another rule say so instead of not listening.
void reject_windowed_inclusion(const Scenario& s, const std::string& instead) {
  // The default is overruled in silence: a resolved scenario, which names every key, reads back.
  if (s.layer2.derivation.forced_inclusion != ForcedInclusion::DelayBuffer) return;
  const std::string path = "derivation.forced_inclusion";
  reject(s, path,
         fmt::format("must be queue_only in a {}: {}", enum_name(s.layer2.design), instead));
}

void check_dispute_windows(const Scenario& s) {
  require_a_slot(s, "settlement.challenge_window", s.layer2.challenge_window,
                 "no challenge could be included in time");
  if (s.layer2.protocol != SettlementProtocol::Bold) return;
  try {
    s.layer2.bold.rules.check("bold");
  } catch (const ScenarioError& error) {
    reject(s, error.path(), error.problem());
  }
}

void check_committee(const Scenario& s) {
  const CommitteeParams& p = s.layer2.committee;
  if (p.request_timeout > p.response_delay.mean) return;
  reject(s, "committee.request_timeout",
         fmt::format("must be longer than the mean of committee.response_delay, {}, got {}: most "
                     "members would answer too late",
                     config::to_text(p.response_delay.mean), config::to_text(p.request_timeout)));
}

void check_escape(const Scenario& s) {
  require_a_slot(s, "escape_hatch.freeze_grace", s.layer2.escape_hatch.freeze_grace,
                 "a request could be frozen before anybody can serve it");
  if (s.layer2.escape_hatch.unfreeze_delay < s.layer2.escape_hatch.freeze_grace) {
    reject(s, "escape_hatch.unfreeze_delay",
           fmt::format("must not be shorter than escape_hatch.freeze_grace, {}, got {}: a freeze "
                       "would end before the next one can begin",
                       config::to_text(s.layer2.escape_hatch.freeze_grace),
                       config::to_text(s.layer2.escape_hatch.unfreeze_delay)));
  }
  reject_windowed_inclusion(s, "what makes the operator serve a request is the freeze");
}

void check_sealing(const Scenario& s) {
  const SealingRules& seal = s.layer2.prover.seal;
  const SequencerParams& sequencer = s.layer2.sequencing;
  if (seal.max_age < sequencer.block_time) {
    reject(s, "prover.seal.max_age",
           fmt::format("must not be shorter than sequencing.block_time, {}, got {}: blocks are "
                       "proven whole",
                       config::to_text(sequencer.block_time), config::to_text(seal.max_age)));
  }
  if (seal.transactions_max < sequencer.transactions_per_block) {
    reject(s, "prover.seal.transactions_max",
           fmt::format("must not be below sequencing.transactions_per_block, {}, got {}: a batch "
                       "holds at least one block",
                       sequencer.transactions_per_block, seal.transactions_max));
  }
}

void check_plasma(const Scenario& s) {
  require_a_slot(s, "plasma.min_exit_period", s.layer2.plasma.min_exit_period,
                 "no challenge of an exit could be included in time");
  reject_windowed_inclusion(s, "who is not served exits");
}

void check_sidechain(const Scenario& s) {
  require_a_slot(s, "checkpoint.interval", s.layer2.checkpoint.interval,
                 "layer one includes one checkpoint per block");
  reject_windowed_inclusion(s, "a sidechain publishes no batches that a window could wait for");
}

void check_channel(const Scenario& s) {
  if (s.layer2.sequencing.order == OrderingRule::BatchAuction) {
    reject(s, "sequencing.order",
           "batch_auction needs a sequencer that gathers orders; the hub of a state channel signs "
           "them as they come (allowed: first_come, priority_fee, express_lane)");
  }
  const ChannelParams& p = s.layer2.channel;
  const Duration look = p.watchtower.poll_interval + s.layer1.slot_time;
  if (p.contract.challenge_duration <= look) {
    reject(s, "channel.contract.challenge_duration",
           fmt::format("must be longer than channel.watchtower.poll_interval + layer1.slot_time = "
                       "{}, got {}: the watchtower would look when the window is over",
                       config::to_text(look), config::to_text(p.contract.challenge_duration)));
  }
  reject_windowed_inclusion(s, "who is not served closes the channel");
}

}  // namespace

void check_design(const Scenario& s) {
  switch (s.layer2.design) {
    case Design::Optimium:
      check_committee(s);
      [[fallthrough]];
    case Design::OptimisticRollup:
      return check_dispute_windows(s);
    case Design::Validium:
    case Design::Volition:
      check_committee(s);
      check_escape(s);
      [[fallthrough]];
    case Design::ZkRollup:
      return check_sealing(s);
    case Design::StateChannel:
      return check_channel(s);
    case Design::Plasma:
      return check_plasma(s);
    case Design::Sidechain:
      return check_sidechain(s);
  }
}

}  // namespace mezz

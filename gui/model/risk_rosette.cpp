#include "gui/model/risk_rosette.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "gui/model/ticks.h"
#include "sim/config/units.h"

namespace mezz::gui {

namespace {

enum class Family : std::uint8_t { Disputed, Proven, Channel, Plasma, Sidechain };

// What the slices are decided from.
struct Facts {
  Family family = Family::Disputed;
  bool committee = false;
  bool escape_hatch = false;
  const RunSummary* run = nullptr;

  [[nodiscard]] std::string text(std::string_view name) const {
    const std::string value = run->parameter(name);
    return value.empty() ? "?" : value;
  }
  [[nodiscard]] long long number(std::string_view name) const {
    return std::strtoll(run->parameter(name).c_str(), nullptr, 10);
  }
  // 0 when it is not there.
  [[nodiscard]] Duration duration(std::string_view name) const {
    const config::Amount amount =
        config::parse_amount(config::Dimension::Duration, run->parameter(name));
    return amount.problem.empty() ? Duration{static_cast<std::int64_t>(amount.value)} : Duration{};
  }
};

RiskSlice sequencer_failure(const Facts& facts) {
  const std::string name = "Sequencer failure";
  switch (facts.family) {
    case Family::Channel:
      return {name, Trust::Good, "Force via L1",
              fmt::format("A party challenges on layer one with the latest co-signed state and one "
                          "forced move, and waits {}.",
                          facts.text("channel.contract.challenge_duration"))};
    case Family::Plasma:
      return {name, Trust::Good, "Exit via L1",
              fmt::format("Users cannot trade, but exit on layer one, in {} at the earliest.",
                          facts.text("plasma.min_exit_period"))};
    case Family::Sidechain:
      return {name, Trust::Bad, "No mechanism",
              "Validators alone decide what is included; layer one forces nothing."};
    case Family::Disputed:
    case Family::Proven:
      break;
  }
  if (facts.escape_hatch)
    return {name, Trust::Good, "Force via L1",
            fmt::format("A forced request that is not served within {} freezes the chain, and "
                        "accounts escape with their last settled state.",
                        facts.text("escape_hatch.freeze_grace"))};
  const std::string rule = facts.text("derivation.forced_inclusion");
  if (rule == "sequencing_window")
    return {name, Trust::Good, "Self sequence",
            fmt::format("Messages of layer one enter the chain without the sequencer after {} of "
                        "its blocks.",
                        facts.text("derivation.sequencing_window"))};
  if (rule == "delay_buffer")
    return {name, Trust::Good, "Self sequence",
            fmt::format("Anybody may include messages of layer one after {} of its blocks, after "
                        "{} under sustained censorship.",
                        facts.text("derivation.delay.delay_blocks"),
                        facts.text("derivation.delay.threshold"))};
  if (rule == "queue_only")
    return {name, Trust::Warning, "Enqueue via L1",
            "Messages of layer one wait in a queue that nobody has to serve."};
  return {name, Trust::Unknown, rule, "This rule of forced inclusion is not known here."};
}

RiskSlice state_validation(const Facts& facts) {
  const std::string name = "State validation";
  switch (facts.family) {
    case Family::Proven:
      return {name, Trust::Good, "Validity proofs",
              "Layer one accepts a state only with a proof of it."};
    case Family::Channel:
      return {name, Trust::Good, "Co-signed states",
              "Both parties sign each state; an older one can be answered with a newer one."};
    case Family::Plasma:
      return {name, Trust::Warning, "Exit challenges",
              "Layer one checks exits, not states: users watch, and leave after a bad root."};
    case Family::Sidechain:
      return {name, Trust::Bad, "None",
              "Layer one pays what the validators or the bridge's keys sign."};
    case Family::Disputed:
      break;
  }
  const bool bold = facts.text("settlement.protocol") == "bold";
  const auto watching = facts.number(bold ? "bold.defender.count" : "challenger.count");
  if (watching < 1)
    return {name, Trust::Bad, "Fraud proofs, unused",
            "Claims can be disputed, but the scenario has nobody who does."};
  // Arbitrum's is given in blocks of layer one: 45 818 of 12 s are 6.4 d.
  const Duration window =
      bold ? facts.duration("layer1.slot_time") * facts.number("bold.challenge_period")
           : facts.duration("settlement.challenge_window");
  constexpr std::int64_t kSixDays = 6LL * 86'400 * 1'000'000'000;
  const bool long_enough = window.ns >= kSixDays;
  return {name, long_enough ? Trust::Good : Trust::Warning, "Fraud proofs (INT)",
          fmt::format("Claims can be disputed for {}{}; {} of the simulated parties do.",
                      duration_text(window),
                      long_enough ? "" : ", less than the 6 d that are to outlast censorship",
                      watching)};
}

RiskSlice data_availability(const Facts& facts) {
  const std::string name = "Data availability";
  switch (facts.family) {
    case Family::Channel:
      return {name, Trust::Good, "Self custody", "Each party keeps the states it signed."};
    case Family::Plasma:
      return {name, Trust::Bad, "External",
              "The operator keeps the data; layer one has the roots of blocks only."};
    case Family::Sidechain:
      return {name, Trust::Bad, "External", "The validators keep the data, nobody else has to."};
    case Family::Disputed:
    case Family::Proven:
      break;
  }
  if (!facts.committee)
    return {name, Trust::Good, "Onchain", "All data of batches is published on layer one."};
  const auto members = facts.number("committee.members");
  const auto honest = members - facts.number("committee.quorum") + 1;
  const bool volition = facts.text("layer2.design") == "volition";
  const bool wide = members >= 6 && honest * 3 <= members;
  std::string reason = fmt::format(
      "{} of {} committee members sign that they have it; {} must be honest for it to be given "
      "out.",
      facts.number("committee.quorum"), members, honest);
  if (volition)
    reason += fmt::format(" {} of the accounts keep theirs on layer one.",
                          facts.text("committee.layer_one_share"));
  return {name, wide ? Trust::Warning : Trust::Bad, volition ? "Onchain or DAC" : "External (DAC)",
          reason};
}

RiskSlice exit_window(const Facts& facts) {
  const std::string name = "Exit window";
  const std::string still = "Scenarios upgrade no contract. ";
  const auto unknown = [&](const std::string& reason) {
    return RiskSlice{name, Trust::Unknown, "No upgrades", still + reason};
  };
  switch (facts.family) {
    case Family::Sidechain:
      return {name, Trust::Bad, "None",
              fmt::format("{} of {} keys can pay out the bridge at any time.",
                          facts.text("quorum_bridge.threshold"), facts.text("quorum_bridge.keys"))};
    case Family::Channel:
      return unknown(fmt::format("Closing a channel alone takes {}.",
                                 facts.text("channel.contract.challenge_duration")));
    case Family::Plasma:
      return unknown(fmt::format("An exit takes one or two times {} and the queue.",
                                 facts.text("plasma.min_exit_period")));
    case Family::Proven:
      if (facts.escape_hatch)
        return unknown(fmt::format("Leaving against the operator's will takes {} and an escape.",
                                   facts.text("escape_hatch.freeze_grace")));
      return unknown("Nothing forces a withdrawal that the operator leaves out.");
    case Family::Disputed:
      break;
  }
  return unknown(fmt::format(
      "Leaving against the operator's will takes forced inclusion, a claim and {} of challenge.",
      facts.text("settlement.challenge_window")));
}

RiskSlice proposer_failure(const Facts& facts) {
  const std::string name = "Proposer failure";
  switch (facts.family) {
    case Family::Disputed:
      return {name, Trust::Good, "Self propose",
              "The contract takes a claim from anybody who posts the bond."};
    case Family::Channel:
      return {name, Trust::Good, "Not needed",
              "The latest co-signed state can be enforced by each party alone."};
    case Family::Plasma:
      return {name, Trust::Warning, "Exit via L1",
              "Without new roots users leave with what the last good one says."};
    case Family::Sidechain:
      return {name, Trust::Bad, "Cannot withdraw",
              fmt::format("Nothing is paid without {} of {} keys or a checkpoint.",
                          facts.text("quorum_bridge.threshold"), facts.text("quorum_bridge.keys"))};
    case Family::Proven:
      break;
  }
  if (facts.escape_hatch)
    return {name, Trust::Good, "Use escape hatch",
            fmt::format("After {} without service accounts escape on their own.",
                        facts.text("escape_hatch.freeze_grace"))};
  return {name, Trust::Bad, "Cannot withdraw",
          "Only the operator sends proofs; without them no withdrawal becomes payable."};
}

struct KnownDesign {
  std::string_view name;
  Family family = Family::Disputed;
  bool committee = false;
  bool escape_hatch = false;
};
constexpr std::array<KnownDesign, 8> kDesigns = {{
    {"optimistic_rollup", Family::Disputed, false, false},
    {"zk_rollup", Family::Proven, false, false},
    {"validium", Family::Proven, true, true},
    {"optimium", Family::Disputed, true, false},
    {"volition", Family::Proven, true, true},
    {"state_channel", Family::Channel, false, false},
    {"plasma", Family::Plasma, false, false},
    {"sidechain", Family::Sidechain, false, false},
}};

}  // namespace

std::string_view name_of(Trust trust) {
  constexpr std::array<std::string_view, 4> kNames = {"good", "warning", "bad", "not modelled"};
  return kNames[static_cast<std::size_t>(trust)];
}

std::vector<RiskSlice> risk_rosette(const RunSummary& run) {
  const std::string design = run.parameter("layer2.design");
  const auto known = std::find_if(kDesigns.begin(), kDesigns.end(),
                                  [&](const KnownDesign& one) { return one.name == design; });
  if (known == kDesigns.end()) return {};
  const Facts facts{known->family, known->committee, known->escape_hatch, &run};
  return {sequencer_failure(facts), state_validation(facts), data_availability(facts),
          exit_window(facts), proposer_failure(facts)};
}

}  // namespace mezz::gui

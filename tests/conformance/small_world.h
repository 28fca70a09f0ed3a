// The world of the conformance suite: every design, one market of some sixty accounts, four hours
// with windows of minutes, so that settlement, disputes, exits and escapes all end within the run.
// The text is the whole scenario: what a failing test prints runs under `mezz run`.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace mezz::conformance {

struct SmallShock {
  ShockKind kind = ShockKind::SequencerDown;
  Duration at;
  Duration duration;
  Ratio magnitude = Ratio::one();
};

struct SmallWorld {
  Design design = Design::OptimisticRollup;
  std::int64_t seed = 1;
  Duration length = 4_h;
  Duration block_time = 12_s;
  std::string sequencing = {};          // the design's own unless given
  std::int64_t sequencing_window = 75;  // layer-one blocks, 15 min
  Duration challenge_window = 40_min;   // clocks and air gap are half of it
  Duration execution_delay = 10_min;
  Duration min_exit_period = 15_min;
  Duration challenge_duration = 10_min;
  Duration freeze_grace = 30_min;
  std::string release = "signatures";
  std::string stale_penalty = "latest_wins";
  std::int64_t accounts = 40;
  std::vector<SmallShock> shocks;
};

inline constexpr std::string_view kAlike = R"(
[market]
insurance_fund = "100_000 USD"
[market.contract]
tick = "1 USD"
lot_decimals = 3
[market.oracle]
max_age = "5 min"
[execution]
full_check_every = 64
[price]
kind = "gbm"
volatility = 1.0
step = "1 min"
[push_oracle]
deviation = "10 bp"
heartbeat = "20 min"
poll = "1 min"
[availability]
max_channel_duration = "1 min"
[proposer]
output_interval = 25
reply_delay = { kind = "constant", mean = "6 s" }
[challenger]
reply_delay = { kind = "constant", mean = "6 s" }
resolve_patience = "1 min"
[relayer]
retry_delay = "1 min"
[prover]
repair_delay = "1 min"
proof_max_wait = "1 min"
execute_max_wait = "1 min"
recursion_time = { kind = "constant", mean = "5 s" }
[prover.seal]
max_age = "2 min"
[prover.gpu]
time = { kind = "lognormal", mean = "20 s", cv = 0.5 }
[prover.wrap]
time = { kind = "lognormal", mean = "20 s", cv = 0.2 }
[forged_withdrawal]
retry_delay = "1 min"
[checkpoint]
interval = "5 min"
[channel.hub]
update_interval = "1 s"
heartbeat = "1 min"
sign_timeout = "1 min"
[channel.parties]
hub_patience = "10 min"
[channel.watchtower]
poll_interval = "1 min"
[[agent]]
kind = "market_maker"
refresh = "1 min"
levels = 2
clips_max = 200
[[agent]]
kind = "noise_trader"
traders = 10
orders_per_second = 0.02
leverage_max = 0.5
[[agent]]
kind = "liquidator"
[[agent]]
kind = "withdrawal_user"
withdrawals_per_hour = 20.0
withdrawals_max = 20
forced_after = "5 min"
[[agent]]
kind = "escape_user"
accounts = 6
withdrawals_per_hour = 4.0
patience = "5 min"
reaction = "2 min"
look_interval = "1 min"
counterparty_delay = { kind = "exponential", mean = "5 min" }
)";

inline std::string seconds(Duration d) { return fmt::format("\"{} s\"", d.ns / 1'000'000'000); }

inline std::string to_toml(const SmallWorld& w) {
  std::string out = fmt::format(
      "title = \"conformance\"\n[run]\nduration = {}\nseed = {}\n[layer2]\ndesign = \"{}\"\n",
      seconds(w.length), w.seed, enum_name(w.design));
  out += fmt::format("[sequencing]\nblock_time = {}\ntransactions_per_block = 400\n",
                     seconds(w.block_time));
  if (!w.sequencing.empty()) out += fmt::format("kind = \"{}\"\n", w.sequencing);
  out += fmt::format("[derivation]\nsequencing_window = {}\n", w.sequencing_window);
  out += fmt::format("[settlement]\nchallenge_window = {}\n", seconds(w.challenge_window));
  out += fmt::format("[validity]\nexecution_delay = {}\n", seconds(w.execution_delay));
  out += fmt::format(
      "[plasma]\nmin_exit_period = {}\nonline_every = \"5 min\"\ndata_timeout = \"10 min\"\n"
      "silence_timeout = \"25 min\"\n",
      seconds(w.min_exit_period));
  out += fmt::format("[channel.contract]\nchallenge_duration = {}\nstale_penalty = \"{}\"\n",
                     seconds(w.challenge_duration), w.stale_penalty);
  out += fmt::format("[escape_hatch]\nfreeze_grace = {}\n", seconds(w.freeze_grace));
  out += fmt::format(
      "[quorum_bridge]\nconfirmations = 8\ndetection = \"5 min\"\nrecovery = \"10 min\"\n"
      "retry_delay = \"1 min\"\nrelease = \"{}\"\n",
      w.release);
  out += kAlike;
  out += fmt::format(
      "[[agent]]\nkind = \"leveraged_population\"\naccounts = {}\nentries_per_hour = 30.0\n"
      "reserve_accounts = 5\nreview = \"1 min\"\n",
      w.accounts);
  for (const SmallShock& shock : w.shocks) {
    out += fmt::format("[[shock]]\nkind = \"{}\"\nat = {}\nduration = {}\nmagnitude = {:.9f}\n",
                       enum_name(shock.kind), seconds(shock.at), seconds(shock.duration),
                       shock.magnitude.value());
  }
  return out;
}

inline Scenario scenario_of(const SmallWorld& world) {
  return scenario_from_text(to_toml(world), "conformance");
}

// What a magnitude of this kind may be (scenarios/scenario_checks.cpp): `share` of it, 0 to 1. A
// kind that is not named here takes the share itself.
inline Ratio magnitude_of(ShockKind kind, Ratio share) {
  switch (kind) {
    case ShockKind::GasSpike:
    case ShockKind::BlobSpike:
    case ShockKind::ProverLoad:
      return Ratio::one() + share * 9;
    case ShockKind::OracleWrongPrice:
    case ShockKind::PriceJump:
      return 70_percent + Ratio{share.ppb * 6 / 10};
    case ShockKind::L1Reorg:
    case ShockKind::SequencerReorg:
      return Ratio::one() * (1 + share.ppb * 6 / Ratio::kScale);
    default:
      return share;
  }
}

// Kinds that happen at one instant; any other of no duration is refused.
inline bool is_moment(ShockKind kind) {
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

}  // namespace mezz::conformance

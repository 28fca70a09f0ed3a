// The promise: same scenario and seed, same fingerprint, whatever the compiler, the optimisation
// and the CPU. This file holds the fingerprints; the suite runs under g++ and clang++, -O1, -O3 and
// with sanitizers (.ci/run), and every build must find the same ones. A model change that moves
// them is explained in the commit that changes them here.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/scenario.h"
#include "scenarios/study.h"

namespace mezz {
namespace {

// A little of everything, small: crash, outage, layer-one reorgs, congestion, a false claim, forced
// derivation is left to its own scenario.
constexpr const char* kBusy = R"(
title = "determinism"
[run]
duration = "40 min"
[market.contract]
lot_decimals = 3
[price]
kind = "merton"
volatility = 1.5
jumps_per_year = 20000.0
jump_mean = -0.01
jump_deviation = 0.02
segments = [{ duration = "10 min", change = "0 %" }, { duration = "20 min", change = "-25 %" }]
[push_oracle]
deviation = "10 bp"
[availability]
max_channel_duration = "1 min"
[proposer]
output_interval = 150
[sequencing]
l1_confirmation_depth = 1
[[agent]]
kind = "leveraged_population"
accounts = 3_000
entries_per_hour = 100.0
reserve_accounts = 100
[[agent]]
kind = "market_maker"
count = 2
[[agent]]
kind = "noise_trader"
traders = 100
orders_per_second = 10.0
[[agent]]
kind = "index_arbitrageur"
[[agent]]
kind = "liquidator"
count = 2
[[agent]]
kind = "withdrawal_user"
withdrawals_per_hour = 200.0
[[link]]
from = "agents"
to = "l2"
delay = { kind = "lognormal", mean = "40 ms", cv = 0.5 }
loss = "1 %"
[[link]]
from = "l2"
to = "agents"
delay = { kind = "erlang", mean = "40 ms", phases = 3 }
[[shock]]
at = "8 min"
kind = "l1_reorg"
magnitude = 3
[[shock]]
at = "14 min"
kind = "sequencer_down"
duration = "6 min"
[[shock]]
at = "20 min"
kind = "gas_spike"
duration = "10 min"
magnitude = 3
[[shock]]
at = "22 min"
kind = "invalid_claim"
[[shock]]
at = "30 min"
kind = "price_jump"
magnitude = "95 %"
)";

struct Outcome {
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
};
Outcome run_seed(std::int64_t seed) {
  Scenario scenario = scenario_from_text(kBusy, "determinism");
  scenario.run.seed = seed;
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  return {study.world().engine().fingerprint(), study.world().engine().dispatched()};
}

struct Expected {
  std::int64_t seed;
  std::uint64_t events;
  std::uint64_t fingerprint;
};
constexpr Expected kExpected[] = {
    {1, 422267, 7393131204006916958ULL},
    {2, 427365, 11888986993861826464ULL},
};

TEST(Determinism, EveryBuildFindsTheStoredFingerprints) {
  for (const Expected& expected : kExpected) {
    const Outcome found = run_seed(expected.seed);
    EXPECT_EQ(found.events, expected.events) << "seed " << expected.seed;
    EXPECT_EQ(found.fingerprint, expected.fingerprint) << "seed " << expected.seed;
  }
}

TEST(Determinism, SnapshotInTheMiddleOfEverythingChangesNothing) {
  Scenario scenario = scenario_from_text(kBusy, "determinism");
  const Outcome whole = run_seed(scenario.run.seed);
  // Before and inside the outage, in the game, after the jump.
  for (const Duration cut : {7_min + 59_s, 16_min, 25_min, 31_min}) {
    Study first(scenario, nullptr);
    first.world().run(Time::zero() + cut);
    const std::vector<std::byte> snapshot = first.world().save();
    Study second(scenario, nullptr);
    second.world().restore(snapshot);
    EXPECT_EQ(second.world().save(), snapshot) << "cut at " << cut.seconds() << " s";
    second.world().run(Time::zero() + scenario.run.duration);
    EXPECT_EQ(second.world().engine().fingerprint(), whole.fingerprint)
        << "cut at " << cut.seconds() << " s";
  }
}

}  // namespace
}  // namespace mezz

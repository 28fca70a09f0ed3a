// A Params struct with a field of every kind, shared by the tests of sim/config.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/error.h"
#include "sim/config/field.h"
#include "sim/config/read.h"
#include "sim/config/units.h"
#include "sim/config/visit.h"
#include "sim/config/write.h"

namespace mezz {

enum class Design : std::uint8_t { OptimisticRollup, ZkRollup, StateChannel };
template <>
struct EnumNames<Design> {
  static constexpr std::string_view names[] = {"optimistic_rollup", "zk_rollup", "state_channel"};
};

}  // namespace mezz

namespace mezz::config_test {

struct Shock {
  Duration at = 10_min;
  std::string kind = "sequencer_down";
  std::vector<Ratio> levels;
  void visit(auto& v) {
    v("at", at, {.doc = "When it starts", .max = 365_d});
    v("kind", kind, {.doc = "What happens"});
    v("levels", levels, {.doc = "Severity of each stage", .min = 0_bp, .max = 100_percent});
  }
};

struct Fees {
  GasPrice base = 30_gwei;
  Wei bond = {Int128{80'000'000} * 1'000'000'000};
  Gas block = {60'000'000};
  Ratio taker = 5_bp;
  void visit(auto& v) {
    v("base", base, {.doc = "Base fee"});
    v("bond", bond, {.doc = "Bond of a proposer", .max = 1000_eth});
    v("block", block, {.doc = "Gas per block"});
    v("taker", taker, {.doc = "Fee of the taker", .min = -10_percent, .max = 10_percent});
  }
};

struct Sample {
  std::string title = "untitled \"sample\"\nσ";
  Design design = Design::OptimisticRollup;
  bool open = true;
  std::uint64_t seed = UINT64_MAX;
  std::int64_t offset = -7;
  std::uint8_t small = 200;
  std::uint32_t accounts = 1'000;
  double volatility = 0.65;
  Duration window = 7_d;
  Time until = Time::never();
  Money equity = 1'000'000_usd;
  Quantity clip = 3_lots;
  Price tick = 1600_ticks;
  std::optional<Duration> delay;
  std::optional<Money> cap = 5_usd;
  std::optional<std::string> note;
  std::optional<Fees> extra;
  std::vector<Duration> steps = {1_s, 90_min};
  std::vector<bool> flags = {true, false};
  std::vector<Design> designs = {Design::ZkRollup};
  Fees fees;
  std::vector<Shock> shock;

  void visit(auto& v) {
    v("title", title, {.doc = "Shown in reports"});
    v("design", design, {.doc = "Composition of the layer two"});
    v("open", open, {.doc = "Whether trading is open"});
    v("seed", seed, {.doc = "Key of all random streams"});
    v("offset", offset);
    v("small", small, {.doc = "Eight bits"});
    v("accounts", accounts, {.doc = "Number of accounts", .min = 1, .max = 10'000'000});
    v("volatility", volatility, {.doc = "Per year", .min = 0.0, .max = 5.0});
    v("window", window, {.doc = "Challenge window", .min = 1_s, .max = 30_d});
    v("until", until, {.doc = "End of the run"});
    v("equity", equity, {.doc = "Starting equity", .min = 0_usd});
    v("clip", clip, {.doc = "Order size"});
    v("tick", tick, {.doc = "First price", .min = 1_ticks});
    v("delay", delay, {.doc = "Extra delay", .max = 1_h});
    v("cap", cap, {.doc = "Cap of payouts"});
    v("note", note, {.doc = "Free text"});
    v("extra", extra, {.doc = "Second fee table"});
    v("steps", steps, {.doc = "Ladder", .max = 10_d, .count_max = 8});
    v("flags", flags, {.doc = "Switches"});
    v("designs", designs, {.doc = "Compared designs"});
    v("fees", fees, {.doc = "Fees"});
    v("shock", shock, {.doc = "Faults", .count_max = 100});
  }
};

inline Sample read_sample(std::string_view text, config::Origins* origins = nullptr) {
  Sample sample;
  const config::Document document = config::load_text(text, "s.toml");
  config::read(document.root, sample, "", {.origins = origins});
  return sample;
}

// The message of the ScenarioError that `act` throws; any other exception fails the test.
template <class Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

inline std::string canonical(const Sample& sample) {
  return config::resolved_text(config::describe(sample));
}

}  // namespace mezz::config_test

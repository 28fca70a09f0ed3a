// A small market whose every stored value is a function of its row number, so that any reader can
// check any row without the writer's help.
#pragma once

#include <cstdint>
#include <string>

#include "sim/record/event_table.h"
#include "sim/record/probe.h"
#include "sim/record/recording.h"
#include "tests/scratch_folder.h"

namespace mezz {

using AccountId = Id<struct AccountTag, std::uint32_t>;
enum class CloseReason : std::uint8_t { Margin, Expiry, Delisting };
template <>
struct EnumNames<CloseReason> {
  static constexpr std::string_view names[] = {"margin", "expiry", "delisting"};
};

struct CloseRow {
  Time time;
  AccountId account;
  Money notional;
  Ratio fee;
  Price price;
  Quantity size;
  Time settled;
  Duration delay;
  CloseReason reason = CloseReason::Margin;
  bool maker = false;
  double volatility = 0.0;
  std::uint64_t sequence = 0;
  void visit(auto& v) {
    v("time", time, {.doc = "When it was closed"});
    v("account", account, {.doc = "Whose position"});
    v("notional", notional, {.doc = "Size at the mark price"});
    v("fee", fee);
    v("price", price);
    v("size", size);
    v("settled", settled, {.doc = "-1 = never"});
    v("delay", delay);
    v("reason", reason, {.doc = "Why"});
    v("maker", maker);
    v("volatility", volatility);
    v("sequence", sequence);
  }
};

// Odd numbers of nanoseconds and money above 2^53 units show any detour through double.
inline CloseRow close_row(std::int64_t i) {
  return {.time = {i * 1'000'000'007 + 1},
          .account = {static_cast<std::uint32_t>(i % 1'000)},
          .notional = {9'007'199'254'740'993 + i},
          .fee = {i * 31 - 5},
          .price = {1'550 + i % 7},
          .size = {i % 2 == 0 ? i : -i},
          .settled = i % 3 == 0 ? Time::never() : Time{i * 1'000'000'007 + 12},
          .delay = {i * 3 + 1},
          .reason = static_cast<CloseReason>(i % 3),
          .maker = i % 2 == 1,
          .volatility = static_cast<double>(i) * 0.25,
          .sequence = static_cast<std::uint64_t>(i) << 40};
}

// Seen at every block.
struct BlockSample {
  Time time;
  Price mid;
  Money open_interest;
  void visit(auto& v) {
    v("time", time);
    v("mid", mid, {.doc = "Mid price"});
    v("open_interest", open_interest);
  }
};
inline BlockSample block_sample(std::int64_t i) {
  return {{i * 2'000'000'000}, {1'000 + i}, {i * 1'000'001}};
}

inline RunMetadata market_metadata() {
  RunMetadata run;
  run.title = "A market of functions";
  run.scenario_source = "title = \"Ünïcode\"\n[run]\nseed = 42\n";
  run.scenario_resolved = "run.seed = 42\n";
  run.parameters = {{"run.seed", "42"}, {"settlement.challenge_window", "7 d"}};
  run.entities = {{"trader", {3, 4}, {"agents/alice", "agents/bob"}}};
  run.seed = 42;
  run.rng = "philox4x32-10";
  run.git_commit = "0123456789abcdef";
  run.compiler = "g++ 12";
  run.flags = "-O2";
  run.epoch = "2026-01-01 00:00:00";
  return run;
}

}  // namespace mezz

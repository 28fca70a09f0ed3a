// Arguments of the exit game's calls on layer one, and the rows it writes.
//
//   Checkpoint     a = commit (commit_store.h): a block root
//   StartExit      a = claim (kind and number, packed); b = 1: adds its output to the in-flight
//   exit
//                  that this claim has started
//   ChallengeExit  a = claim: proof that the output was spent
//   ProcessExits   a = how many at most
#pragma once

#include <cstdint>

#include "models/layer2/messages.h"
#include "models/layer2/plasma/exit_rules.h"

namespace mezz {

enum class ExitKind : std::uint8_t {
  Withdrawal,  // number = withdrawal of the chain: its output was burnt on layer two for this
  Account,     // number = account: its output in the newest block with data
  InFlight,    // number = account: a withdrawal of it was under way when the chain stopped
  Deposit,     // number = deposit that no block with data holds
  Spent,       // number = account: the output before the present one, which is spent
  Invented,    // number = output that the operator invented
};
template <>
struct EnumNames<ExitKind> {
  static constexpr std::string_view names[] = {"withdrawal", "account", "in_flight",
                                               "deposit",    "spent",   "invented"};
};

enum class ExitStage : std::uint8_t { Started, Challenged, Processed, Void };
template <>
struct EnumNames<ExitStage> {
  static constexpr std::string_view names[] = {"started", "challenged", "processed", "void"};
};

struct ExitClaim {
  ExitKind kind = ExitKind::Withdrawal;
  std::uint64_t number = 0;

  [[nodiscard]] std::uint64_t packed() const {
    return (std::uint64_t{static_cast<std::uint8_t>(kind)} << 56) | number;
  }
  static ExitClaim unpack(std::uint64_t word) {
    return {.kind = static_cast<ExitKind>(word >> 56), .number = word & ((1ULL << 56) - 1)};
  }
};
inline constexpr std::uint64_t kExitKinds = std::size(EnumNames<ExitKind>::names);
inline constexpr std::uint64_t kPiggyback = 1;  // b of StartExit

// One row per change of stage; a stage comes again after a reorganisation.
struct ExitRow {
  Time time;
  std::uint64_t exit;
  ExitKind kind;
  ExitStage stage;
  AccountId account;
  std::uint64_t block;
  Money amount;
  Money paid;
  Time started;
  Time exitable;

  void visit(auto& v) {
    v("time", time);
    v("exit", exit, {.doc = "In order of starting on layer one"});
    v("kind", kind, {.doc = "What leaves"});
    v("stage", stage, {.doc = "Reached now"});
    v("account", account, {.doc = "Who leaves; none: an output that belongs to nobody"});
    v("block", block, {.doc = "Plasma block of the output: smaller is older"});
    v("amount", amount, {.doc = "Claimed"});
    v("paid", paid, {.doc = "Out of the escrow"});
    v("started", started, {.doc = "Included on layer one"});
    v("exitable", exitable, {.doc = "Can be processed from then on"});
  }
};

struct ExitChallengeRow {
  Time time;
  std::uint64_t exit;
  ExitKind kind;
  AccountId account;
  Money amount;
  Wei bond;

  void visit(auto& v) {
    v("time", time);
    v("exit", exit, {.doc = "That is deleted"});
    v("kind", kind, {.doc = "What it claimed"});
    v("account", account, {.doc = "Who claimed it"});
    v("amount", amount, {.doc = "That stays in the escrow"});
    v("bond", bond, {.doc = "Paid to the challenger"});
  }
};

}  // namespace mezz

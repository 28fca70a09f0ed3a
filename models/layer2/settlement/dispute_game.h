// The fault dispute game of the OP Stack, as a value: one root claim about an output root, bisected
// by attack and defend moves down to one VM instruction, which a step settles. Claims above and at
// `split_depth` are output roots (index = L2 block after the anchor); claims below are VM state
// hashes of one block's execution. Source: FaultDisputeGame.sol (v1.3) and the specification of the
// fault dispute game; every move checks in the contract's order. Units: wei, nanoseconds (the
// contract counts seconds). Each call takes the L1 inclusion time, which may not go back. A refused
// move is an outcome, not an error. Left out: the L2 block number challenge, local pre-image data,
// the DelayedWETH delay after resolution, the anchor registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/layer2/settlement/position.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::layer2 {

using PartyId = Id<struct PartyTag, std::uint32_t>;
using ClaimIndex = Id<struct ClaimTag, std::uint32_t>;  // in the order of the contract's array

// The first byte of an execution claim; output roots have no such byte.
enum class VmStatus : std::uint8_t { Valid, Invalid, Panic, Unfinished };

struct ClaimValue {
  std::uint64_t bits = 0;
  [[nodiscard]] constexpr std::uint8_t status_byte() const {
    return static_cast<std::uint8_t>(bits >> 56);
  }
  constexpr ClaimValue with_status(VmStatus status) const {
    return {(bits & 0x00FF'FFFF'FFFF'FFFFU) |
            (std::uint64_t{static_cast<std::uint8_t>(status)} << 56)};
  }
  constexpr auto operator<=>(const ClaimValue&) const = default;
};

struct DisputeGameParams {
  std::uint32_t max_game_depth = 73;
  std::uint32_t split_depth = 30;
  Duration max_clock_duration = 302'400_s;
  Duration clock_extension = 10'800_s;
  Duration challenge_period = 86'400_s;
  GasPrice assumed_base_fee = 200_gwei;
  Gas base_gas_charged{400'000};
  Gas high_gas_charged{300'000'000};

  void visit(auto& v) {
    v("max_game_depth", max_game_depth,
      {.doc = "Depth of the claims that one VM instruction settles", .min = 4, .max = 120});
    v("split_depth", split_depth,
      {.doc = "Depth of the last output root claims", .min = 2, .max = 60});
    v("max_clock_duration", max_clock_duration,
      {.doc = "Time each team may use along one path", .min = 1_s});
    v("clock_extension", clock_extension,
      {.doc = "Least time a team has left for its next move; doubled before the first VM claim",
       .min = 0_s});
    v("challenge_period", challenge_period,
      {.doc = "Extra extension before the last claim: the large pre-image challenge", .min = 0_s});
    v("assumed_base_fee", assumed_base_fee,
      {.doc = "Gas price at which bonds are reckoned", .min = GasPrice{0}});
    v("base_gas_charged", base_gas_charged, {.doc = "Gas of the root bond", .min = Gas{1}});
    v("high_gas_charged", high_gas_charged, {.doc = "Gas of the deepest bond", .min = Gas{1}});
  }

  [[nodiscard]] Wei bond(std::uint32_t depth) const;
  // The extension that protects the mover's next turn after a move to this depth.
  [[nodiscard]] Duration extension_at(std::uint32_t depth) const;
  // Levels of one execution bisection: its trace has 2^levels states.
  [[nodiscard]] std::uint32_t execution_levels() const { return max_game_depth - split_depth - 1; }
  // Rejects what the contract's constructor rejects; path is the prefix of the parameters' names.
  void check(std::string_view path) const;
};

enum class GameStatus : std::uint8_t { InProgress, ChallengerWins, DefenderWins };

enum class MoveOutcome : std::uint8_t {
  Accepted,
  GameOver,
  CannotDefendRoot,
  DepthExceeded,
  UnexpectedVmStatus,
  IncorrectBond,  // the contract wants the exact amount
  ClockExpired,
  DuplicateClaim,
};
enum class StepOutcome : std::uint8_t {
  Accepted,
  GameOver,
  NotAtMaxDepth,
  InvalidPrestate,
  ClaimIsRight,  // the instruction does not contradict the claim ("ValidStep" in the contract)
  DuplicateStep,
};
enum class ResolveOutcome : std::uint8_t {
  Resolved,
  GameOver,
  ClockNotExpired,
  AlreadyResolved,
  OutOfOrder,
};
// What the VM says about one instruction: does the pre-state lead to the claimed post-state?
enum class VmVerdict : std::uint8_t { Matches, Differs, PrestateUnknown };
// Normal pays winners; Refund (an improper game) returns every bond to whoever posted it.
enum class BondMode : std::uint8_t { Normal, Refund };

struct Claim {
  ClaimIndex parent;  // none for the root
  PartyId claimant;
  PartyId countered_by;  // none while uncountered
  PartyId paid_to;       // none until resolved
  ClaimValue value;
  Position position;
  Wei bond;
  Duration clock;  // used by the claimant's team when it made this claim
  Time made;

  void visit_state(auto& v) {
    v("parent", parent);
    v("claimant", claimant);
    v("countered_by", countered_by);
    v("paid_to", paid_to);
    v("value", value);
    v("position", position);
    v("bond", bond);
    v("clock", clock);
    v("made", made);
  }
};

class DisputeGame {
 public:
  struct Root {
    PartyId proposer;
    ClaimValue value;
    ClaimValue anchor;             // output root the game starts from, agreed by all
    ClaimValue absolute_prestate;  // VM state before the first instruction
    Time at;
  };
  DisputeGame() = default;  // to be loaded from a snapshot
  // The factory enforces the root's bond, so the game starts with it posted.
  DisputeGame(const DisputeGameParams& params, const Root& root);

  struct Move {
    ClaimIndex against;
    MoveKind kind = MoveKind::Attack;
    ClaimValue value;
    PartyId by;
    Wei bond;
  };
  MoveOutcome move(const Move& move, Time now);

  struct Step {
    ClaimIndex against;
    MoveKind kind = MoveKind::Attack;
    PartyId by;
  };
  // The two states around the disputed instruction, which the caller hands to its VM.
  struct StepStates {
    ClaimValue before;
    ClaimValue after;
    std::uint64_t instruction = 0;  // 0 starts from the absolute pre-state
    ClaimIndex after_claim;
  };
  [[nodiscard]] StepStates step_states(const Step& step) const;
  StepOutcome step(const Step& step, VmVerdict verdict, Time now);

  ResolveOutcome resolve_claim(ClaimIndex claim, Time now);
  ResolveOutcome resolve(Time now);
  // Resolves, bottom-up, everything that can be resolved now, and the game if its root is; returns
  // the status.
  GameStatus resolve_all(Time now);

  [[nodiscard]] const DisputeGameParams& params() const { return params_; }
  [[nodiscard]] GameStatus status() const { return status_; }
  [[nodiscard]] Time created_at() const { return claims_.front().made; }
  [[nodiscard]] Time resolved_at() const { return resolved_at_; }
  [[nodiscard]] std::uint32_t claim_count() const {
    return static_cast<std::uint32_t>(claims_.size());
  }
  [[nodiscard]] const Claim& claim(ClaimIndex index) const;
  [[nodiscard]] ClaimValue anchor() const { return anchor_; }
  [[nodiscard]] ClaimValue absolute_prestate() const { return absolute_prestate_; }
  [[nodiscard]] Wei required_bond(Position position) const {
    return params_.bond(position.depth());
  }
  // Time used by whoever would counter the claim, capped at the maximum.
  [[nodiscard]] Duration challenger_duration(ClaimIndex claim, Time now) const;
  // The first instant at which the claim's clock lets it be resolved (children permitting).
  [[nodiscard]] Time clock_expires(ClaimIndex claim) const;
  [[nodiscard]] std::optional<ClaimIndex> find(ClaimIndex parent, Position position,
                                               ClaimValue value) const;
  // The nearest claim on the path from `from` to the root that sits at the position.
  [[nodiscard]] ClaimIndex ancestor_at(ClaimIndex from, Position position) const;

  [[nodiscard]] Wei deposited() const;
  [[nodiscard]] Wei deposited_by(PartyId party) const;
  [[nodiscard]] Wei credit(PartyId party, BondMode mode = BondMode::Normal) const;

  void visit_state(auto& v) {
    v("params", params_);
    v("claims", claims_);
    v("children", children_);
    v("anchor", anchor_);
    v("absolute_prestate", absolute_prestate_);
    v("status", status_);
    v("resolved_at", resolved_at_);
    v("latest", latest_);
  }

 private:
  [[nodiscard]] bool allowed_execution_root(const Move& move, Position position) const;
  void advance(Time now);
  void pay(Claim& claim, PartyId recipient);

  DisputeGameParams params_;
  std::vector<Claim> claims_;
  std::vector<std::vector<ClaimIndex>> children_;
  ClaimValue anchor_;
  ClaimValue absolute_prestate_;
  GameStatus status_ = GameStatus::InProgress;
  Time resolved_at_ = Time::never();
  Time latest_;
};

}  // namespace mezz::layer2

namespace mezz {
template <>
struct EnumNames<layer2::GameStatus> {
  static constexpr std::string_view names[] = {"in_progress", "challenger_wins", "defender_wins"};
};
template <>
struct EnumNames<layer2::MoveOutcome> {
  static constexpr std::string_view names[] = {"accepted",
                                               "game_over",
                                               "cannot_defend_root",
                                               "depth_exceeded",
                                               "unexpected_vm_status",
                                               "incorrect_bond",
                                               "clock_expired",
                                               "duplicate_claim"};
};
template <>
struct EnumNames<layer2::StepOutcome> {
  static constexpr std::string_view names[] = {"accepted",         "game_over",
                                               "not_at_max_depth", "invalid_prestate",
                                               "claim_is_right",   "duplicate_step"};
};
template <>
struct EnumNames<layer2::ResolveOutcome> {
  static constexpr std::string_view names[] = {"resolved", "game_over", "clock_not_expired",
                                               "already_resolved", "out_of_order"};
};
}  // namespace mezz

// When a withdrawal from an OP Stack rollup may be paid on the base chain: provable once a dispute
// game covers its L2 block, finalisable when the proof is mature, the game resolved for the
// defender, its air gap over, and nothing vetoes it. The two delays run in parallel. A game that is
// lost, blacklisted or retired frees nothing: the user proves again against another game and the
// maturity delay starts again. Source: OptimismPortal2.checkWithdrawal and
// AnchorStateRegistry.isGameClaimValid. The contracts compare with ">", in whole seconds; here a
// withdrawal is payable at the instant itself (">="), at most one L1 slot earlier.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/layer2/settlement/dispute_game.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/time.h"

namespace mezz::layer2 {

struct WithdrawalParams {
  Duration proof_maturity_delay = 604'800_s;
  Duration finality_delay = 302'400_s;

  void visit(auto& v) {
    v("proof_maturity_delay", proof_maturity_delay,
      {.doc = "Least time between proving a withdrawal and its payment", .min = 0_s});
    v("finality_delay", finality_delay,
      {.doc = "Least time between the game's resolution and the payment (air gap)", .min = 0_s});
  }
};

// A game as the portal sees it.
struct GameView {
  std::uint64_t l2_block = 0;  // its root claim is the output after this block
  Time created_at;
  GameStatus status = GameStatus::InProgress;
  Time resolved_at = Time::never();
  bool respected = true;  // of the respected game type when created
  bool blacklisted = false;
  bool retired = false;
};

enum class PortalState : std::uint8_t { Open, Paused };

enum class WithdrawalCheck : std::uint8_t {
  Payable,
  AlreadyPaid,
  Paused,
  NotProven,
  GameRejected,  // blacklisted, retired or of the wrong type: prove again
  GameLost,      // resolved for the challenger: prove again
  GameInProgress,
  ProofImmature,
  AirGap,
};

enum class ProveOutcome : std::uint8_t {
  Accepted,
  AlreadyPaid,
  Paused,
  GameDoesNotCover,
  GameRejected,
  GameLost
};

class Withdrawal {
 public:
  Withdrawal() = default;  // to be loaded from a snapshot
  explicit Withdrawal(std::uint64_t l2_block) : l2_block_(l2_block) {}

  // Proving again replaces the earlier proof and restarts its maturity.
  ProveOutcome prove(const GameView& game, PortalState portal, Time now);
  [[nodiscard]] WithdrawalCheck check(const WithdrawalParams& params, const GameView& game,
                                      PortalState portal, Time now) const;
  WithdrawalCheck pay(const WithdrawalParams& params, const GameView& game, PortalState portal,
                      Time now);
  // The first instant at which check() says Payable if nothing else changes; never() when the game
  // is not won (yet).
  [[nodiscard]] Time payable_at(const WithdrawalParams& params, const GameView& game) const;

  [[nodiscard]] std::uint64_t l2_block() const { return l2_block_; }
  [[nodiscard]] Time proven_at() const { return proven_at_; }
  [[nodiscard]] Time paid_at() const { return paid_at_; }

 private:
  std::uint64_t l2_block_ = 0;
  Time proven_at_ = Time::never();
  Time paid_at_ = Time::never();
};

}  // namespace mezz::layer2

namespace mezz {
template <>
struct EnumNames<layer2::WithdrawalCheck> {
  static constexpr std::string_view names[] = {"payable",          "already_paid",   "paused",
                                               "not_proven",       "game_rejected",  "game_lost",
                                               "game_in_progress", "proof_immature", "air_gap"};
};
template <>
struct EnumNames<layer2::ProveOutcome> {
  static constexpr std::string_view names[] = {
      "accepted", "already_paid", "paused", "game_does_not_cover", "game_rejected", "game_lost"};
};
}  // namespace mezz

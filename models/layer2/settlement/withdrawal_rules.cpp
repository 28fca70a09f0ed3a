#include "models/layer2/settlement/withdrawal_rules.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::layer2 {

namespace {

bool rejected(const GameView& game) { return !game.respected || game.blacklisted || game.retired; }

}  // namespace

ProveOutcome Withdrawal::prove(const GameView& game, PortalState portal, Time now) {
  MEZZ_ASSERT(now >= game.created_at);
  MEZZ_ASSERT(!proven_at_.happened() || now >= proven_at_);
  if (paid_at_.happened()) return ProveOutcome::AlreadyPaid;
  if (portal == PortalState::Paused) return ProveOutcome::Paused;
  if (game.l2_block < l2_block_) return ProveOutcome::GameDoesNotCover;
  if (rejected(game)) return ProveOutcome::GameRejected;
  if (game.status == GameStatus::ChallengerWins) return ProveOutcome::GameLost;
  proven_at_ = now;
  return ProveOutcome::Accepted;
}

WithdrawalCheck Withdrawal::check(const WithdrawalParams& params, const GameView& game,
                                  PortalState portal, Time now) const {
  MEZZ_ASSERT(now >= game.created_at);
  MEZZ_ASSERT(!proven_at_.happened() || (now >= proven_at_ && game.l2_block >= l2_block_));
  if (paid_at_.happened()) return WithdrawalCheck::AlreadyPaid;
  if (portal == PortalState::Paused) return WithdrawalCheck::Paused;
  if (!proven_at_.happened()) return WithdrawalCheck::NotProven;
  if (rejected(game)) return WithdrawalCheck::GameRejected;
  if (game.status == GameStatus::ChallengerWins) return WithdrawalCheck::GameLost;
  if (game.status == GameStatus::InProgress) return WithdrawalCheck::GameInProgress;
  MEZZ_ASSERT(game.resolved_at.happened());
  if (now < proven_at_ + params.proof_maturity_delay) return WithdrawalCheck::ProofImmature;
  if (now < game.resolved_at + params.finality_delay) return WithdrawalCheck::AirGap;
  return WithdrawalCheck::Payable;
}

WithdrawalCheck Withdrawal::pay(const WithdrawalParams& params, const GameView& game,
                                PortalState portal, Time now) {
  const WithdrawalCheck result = check(params, game, portal, now);
  if (result != WithdrawalCheck::Payable) return result;
  MEZZ_ASSERT(!paid_at_.happened());
  paid_at_ = now;
  MEZZ_ASSERT(paid_at_ >= proven_at_ + params.proof_maturity_delay);
  return result;
}

Time Withdrawal::payable_at(const WithdrawalParams& params, const GameView& game) const {
  if (!proven_at_.happened() || rejected(game)) return Time::never();
  if (game.status != GameStatus::DefenderWins) return Time::never();
  MEZZ_ASSERT(game.resolved_at.happened());
  return std::max(proven_at_ + params.proof_maturity_delay,
                  game.resolved_at + params.finality_delay);
}

}  // namespace mezz::layer2

#include "models/layer2/settlement/withdrawal_rules.h"

#include <gtest/gtest.h>

namespace mezz::layer2 {
namespace {

constexpr Time kStart{1'000'000'000'000};
const WithdrawalParams kParams;

GameView game_at(Time created) { return {.l2_block = 100, .created_at = created}; }

GameView won(GameView game, Time resolved) {
  game.status = GameStatus::DefenderWins;
  game.resolved_at = resolved;
  return game;
}

// A-T-4: the game's 3.5 d and the air gap's 3.5 d run beside the 7 d of the proof, not after them.
TEST(Withdrawal, UnchallengedIsPaidExactlySevenDaysAfterProvingAtGameCreation) {
  DisputeGame game(
      DisputeGameParams{},
      {.proposer = {1}, .value = {7}, .anchor = {}, .absolute_prestate = {}, .at = kStart});
  Withdrawal withdrawal(100);
  EXPECT_EQ(withdrawal.prove(game_at(kStart), PortalState::Open, kStart), ProveOutcome::Accepted);
  const Time resolved = kStart + 302'400_s;
  EXPECT_EQ(game.resolve_all(resolved), GameStatus::DefenderWins);
  const GameView view = won(game_at(kStart), game.resolved_at());
  const Time due = kStart + 7_d;
  EXPECT_EQ(withdrawal.payable_at(kParams, view), due);
  EXPECT_EQ(withdrawal.pay(kParams, view, PortalState::Open, due - Duration{1}),
            WithdrawalCheck::ProofImmature);
  EXPECT_EQ(withdrawal.pay(kParams, view, PortalState::Open, due), WithdrawalCheck::Payable);
  EXPECT_EQ(withdrawal.paid_at(), due);
}

TEST(Withdrawal, IsPaidOnceOnly) {
  Withdrawal withdrawal(100);
  withdrawal.prove(game_at(kStart), PortalState::Open, kStart);
  const GameView view = won(game_at(kStart), kStart + 84_h);
  EXPECT_EQ(withdrawal.pay(kParams, view, PortalState::Open, kStart + 8_d),
            WithdrawalCheck::Payable);
  EXPECT_EQ(withdrawal.pay(kParams, view, PortalState::Open, kStart + 9_d),
            WithdrawalCheck::AlreadyPaid);
  EXPECT_EQ(withdrawal.prove(game_at(kStart), PortalState::Open, kStart + 9_d),
            ProveOutcome::AlreadyPaid);
}

TEST(Withdrawal, LateResolutionMakesTheAirGapBind) {
  Withdrawal withdrawal(100);
  withdrawal.prove(game_at(kStart), PortalState::Open, kStart);
  const GameView view = won(game_at(kStart), kStart + 9_d);
  EXPECT_EQ(withdrawal.check(kParams, view, PortalState::Open, kStart + 9_d),
            WithdrawalCheck::AirGap);
  EXPECT_EQ(withdrawal.payable_at(kParams, view), kStart + 9_d + 84_h);
}

TEST(Withdrawal, CannotBeProvenBeforeAGameCoversItsBlock) {
  Withdrawal withdrawal(101);
  EXPECT_EQ(withdrawal.prove(game_at(kStart), PortalState::Open, kStart),
            ProveOutcome::GameDoesNotCover);
  EXPECT_EQ(withdrawal.check(kParams, game_at(kStart), PortalState::Open, kStart),
            WithdrawalCheck::NotProven);
}

TEST(Withdrawal, LostGameFreesNothingAndProvingAgainRestartsMaturity) {
  Withdrawal withdrawal(100);
  withdrawal.prove(game_at(kStart), PortalState::Open, kStart);
  GameView lost = game_at(kStart);
  lost.status = GameStatus::ChallengerWins;
  lost.resolved_at = kStart + 9_d;
  EXPECT_EQ(withdrawal.check(kParams, lost, PortalState::Open, kStart + 30_d),
            WithdrawalCheck::GameLost);
  EXPECT_EQ(withdrawal.payable_at(kParams, lost), Time::never());
  EXPECT_EQ(withdrawal.prove(lost, PortalState::Open, kStart + 9_d), ProveOutcome::GameLost);
  const Time again = kStart + 10_d;
  EXPECT_EQ(withdrawal.prove(game_at(again), PortalState::Open, again), ProveOutcome::Accepted);
  EXPECT_EQ(withdrawal.payable_at(kParams, won(game_at(again), again + 84_h)), again + 7_d);
}

TEST(Withdrawal, VetoesAndPauseStopPayment) {
  Withdrawal withdrawal(100);
  withdrawal.prove(game_at(kStart), PortalState::Open, kStart);
  const GameView good = won(game_at(kStart), kStart + 84_h);
  const Time late = kStart + 30_d;
  GameView bad = good;
  bad.blacklisted = true;
  EXPECT_EQ(withdrawal.check(kParams, bad, PortalState::Open, late), WithdrawalCheck::GameRejected);
  bad = good;
  bad.retired = true;
  EXPECT_EQ(withdrawal.check(kParams, bad, PortalState::Open, late), WithdrawalCheck::GameRejected);
  bad = good;
  bad.respected = false;
  EXPECT_EQ(withdrawal.check(kParams, bad, PortalState::Open, late), WithdrawalCheck::GameRejected);
  EXPECT_EQ(withdrawal.check(kParams, good, PortalState::Paused, late), WithdrawalCheck::Paused);
  EXPECT_EQ(withdrawal.check(kParams, game_at(kStart), PortalState::Open, late),
            WithdrawalCheck::GameInProgress);
  EXPECT_EQ(withdrawal.check(kParams, good, PortalState::Open, late), WithdrawalCheck::Payable);
}

}  // namespace
}  // namespace mezz::layer2

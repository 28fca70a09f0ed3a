// The exit game over a real exchange and a real layer one: the way out, rungs, lies, faults.
#include "models/layer2/plasma/exit_game.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/plasma/plasma_world.h"

namespace mezz {
namespace {

TEST(ExitGame, WithdrawalIsPaidTwoPeriodsAfterTheRootOfItsBlock) {
  PlasmaWorld w;
  w.withdraw(3_min, 2, 100_usd);
  w.run_until(10_min);
  ASSERT_EQ(w.game().withdrawals().size(), 1U);
  ASSERT_EQ(w.game().exits(), 1U);
  const PlasmaExit& exit = w.game().exit(0);
  EXPECT_EQ(exit.kind, ExitKind::Withdrawal);
  const plasma::PlasmaBlock& block = w.game().outputs().holding(w.game().withdrawals()[0].block);
  // The crowd sees the root with its own block's head and is in the next block.
  EXPECT_EQ(exit.started, block.time + kSlot);
  EXPECT_EQ(exit.priority.exitable, block.time + 2 * kMep);
  EXPECT_EQ(w.game().exit_totals().bonds_locked, PlasmaBonds{}.standard);
  w.run_until(30_min);
  EXPECT_EQ(exit.stage, ExitStage::Processed);
  EXPECT_GE(exit.processed, exit.priority.exitable);
  EXPECT_LE(exit.processed, exit.priority.exitable + 2 * kSlot);
  EXPECT_EQ(exit.paid, 100_usd);
  EXPECT_EQ(w.game().totals().paid, 100_usd);
  EXPECT_EQ(w.game().totals().escrow, 79'900_usd);
  EXPECT_EQ(w.game().exit_totals().bonds_locked, Wei::zero());
  EXPECT_EQ(w.game().exit_totals().bounties, PlasmaBonds{}.bounty);
  EXPECT_TRUE(w.conserved());
  EXPECT_EQ(w.game().withdrawal_summary().paid.size(), 1U);
}

TEST(ExitGame, BlockIsPublishedAndAssertedByItsRootFinalWithItAndSettledAfterTwoPeriods) {
  PlasmaWorld w;
  w.run_until(1_h);
  const plasma::PlasmaBlock& first = w.game().outputs().block(1);
  const FinalityLadder& ladder = w.chain().block(first.last).ladder;
  EXPECT_EQ(ladder[Rung::Published], first.time);
  EXPECT_EQ(ladder[Rung::Asserted], first.time);
  // Casper: 64 to 95 slots after inclusion.
  EXPECT_GE(ladder[Rung::OrderFinal] - first.time, 64 * kSlot);
  EXPECT_LE(ladder[Rung::OrderFinal] - first.time, 96 * kSlot);
  EXPECT_GE(ladder[Rung::Settled] - first.time, 2 * kMep);
  EXPECT_LE(ladder[Rung::Settled] - first.time, 2 * kMep + kSlot);
  EXPECT_GT(w.chain().fixed(), BlockId{0});
  // A root every five blocks of layer one: 60 minutes are 299 blocks, the first root at height 2.
  EXPECT_NEAR(static_cast<double>(w.game().outputs().blocks() - 1), 59.0, 1.0);
}

TEST(ExitGame, RootWithoutDataAssertsButPublishesNothingAndEveryoneLeaves) {
  PlasmaWorld w;
  w.withdraw(5_min, 3, 500_usd);
  w.shock_at(8_min, w.operator_ref, ShockKind::DataWithheld);
  w.run_until(10_min);
  EXPECT_GT(w.chain().reached(Rung::Asserted), w.chain().reached(Rung::Published));
  EXPECT_TRUE(w.game().unserved_since().happened());
  w.run_until(40_min);
  EXPECT_TRUE(w.game().halted());
  EXPECT_EQ(w.chain().head(), w.game().outputs().newest().last);
  for (std::uint32_t i = 0; i < 8; ++i) {
    EXPECT_EQ(w.paid(ExitKind::Account, i), i == 3 ? 9'500_usd : 10'000_usd) << i;
  }
  EXPECT_EQ(w.game().totals().paid, 500_usd);
  EXPECT_EQ(w.game().totals().escaped, 79'500_usd);
  EXPECT_EQ(w.game().totals().escrow, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, OperatorThatFallsSilentIsLeft) {
  PlasmaSetup s;
  s.plasma.silence_timeout = 15_min;
  PlasmaWorld w(s);
  w.shock_at(8_min, w.operator_ref, ShockKind::BatcherDown);
  w.run_until(22_min);
  EXPECT_EQ(w.game().exits(), 0U);
  w.run_until(1_h);
  EXPECT_TRUE(w.game().halted());
  EXPECT_EQ(w.game().totals().escaped, 80'000_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, DataThatComesInTimeKeepsEverybodyIn) {
  PlasmaWorld w;
  w.shock_at(8_min, w.operator_ref, ShockKind::DataWithheld);
  w.shock_at(9_min, w.operator_ref, ShockKind::DataWithheld, Ratio::one(), ShockEdge::Ends);
  w.run_until(40_min);
  EXPECT_FALSE(w.game().halted());
  EXPECT_EQ(w.game().exits(), 0U);
  EXPECT_FALSE(w.game().unserved_since().happened());
  EXPECT_GE(w.chain().reached(Rung::Published).value + 60, w.chain().head().value);
}

TEST(ExitGame, WithdrawalUnderWayLeavesInFlightAndPiggybacks) {
  PlasmaWorld w;
  w.shock_at(8_min, w.operator_ref, ShockKind::DataWithheld);
  w.withdraw(9_min, 5, 700_usd);  // in a block that nobody has
  w.run_until(45_min);
  ASSERT_TRUE(w.game().halted());
  const std::uint64_t number = w.game().exit_of({.kind = ExitKind::InFlight, .number = 5});
  ASSERT_NE(number, kNoExit);
  const PlasmaExit& exit = w.game().exit(number);
  EXPECT_EQ(exit.kind, ExitKind::InFlight);
  EXPECT_TRUE(exit.in_flight.piggybacked(plasma::InFlightSide::Outputs));
  EXPECT_EQ(exit.paid, 10'000_usd);  // inputs and outputs are worth the same
  EXPECT_EQ(w.game().exit_totals().in_flight, 1U);
  EXPECT_EQ(w.game().exit_totals().piggybacked, 1U);
  EXPECT_EQ(w.game().totals().initiated, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, InFlightExitNobodyPiggybacksPaysNothingAndMvpHasNone) {
  PlasmaSetup s;
  s.plasma.online_every = 365_d;
  const std::uint64_t claim = ExitClaim{.kind = ExitKind::InFlight, .number = 1}.packed();
  PlasmaWorld w(s);
  w.call(5_min, L1CallKind::StartExit, claim);
  w.call(11_min, L1CallKind::StartExit, claim, kPiggyback);  // MEP / 2 is over
  w.run_until(40_min);
  ASSERT_EQ(w.game().exits(), 1U);
  EXPECT_EQ(w.game().exit(0).stage, ExitStage::Processed);
  EXPECT_EQ(w.game().exit(0).paid, Money::zero());
  EXPECT_EQ(w.game().exit_totals().piggybacked, 0U);
  s.plasma.variant = PlasmaVariant::Mvp;
  PlasmaWorld mvp(s);
  mvp.call(5_min, L1CallKind::StartExit, claim);
  mvp.run_until(10_min);
  EXPECT_EQ(mvp.game().exits(), 0U);
  EXPECT_EQ(mvp.game().totals().refused, 1U);
}

TEST(ExitGame, HonestUsersWhoLookInTimeAreAllPaidBeforeTheThief) {
  PlasmaWorld w;
  w.shock_at(8_min, w.operator_ref, ShockKind::InvalidBlock);
  w.run_until(1_h);
  const std::uint64_t thief = w.game().exit_of({.kind = ExitKind::Invented, .number = 0});
  ASSERT_NE(thief, kNoExit);
  EXPECT_EQ(w.game().exit(thief).amount, 80'000_usd);
  EXPECT_EQ(w.game().exit(thief).stage, ExitStage::Processed);
  EXPECT_EQ(w.game().exit(thief).paid, Money::zero());
  EXPECT_EQ(w.game().totals().escaped, 80'000_usd);
  EXPECT_EQ(w.game().totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, WhoLooksOnceAYearLosesEverythingToTheThief) {
  PlasmaSetup s;
  s.plasma.online_every = 365_d;
  PlasmaWorld w(s);
  w.shock_at(8_min, w.operator_ref, ShockKind::InvalidBlock);
  w.run_until(1_h);
  EXPECT_EQ(w.game().totals().stolen, 80'000_usd);
  EXPECT_EQ(w.game().totals().escrow, Money::zero());
  EXPECT_TRUE(w.conserved());
}

// A balance that falls leaves a richer output behind: one withdrawal per account.
void make_stale(PlasmaWorld& w) {
  for (std::uint32_t i = 0; i < 8; ++i) w.withdraw(3_min, i, 4'000_usd);
  w.shock_at(8_min, w.crowd_ref, ShockKind::StaleClose);
}

TEST(ExitGame, ExitOfASpentOutputIsDeletedAndItsBondGoesToTheChallenger) {
  PlasmaWorld w;
  make_stale(w);
  w.run_until(1_h);
  EXPECT_EQ(w.game().exit_totals().challenged, 8U);
  EXPECT_EQ(w.game().exit_totals().bonds_lost, PlasmaBonds{}.standard * 8);
  EXPECT_EQ(w.game().totals().stolen, Money::zero());
  EXPECT_EQ(w.game().totals().paid, 32'000_usd);
  EXPECT_FALSE(w.game().halted());
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, WithoutAWatcherSpentOutputsAreStolen) {
  PlasmaWorld w;
  make_stale(w);
  w.shock_at(1_min, w.keeper_ref, ShockKind::WatchtowerDown);
  w.run_until(1_h);
  EXPECT_EQ(w.game().exit_totals().challenged, 0U);
  // Eight claims of 10 000 and eight withdrawals of 4 000 on an escrow of 80 000.
  EXPECT_EQ(w.game().totals().stolen + w.game().totals().paid, 80'000_usd);
  EXPECT_EQ(w.game().exit_totals().unpaid, 32'000_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, DepositThatNoBlockTookExitsInOnePeriod) {
  PlasmaWorld w;
  w.shock_at(6_min, w.operator_ref, ShockKind::DataWithheld);
  w.deposit(9_min, 1, 250_usd);
  w.run_until(40_min);
  ASSERT_TRUE(w.game().halted());
  const std::uint64_t number = w.game().exit_of({.kind = ExitKind::Deposit, .number = 0});
  ASSERT_NE(number, kNoExit);
  EXPECT_EQ(w.game().exit(number).priority.exitable, w.game().exit(number).started + kMep);
  EXPECT_EQ(w.game().exit(number).paid, 250_usd);
  EXPECT_EQ(w.game().totals().escrow, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, RunThroughTheFrontDoorIsPaidInOrderOfTheChain) {
  PlasmaWorld w;
  w.shock_at(8_min, w.crowd_ref, ShockKind::MassExit);
  w.run_until(1_h);
  EXPECT_EQ(w.game().totals().paid, 80'000_usd);
  EXPECT_EQ(w.game().totals().paid_count, 8U);
  EXPECT_FALSE(w.game().halted());
  for (std::uint64_t i = 1; i < 8; ++i) {
    EXPECT_LE(w.game().exit(w.game().withdrawals()[i - 1].exit).processed,
              w.game().exit(w.game().withdrawals()[i].exit).processed);
  }
  EXPECT_TRUE(w.conserved());
}

PlasmaSetup cash() {
  PlasmaSetup s;
  s.plasma.variant = PlasmaVariant::Cash;
  return s;
}

TEST(PlasmaCash, OwnersWhoLookSaveTheirCoinsWithoutARace) {
  PlasmaWorld w(cash());
  w.shock_at(8_min, w.operator_ref, ShockKind::InvalidBlock);
  w.run_until(1_h);
  EXPECT_EQ(w.game().exit_totals().challenged, 8U);
  EXPECT_EQ(w.crowd().totals().saved_coins, 8U);
  EXPECT_EQ(w.game().totals().escaped, 80'000_usd);
  EXPECT_EQ(w.game().totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(PlasmaCash, CoinOfWhoIsAwayIsTakenAndNoOther) {
  PlasmaSetup s = cash();
  s.plasma.online_every = 365_d;
  PlasmaWorld w(s);
  w.shock_at(8_min, w.operator_ref, ShockKind::InvalidBlock, 50_percent);
  w.run_until(1_h);
  const auto taken =
      static_cast<std::int64_t>(w.world.get(w.operator_ref).commits().inventions().size());
  ASSERT_GT(taken, 0);
  ASSERT_LT(taken, 8);
  EXPECT_EQ(w.game().totals().stolen, 10'000_usd * taken);
  EXPECT_EQ(w.game().totals().escrow, 10'000_usd * (8 - taken));
  EXPECT_EQ(w.game().exit_totals().unpaid, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(PlasmaCash, CoinLeavesOnceWhoeverComesFirst) {
  PlasmaSetup s = cash();
  s.plasma.online_every = 365_d;
  PlasmaWorld w(s);
  w.shock_at(8_min, w.operator_ref, ShockKind::InvalidBlock);
  // The owner of coin 3 does not challenge, but exits in the block of the thief: older output
  // first.
  w.call(8_min + 13_s, L1CallKind::StartExit,
         ExitClaim{.kind = ExitKind::Account, .number = 3}.packed());
  w.run_until(1_h);
  EXPECT_EQ(w.paid(ExitKind::Account, 3), 10'000_usd);
  const std::uint64_t thief = w.game().exit_of({.kind = ExitKind::Invented, .number = 3});
  ASSERT_NE(thief, kNoExit);
  EXPECT_EQ(w.game().exit(thief).account, AccountId{3});
  EXPECT_EQ(w.game().exit(thief).stage, ExitStage::Processed);
  EXPECT_EQ(w.game().exit(thief).paid, Money::zero());
  EXPECT_EQ(w.game().totals().stolen, 70'000_usd);
  EXPECT_EQ(w.game().exit_totals().unpaid, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(PlasmaCash, WithdrawalIsPaidOnePeriodAfterItsExitStarts) {
  PlasmaWorld w(cash());
  w.withdraw(3_min, 2, 100_usd);
  w.run_until(30_min);
  ASSERT_EQ(w.game().exits(), 1U);
  const PlasmaExit& exit = w.game().exit(0);
  EXPECT_EQ(exit.priority.exitable, exit.started + kMep);
  EXPECT_LE(exit.processed, exit.priority.exitable + 2 * kSlot);
}

TEST(PlasmaParams, BadOnesAreRefusedByName) {
  PlasmaSetup s;
  s.plasma.bonds.bounty = 1_eth;
  EXPECT_THROW(PlasmaWorld{s}, ScenarioError);
  s = {};
  s.plasma.bonds.in_flight = Wei{1};
  EXPECT_THROW(PlasmaWorld{s}, ScenarioError);
  s = {};
  s.plasma.exits_per_call = 1'000;  // 100 M gas
  EXPECT_THROW(PlasmaWorld{s}, ScenarioError);
}

}  // namespace
}  // namespace mezz

// Withdrawals through real claims, games and layer-one transactions. Rule: proof + 7 d and
// resolution + 3.5 d, in parallel (OptimismPortal2; reference sheet section 2.5).
#include "models/layer2/bridge/canonical_bridge.h"

#include <gtest/gtest.h>

#include "tests/models/layer2/bridge/bridge_world.h"

namespace mezz {
namespace {

using testing::BridgeWorld;
using testing::kAirGap;
using testing::kClock;
using testing::kMaturity;
using testing::kSlot;
using testing::SettlementOptions;

TEST(CanonicalBridge, WithdrawalIsPaidSevenDaysAfterItsProofPlusInclusion) {
  BridgeWorld w;
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);
  w.settlement.world.start();
  w.settlement.run_until(2_h);
  ASSERT_EQ(w.bridge().withdrawals(), 1U);
  const BridgeWithdrawal& one = w.bridge().withdrawal({0});
  const Time claimed = w.settlement.proof().game({0}).game.created_at();
  EXPECT_EQ(one.block, BlockId{11});
  EXPECT_EQ(one.initiated, Time::zero() + 11_min);
  EXPECT_EQ(one.provable, claimed);
  EXPECT_EQ(one.rules.proven_at(), claimed + kSlot);
  EXPECT_TRUE(w.conserved());
  w.settlement.run_until(8_d);
  EXPECT_EQ(one.stage, WithdrawalStage::Paid);
  // Maturity: proof + 7 d. Game: clock + one slot + air gap, from the claim: the same 7 d + 12 s.
  const Time payable = claimed + kSlot + kMaturity;
  EXPECT_EQ(one.withdrawable, payable);
  EXPECT_EQ(w.settlement.proof().game({0}).game.resolved_at() + kAirGap, payable);
  EXPECT_EQ(one.rules.paid_at(), payable + kSlot);
  EXPECT_EQ(one.proofs, 1U);
  EXPECT_EQ(w.bridge().totals().escrow, 950_usd);
  EXPECT_EQ(w.bridge().totals().refused, 0U);
  EXPECT_TRUE(w.conserved());
}

TEST(CanonicalBridge, LateResolutionMakesTheAirGapTheLongerWait) {
  SettlementOptions o;
  o.proposer.resolves = ResolvePolicy::Never;
  o.challenger.resolve_patience = 1_d;
  BridgeWorld w(o);
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.settlement.world.start();
  w.settlement.run_until(9_d);
  const layer2::DisputeGame& game = w.settlement.proof().game({0}).game;
  EXPECT_EQ(game.resolved_at(), game.created_at() + kClock + 1_d + kSlot);
  const BridgeWithdrawal& one = w.bridge().withdrawal({0});
  EXPECT_EQ(one.withdrawable, game.resolved_at() + kAirGap);
  EXPECT_EQ(one.rules.paid_at(), one.withdrawable + kSlot);
}

TEST(CanonicalBridge, LostGameMeansProvingAgainAndWaitingAgain) {
  SettlementOptions o;
  o.attacker.style = AttackStyle::Silent;
  BridgeWorld w(o);
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.withdraw(Time::zero() + 3_h, 7_usd);
  w.settlement.lie_at(Time::zero() + 30_min);  // the first claim that covers the withdrawal
  w.settlement.world.start();
  w.settlement.run_until(12_d);
  const FaultProof& proof = w.settlement.proof();
  const GameId lie = w.settlement.false_game();
  ASSERT_EQ(lie, GameId{0});
  ASSERT_EQ(proof.game(lie).game.status(), layer2::GameStatus::ChallengerWins);
  const BridgeWithdrawal& one = w.bridge().withdrawal({0});
  EXPECT_EQ(one.stage, WithdrawalStage::Paid);
  EXPECT_EQ(one.proofs, 2U);
  EXPECT_EQ(one.game, GameId{1});
  // The contract's news of the loss come after the head of that block: the relayer acts on the next
  // head, for the block after it.
  EXPECT_EQ(one.rules.proven_at(), proof.game(lie).game.resolved_at() + 2 * kSlot);
  EXPECT_EQ(one.rules.paid_at(), one.rules.proven_at() + kMaturity + kSlot);
  EXPECT_EQ(w.bridge().withdrawal({1}).proofs, 1U);
  EXPECT_LT(w.bridge().withdrawal({1}).rules.paid_at(), one.rules.paid_at());
  EXPECT_TRUE(w.conserved());
}

TEST(CanonicalBridge, FalseClaimThatSettlesPaysRealWithdrawalsOnly) {
  SettlementOptions o;
  o.proposer.resolves = ResolvePolicy::All;
  BridgeWorld w(o);
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.settlement.lie_at(Time::zero() + 30_min);
  w.settlement.shock(w.settlement.challengers[0], ShockKind::ChallengerDown, Time::zero() + 1_min,
                     Time::never());
  w.settlement.world.start();
  w.settlement.run_until(8_d);
  EXPECT_EQ(w.settlement.proof().totals().false_claims_settled, 1U);
  EXPECT_EQ(w.bridge().withdrawal({0}).stage, WithdrawalStage::Paid);
  EXPECT_EQ(w.bridge().totals().escrow, 950_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(CanonicalBridge, PausedBridgePaysNothingAndPaysLater) {
  BridgeWorld w;
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.settlement.shock(w.bridge_ref, ShockKind::BridgePaused, Time::zero() + 6_d, Time::zero() + 9_d);
  w.settlement.world.start();
  w.settlement.run_until(9_d);
  EXPECT_EQ(w.bridge().withdrawal({0}).stage, WithdrawalStage::Proven);
  w.settlement.run_until(9_d + 1_min);
  const BridgeWithdrawal& one = w.bridge().withdrawal({0});
  EXPECT_EQ(one.stage, WithdrawalStage::Paid);
  EXPECT_LE(one.rules.paid_at(), Time::zero() + 9_d + 2 * kSlot);
}

TEST(CanonicalBridge, RolledBackWithdrawalIsVoidAndNeverPaid) {
  BridgeWorld w;
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.settlement.world.engine().schedule(Time::zero() + 2_h, w.settlement.node,
                                       testing::RollBack{BlockId{5}});
  w.withdraw(Time::zero() + 3_h, 30_usd);
  w.settlement.world.start();
  w.settlement.run_until(12_d);
  EXPECT_EQ(w.bridge().withdrawal({0}).stage, WithdrawalStage::Void);
  EXPECT_EQ(w.bridge().withdrawal({1}).stage, WithdrawalStage::Paid);
  EXPECT_EQ(w.bridge().totals().paid, 30_usd);
  EXPECT_EQ(w.bridge().totals().initiated, 30_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(CanonicalBridge, DepositsAreInFlightUntilTheirBlock) {
  BridgeWorld w;
  w.lock(Time::zero() + 90_s, 40_usd);
  w.transact(Time::zero() + 150_s, TxKind::Deposit, 40_usd);
  w.settlement.world.start();
  w.settlement.run_until(100_s);
  EXPECT_EQ(w.bridge().totals().in_flight(1'050_usd), 40_usd);
  EXPECT_EQ(w.bridge().totals().escrow, 1'090_usd);
  EXPECT_TRUE(w.conserved());
  w.settlement.run_until(200_s);
  EXPECT_EQ(w.bridge().totals().in_flight(1'050_usd), Money::zero());
  EXPECT_TRUE(w.conserved());
}

// Layer one goes back again and again, also over proofs and payments: each is paid once.
TEST(CanonicalBridge, ReorganisationsNeitherLoseNorDoubleAPayment) {
  SettlementOptions o;
  o.l1 = BaseChainParams{};
  o.l1.reorg_probability = 10_percent;
  o.l1.reorg_deeper = 50_percent;
  o.link.delay = DelayDistribution::exponential(5_s);  // answers overtake each other
  o.attacker.style = AttackStyle::Silent;
  BridgeWorld w(o);
  Money sum;
  for (int i = 0; i < 40; ++i) {
    w.withdraw(Time::zero() + 10_min + i * 20_min, Money{1'000'000 + i});
    sum += Money{1'000'000 + i};
  }
  w.settlement.lie_at(Time::zero() + 30_min);
  w.settlement.world.start();
  for (int hour = 1; hour <= 14 * 24; ++hour) {
    w.settlement.run_until(hour * 1_h);
    ASSERT_TRUE(w.conserved()) << hour;
    w.settlement.proof().check_bonds();
  }
  EXPECT_EQ(w.bridge().totals().paid, sum);
  EXPECT_EQ(w.bridge().totals().paid_count, 40U);
  for (std::uint64_t i = 0; i < 40; ++i) {
    const BridgeWithdrawal& one = w.bridge().withdrawal({i});
    EXPECT_GE(one.rules.paid_at(), one.rules.proven_at() + kMaturity);
    EXPECT_GE(one.rules.paid_at(),
              w.settlement.proof().game(one.game).game.resolved_at() + kAirGap);
  }
}

// Blocks full of other people's transactions: the relayer's wait for room.
TEST(CanonicalBridge, CongestedLayerOneDelaysPayment) {
  SettlementOptions o;
  o.l1 = BaseChainParams{};
  o.l1.reorg_probability = Ratio::zero();
  WithdrawalRelayerParams r;
  r.fees = {.tip = 1_gwei, .cap = 50_gwei};
  Duration delay[2];
  for (int spike = 0; spike < 2; ++spike) {
    BridgeWorld w(o, r);
    w.withdraw(Time::zero() + 10_min, 100_usd);
    if (spike == 1) {
      w.settlement.shock(w.settlement.l1, ShockKind::GasSpike, Time::zero() + 7_d,
                         Time::zero() + 7_d + 4_h, Ratio{20 * Ratio::kScale});
    }
    w.settlement.world.start();
    w.settlement.run_until(9_d);
    const BridgeWithdrawal& one = w.bridge().withdrawal({0});
    ASSERT_EQ(one.stage, WithdrawalStage::Paid);
    delay[spike] = one.rules.paid_at() - one.withdrawable;
  }
  EXPECT_LE(delay[0], 5_min);
  EXPECT_GE(delay[1], 1_h);
}

TEST(CanonicalBridge, SnapshotBetweenProofAndPaymentChangesNothing) {
  SettlementOptions o;
  o.l1.reorg_probability = 5_percent;
  o.attacker.style = AttackStyle::Silent;
  const auto build = [](BridgeWorld& w) {
    for (int i = 0; i < 10; ++i) w.withdraw(Time::zero() + i * 1_h, 5_usd);
    w.settlement.lie_at(Time::zero() + 30_min);
    w.settlement.world.start();
  };
  BridgeWorld whole(o);
  build(whole);
  whole.settlement.run_until(9_d);
  BridgeWorld first(o);
  build(first);
  first.settlement.run_until(4_d);
  const auto snapshot = first.settlement.world.save();
  BridgeWorld second(o);
  build(second);
  second.settlement.world.restore(snapshot);
  second.settlement.run_until(9_d);
  EXPECT_EQ(second.settlement.world.engine().fingerprint(),
            whole.settlement.world.engine().fingerprint());
  EXPECT_EQ(second.settlement.world.save(), whole.settlement.world.save());
  EXPECT_GT(whole.bridge().totals().paid_count, 0U);
}

}  // namespace
}  // namespace mezz

// State claims on a real layer one, disputed by real transactions. Numbers of the games: OP Stack
// (7 d in two halves of 302 400 s, 3 h extensions) and the reference sheet section 2.3.
#include "models/layer2/settlement/fault_proof.h"

#include <gtest/gtest.h>

#include "sim/record/memory_sink.h"
#include "sim/record/recording.h"
#include "tests/models/layer2/settlement/settlement_world.h"

namespace mezz {
namespace {

using layer2::GameStatus;
using testing::kAirGap;
using testing::kClock;
using testing::kSlot;
using testing::SettlementOptions;
using testing::SettlementWorld;

TEST(FaultProof, UnchallengedClaimSettlesAfterTheClockOneInclusionAndTheAirGap) {
  SettlementWorld w;
  w.world.start();
  w.run_until(8_d);
  const FaultProof& proof = w.proof();
  ASSERT_GT(proof.games(), 24U);
  const ClaimedGame& first = proof.game({0});
  // Block 60 is sealed at 3600 s; the head of that second shows it, the next slot includes it.
  EXPECT_EQ(first.block, BlockId{60});
  EXPECT_EQ(first.game.created_at(), Time::zero() + 3'600_s + kSlot);
  EXPECT_EQ(first.game.status(), GameStatus::DefenderWins);
  EXPECT_EQ(first.game.resolved_at(), first.game.created_at() + kClock + kSlot);
  const FinalityLadder& ladder = w.chain().block(BlockId{60}).ladder;
  EXPECT_EQ(ladder[Rung::Asserted], first.game.created_at());
  EXPECT_EQ(ladder[Rung::Settled], first.game.resolved_at() + kAirGap);
  EXPECT_EQ(w.chain().block(BlockId{1}).ladder[Rung::Settled], ladder[Rung::Settled]);
  EXPECT_EQ(w.chain().reached(Rung::Settled), proof.anchor_block());
  EXPECT_EQ(proof.totals().challenger_wins, 0U);
  EXPECT_EQ(w.challenger().player().outbox().submitted(), 0U);  // nothing to do for it
  proof.check_bonds();
}

TEST(FaultProof, FalseClaimLosesAndItsBondsGoToTheChallenger) {
  SettlementOptions o;
  o.proposer.output_interval = 100'000;  // nobody else
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 1_h);
  w.world.start();
  w.run_until(2_h);
  EXPECT_EQ(w.chain().reached(Rung::Asserted), w.proof().game({0}).block);
  w.run_until(12_d);
  const FaultProof& proof = w.proof();
  const ClaimedGame& game = proof.game(w.false_game());
  ASSERT_EQ(game.game.status(), GameStatus::ChallengerWins);
  EXPECT_EQ(proof.totals().false_claims_settled, 0U);
  EXPECT_EQ(w.chain().reached(Rung::Asserted), BlockId{0});
  EXPECT_EQ(w.chain().block(BlockId{1}).ladder[Rung::Asserted], Time::never());
  // The full path to depth 73: even depths are the attacker's, odd ones the challenger's.
  EXPECT_EQ(game.game.claim_count(), 74U);
  const BondAccount& attacker = proof.bonds(w.attacker().player().party());
  const BondAccount& challenger = proof.bonds(w.challenger().player().party());
  EXPECT_NEAR(attacker.posted.ether(), 329.96, 0.01);
  EXPECT_NEAR(challenger.posted.ether(), 361.28, 0.01);
  EXPECT_EQ(attacker.credited, Wei::zero());
  EXPECT_EQ(challenger.credited, attacker.posted + challenger.posted);
  EXPECT_EQ(challenger.locked_peak, challenger.posted);
  EXPECT_EQ(w.challenger().player().bonds_peak(), challenger.posted);
  EXPECT_EQ(proof.held(), Wei::zero());
  EXPECT_GT(w.challenger().player().outbox().spent_gwei(), 0U);
  proof.check_bonds();
}

TEST(FaultProof, SilentAttackerLosesOneBondAfterBothClocks) {
  SettlementOptions o;
  o.attacker.style = AttackStyle::Silent;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.world.start();
  w.run_until(5_d);
  const layer2::DisputeGame& game = w.proof().game(w.false_game()).game;
  ASSERT_EQ(game.status(), GameStatus::ChallengerWins);
  ASSERT_EQ(game.claim_count(), 2U);
  // The answer comes 10 minutes after the claim, in the next slot; its own clock then runs 3.5 d.
  const Time answered = game.claim({1}).made;
  EXPECT_EQ(answered, game.created_at() + 10_min + kSlot);
  EXPECT_EQ(game.resolved_at(), answered + kClock + o.challenger.resolve_patience + kSlot);
  EXPECT_EQ(w.proof().totals().honest_claims_rejected, 0U);
}

// Closed form of the sheet: 3.5 d + sum of the honest replies + 36 x 3 h + 24 h until the outcome
// is certain; here every move also waits for a block and the attacker sends 24 s before its end.
TEST(FaultProof, StallingAttackerTakesTheClosedFormUpToInclusion) {
  SettlementOptions o;
  o.attacker.style = AttackStyle::Stall;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.world.start();
  w.run_until(13_d);
  const layer2::DisputeGame& game = w.proof().game(w.false_game()).game;
  ASSERT_EQ(game.status(), GameStatus::ChallengerWins);
  ASSERT_EQ(game.claim_count(), 74U);
  const Duration certain = game.clock_expires({73}) - game.created_at();
  const Duration closed_form = kClock + 37 * 10_min + 36 * 3_h + 24_h;
  const Duration most_inclusion = 37 * (2 * kSlot);
  EXPECT_GE(certain, closed_form - 37 * 24_s);
  EXPECT_LE(certain, closed_form + most_inclusion);
  const Duration resolved = game.resolved_at() - game.created_at();
  EXPECT_NEAR(resolved.seconds() / 86'400, 11.37, 0.04);
}

TEST(FaultProof, ClaimStaysOpenWhenNobodyResolvesIt) {
  SettlementWorld w;
  w.lie_at(Time::zero() + 90_min);
  w.shock(w.challengers[0], ShockKind::ChallengerDown, Time::zero() + 1_h, Time::never());
  w.world.start();
  w.run_until(9_d);
  EXPECT_EQ(w.proof().game(w.false_game()).game.status(), GameStatus::InProgress);
  EXPECT_EQ(w.proof().totals().false_claims_settled, 0U);
}

TEST(FaultProof, FalseClaimSettlesWhenChallengersSleepThroughTheWindowAndSomebodyResolves) {
  SettlementOptions o;
  o.proposer.resolves = ResolvePolicy::All;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.shock(w.challengers[0], ShockKind::ChallengerDown, Time::zero() + 1_h,
          Time::zero() + 1_h + 4_d);
  w.world.start();
  w.run_until(8_d);
  const GameId game = w.false_game();
  EXPECT_EQ(w.proof().game(game).game.status(), GameStatus::DefenderWins);
  EXPECT_FALSE(w.proof().is_correct(game));
  EXPECT_EQ(w.proof().totals().false_claims_settled, 1U);
  w.proof().check_bonds();
}

TEST(FaultProof, ChallengerThatWakesInTimeStillWins) {
  SettlementOptions o;
  o.attacker.style = AttackStyle::Silent;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.shock(w.challengers[0], ShockKind::ChallengerDown, Time::zero() + 1_h,
          Time::zero() + 90_min + 3_d);
  w.world.start();
  w.run_until(8_d);
  EXPECT_EQ(w.proof().game(w.false_game()).game.status(), GameStatus::ChallengerWins);
}

TEST(FaultProof, ProposerDownMakesNoClaims) {
  SettlementWorld w;
  w.shock(w.proposer_ref, ShockKind::ProposerDown, Time::zero() + 1_s, Time::zero() + 5_h);
  w.world.start();
  w.run_until(5_h);
  EXPECT_EQ(w.proof().games(), 0U);
  w.run_until(6_h);
  EXPECT_EQ(w.proof().games(), 1U);
}

TEST(FaultProof, CapitalLockedByParallelLiesScalesWithTheirNumber) {
  SettlementOptions o;
  o.attacker.parallel_claims = 3;
  o.challenger.player.bond_capital = 2'000_eth;
  o.attacker.player.bond_capital = 2'000_eth;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.world.start();
  w.run_until(12_d);
  for (std::uint32_t n = 0; n < 3; ++n) {
    EXPECT_EQ(w.proof().game(w.false_game(n)).game.status(), GameStatus::ChallengerWins);
  }
  const BondAccount& challenger = w.proof().bonds(w.challenger().player().party());
  EXPECT_NEAR(challenger.locked_peak.ether(), 3 * 361.28, 0.03);
  w.proof().check_bonds();
}

TEST(FaultProof, ChallengerWithoutCapitalLosesToALie) {
  SettlementOptions o;
  o.challenger.player.bond_capital = 5_eth;
  o.proposer.resolves = ResolvePolicy::All;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.world.start();
  w.run_until(15_d);
  EXPECT_GT(w.challenger().player().short_of_capital(), 0U);
  EXPECT_EQ(w.proof().totals().false_claims_settled, 1U);
  EXPECT_LE(w.proof().bonds(w.challenger().player().party()).locked_peak, 5_eth);
  w.proof().check_bonds();
}

TEST(FaultProof, SecondChallengerPaysGasForRefusedMovesAndNoBond) {
  SettlementOptions o;
  o.challengers = 2;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.world.start();
  w.run_until(8_d);
  const layer2::DisputeGame& game = w.proof().game(w.false_game()).game;
  EXPECT_EQ(game.status(), GameStatus::ChallengerWins);
  EXPECT_GT(w.proof().totals().refused, 30U);
  const Wei posted = w.proof().bonds(w.challenger(0).player().party()).posted +
                     w.proof().bonds(w.challenger(1).player().party()).posted;
  EXPECT_NEAR(posted.ether(), 361.28, 0.01);
  w.proof().check_bonds();
}

TEST(FaultProof, CongestedLayerOneDelaysMovesButTheHonestSideWins) {
  SettlementOptions o;
  o.l1 = BaseChainParams{};
  o.l1.reorg_probability = Ratio::zero();
  o.challenger.player.fees = {.tip = 1_gwei, .cap = 50_gwei};  // waits when gas is dearer
  o.attacker.player.fees = {.tip = 1_gwei, .cap = 100'000_gwei};
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  w.shock(w.l1, ShockKind::GasSpike, Time::zero() + 3_h, Time::zero() + 4_h,
          Ratio{20 * Ratio::kScale});
  w.world.start();
  w.run_until(9_d);
  const layer2::DisputeGame& game = w.proof().game(w.false_game()).game;
  EXPECT_EQ(game.status(), GameStatus::ChallengerWins);
  Duration slowest;
  for (std::uint32_t i = 1; i < game.claim_count(); i += 2) {
    const Time answered = game.claim(game.claim({i}).parent).made;
    slowest = std::max(slowest, game.claim({i}).made - answered - 10_min);
  }
  EXPECT_GT(slowest, 30_min);
  EXPECT_LT(slowest, 3_h - 10_min);
  EXPECT_EQ(w.proof().totals().false_claims_settled, 0U);
  EXPECT_EQ(w.proof().totals().honest_claims_rejected, 0U);
  w.proof().check_bonds();
}

TEST(FaultProof, RolledBackBlocksMakeTheClaimFalseAndTheProposerClaimsAnew) {
  SettlementWorld w;
  w.world.start();
  w.run_until(90_min);
  ASSERT_EQ(w.proof().games(), 1U);
  EXPECT_TRUE(w.proof().is_correct({0}));
  w.world.engine().schedule(Time::zero() + 91_min, w.node, testing::RollBack{BlockId{30}});
  w.run_until(6_d);
  EXPECT_FALSE(w.proof().is_correct({0}));
  EXPECT_EQ(w.proof().game({0}).game.status(), GameStatus::ChallengerWins);
  EXPECT_EQ(w.proof().game({1}).game.status(), GameStatus::DefenderWins);
  EXPECT_EQ(w.proof().totals().honest_claims_rejected, 0U);
}

TEST(FaultProof, TablesTellTheWholeStory) {
  Recording recording;
  MemorySink sink;
  recording.add_sink(sink);
  SettlementOptions o;
  o.world.recording = &recording;
  SettlementWorld w(o);
  w.lie_at(Time::zero() + 90_min);
  ASSERT_TRUE(recording.start({}));
  w.world.start();
  w.run_until(8_d);
  ASSERT_TRUE(recording.finish({.end = Time::zero() + 8_d}));
  const SettlementTotals& totals = w.proof().totals();
  EXPECT_EQ(sink.rows("tables/disputes"), totals.moves + totals.steps);
  const auto status = sink.column<std::uint8_t>("tables/claims", "status");
  const auto correct = sink.column<std::uint8_t>("tables/claims", "correct");
  std::uint64_t created = 0;
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < status.size(); ++i) {
    created += status[i] == static_cast<std::uint8_t>(ClaimEvent::Created) ? 1U : 0U;
    if (status[i] != static_cast<std::uint8_t>(ClaimEvent::ChallengerWins)) continue;
    ++lost;
    EXPECT_EQ(correct[i], 0U);
  }
  EXPECT_EQ(created, totals.claims);
  EXPECT_EQ(lost, 1U);
  const auto depth = sink.column<std::uint32_t>("tables/disputes", "depth");
  ASSERT_EQ(depth.size(), 73U);
  for (std::uint32_t i = 0; i < depth.size(); ++i) EXPECT_EQ(depth[i], i + 1);
}

// Runs 0..T once, and 0..T/2, save, restore elsewhere, ..T: the same events, the same state.
TEST(FaultProof, SnapshotInTheMiddleOfADisputeChangesNothing) {
  SettlementOptions o;
  o.l1 = BaseChainParams{};
  o.l1.reorg_probability = 2_percent;
  o.challenger.reply_delay = DelayDistribution::exponential(20_min);
  o.challengers = 2;
  const auto build = [&](SettlementWorld& w) {
    w.lie_at(Time::zero() + 90_min);
    w.world.start();
  };
  SettlementWorld whole(o);
  build(whole);
  whole.run_until(2_d);
  SettlementWorld first(o);
  build(first);
  first.run_until(8_h);
  const auto snapshot = first.world.save();
  SettlementWorld second(o);
  build(second);
  second.world.restore(snapshot);
  second.run_until(2_d);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
  EXPECT_GT(whole.proof().totals().moves, 20U);
}

// Many reorganisations during a dispute: the outcome and the books are as without.
TEST(FaultProof, ReorganisationsDoNotChangeTheOutcome) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SettlementOptions o;
    o.l1.reorg_probability = 5_percent;
    o.l1.reorg_deeper = 50_percent;
    o.world.seed = seed;
    o.link.delay = DelayDistribution::exponential(5_s);  // answers overtake each other
    SettlementWorld w(o);
    w.lie_at(Time::zero() + 90_min);
    w.world.start();
    for (int day = 1; day <= 8; ++day) {
      w.run_until(day * 1_d);
      w.proof().check_bonds();
    }
    const layer2::DisputeGame& game = w.proof().game(w.false_game()).game;
    EXPECT_EQ(game.status(), GameStatus::ChallengerWins) << seed;
    EXPECT_EQ(game.claim_count(), 74U) << seed;
    EXPECT_EQ(w.proof().totals().false_claims_settled, 0U);
    EXPECT_EQ(w.proof().totals().honest_claims_rejected, 0U);
  }
}

}  // namespace
}  // namespace mezz

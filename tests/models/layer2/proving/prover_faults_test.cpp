// What goes wrong: outages, overload, disagreement, reorganisations of layer one, snapshots.
#include <gtest/gtest.h>

#include "tests/models/layer2/proving/proving_world.h"

namespace mezz {
namespace {

TEST(ProverFaults, CommitsGoOnWhileProversAreDownAndTheBacklogIsWorkedOff) {
  ProvingWorld w({});
  w.eight_a_minute(10);
  w.outage(150_s, 15_min, w.prover_ref, ShockKind::ProverDown);
  w.run(15_min - 1_s);
  EXPECT_EQ(w.contract().totals().proven, 0U);
  EXPECT_GE(w.prover().backlog(), 13U);
  EXPECT_GE(w.chain().reached(Rung::Published).value, 430U);
  EXPECT_GT(w.prover().totals().lost, 0U);
  w.run(60_min);
  EXPECT_LE(w.prover().backlog(), 4U);
  EXPECT_EQ(w.prover().totals().failed, 0U);  // an outage is no attempt
  w.check();
}

TEST(ProverFaults, DegradedPoolTakesMoreWaves) {
  ProvingWorld w({});
  w.eight_a_minute(1);
  w.outage(10_s, 10_min, w.prover_ref, ShockKind::ProverDegraded, Ratio{1});
  w.run(10_min);
  const ProofBatch& b = w.batch(0);
  EXPECT_EQ(b.based - b.witnessed, 160_s);  // one machine: eight waves
}

TEST(ProverFaults, ProverKillerHitsTheSealAndThePool) {
  // 8 x 10 circuits a minute x 20 = 1600, above 95 % of 1000 after five transactions.
  ProvingWorld::Setup setup;
  setup.prover.seal.units_max = 1'000;
  setup.prover.seal.max_age = 10_min;
  ProvingWorld w(setup);
  for (std::uint32_t i = 0; i < 8; ++i) w.submit(Duration{10_s} + Duration{2_s} * i, i);
  for (std::uint32_t i = 0; i < 8; ++i) w.submit(Duration{610_s} + Duration{2_s} * i, i);
  w.outage(600_s, 700_s, w.prover_ref, ShockKind::ProverLoad, Ratio::one() * 20);
  w.run(700_s);
  EXPECT_EQ(w.batch(0).reason, SealReason::Age);
  EXPECT_EQ(w.batch(0).fill.units, 80U);
  EXPECT_EQ(w.batch(1).reason, SealReason::Units);
  EXPECT_EQ(w.batch(1).fill.units, 1'000U);
  EXPECT_EQ(w.batch(1).base_jobs, 100U);
}

TEST(ProverFaults, MismatchTakesBackBlocksUsersHadSeenAndNeverExecutedOnes) {
  ProvingWorld::Setup setup;
  setup.validity.execution_delay = 150_s;
  ProvingWorld w(setup);
  w.eight_a_minute(5);
  w.outage(305_s, 306_s, w.prover_ref, ShockKind::ProofMismatch);
  w.submit(310_s, 1);
  const auto reference = w.references;
  w.run(355_s);
  const BlockId settled = w.chain().reached(Rung::Settled);
  const BlockId asserted = w.chain().reached(Rung::Asserted);
  ASSERT_GT(settled, BlockId{0});
  ASSERT_GT(asserted, settled);
  EXPECT_EQ(w.derivation().counts().reorgs, 0U);
  w.run(365_s);  // the batch of the block is sealed at 362 s, its witness is done soon after
  EXPECT_EQ(w.prover().totals().mismatches, 1U);
  EXPECT_EQ(w.derivation().counts().reorgs, 1U);
  EXPECT_EQ(w.desk().last_kept, w.chain().reached(Rung::Asserted));
  EXPECT_GE(w.chain().reached(Rung::Settled), settled);
  EXPECT_GE(w.prover().totals().reverted_blocks, 25U);  // at least back to 310 s
  w.run(20_min);
  // The user's transaction is in a block again, and everything is proven at last.
  bool again = false;
  for (const Heard& h : w.desk().heard)
    again |= h.incarnation > 0 && h.receipt.reference == reference;
  EXPECT_TRUE(again);
  EXPECT_LE(w.prover().backlog(), 4U);
  EXPECT_GT(w.chain().reached(Rung::Settled), BlockId{400});
  w.check();
}

TEST(ProverFaults, MismatchCanTakeBackOnlyWhatWasBuiltOnTheBadBatch) {
  ProvingWorld::Setup setup;
  setup.prover.mismatch_reverts = MismatchReverts::FromHere;
  ProvingWorld w(setup);
  w.eight_a_minute(6);
  w.outage(305_s, 306_s, w.prover_ref, ShockKind::ProofMismatch);
  w.run(365_s);
  ASSERT_EQ(w.prover().totals().mismatches, 1U);
  std::uint64_t bad = 0;
  while (w.batch(bad).stage != ProofStage::Dropped) ++bad;
  EXPECT_EQ(w.desk().last_kept.value, w.batch(bad).first.value - 1);
  EXPECT_GT(w.desk().last_kept, w.chain().reached(Rung::Asserted));
}

TEST(ProverFaults, MismatchLeavesNoMoneyBehind) {
  ProvingWorld w({});
  w.submit(310_s, 1, TxKind::Withdraw, 500_usd);
  w.outage(305_s, 306_s, w.prover_ref, ShockKind::ProofMismatch);
  for (int s = 300; s < 1'200; s += 7) {
    w.run(Duration{1_s} * s);
    w.check();
  }
  EXPECT_EQ(w.bridge().totals().paid, 500_usd);
  EXPECT_EQ(w.bridge().totals().lost, Money::zero());
  EXPECT_EQ(w.bridge().withdrawal_summary().dropped, 1U);
}

TEST(ProverFaults, ReorgOfLayerOneUndoesProofAndExecutionExactly) {
  ProvingWorld w({});
  w.eight_a_minute(1);
  w.run(193_s);  // proven in the block of 180 s, executed in that of 192 s
  const BlockId last = w.batch(0).last;
  ASSERT_EQ(w.chain().reached(Rung::Settled), last);
  ASSERT_EQ(w.contract().totals().executed, 1U);
  w.at(194_s, Ref<Shockable>(w.l1_ref),
       shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2));
  w.run(203_s);
  ASSERT_EQ(w.chain().reached(Rung::Settled), last);  // felt at the next block
  w.run(204_s);
  // Both calls are in the mempool again; the block of 204 s takes the proof, and may take the
  // execution after it.
  EXPECT_TRUE(w.rung(0, Rung::Asserted) == Time::never() ||
              w.rung(0, Rung::Asserted) == Time::zero() + 204_s);
  w.run(300_s);
  EXPECT_GE(w.rung(0, Rung::Asserted), Time::zero() + 204_s);
  EXPECT_GE(w.rung(0, Rung::Settled), w.rung(0, Rung::Asserted));
  EXPECT_GE(w.contract().totals().executed, 1U);
  w.check();
}

TEST(ProverFaults, ExhaustedJobsWaitForPeopleAndThenGoOn) {
  ProvingWorld::Setup setup;
  setup.prover.failure = 60_percent;
  setup.prover.gpu.attempts = 1;
  setup.prover.repair_delay = 5_min;
  setup.prover.gpu.machines = 50;
  ProvingWorld w(setup);
  w.eight_a_minute(2);
  w.run(6_h);
  EXPECT_GT(w.prover().totals().stuck, 0U);
  EXPECT_GT(w.batch(0).attempts, 17U);
  EXPECT_TRUE(w.rung(0, Rung::Asserted).happened());
  EXPECT_GT(w.metric(w.prover(), "proving.retries"), 0.0);
}

TEST(ProverFaults, JobsOlderThanTheTimeoutAreGivenUpAndTriedAgain) {
  ProvingWorld::Setup setup;
  setup.prover.gpu.time = {.kind = DelayKind::Exponential, .mean = 20_s};
  setup.prover.gpu.timeout = 30_s;  // exceeded with probability exp(-1.5) = 22 %
  ProvingWorld w(setup);
  w.eight_a_minute(100);
  w.run(100_min);
  const ProverTotals& t = w.prover().totals();
  EXPECT_EQ(t.failed, t.timed_out);
  std::uint64_t done = 0;
  for (std::uint64_t n = 0; n < w.prover().batches().size(); ++n) {
    if (w.batch(n).based.happened()) done += w.batch(n).base_jobs;
  }
  // Failures per success of a geometric law: 0.223 / 0.777 = 0.287; 700 jobs and more.
  EXPECT_NEAR(static_cast<double>(t.failed) / static_cast<double>(done), 0.287, 0.06);
}

TEST(ProverFaults, SilentOperatorProvesButSendsNothing) {
  ProvingWorld w({});
  w.outage(10_s, 20_min, w.prover_ref, ShockKind::ProposerDown);
  w.run(20_min - 1_s);
  EXPECT_GT(w.prover().totals().wrapped, 10U);
  EXPECT_EQ(w.contract().totals().proofs, 0U);
  w.run(40_min);
  EXPECT_GT(w.contract().totals().proven, 15U);
}

ProvingWorld::Setup eventful() {
  ProvingWorld::Setup setup;
  setup.l1 = BaseChainParams{};  // with chance and other people
  setup.l1.reorg_probability = 5_percent;
  setup.prover.gpu = {
      .machines = 4, .time = DelayDistribution::lognormal(20_s, 0.8), .timeout = 60_s};
  setup.prover.failure = 5_percent;
  setup.prover.batches_per_proof = 2;
  setup.desk.interval = 5_s;
  setup.delay = 200_ms;
  return setup;
}
void disturb(ProvingWorld& w) {
  w.outage(600_s, 700_s, w.prover_ref, ShockKind::ProverDown);
  w.outage(900_s, 1'500_s, w.prover_ref, ShockKind::ProverDegraded, 50_percent);
  w.outage(1'100_s, 1'101_s, w.prover_ref, ShockKind::ProofMismatch);
  w.outage(1'300_s, 1'600_s, w.prover_ref, ShockKind::ProverLoad, Ratio::one() * 3);
}

TEST(ProverFaults, RestoredRunIsTheUninterruptedRun) {
  for (const Duration half : {650_s, 1'155_s, 1'700_s}) {
    ProvingWorld whole(eventful());
    disturb(whole);
    whole.run(3'000_s);
    ProvingWorld first(eventful());
    disturb(first);
    first.run(half);
    const std::vector<std::byte> snapshot = first.world.save();
    ProvingWorld second(eventful());
    second.world.restore(snapshot);
    EXPECT_EQ(second.world.save(), snapshot);
    second.run(3'000_s);
    EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
    EXPECT_EQ(second.world.save(), whole.world.save());
  }
}

TEST(ProverFaults, BooksAndLadderHoldThroughEverythingAtOnce) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    ProvingWorld::Setup setup = eventful();
    setup.seed = seed;
    ProvingWorld w(setup);
    disturb(w);
    for (std::uint32_t i = 0; i < 8; ++i)
      w.submit(Duration{100_s} * (i + 1), i, TxKind::Withdraw, 10_usd);
    for (int s = 50; s <= 6'000; s += 50) {
      w.run(Duration{1_s} * s);
      w.check();
    }
    EXPECT_GT(w.contract().totals().executed, 20U);
    EXPECT_EQ(w.bridge().totals().paid, 80_usd);
    EXPECT_EQ(w.bridge().totals().lost, Money::zero());
    const BlockId settled = w.chain().reached(Rung::Settled);
    for (std::uint64_t n = 1; n <= settled.value; ++n) {
      const FinalityLadder& ladder = w.chain().block(BlockId{n}).ladder;
      EXPECT_LE(ladder[Rung::Published], ladder[Rung::Asserted]);
      EXPECT_LE(ladder[Rung::Asserted], ladder[Rung::Settled]);
      EXPECT_GE(ladder[Rung::Settled] - ladder[Rung::Published], 60_s);
    }
  }
}

}  // namespace
}  // namespace mezz

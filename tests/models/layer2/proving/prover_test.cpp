// The proving system in a world: pipeline, ladder, knobs. Hand calculations in the comments.
#include "models/layer2/proving/prover.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/proving/proving_world.h"

namespace mezz {
namespace {

TEST(Prover, LatencyIsWitnessPlusWavesPlusLevelsPlusWrapPlusInclusion) {
  ProvingWorld w({});
  w.eight_a_minute(1);
  w.run(300_s);
  const ProofBatch& b = w.batch(0);
  EXPECT_EQ(b.opened, Time::zero() + 2_s);
  EXPECT_EQ(b.sealed, Time::zero() + 62_s);
  EXPECT_EQ(b.reason, SealReason::Age);
  ASSERT_EQ(b.fill.units, 80U);
  ASSERT_EQ(b.base_jobs, 8U);
  EXPECT_EQ(b.witnessed - b.sealed, 800_ms);  // 10 s per 1000 circuits
  EXPECT_EQ(b.based - b.witnessed, 60_s);     // ceil(8 / 3) waves of 20 s
  EXPECT_EQ(b.recursed - b.based, 20_s);      // levels of 4, 2, 1 proofs: 2 + 1 + 1 waves of 5 s
  EXPECT_EQ(b.wrapped - b.recursed, 30_s);
  EXPECT_EQ(w.rung(0, Rung::Asserted), next_slot(b.wrapped));  // 172.8 s -> 180 s
  EXPECT_EQ(w.rung(0, Rung::Asserted), Time::zero() + 180_s);
  EXPECT_EQ(b.attempts, 1U + 8 + 7 + 1);
  w.check();
}

TEST(Prover, ExecutionWaitsForItsDelayAfterTheData) {
  ProvingWorld::Setup setup;
  setup.validity.execution_delay = 10_min;
  ProvingWorld w(setup);
  w.run(30_min);
  const Time published = w.rung(0, Rung::Published);
  const Time settled = w.rung(0, Rung::Settled);
  ASSERT_TRUE(settled.happened());
  EXPECT_LT(w.rung(0, Rung::Asserted), published + 10_min);
  EXPECT_GE(settled, published + 10_min);
  EXPECT_LE(settled, published + 10_min + 24_s);  // a slot to see it, a slot to include it
  w.check();
}

TEST(Prover, WithoutDelayExecutionFollowsTheProofBySlots) {
  ProvingWorld w({});
  w.eight_a_minute(1);
  w.run(400_s);
  EXPECT_EQ(w.rung(0, Rung::Settled) - w.rung(0, Rung::Asserted), 12_s);
  EXPECT_GE(w.rung(0, Rung::Settled), w.rung(0, Rung::Published) + 60_s);
}

TEST(Prover, ExecutedBlocksAreFixedWhenTheirLayerOneBlockIsFinal) {
  ProvingWorld w({});
  w.run(1'500_s);
  EXPECT_GT(w.chain().fixed(), BlockId{0});
  EXPECT_LE(w.chain().fixed(), w.chain().reached(Rung::Settled));
  EXPECT_LE(w.chain().fixed(), w.chain().reached(Rung::OrderFinal));
  w.check();
}

TEST(Prover, WithdrawalIsPaidInOneStepAfterExecution) {
  ProvingWorld w({});
  w.submit(10_s, 1, TxKind::Withdraw, 100_usd);
  w.run(10_min);
  const WithdrawalSummary paid = w.bridge().withdrawal_summary();
  ASSERT_EQ(paid.paid.size(), 1U);
  EXPECT_GE(paid.paid[0], w.rung(0, Rung::Settled) - w.chain().block(BlockId{5}).sealed);
  EXPECT_EQ(w.bridge().totals().paid, 100_usd);
  EXPECT_EQ(w.bridge().totals().refused, 0U);  // nobody calls before the execution
  EXPECT_TRUE(w.bridge().check_conservation(w.node().exchange().totals()));
}

TEST(Prover, SeveralProofsMayBeUnderWayAtOnce) {
  // Batches of 6 s meet slots of 12 s: two proofs per block of layer one, if both may wait for it.
  const auto backlog_with = [](std::int64_t pending) {
    ProvingWorld::Setup setup;
    setup.prover.seal.max_age = 6_s;
    setup.prover.wrap.machines = 20;
    setup.prover.gpu.machines = 50;
    setup.prover.pending_max = pending;
    ProvingWorld w(setup);
    w.run(1_h);
    w.check();
    return w.prover().backlog();
  };
  EXPECT_GT(backlog_with(1), 150U);
  EXPECT_LT(backlog_with(4), 20U);
}

TEST(Prover, UtilisationIsOfferedLoad) {
  // A minute brings 8 base jobs of 20 s and 7 recursions of 5 s: 195 s of 5 x 60 s, that is 65 %.
  ProvingWorld::Setup setup;
  setup.prover.gpu.machines = 5;
  ProvingWorld w(setup);
  w.eight_a_minute(60);
  w.run(1_h);
  EXPECT_NEAR(w.prover().pool(Prover::Pool::Gpu).utilisation(), 0.65, 0.03);
  EXPECT_LE(w.prover().backlog(), 4U);
}

TEST(Prover, OverloadedPoolFallsBehindWithoutEnd) {
  // Two machines serve 120 s a minute of 195 s: the backlog grows by 37 batches in 100 minutes.
  ProvingWorld::Setup setup;
  setup.prover.gpu.machines = 2;
  ProvingWorld w(setup);
  w.eight_a_minute(100);
  w.run(100_min);
  EXPECT_GT(w.prover().pool(Prover::Pool::Gpu).utilisation(), 0.97);
  EXPECT_NEAR(static_cast<double>(w.prover().backlog()), 37.0, 8.0);
  EXPECT_GT(w.chain().reached(Rung::Published).value, 2'900U);  // publication goes on
}

TEST(Prover, MoreBatchesPerProofAreCheaperAndLater) {
  struct Result {
    double latency;
    double gas;
  };
  const auto with = [](std::int64_t batches) {
    ProvingWorld::Setup setup;
    setup.prover.batches_per_proof = batches;
    setup.prover.proof_max_wait = 1_h;
    setup.prover.gpu.machines = 20;
    ProvingWorld w(setup);
    w.eight_a_minute(60);
    w.run(1_h);
    w.check();
    const double proven = w.metric(w.contract(), "batches.proven");
    const double proofs = w.metric(w.contract(), "proofs");
    EXPECT_EQ(proofs * static_cast<double>(batches), proven);
    return Result{w.metric(w.prover(), "proving.latency.p50"),
                  (proofs * 500'000 + proven * 59'000) / proven};
  };
  const Result alone = with(1);
  const Result five = with(5);
  EXPECT_DOUBLE_EQ(alone.gas, 559'000);
  EXPECT_DOUBLE_EQ(five.gas, 159'000);  // 500 000 / 5 + 59 000
  // The middle one of five batches waits for two more, a minute each.
  EXPECT_NEAR(five.latency - alone.latency, 120.0, 13.0);
}

TEST(Prover, SmallGroupIsWrappedWhenItsOldestHasWaited) {
  ProvingWorld::Setup setup;
  setup.prover.batches_per_proof = 50;
  setup.prover.proof_max_wait = 150_s;
  ProvingWorld w(setup);
  w.run(10_min);
  const ProofBatch& b = w.batch(0);
  EXPECT_EQ(b.wrapped - b.recursed, 150_s + 30_s);
  EXPECT_EQ(b.group_last, ProofBatchId{2});  // those of the two minutes after it
}

TEST(Prover, ExecutionTakesSeveralBatchesInOneCall) {
  ProvingWorld::Setup setup;
  setup.prover.execute_max_wait = 20_min;
  setup.validity.execute_batches_max = 5;
  ProvingWorld w(setup);
  w.run(20_min);
  EXPECT_EQ(w.contract().totals().executed % 5, 0U);
  EXPECT_GE(w.contract().totals().executed, 10U);
  EXPECT_EQ(w.rung(0, Rung::Settled), w.rung(4, Rung::Settled));
  EXPECT_LT(w.rung(4, Rung::Settled), w.rung(5, Rung::Settled));
}

TEST(Prover, ContractRefusesWhatIsNotProvenNotPublishedOrOutOfOrder) {
  ProvingWorld w({});
  w.call_l1(70_s, L1CallKind::ValidityProof, 0, 0);  // no proof of it exists yet
  w.call_l1(70_s, L1CallKind::ExecuteBatch, 0, 0);
  w.call_l1(70_s, L1CallKind::ValidityProof, 5, 5);  // no such batch
  w.call_l1(70_s, L1CallKind::ValidityProof, 1, 0);
  w.run(75_s);
  EXPECT_EQ(w.contract().totals().refused, 4U);
  EXPECT_EQ(w.chain().reached(Rung::Asserted), BlockId{0});
  w.run(400_s);
  ASSERT_GE(w.contract().totals().executed, 2U);
  w.call_l1(400_s, L1CallKind::ValidityProof, 0, 0);  // done already
  w.call_l1(400_s, L1CallKind::ExecuteBatch, 0, 0);
  w.run(420_s);
  EXPECT_EQ(w.contract().totals().refused, 6U);
}

TEST(Prover, ProofWaitsForTheDataOfItsBatch) {
  ProvingWorld::Setup setup;
  setup.poster.max_channel_duration = 10_min;
  ProvingWorld w(setup);
  w.run(9_min);
  EXPECT_GT(w.prover().totals().wrapped, 5U);
  EXPECT_EQ(w.contract().totals().proofs, 0U);
  EXPECT_EQ(w.prover().outbox().submitted(), 0U);
  w.run(15_min);
  EXPECT_GT(w.contract().totals().proofs, 0U);
  EXPECT_GT(w.rung(0, Rung::Asserted), w.rung(0, Rung::Published));
}

TEST(Prover, CostIsMachineTimeTimesPrice) {
  ProvingWorld::Setup setup;
  setup.prover.gpu.hour = Money{3'600'000};  // 0.001 USD a second
  setup.prover.wrap.hour = Money{7'200'000};
  ProvingWorld w(setup);
  w.eight_a_minute(1);
  w.run(175_s);  // exactly one batch is wrapped: 8 x 20 s + 7 x 5 s, and 30 s of the dearer kind
  ASSERT_EQ(w.prover().totals().wrapped, 1U);
  EXPECT_NEAR(w.metric(w.prover(), "proving.cost.mean"), 0.195 + 0.060, 1e-9);
}

template <class Change>
std::string refusal(Change change) {
  ProvingWorld::Setup setup;
  change(setup);
  try {
    ProvingWorld w(setup);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}
using Options = ProvingWorld::Setup;

TEST(Prover, ContradictingParametersAreRefusedByName) {
  const auto names = [](const std::string& message, const char* path) {
    return message.find(path) != std::string::npos;
  };
  EXPECT_EQ(refusal([](Options&) {}), "");
  EXPECT_TRUE(
      names(refusal([](Options& s) { s.prover.gpu.timeout = 20_s; }), "prover.gpu.timeout"));
  EXPECT_TRUE(
      names(refusal([](Options& s) { s.prover.wrap.timeout = 10_s; }), "prover.wrap.timeout"));
  EXPECT_TRUE(names(refusal([](Options& s) { s.prover.seal.units_max = 100'000; }),
                    "prover.witness.timeout"));
  EXPECT_TRUE(names(
      refusal([](Options& s) { s.prover.recursion_time = DelayDistribution::constant(600_s); }),
      "prover.recursion_time"));
  EXPECT_TRUE(names(refusal([](Options& s) { s.prover.batches_per_proof = 276; }),
                    "prover.batches_per_proof"));
  EXPECT_TRUE(
      names(refusal([](Options& s) { s.prover.fees.cap = GasPrice{1}; }), "prover.fees.cap"));
  EXPECT_TRUE(names(refusal([](Options& s) { s.validity.verify_gas = Gas{187'149}; }),
                    "validity.verify_gas"));
  EXPECT_TRUE(names(refusal([](Options& s) { s.validity.execute_batches_max = 99; }),
                    "validity.execute_batches_max"));
  EXPECT_TRUE(names(refusal([](Options& s) {
                      s.validity.execute_gas = Gas{1};
                      s.validity.execute_batch_gas = Gas{1};
                    }),
                    "validity.execute_gas"));
}

}  // namespace
}  // namespace mezz

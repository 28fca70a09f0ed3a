// The sidechain as a whole: rungs out of consensus, milestones and checkpoints; a bridge that m of
// n keys release, and what happens when the wrong hand holds them.
#include <gtest/gtest.h>

#include "models/layer2/bridge/quorum_bridge.h"
#include "models/layer2/settlement/checkpoint.h"
#include "sim/check/error.h"
#include "tests/models/layer2/designs/design_world.h"

namespace mezz {
namespace {

using testing::DesignWorld;

Time at(Duration since_start) { return Time::zero() + since_start; }
constexpr Money kGenesis = 20'000_usd;

Layer2Params sidechain() {
  Layer2Params p;
  p.quorum_bridge.confirmations = 4;
  return p;
}
Money escrow(DesignWorld& w) { return w.layer2.bridge->totals().escrow; }
Money stolen(DesignWorld& w) { return w.layer2.bridge->totals().stolen; }
void deposit(DesignWorld& w, Duration when, Money amount) {
  w.world.engine().schedule(at(when), w.l1,
                            SubmitL1Transaction{.to = w.layer2.deposits,
                                                .a = 0,
                                                .b = static_cast<std::uint64_t>(amount.micros),
                                                .gas = 100'000,
                                                .kind = L1CallKind::Deposit,
                                                .tip = {2'000},
                                                .cap = {100'000'000}});
}

TEST(Checkpoint, QuorumIsReachedWithTheVoteThatExceedsTwoThirds) {
  const ValidatorSet set({40, 10, 20, 30});
  // By time: 3 (30), 1 (40), 0 (80 of 100 > 66.7).
  EXPECT_EQ(quorum_delay(set, {5_s, 3_s, 9_s, 1_s}), Duration{5_s});
  // Without the first only 60: never.
  EXPECT_LT(quorum_delay(set, {Duration{-1}, 3_s, 9_s, 1_s}), Duration::zero());
}

TEST(Sidechain, RungsComeFromCommitMilestoneAndCheckpoint) {
  DesignWorld w(build_sidechain, sidechain());
  w.run(3_h);
  const Layer2Block& block = w.chain().block(BlockId{1'000});
  const FinalityLadder& at_rung = block.ladder;
  EXPECT_EQ(at_rung[Rung::Preconfirmed], block.sealed);
  EXPECT_EQ(at_rung[Rung::Published], block.sealed);
  const Duration milestone = at_rung[Rung::OrderFinal] - block.sealed;
  EXPECT_GT(milestone, Duration::zero());
  EXPECT_LT(milestone, Duration{8_s});  // at most 5 s to the next, and the votes
  const Duration checkpoint = at_rung[Rung::Asserted] - block.sealed;
  EXPECT_LT(checkpoint, Duration{33_min});
  const Duration settled = at_rung[Rung::Settled] - at_rung[Rung::Asserted];
  // Casper: 64 to 95 slots of 12 s (reference section 1: 12.8 to 19 min), counted from a slot
  // start.
  EXPECT_GE(settled, Duration{12_min});
  EXPECT_LE(settled, Duration{20_min});
  EXPECT_EQ(w.metric("checkpoint.count"), 5.0);  // every half hour, the sixth is being signed
  EXPECT_EQ(w.metric("milestone.stalled"), 0.0);
  EXPECT_GT(w.chain().fixed().value, 1'000U);
  EXPECT_TRUE(w.conserved());
}

TEST(Sidechain, SilentThirdHaltsAndFreezesExits) {
  Layer2Params p = sidechain();
  p.quorum_bridge.release = ReleaseRule::Checkpoint;
  DesignWorld w(build_sidechain, p);
  w.withdraw(1'500_s, 0, 10_usd);
  w.shock(1'600_s, 10'000_s, ShockKind::ValidatorsDown, 50_percent);
  w.run(9'900_s);
  EXPECT_EQ(w.metric("checkpoint.count"), 0.0);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money::zero());
  EXPECT_GT(w.metric("milestone.stalled"), 1'000.0);
  w.run(11'000_s);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{10_usd});
  EXPECT_TRUE(w.conserved());
}

TEST(Sidechain, RollbackStopsAtTheCheckpoint) {
  DesignWorld w(build_sidechain, sidechain());
  w.shock(2'400_s, 2'401_s, ShockKind::SequencerReorg, Ratio::one() * 100'000);
  w.run(2'399_s);
  const BlockId covered = w.chain().reached(Rung::Asserted);
  ASSERT_GT(covered.value, 800U);
  w.run(2'400_s);
  EXPECT_EQ(w.chain().head(), covered);
  w.run(2'700_s);
  EXPECT_GT(w.chain().head().value, covered.value + 100);
  EXPECT_TRUE(w.conserved());
}

TEST(Sidechain, LayerOneReorgUndoesCheckpointPaymentAndTheft) {
  Layer2Params p = sidechain();
  p.quorum_bridge.confirmations = 12;
  DesignWorld w(build_sidechain, p);
  w.withdraw(1'700_s, 0, 10_usd);
  w.shock(1'790_s, 3'000_s, ShockKind::KeysCompromised, Ratio::one());
  w.shock(1'900_s, 1'901_s, ShockKind::L1Reorg, Ratio::one() * 10);
  w.world.engine().schedule(at(1'900_s), Ref<Shockable>(w.l1),
                            Shock{.kind = ShockKind::L1Reorg,
                                  .edge = ShockEdge::Begins,
                                  .number = 9,
                                  .magnitude = Ratio::one() * 10});
  for (int i = 0; i < 60; ++i) {
    w.run(1'750_s + 10_s * i);
    w.conserved();
  }
  w.run(2'500_s);
  // All of it is included again.
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{10_usd});
  EXPECT_EQ(escrow(w), Money::zero());
  EXPECT_EQ(w.metric("checkpoint.count"), 1.0);
  EXPECT_TRUE(w.conserved());
}

TEST(QuorumBridge, DepositIsMintedAfterConfirmationsAndSignatures) {
  Layer2Params p = sidechain();
  p.quorum_bridge.confirmations = 10;
  p.quorum_bridge.sign_delay = DelayDistribution::constant(30_s);
  DesignWorld w(build_sidechain, p);
  deposit(w, 13_s, 7_usd);
  // Included at height 2 (24 s); ten blocks above it: 144 s; signed at 174 s; the next block.
  w.run(173_s);
  EXPECT_EQ(w.layer2.node->exchange().quote(AccountId{0}), Money{1'000_usd});
  w.run(179_s);
  EXPECT_EQ(w.layer2.node->exchange().quote(AccountId{0}), Money{1'007_usd});
  EXPECT_TRUE(w.conserved());
}

TEST(QuorumBridge, ReleaseNeedsThresholdSignersAwake) {
  Layer2Params p = sidechain();  // 4 of 7
  p.sequencing.leader_rotation.validators = 7;
  p.sequencing.leader_rotation.largest_stake = 1'000;  // the chain goes on without the others
  DesignWorld w(build_sidechain, p);
  w.withdraw(100_s, 0, 10_usd);
  // 20 % of the stake, and the same share of the keys rounded up: two, five are left.
  w.shock(50_s, 600_s, ShockKind::ValidatorsDown, 20_percent);
  w.run(600_s);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{10_usd});
  EXPECT_TRUE(w.conserved());
}

TEST(QuorumBridge, DailyLimitSpreadsPaymentsOverDays) {
  Layer2Params p = sidechain();
  p.sequencing.block_time = 12_s;
  p.checkpoint.milestone_interval = 1_min;
  p.sequencing.leader_rotation.gossip_interval = 1_min;
  p.quorum_bridge.daily_limit = 15_usd;
  DesignWorld w(build_sidechain, p);
  for (std::uint32_t i = 0; i < 3; ++i) w.withdraw(1_h, i, 10_usd);
  w.run(20_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{10_usd});
  w.run(44_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{20_usd});
  w.run(50_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{30_usd});
  EXPECT_TRUE(w.conserved());
}

// Ronin, 2022-03-23: five of nine keys, no limit: everything, found after six days.
TEST(QuorumBridge, EnoughKeysWithoutALimitTakeEverything) {
  Layer2Params p = sidechain();
  p.quorum_bridge.keys = 9;
  p.quorum_bridge.threshold = 5;
  DesignWorld w(build_sidechain, p);
  const Money all = escrow(w);
  EXPECT_GE(all, kGenesis);
  w.shock(1_h, 2_h, ShockKind::KeysCompromised, Ratio{555'555'556});  // 5.000000004 of 9
  w.run(61_min);
  EXPECT_EQ(stolen(w), all);
  EXPECT_EQ(escrow(w), Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(QuorumBridge, OneKeyTooFewTakesNothing) {
  Layer2Params p = sidechain();
  p.quorum_bridge.keys = 9;
  p.quorum_bridge.threshold = 5;
  DesignWorld w(build_sidechain, p);
  w.shock(1_h, 2_h, ShockKind::KeysCompromised, Ratio{555'555'555});  // 4.999999995 of 9: four
  w.run(2_h);
  EXPECT_EQ(stolen(w), Money::zero());
  EXPECT_EQ(w.metric("bridge.theft_attempts"), 0.0);
}

// min(escrow, limit x days touched): from 1 h on for 50 h at 100 USD a day touches three days.
TEST(QuorumBridge, LimitTimesDetectionBoundsTheLoss) {
  Layer2Params p = sidechain();
  p.sequencing.block_time = 12_s;
  p.checkpoint.milestone_interval = 1_min;
  p.sequencing.leader_rotation.gossip_interval = 1_min;
  p.quorum_bridge.daily_limit = 100_usd;
  p.quorum_bridge.detection = 50_h;
  DesignWorld w(build_sidechain, p);
  w.shock(1_h, 200_h, ShockKind::KeysCompromised, Ratio::one());
  w.run(90_h);
  EXPECT_EQ(stolen(w), Money{300_usd});
  EXPECT_TRUE(w.conserved());
}

TEST(QuorumBridge, DetectionPausesTheBridge) {
  Layer2Params p = sidechain();
  p.sequencing.block_time = 12_s;
  p.checkpoint.milestone_interval = 1_min;
  p.quorum_bridge.daily_limit = 100_usd;
  p.quorum_bridge.detection = 46_min;
  p.quorum_bridge.recovery = 2_h;
  DesignWorld w(build_sidechain, p);
  w.shock(1_h, 100_h, ShockKind::KeysCompromised, Ratio::one());
  w.withdraw(2_h, 0, 1_usd);
  w.run(3_h + 40_min);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money::zero());
  // Theft at 1 h + 12 s, discovered 46 min later, closed for two hours; the day's limit is spent,
  // but the next day's is not.
  w.run(25_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money{1_usd});
  EXPECT_EQ(stolen(w), Money{100_usd});
}

TEST(Sidechain, RestoredRunIsTheUninterruptedRun) {
  Layer2Params p = sidechain();
  p.quorum_bridge.daily_limit = 50_usd;
  const auto script = [](DesignWorld& w) {
    for (std::uint32_t i = 0; i < 20; ++i)
      w.withdraw(200_s * static_cast<std::int64_t>(i), i, 5_usd);
    w.shock(900_s, 1'200_s, ShockKind::ValidatorsDown, 50_percent);
    w.shock(2'500_s, 5'000_s, ShockKind::KeysCompromised, Ratio::one());
    w.shock(3'000_s, 3'001_s, ShockKind::SequencerReorg, Ratio::one() * 20);
  };
  DesignWorld whole(build_sidechain, p);
  script(whole);
  whole.run(6'000_s);
  DesignWorld first(build_sidechain, p);
  script(first);
  first.run(3'000_s);
  const std::vector<std::byte> snapshot = first.world.save();
  DesignWorld second(build_sidechain, p);
  second.world.restore(snapshot);
  second.run(6'000_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
  EXPECT_TRUE(whole.conserved());
}

TEST(Sidechain, ContradictionsAreRefusedByName) {
  struct Case {
    const char* path;
    void (*spoil)(Layer2Params& p);
  };
  const Case cases[] = {
      {"quorum_bridge.threshold", [](Layer2Params& p) { p.quorum_bridge.threshold = 8; }},
      {"quorum_bridge.largest_operator",
       [](Layer2Params& p) { p.quorum_bridge.largest_operator = 8; }},
      {"checkpoint.interval", [](Layer2Params& p) { p.checkpoint.interval = 1_s; }},
      {"sequencing.kind", [](Layer2Params& p) { p.sequencing.kind = SequencingKind::Pair; }},
  };
  for (const Case& c : cases) {
    Layer2Params p;
    c.spoil(p);
    try {
      DesignWorld w(build_sidechain, p);
      ADD_FAILURE() << c.path << " was accepted";
    } catch (const ScenarioError& error) {
      EXPECT_EQ(error.path(), c.path);
    }
  }
}

}  // namespace
}  // namespace mezz

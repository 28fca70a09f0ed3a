#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/designs/design_world.h"

namespace mezz {
namespace {

using testing::DesignWorld;

// The OP windows in the proportion 7 d : 14 h, so that a claim settles in a test.
Layer2Params quick() {
  Layer2Params p;
  p.sequencing.block_time = 12_s;
  p.settlement.game.max_clock_duration = 7_h;
  p.settlement.game.clock_extension = 10_min;
  p.settlement.game.challenge_period = 1_h;
  p.settlement.air_gap = 7_h;
  p.bridge.proof_maturity_delay = 14_h;
  p.proposer.output_interval = 150;  // half an hour
  p.attacker.style = AttackStyle::Silent;
  return p;
}
constexpr Money kGenesis = 20'000_usd;

TEST(Optimium, AFalseClaimUnderWithheldDataSettlesAndTakesTheEscrow) {
  DesignWorld w(build_optimium, quick());
  w.shock(2_h, 40_h, ShockKind::DataWithheld);
  w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
  w.run(16_h);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
  w.run(30_h);
  const Money fund = w.layer2.node->exchange().totals().insurance_fund;
  EXPECT_EQ(w.layer2.games->totals().false_claims_settled, 1U);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, kGenesis + fund);
  EXPECT_EQ(w.layer2.bridge->totals().escrow, Money::zero());
  EXPECT_EQ(w.metric("theft.count"), 1.0);
  EXPECT_TRUE(w.conserved());
}

TEST(Optimium, WithTheDataAtHandTheSameClaimIsBeaten) {
  DesignWorld w(build_optimium, quick());
  w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
  w.run(30_h);
  EXPECT_EQ(w.layer2.games->totals().false_claims_settled, 0U);
  EXPECT_GE(w.layer2.games->totals().challenger_wins, 1U);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
}

// Nova: with five of six signers needed, two honest members make every quorum honest.
TEST(Optimium, HonestMembersInTheQuorumSaveTheMoney) {
  Layer2Params p = quick();
  p.committee.corrupt = Ratio::zero();
  DesignWorld w(build_optimium, p);
  w.shock(2_h, 40_h, ShockKind::DataWithheld);
  w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
  w.run(30_h);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, Money::zero());
  EXPECT_GE(w.layer2.games->totals().challenger_wins, 1U);
}

// The clock of the challengers is 7 h: what is given out after 5 h is in time.
TEST(Optimium, DataGivenOutWithinTheClockIsInTime) {
  DesignWorld w(build_optimium, quick());
  w.shock(2_h, 8_h, ShockKind::DataWithheld);
  w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
  w.run(30_h);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, Money::zero());
  EXPECT_GE(w.layer2.games->totals().challenger_wins, 1U);
}

TEST(Optimium, ASilentCommitteeMovesTheDataToLayerOne) {
  DesignWorld w(build_optimium, quick());
  w.shock(2_h, 4_h, ShockKind::CommitteeDown);
  w.withdraw(3_h, 5, 100_usd);
  w.run(30_h);
  EXPECT_GT(w.metric("batches.fallbacks"), 20.0);
  EXPECT_GT(w.metric("batches.certified"), 200.0);
  EXPECT_GT(w.metric("data.bytes.layer_one"), 0.0);
  EXPECT_EQ(w.layer2.bridge->totals().paid, 100_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(Optimium, WithdrawalsCannotBeProvenWhileDataIsWithheld) {
  DesignWorld w(build_optimium, quick());
  w.shock(1_h, 20_h, ShockKind::DataWithheld);
  w.withdraw(2_h, 5, 100_usd);
  w.run(19_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money::zero());
  w.run(32_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, Money::zero());  // proven at 20 h, mature at 34 h
  w.run(36_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, 100_usd);
}

TEST(Optimium, ReorgsOfLayerOneUndoATheftAndItComesAgain) {
  BaseChainParams chain = testing::empty_l1();
  chain.reorg_probability = 10_percent;
  DesignWorld w(build_optimium, quick(), chain);
  w.shock(2_h, 40_h, ShockKind::DataWithheld);
  w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
  for (Duration t = 1_h; t <= 30_h; t += 10_min) {
    w.run(t);
    w.conserved();
  }
  EXPECT_EQ(w.layer2.bridge->totals().escrow, Money::zero());
  EXPECT_GT(w.layer2.bridge->totals().stolen, kGenesis);
}

TEST(Optimium, HalfWayIsAGoodPlaceToSaveAndGoOn) {
  const auto plan = [](DesignWorld& w) {
    w.shock(2_h, 40_h, ShockKind::DataWithheld);
    w.shock(3_h, 3_h + 1_s, ShockKind::InvalidClaim);
    w.shock(5_h, 6_h, ShockKind::CommitteeDown, 50_percent);
  };
  DesignWorld whole(build_optimium, quick());
  plan(whole);
  whole.run(24_h);
  for (const Duration half : {5_h + 30_min, 17_h + 5_min}) {
    DesignWorld first(build_optimium, quick());
    plan(first);
    first.run(half);
    const std::vector<std::byte> snapshot = first.world.save();
    DesignWorld second(build_optimium, quick());
    second.world.restore(snapshot);
    EXPECT_EQ(second.world.save(), snapshot);
    second.run(24_h);
    EXPECT_EQ(second.world.save(), whole.world.save());
  }
}

TEST(Optimium, AQuorumLargerThanTheCommitteeIsRefused) {
  Layer2Params p = quick();
  p.committee.members = 4;
  EXPECT_THROW(DesignWorld(build_optimium, p), ScenarioError);
  p = quick();
  p.availability.wait_for_cheap = true;
  EXPECT_THROW(DesignWorld(build_optimium, p), ScenarioError);
}

}  // namespace
}  // namespace mezz

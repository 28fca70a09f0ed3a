#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/designs/design_world.h"

namespace mezz {
namespace {

using testing::DesignWorld;

Layer2Params quick() {
  Layer2Params p;
  p.channel.contract.challenge_duration = 1_h;
  return p;
}

TEST(StateChannel, WithdrawalsArePaidInASlotOrTwo) {
  DesignWorld w(build_state_channel, quick());
  for (std::uint32_t i = 0; i < 20; ++i) w.withdraw(1_min + 1_s * i, i, 10_usd);
  w.run(3_min);
  const WithdrawalSummary summary = w.layer2.bridge->withdrawal_summary();
  ASSERT_EQ(summary.paid.size(), 20U);
  for (const Duration delay : summary.paid) EXPECT_LE(delay, 24_s);  // next head, next block
  EXPECT_EQ(w.metric("channel.disputes"), 0.0);
  EXPECT_TRUE(w.conserved());
}

TEST(StateChannel, EveryShockAtOnceLeavesTheBooksBalanced) {
  Layer2Params p = quick();
  p.channel.parties.hub_patience = 5_min;
  p.channel.contract.virtual_share = 50_percent;
  DesignWorld w(build_state_channel, p);
  for (std::uint32_t i = 0; i < 20; ++i) w.withdraw(1_min + 5_s * i, i, 10_usd);
  for (std::size_t kind = 0; kind < kShockKinds; ++kind) {
    const Duration begin = 2_min + 10_s * static_cast<std::int64_t>(kind);
    w.shock(begin, begin + 20_min, static_cast<ShockKind>(kind), 50_percent);
  }
  for (int minute = 1; minute <= 240; ++minute) {
    w.run(1_min * minute);
    EXPECT_TRUE(w.conserved()) << minute;
  }
  EXPECT_GT(w.metric("channel.disputes"), 0.0);
  const BridgeTotals& totals = w.layer2.bridge->totals();
  EXPECT_EQ(totals.escrow + totals.paid + totals.escaped + totals.stolen, totals.locked);
}

TEST(StateChannel, ContradictionsAreRefusedWhileBuilding) {
  Layer2Params p = quick();
  p.channel.hub.sign_timeout = 1_s;
  World world(WorldOptions{});
  const auto l1 = world.add<BaseChain>("l1", testing::empty_l1());
  EXPECT_THROW(build_state_channel(world, p, l1), ScenarioError);
}

}  // namespace
}  // namespace mezz

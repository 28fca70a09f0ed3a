// Withdrawals out of channels that end early: what was co-signed is paid, what was not is balance.
#include <gtest/gtest.h>

#include "tests/models/layer2/channel/channel_world.h"

namespace mezz {
namespace {

using channel::Mode;
using testing::ChannelSetup;
using testing::ChannelWorld;
using Stage = ChannelWithdrawalStage;

ChannelSetup refusing() {
  ChannelSetup s;
  s.channel.contract.challenge_duration = 10_min;
  s.channel.hub.sign_timeout = 1_min;
  s.channel.parties.refusing_share = Ratio::one();
  return s;
}

TEST(ChannelWithdrawal, IsNoLossThatAnAccountRefusesToSign) {
  ChannelWorld w(refusing());
  w.withdraw(2_s, 0, 200_usd);
  w.run(5_min);
  EXPECT_EQ(w.contract().withdrawal(0).stage, Stage::Paid);
  EXPECT_EQ(w.parties().counts().refused, 0U);
  EXPECT_EQ(w.mode(0), Mode::Open);
}

// At 90 account 0, long 5 from 100, has 950 and does not sign that; its 200 are in states after it.
TEST(ChannelWithdrawal, NeverSignedLeavesWithTheBalance) {
  ChannelWorld w(refusing());
  w.price(1_s, 90);
  w.touch(2_s, 0);
  w.withdraw(4_s, 0, 200_usd);
  w.run(9_min);
  ASSERT_EQ(w.mode(0), Mode::Challenge);
  EXPECT_EQ(w.contract().withdrawal(0).stage, Stage::Open);
  EXPECT_EQ(w.contract().totals().unpaid(), 200_usd);
  w.run(1_h);
  ASSERT_EQ(w.mode(0), Mode::Defunded);
  EXPECT_EQ(w.contract().withdrawal(0).stage, Stage::Superseded);
  EXPECT_EQ(w.contract().totals().escaped, 950_usd);
  EXPECT_EQ(w.contract().totals().paid, Money::zero());
  EXPECT_EQ(w.contract().totals().unpaid(), Money::zero());
  EXPECT_EQ(w.contract().withdrawal_summary().dropped, 1U);
  // It pays 950 for an account with 750 on layer two and 200 that never left.
  EXPECT_EQ(w.hub().result(), Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(ChannelWithdrawal, SignedByTheFinalStateIsPaidBesideIt) {
  ChannelWorld w(refusing());
  w.price(1_s, 90);
  w.touch(2_s, 0);
  w.withdraw(4_s, 0, 200_usd);
  w.shock(8_s, w.parties_ref, ShockKind::MassExit, ShockEdge::Begins);
  w.run(5_min);
  ASSERT_EQ(w.mode(0), Mode::Defunded);
  EXPECT_EQ(w.contract().withdrawal(0).stage, Stage::Paid);
  EXPECT_EQ(w.contract().totals().paid, 200_usd);
  // 950 - 200, 1 050, 950, 1 050.
  EXPECT_EQ(w.contract().totals().escaped, 3'800_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(ChannelWithdrawal, IsSupersededOnceWhenTheCloseIsUndoneAndDoneAgain) {
  ChannelWorld w(refusing());
  w.price(1_s, 90);
  w.touch(2_s, 0);
  w.withdraw(4_s, 0, 200_usd);
  Duration now = 9_min;
  while (w.mode(0) != Mode::Defunded && now < 1_h) w.run(now = now + 1_s);
  ASSERT_EQ(w.mode(0), Mode::Defunded);
  ASSERT_EQ(w.contract().totals().superseded, 200_usd);
  const std::uint64_t closed = w.contract().channel(AccountId{0}).closed_height;
  w.shock(now + 1_s, w.l1_ref, ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 3);
  while (w.contract().channel(AccountId{0}).closed_height == closed && now < 1_h) {
    w.run(now = now + 1_s);
  }
  ASSERT_LT(now, 1_h);
  EXPECT_EQ(w.contract().totals().superseded, 200_usd);
  w.run(1_h);
  EXPECT_EQ(w.contract().withdrawal(0).stage, Stage::Superseded);
  EXPECT_TRUE(w.conserved());
}

}  // namespace
}  // namespace mezz

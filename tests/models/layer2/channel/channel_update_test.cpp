// Updates off chain: the ladder, lost messages, silence, withdrawals, deposits.
#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/channel/channel_world.h"

namespace mezz {
namespace {

using channel::Mode;
using testing::ChannelSetup;
using testing::ChannelWorld;

ChannelSetup per_transaction() {
  ChannelSetup s;
  s.channel.hub.update_interval = 0_s;
  return s;
}

TEST(ChannelHub, ATransactionSettlesAfterOneRoundTripAndThinking) {
  ChannelWorld w(per_transaction());
  w.touch(1_s, 0);
  w.run(2_s);
  ASSERT_GE(w.chain().head().value, 1U);
  const Layer2Block& block = w.chain().block(BlockId{1});
  EXPECT_EQ(block.ladder[Rung::Preconfirmed], Time::zero() + 1_s);
  // 40 ms there, 1 ms to sign, 40 ms back.
  for (const Rung rung : {Rung::Published, Rung::OrderFinal, Rung::Asserted, Rung::Settled}) {
    EXPECT_EQ(block.ladder[rung], Time::zero() + 1_s + 81_ms);
  }
  EXPECT_EQ(w.chain().fixed(), BlockId{1});
  EXPECT_TRUE(w.conserved());
}

TEST(ChannelHub, OneBlockPerInterval) {
  ChannelWorld w;  // 100 ms
  for (int i = 0; i < 4; ++i) w.touch(1_s + 10_ms + 20_ms * i, static_cast<std::uint32_t>(i));
  w.run(2_s);
  EXPECT_EQ(w.chain().head(), BlockId{1});
  EXPECT_EQ(w.chain().block(BlockId{1}).sealed, Time::zero() + 1'100_ms);
  EXPECT_EQ(w.chain().block(BlockId{1}).count, 4U);
  EXPECT_EQ(w.hub().counts().signatures, 4U);
}

TEST(ChannelHub, BothSidesOfATradeMustSign) {
  ChannelWorld w(per_transaction());
  const auto order = [](std::uint32_t account, std::int64_t lots) {
    return Transaction{.account = AccountId{account},
                       .kind = TxKind::PlaceOrder,
                       .price = 100,
                       .amount = lots,
                       .reference = 5,
                       .submitted = {}};
  };
  w.submit(1_s, order(0, 1));
  w.submit(2_s, order(1, -1));
  w.run(3_s);
  EXPECT_EQ(w.node().exchange().position(AccountId{0}), 6_lots);
  EXPECT_EQ(w.hub().book().latest(AccountId{0}).turn, 2U);  // the resting order, the fill
  EXPECT_EQ(w.hub().book().latest(AccountId{1}).turn, 1U);
  EXPECT_EQ(w.hub().book().latest(AccountId{0}).holding.position, 6_lots);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(ChannelHub, LostMessagesAreAskedForAgain) {
  ChannelSetup s;
  s.loss = 50_percent;
  ChannelWorld w(s);
  for (int i = 0; i < 50; ++i) w.touch(1_s + 1_s * i, static_cast<std::uint32_t>(i % 4));
  w.run(4_min);
  EXPECT_GT(w.hub().counts().resent, 10U);
  EXPECT_EQ(w.hub().book().waiting(), 0U);
  EXPECT_EQ(w.contract().counts().challenges, 0U);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(ChannelHub, AnIdleHubMakesABlockPerHeartbeatAndNothingIsOwedToIt) {
  ChannelWorld w;
  w.run(10_min);
  EXPECT_NEAR(static_cast<double>(w.chain().head().value), 20.0, 1.0);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(ChannelWithdrawal, ASignedStatePaysAtInclusion) {
  ChannelWorld w;
  w.withdraw(5_s, 0, 100_usd);
  w.run(2_min);
  ASSERT_EQ(w.contract().withdrawals(), 1U);
  EXPECT_EQ(w.contract().totals().paid, 100_usd);
  EXPECT_EQ(w.contract().channel(AccountId{0}).capacity, 900_usd);
  const auto paid = w.contract().withdrawal_summary().paid;
  ASSERT_EQ(paid.size(), 1U);
  // Asked for at the head of 12 s, in the block of 24 s; sealed at 5.1 s (the tick after it).
  EXPECT_LE(paid[0], 24_s);
  EXPECT_TRUE(w.conserved());
  EXPECT_EQ(w.contract().counts().gas, 111'514U);
}

TEST(ChannelWithdrawal, APausedBridgePaysLater) {
  ChannelWorld w;
  w.withdraw(5_s, 0, 100_usd);
  w.outage(13_s, 5_min, w.contract_ref, ShockKind::BridgePaused);
  w.run(4_min);
  EXPECT_EQ(w.contract().totals().paid, Money::zero());
  w.run(7_min);
  EXPECT_EQ(w.contract().totals().paid, 100_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(ChannelDeposit, IsCreditedWhenItsBlockIsFinal) {
  ChannelWorld w;
  w.call(5_s, L1CallKind::Deposit, 0, static_cast<std::uint64_t>((50_usd).micros));
  w.run(10_min);
  EXPECT_EQ(w.contract().totals().locked, w.contract().totals().escrow);
  EXPECT_EQ(w.contract().channel(AccountId{0}).capacity, 1'050_usd);
  EXPECT_EQ(w.contract().totals().credited, Money::zero());  // 12.8 min at least
  EXPECT_TRUE(w.conserved());
  w.run(30_min);
  EXPECT_EQ(w.contract().totals().credited, 50_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(ChannelFunding, OnChainTakesOneCallPerHundredAndNobodyTradesBefore) {
  ChannelSetup s;
  s.accounts = 250;
  s.channel.contract.fund_on_chain = true;
  ChannelWorld w(s);
  w.touch(1_s, 0);
  w.run(5_s);
  EXPECT_EQ(w.mode(0), Mode::Proposed);
  EXPECT_EQ(w.hub().counts().refused, 1U);
  w.touch(1_min, 0);
  w.run(90_s);
  EXPECT_EQ(w.contract().counts().opened, 250U);
  EXPECT_EQ(w.mode(249), Mode::Open);
  EXPECT_EQ(w.contract().counts().gas, 2U * 3'321'861U + 1'660'931U);
  EXPECT_EQ(w.hub().counts().included, 1U);
}

TEST(ChannelParams, ContradictionsAreRefusedWithTheirPath) {
  const auto path_of = [](auto change) {
    ChannelParams p;
    change(p);
    try {
      check(p, "channel");
    } catch (const ScenarioError& error) {
      return error.path();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(path_of([](ChannelParams&) {}), "accepted");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.hub.sign_timeout = 1_s; }),
            "channel.hub.sign_timeout");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.hub.sign_timeout = 2_d; }),
            "channel.hub.sign_timeout");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.hub.update_interval = 1_min; }),
            "channel.hub.update_interval");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.parties.hub_patience = 30_s; }),
            "channel.parties.hub_patience");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.parties.think_time.mean = 5_min; }),
            "channel.parties.think_time.mean");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.parties.think_time.mean = 3_s; }),
            "channel.hub.resend_after");
  EXPECT_EQ(path_of([](ChannelParams& p) {
              p.contract.virtual_share = Ratio::one();
              p.contract.hub_capital = Ratio::zero();
            }),
            "channel.contract.hub_capital");
  EXPECT_EQ(path_of([](ChannelParams& p) { p.watchtower.fees.tip = 2'000_gwei; }),
            "channel.watchtower.fees.tip");
}

}  // namespace
}  // namespace mezz

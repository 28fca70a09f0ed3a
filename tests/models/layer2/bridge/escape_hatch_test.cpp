#include "models/layer2/bridge/escape_hatch.h"

#include <gtest/gtest.h>

#include "tests/models/layer2/bridge/hatch_world.h"

namespace mezz {
namespace {

using testing::HatchOptions;
using testing::HatchWorld;

EscapeHatchParams short_grace(Duration grace = 2_h) {
  EscapeHatchParams p;
  p.freeze_grace = grace;
  return p;
}

TEST(EscapeHatch, AServedRequestIsPaidAndNobodyCanFreeze) {
  HatchWorld w({.hatch = short_grace()});
  const std::uint64_t number = w.force_withdrawal(10_min, 4, 100_usd);
  w.call(5_h, w.hatch_ref, L1CallKind::FreezeRequest, number);
  w.run(6_h);
  EXPECT_FALSE(w.hatch().frozen());
  EXPECT_EQ(w.hatch().unserved(), EscapeDoor::kNoRequest);
  EXPECT_EQ(w.hatch().totals().requests, 1U);
  EXPECT_EQ(w.hatch().totals().refused, 1U);  // the freeze
  EXPECT_EQ(w.bridge().totals().paid, 100_usd);
  EXPECT_TRUE(w.conserved());
}

// An impossible request is served too: the operator shows that it is (StarkEx).
TEST(EscapeHatch, ARequestThatTheExchangeRefusesIsServed) {
  HatchWorld w({.hatch = short_grace()});
  w.force_withdrawal(10_min, 4, 1'000'000_usd);
  w.run(3_h);
  EXPECT_EQ(w.hatch().unserved(), EscapeDoor::kNoRequest);
  EXPECT_EQ(w.bridge().totals().initiated, Money::zero());
}

// LibConstants.sol: FREEZE_GRACE_PERIOD = 7 days = 604 800 s = 50 400 slots of 12 s.
TEST(EscapeHatch, FreezesExactlySevenDaysAfterTheRequestWasIncludedAndNotASlotBefore) {
  HatchWorld w;
  ASSERT_EQ(w.hatch().params().freeze_grace, 604'800_s);
  w.stop_serving(1_min);
  const std::uint64_t number = w.force_withdrawal(10_min + 1_s, 0, 10_usd);
  w.run(11_min);
  const Time included = Time::zero() + 10_min + 12_s;
  ASSERT_EQ(w.hatch().freezable_at(), included + 604'800_s);
  w.call(10_min + 604'799_s, w.hatch_ref, L1CallKind::FreezeRequest, number);  // a slot early
  w.run(10_min + 604'801_s);
  EXPECT_FALSE(w.hatch().frozen());
  EXPECT_EQ(w.hatch().totals().refused, 1U);
  w.call(10_min + 604'802_s, w.hatch_ref, L1CallKind::FreezeRequest, number);
  w.run(10_min + 7_d + 1_min);
  EXPECT_TRUE(w.hatch().frozen());
  EXPECT_EQ(w.hatch().frozen_at(), included + 604'800_s);
  const BlockId head = w.node().chain().head();
  w.run(7_d + 2_h);
  EXPECT_EQ(w.node().chain().head(), head);  // no more blocks
  EXPECT_TRUE(w.conserved());
}

// MAX_FORCED_ACTIONS_REQS_PER_BLOCK = 10; the premium passes it.
TEST(EscapeHatch, TenRequestsFitInALayerOneBlockAndThePremiumPassesTheLimit) {
  HatchWorld w;
  for (std::uint32_t i = 0; i < 13; ++i) w.force_withdrawal(10_min + 1_s, i, 1_usd);
  w.force_withdrawal(10_min + 1_s, 13, 1_usd, 1);
  w.force_withdrawal(10_min + 1_s, 14, 1_usd, 1);
  w.force_withdrawal(10_min + 13_s, 15, 1_usd);
  w.run(11_min);
  EXPECT_EQ(w.hatch().totals().requests, 10U + 2U + 1U);
  EXPECT_EQ(w.hatch().totals().refused, 3U);
}

TEST(EscapeHatch, EverybodyEscapesOnceWithTheEquityOfTheLastSettledState) {
  HatchWorld w({.hatch = short_grace(), .insurance_fund = 7_usd});
  w.transact(30_min, {.account = AccountId{0},
                      .kind = TxKind::OracleUpdate,
                      .price = 52'000,
                      .reference = 0,
                      .submitted = Time::zero() + 30_min});
  const Duration frozen = w.freeze_after_grace(1_h);
  for (std::uint32_t u = 0; u < 20; ++u) {
    w.call(frozen + 1_min + u * 1_s, w.hatch_ref, L1CallKind::Escape, u, 53'000);
    w.call(frozen + 1_h, w.hatch_ref, L1CallKind::Escape, u, 53'000);  // a second time: refused
  }
  w.call(frozen + 1_h, w.hatch_ref, L1CallKind::Escape, 20);  // no such account
  w.run(frozen + 1_s);
  ASSERT_TRUE(w.hatch().frozen());
  const Exchange settled = w.node().state_at(w.hatch().settled_block());
  ASSERT_EQ(settled.block(), w.node().chain().reached(Rung::Settled));
  ASSERT_LT(settled.block(), w.node().chain().head());
  EXPECT_EQ(w.hatch().claim(AccountId{0}), settled.equity({0}, settled.oracle()));
  EXPECT_EQ(w.hatch().frozen_value(), settled.totals().user_quote);
  EXPECT_EQ(w.hatch().pool(), w.hatch().frozen_value() + 7_usd);
  w.run(frozen + 2_h);
  EXPECT_EQ(w.hatch().totals().escapes, 20U);
  EXPECT_EQ(w.hatch().totals().refused, 21U);
  EXPECT_EQ(w.hatch().totals().paid, settled.totals().user_quote);
  EXPECT_EQ(w.hatch().totals().shortfall, Money::zero());
  EXPECT_EQ(w.hatch().claim(AccountId{0}), Money::zero());
  // What is left in the escrow is the fund: all users' money has gone out.
  EXPECT_EQ(w.bridge().totals().escrow, 7_usd);
  EXPECT_EQ(w.bridge().totals().escaped, 20'000_usd);
  // Ten longs of 0.01 BTC gain what ten shorts lose when the price outside is 1000 above.
  EXPECT_EQ(w.hatch().totals().drift, Money::zero());
  EXPECT_EQ(w.hatch().totals().drift_size, Money{200'000} * (53'000 - settled.oracle().ticks));
  EXPECT_TRUE(w.conserved());
}

// 1000 USD of collateral, 0.01 BTC: at 160 000 a short has lost 1100 and owes 100. Without a fund
// the money is short by what ten shorts owe, 1000 USD; who comes last goes without.
TEST(EscapeHatch, DebtsOfInsolventAccountsFallOnTheLastToEscape) {
  HatchWorld w({.hatch = short_grace(), .insurance_fund = Money::zero()});
  w.transact(30_min, {.account = AccountId{0},
                      .kind = TxKind::OracleUpdate,
                      .price = 160'000,
                      .reference = 0,
                      .submitted = Time::zero() + 30_min});
  const Duration frozen = w.freeze_after_grace(1_h);
  for (std::uint32_t u = 0; u < 20; ++u) {
    w.call(frozen + 1_min + u * 12_s, w.hatch_ref, L1CallKind::Escape, u);
  }
  w.run(frozen + 2_h);
  const Exchange settled = w.node().state_at(w.hatch().settled_block());
  ASSERT_EQ(settled.oracle().ticks, 160'000);
  EXPECT_EQ(settled.equity({1}, settled.oracle()), -100_usd);
  EXPECT_EQ(settled.equity({0}, settled.oracle()), 2'100_usd);
  EXPECT_EQ(w.hatch().frozen_value(), 21'000_usd);
  // The pool is 20 000: nine longs get 18 900, the tenth 1100 of his 2100.
  EXPECT_EQ(w.hatch().totals().escapes, 10U);
  EXPECT_EQ(w.hatch().totals().paid, 20'000_usd);
  EXPECT_EQ(w.hatch().totals().shortfall, 1'000_usd);
  EXPECT_EQ(w.hatch().pool(), Money::zero());
  EXPECT_EQ(w.bridge().totals().escrow, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, SettledWithdrawalsStayPayableAndUnsettledOnesReturnToTheClaim) {
  HatchWorld w({.hatch = short_grace()});
  // The relayer's bridge is paused until after the freeze: both withdrawals are unpaid then.
  w.shock(1_min, w.bridge_ref, ShockKind::BridgePaused, ShockEdge::Begins);
  w.withdraw(30_min, 2, 300_usd);
  const Duration frozen = w.freeze_after_grace(1_h);
  w.withdraw(frozen - 30_s, 4, 200_usd);  // in a block that never settles
  w.shock(frozen + 10_min, w.bridge_ref, ShockKind::BridgePaused, ShockEdge::Ends);
  for (std::uint32_t u = 0; u < 20; ++u) {
    w.call(frozen + 1_min + u * 1_s, w.hatch_ref, L1CallKind::Escape, u);
  }
  w.run(frozen + 2_h);
  EXPECT_EQ(w.bridge().totals().initiated, 500_usd);
  EXPECT_EQ(w.bridge().totals().paid, 300_usd);
  EXPECT_EQ(w.bridge().totals().escaped, 20'000_usd - 300_usd);
  EXPECT_EQ(w.bridge().totals().escrow, 1'000_usd);  // the insurance fund
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, WithheldDataFreezesTheMoneyOfCommitteeAccountsUntilItIsGivenOut) {
  HatchWorld w({.hatch = short_grace()});
  w.shock(30_min, w.committee_ref, ShockKind::DataWithheld, ShockEdge::Begins);
  const Duration frozen = w.freeze_after_grace(1_h);
  w.shock(frozen + 3_h, w.committee_ref, ShockKind::DataWithheld, ShockEdge::Ends);
  for (std::uint32_t u = 0; u < 20; ++u) {
    w.call(frozen + 1_min, w.hatch_ref, L1CallKind::Escape, u);
    w.call(frozen + 4_h, w.hatch_ref, L1CallKind::Escape, u);
  }
  w.run(frozen + 2_h);
  EXPECT_EQ(w.hatch().totals().escapes, 0U);
  EXPECT_FALSE(w.hatch().has_witness(AccountId{5}));
  EXPECT_EQ(w.hatch().frozen_value(), 20'000_usd);
  EXPECT_EQ(w.bridge().totals().stolen, Money::zero());
  w.run(frozen + 5_h);
  EXPECT_EQ(w.hatch().totals().escapes, 20U);  // frozen, not stolen
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, InAVolitionAccountsOnLayerOneEscapeWhileTheOthersCannot) {
  HatchOptions o{.hatch = short_grace(), .choice = DataCommittee::Choice::Volition, .users = 200};
  HatchWorld w(o);
  for (std::uint32_t u = 0; u < 200; ++u) w.withdraw(5_min + u * 13_s, u, 1_usd);
  w.shock(30_min, w.committee_ref, ShockKind::DataWithheld, ShockEdge::Begins);
  const Duration frozen = w.freeze_after_grace(1_h);
  for (std::uint32_t u = 0; u < 200; ++u) {
    w.call(frozen + 1_min + u * 1_s, w.hatch_ref, L1CallKind::Escape, u);
  }
  w.run(frozen + 2_h);
  std::uint64_t on_layer1 = 0;
  for (std::uint32_t u = 0; u < 200; ++u) {
    const bool chose = w.committee().on_layer_one(AccountId{u});
    on_layer1 += chose ? 1 : 0;
    EXPECT_EQ(w.hatch().claim(AccountId{u}) == Money::zero(), chose);
  }
  EXPECT_EQ(w.hatch().totals().escapes, on_layer1);
  EXPECT_NEAR(static_cast<double>(on_layer1), 100.0, 35.0);
  // Withdrawals of committee accounts in hidden blocks wait, those of the others are paid.
  EXPECT_GT(w.bridge().totals().unpaid(), Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, AFreezeCannotEndBeforeItsDelay) {
  EscapeHatchParams p = short_grace();
  ASSERT_EQ(p.unfreeze_delay, 365_d);  // UNFREEZE_DELAY
  p.unfreeze_delay = 10_h;
  HatchWorld w({.hatch = p});
  const Duration frozen = w.freeze_after_grace(1_h);
  w.call(frozen + 9_h, w.hatch_ref, L1CallKind::FreezeRequest, 0, 1);
  w.run(frozen + 9_h + 1_min);
  EXPECT_TRUE(w.hatch().frozen());
  w.call(frozen + 10_h, w.hatch_ref, L1CallKind::FreezeRequest, 0, 1);
  w.call(frozen + 11_h, w.hatch_ref, L1CallKind::Escape, 3);
  w.run(frozen + 12_h);
  EXPECT_FALSE(w.hatch().frozen());
  EXPECT_EQ(w.hatch().totals().escapes, 0U);
}

// A trade of a long of 0.01 BTC needs somebody who buys... sells it off him at an agreed price.
TEST(EscapeHatch, AForcedTradeClosesAPositionAgainstItsSignedCounterparty) {
  HatchWorld w({.hatch = short_grace()});
  const auto order = [&](std::uint32_t account, std::int64_t lots, TimeInForce tif) {
    return Transaction{.account = AccountId{account},
                       .kind = TxKind::PlaceOrder,
                       .time_in_force = tif,
                       .price = 49'500,
                       .amount = lots,
                       .reference = ++w.references,
                       .submitted = Time::zero() + 10_min};
  };
  const Transaction counterparty = order(1, HatchWorld::kLots, TimeInForce::Gtc);
  const Transaction own = order(0, -HatchWorld::kLots, TimeInForce::Ioc);
  const std::uint64_t number =
      w.hatch().write_request({.own = own, .counterparty = counterparty, .trade = 1});
  w.call(10_min, w.hatch_ref, L1CallKind::ForcedRequest, number);
  w.run(1_h);
  EXPECT_EQ(w.node().exchange().position(AccountId{0}), Quantity::zero());
  EXPECT_EQ(w.node().exchange().position(AccountId{1}), Quantity::zero());
  EXPECT_EQ(w.hatch().unserved(), EscapeDoor::kNoRequest);
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, ReorgsOfLayerOneUndoRequestsFreezeAndEscapesExactly) {
  HatchOptions o{.hatch = short_grace()};
  HatchWorld w(o);
  // The first reorg includes the request a little later: its grace ends later too.
  const Duration frozen = w.freeze_after_grace(1_h, 5_min);
  w.call(frozen, w.hatch_ref, L1CallKind::Escape, 7);
  for (std::uint32_t u = 0; u < 20; ++u) {
    w.call(frozen + 20_s + u * 12_s, w.hatch_ref, L1CallKind::Escape, u);
  }
  // Over the request, over freeze and first escapes, over escapes alone.
  for (const Duration at : {1_h + 30_s, frozen + 40_s, frozen + 3_min}) {
    w.shock(at, w.l1, ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 5);
  }
  // What is undone comes again in the block that replaces the orphans: its time tells.
  int freezes = 0;
  Time last = Time::never();
  for (Duration t = 1_min; t <= frozen + 1_h; t += 1_s) {
    w.run(t);
    w.hatch().check();
    if (w.hatch().frozen() && w.hatch().frozen_at() != last) ++freezes;
    last = w.hatch().frozen_at();
  }
  EXPECT_EQ(freezes, 2);
  EXPECT_TRUE(w.hatch().frozen());
  EXPECT_EQ(w.hatch().totals().escapes, 20U);
  EXPECT_EQ(w.hatch().totals().paid, 20'000_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(EscapeHatch, HalfWayIsAGoodPlaceToSaveAndGoOn) {
  const auto plan = [](HatchWorld& w) {
    const Duration frozen = w.freeze_after_grace(1_h);
    for (std::uint32_t u = 0; u < 20; ++u) {
      w.call(frozen + u * 1_min, w.hatch_ref, L1CallKind::Escape, u, 51'000);
    }
    return frozen;
  };
  HatchWorld whole({.hatch = short_grace()});
  const Duration frozen = plan(whole);
  whole.run(frozen + 1_h);
  EXPECT_EQ(whole.hatch().totals().escapes, 20U);
  for (const Duration half : {90_min, frozen + 10_min}) {
    HatchWorld first({.hatch = short_grace()});
    plan(first);
    first.run(half);
    const std::vector<std::byte> snapshot = first.world.save();
    HatchWorld second({.hatch = short_grace()});
    second.world.restore(snapshot);
    EXPECT_EQ(second.world.save(), snapshot);
    second.run(frozen + 1_h);
    EXPECT_EQ(second.world.save(), whole.world.save());
  }
}

}  // namespace
}  // namespace mezz

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

// ---- genesis -----------------------------------------------------------------------------------

TEST(Genesis, PositionsMustSumToZero) {
  Desk desk;
  desk.account(1'000_usd, 5, 100);
  desk.account(1'000_usd, -4, 100);
  EXPECT_THROW(desk.start(), AssertionFailure);
}

TEST(Genesis, DifferentEntryPricesArePaidFromOutside) {
  Desk desk;
  const AccountId a = desk.account(1'000_usd, 5, 90);
  const AccountId b = desk.account(1'000_usd, -2, 100);
  const AccountId c = desk.account(1'000_usd, -3, 110);
  desk.start();
  EXPECT_EQ(desk.exchange.quote(a), 550_usd);
  EXPECT_EQ(desk.exchange.quote(b), 1'200_usd);
  EXPECT_EQ(desk.exchange.quote(c), 1'330_usd);
  EXPECT_EQ(desk.exchange.totals().deposited, 3'080_usd);  // 3000 + 530 - 450
  EXPECT_EQ(desk.exchange.totals().open_interest, 5_lots);
  EXPECT_EQ(desk.exchange.totals().residual, Money::zero());
}

TEST(Genesis, OfAHundredThousandAccounts) {
  Desk desk;
  for (int i = 0; i < 50'000; ++i) {
    desk.account(Money{50'000'000 + i * 1'000}, 3 + i % 5, 100);
    desk.account(Money{60'000'000 + i * 1'000}, -(3 + i % 5), 100);
  }
  desk.start();
  EXPECT_EQ(desk.exchange.accounts(), 100'000U);
  std::vector<AccountId> found;
  desk.exchange.collect_liquidatable(100_ticks, found);
  EXPECT_TRUE(found.empty());
}

// ---- oracle ------------------------------------------------------------------------------------

TEST(Oracle, RefusesOlderStaleUncertainAndFuturePrices) {
  Desk desk;
  desk.account(1'000_usd);
  desk.start();
  for (int i = 0; i < 99; ++i) desk.block({});
  const Time seen = desk.now;
  EXPECT_EQ(desk.run(oracle(101, seen)), TxStatus::Executed);
  EXPECT_EQ(desk.run(oracle(102, seen - 1_s)), TxStatus::Rejected);   // older than the last
  EXPECT_EQ(desk.run(oracle(102, seen + 60_s)), TxStatus::Rejected);  // from the future
  Transaction uncertain = oracle(103, desk.now);
  uncertain.amount = 3;  // 2.9 %
  EXPECT_EQ(desk.run(uncertain), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.oracle(), 101_ticks);
  for (int i = 0; i < 100; ++i) desk.block({});
  EXPECT_EQ(desk.run(oracle(104, desk.now - 70_s)), TxStatus::Rejected);  // too old
  EXPECT_EQ(desk.run(oracle(104, desk.now - 50_s)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.oracle_time(), desk.now - 51_s);  // the block was sealed a second later
}

TEST(Oracle, LiquidatableSinceIsTheFirstBreachUntilItHeals) {
  Desk desk;
  const AccountId longs = desk.account(100_usd, 10, 100);
  desk.account(1'000_usd, -10, 100);
  desk.start();
  desk.index(94);
  const Time first = desk.now;
  desk.index(93);
  EXPECT_EQ(desk.exchange.liquidatable_since(longs), first);
  desk.run(simple(longs, TxKind::Deposit, 50'000'000));  // 30 + 50 > 46.5
  EXPECT_FALSE(desk.exchange.liquidatable_since(longs).happened());
  desk.index(88);  // 30 < 44
  EXPECT_EQ(desk.exchange.liquidatable_since(longs), desk.now);
  desk.exchange.full_check();
}

// ---- deposits and withdrawals
// --------------------------------------------------------------------

TEST(Withdraw, OnlyFreeCollateralLeaves) {
  Desk desk;
  const AccountId account = desk.account(500_usd, 10, 100);
  desk.account(1'000_usd, -10, 100);
  desk.start();
  EXPECT_EQ(desk.exchange.free_collateral(account), 400_usd);
  EXPECT_EQ(desk.run(simple(account, TxKind::Withdraw, 400'000'001)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(simple(account, TxKind::Withdraw, 400'000'000)), TxStatus::Executed);
  ASSERT_EQ(desk.out.withdrawals.size(), 1U);
  EXPECT_EQ(desk.out.withdrawals[0].number, 0U);
  EXPECT_EQ(desk.out.withdrawals[0].amount, 400_usd);
  EXPECT_EQ(desk.exchange.free_collateral(account), Money::zero());
  EXPECT_EQ(desk.run(simple(account, TxKind::Withdraw, 1)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.totals().withdrawn, 400_usd);
}

TEST(Withdraw, ProfitAtTheIndexMayLeave) {
  Desk desk;
  const AccountId account = desk.account(100_usd, 10, 100);
  desk.account(1'000_usd, -10, 100);
  desk.start();
  desk.index(120);  // equity 300, initial margin 120
  EXPECT_EQ(desk.run(simple(account, TxKind::Withdraw, 180'000'000)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.quote(account), -1'080_usd);
}

TEST(Withdraw, NumbersCountOn) {
  Desk desk;
  const AccountId account = desk.account(500_usd);
  desk.start();
  const Transaction ten = simple(account, TxKind::Withdraw, 10'000'000);
  desk.block({ten, simple(account, TxKind::Withdraw, 900'000'000), ten});
  ASSERT_EQ(desk.out.withdrawals.size(), 2U);
  EXPECT_EQ(desk.out.withdrawals[1].number, 1U);
}

TEST(Deposit, IsCreditedAndCounted) {
  Desk desk;
  const AccountId account = desk.account(500_usd);
  desk.start();
  EXPECT_EQ(desk.run(simple(account, TxKind::Deposit, 7)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.quote(account), micros(500'000'007));
  EXPECT_EQ(desk.exchange.totals().deposited, micros(500'000'007));
}

// ---- funding -----------------------------------------------------------------------------------

struct FundingDesk : Desk {
  AccountId longs;
  AccountId shorts;
  AccountId maker;
  explicit FundingDesk(const ExchangeParams& params) : Desk(params) {
    longs = account(1'000_usd, 10, 100);
    shorts = account(1'000_usd, -10, 100);
    maker = account(1'000'000_usd);
    start();
  }
  TxStatus tick() { return run(simple(AccountId::none(), TxKind::SettleFunding, 0)); }
};

// Impact notional 5000 USD; a bid of 100 lots at 103 holds it, so every sample is 3 %: clamped to
// 6 x (10 % - 5 %) = 30 %, no bound. Rate 30 000 ppm per 8 h; one hour: 3600 / 28 800 of it on a
// notional of 1000: 3.75 USD from the long to the short.
TEST(Funding, HourOfPremiumIsPaidByTheLongs) {
  FundingDesk desk(small_params());
  desk.run(order(desk.maker, 100, 103));
  desk.block_time = 60_s;
  for (int i = 0; i < 60; ++i) desk.block({});
  EXPECT_TRUE(desk.exchange.funding_due(desk.now));
  EXPECT_EQ(desk.tick(), TxStatus::Executed);
  ASSERT_EQ(desk.out.funding.size(), 1U);
  EXPECT_EQ(desk.out.funding[0].rate_ppm, 30'000);
  EXPECT_EQ(desk.exchange.quote(desk.longs), micros(-3'750'000));
  EXPECT_EQ(desk.exchange.quote(desk.shorts), micros(2'003'750'000));
  EXPECT_EQ(desk.exchange.totals().funding_paid, micros(3'750'000));
  EXPECT_EQ(desk.out.funding[0].rounding, Money::zero());
  EXPECT_EQ(desk.tick(), TxStatus::Rejected);  // not due again
}

TEST(Funding, MissingSamplesCountAsZero) {
  FundingDesk desk(small_params());
  desk.run(order(desk.maker, 100, 103));
  desk.block_time = 60_s;
  for (int i = 0; i < 20; ++i) desk.block({});
  desk.block_time = 60_min;  // the chain halts: one sample when it is back
  EXPECT_EQ(desk.tick(), TxStatus::Executed);
  EXPECT_EQ(desk.out.funding[0].rate_ppm, 30'000 * 21 / 60);
}

// Three shorts against one long with an odd index: what the floors keep is dust.
TEST(Funding, WhatPayersPayIsWhatReceiversGetPlusTheDust) {
  ExchangeParams params = small_params();
  params.contract.lot_decimals = 3;
  params.funding.default_rate_ppm = 7;
  Desk desk(params);
  const AccountId longs = desk.account(1'000_usd, 10, 100);
  AccountId shorts[3];
  for (AccountId& account : shorts) account = desk.account(1'000_usd);
  desk.exchange.genesis_position(shorts[0], {-3}, 100_ticks);
  desk.exchange.genesis_position(shorts[1], {-3}, 100_ticks);
  desk.exchange.genesis_position(shorts[2], {-4}, 100_ticks);
  desk.start();
  desk.block_time = 60_min;
  Money paid;
  for (int hour = 0; hour < 10; ++hour) {
    const Money before = desk.exchange.quote(longs);
    desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
    ASSERT_EQ(desk.out.funding.size(), 1U);
    EXPECT_EQ(desk.exchange.quote(longs), before - desk.out.funding[0].paid);
    paid += desk.out.funding[0].paid;
  }
  Money received;
  for (const AccountId account : shorts) {
    received += desk.exchange.equity(account, 100_ticks) - 1'000_usd;
  }
  EXPECT_GT(paid, Money::zero());
  EXPECT_GT(desk.exchange.totals().rounding, Money::zero());
  EXPECT_EQ(paid, received + desk.exchange.totals().rounding);
  EXPECT_EQ(desk.exchange.totals().residual, Money::zero());
}

}  // namespace
}  // namespace mezz

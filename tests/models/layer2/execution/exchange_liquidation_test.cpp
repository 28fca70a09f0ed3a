// The account of the hand calculations: 10 lots bought at 100 with 100 USD (ten times leverage),
// so quote -900; tier small-cap: maintenance 5 %. Rules: dYdX v4, reference sheet "derivative
// markets" section 4.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

struct Case : Desk {
  AccountId target;
  AccountId other;
  AccountId bidder;
  AccountId keeper;

  explicit Case(const ExchangeParams& params = small_params(), Money keeper_capital = 10'000_usd)
      : Desk(params) {
    target = account(100_usd, 10, 100);
    other = account(1'000_usd, -10, 100);
    bidder = account(10'000_usd);
    keeper = account(keeper_capital);
    start();
  }
  void bid(std::int64_t lots, std::int64_t price) { run(order(bidder, lots, price)); }
};

ExchangeParams with_fund(Money fund, FundShortfall shortfall = FundShortfall::Deleverage) {
  ExchangeParams params = small_params();
  params.insurance_fund = fund;
  params.fund_shortfall = shortfall;
  return params;
}

TEST(Liquidation, HealthyAccountIsRefused) {
  Case c;
  c.index(95);  // collateral 50 > maintenance 47.5
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::NotLiquidatable);
  EXPECT_FALSE(c.exchange.liquidatable_since(c.target).happened());
}

// At 94: collateral 40, maintenance 47. Fillable price (940 - 7/47 * 1.5 * 47) / 10 = 92.95, up to
// 93. Bankruptcy quote 940 - 40 = 900. Sold at 93: 30 better, of which the fee takes at most
// 1.5 % of 930 = 13.95.
TEST(Liquidation, SellsOnTheBookDownToTheFillablePrice) {
  Case c;
  c.bid(10, 93);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), micros(16'050'000));
  EXPECT_EQ(c.exchange.totals().insurance_fund, micros(1'013'950'000));
  EXPECT_EQ(c.exchange.position(c.bidder), 10_lots);
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  const LiquidationEvent& event = c.out.liquidations[0];
  EXPECT_EQ(event.step, LiquidationStep::Book);
  EXPECT_EQ(event.quantity, -10_lots);
  EXPECT_EQ(event.price, 93_ticks);
  EXPECT_EQ(event.notional, 940_usd);
  EXPECT_EQ(event.fee, micros(13'950'000));
  EXPECT_EQ(event.liquidatable_since, Time::zero() + 2_s);  // the block of the oracle update
  EXPECT_EQ(c.exchange.totals().liquidations, 1);
  c.exchange.full_check();
}

TEST(Liquidation, KeeperTakesAtTheFillablePriceWhatTheBookDoesNot) {
  Case c;
  c.bid(4, 93);
  c.run(order(c.bidder, 10, 92, 2));  // below the fillable price
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.bidder), 4_lots);
  EXPECT_EQ(c.exchange.position(c.keeper), 6_lots);
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd - 558_usd);  // 6 x 93, no fee
  ASSERT_EQ(c.out.liquidations.size(), 2U);
  EXPECT_EQ(c.out.liquidations[1].step, LiquidationStep::Keeper);
  EXPECT_EQ(c.out.liquidations[1].counterparty, c.keeper);
}

// A keeper with 50 USD: 10 lots at 93 against an index of 94 need 94 - 10 = 84; q lots need
// 9.4 q - q = 8.4 q <= 50, so 5.
TEST(Liquidation, KeeperTakesOnlyWhatItsCapitalAllows) {
  Case c(small_params(), 50_usd);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::PartlyFilled);
  EXPECT_EQ(c.exchange.position(c.keeper), 5_lots);
  EXPECT_EQ(c.exchange.position(c.target), 5_lots);
}

// Nine lots sold at 100 with 90 USD. At 106: collateral 990 - 954 = 36, maintenance 47.7. Fillable
// price (954 + 11.7 * 1.5) / 9 = 107.95, down to 107. Bankruptcy quote -990, bought for 963: 27
// better, of which the fee takes 1.5 % of 963 = 14.445.
TEST(Liquidation, ShortIsBoughtBackUpToTheFillablePrice) {
  Desk desk;
  const AccountId shorter = desk.account(90_usd, -9, 100);
  desk.account(1'000_usd, 9, 100);
  const AccountId asker = desk.account(10'000_usd);
  const AccountId keeper = desk.account(1'000_usd);
  desk.start();
  desk.run(order(asker, -10, 107));
  desk.index(106);
  EXPECT_EQ(desk.liquidate(shorter, keeper), TxStatus::Executed);
  EXPECT_EQ(desk.out.liquidations[0].fee, micros(14'445'000));
  EXPECT_EQ(desk.exchange.quote(shorter), micros(12'555'000));
}

// At 88: collateral -20. Sold at 85: 850 against a bankruptcy quote of 900; the fund pays 50.
TEST(Liquidation, FundPaysDownToTheBankruptcyPrice) {
  Case c;
  c.bid(10, 85);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().insurance_fund, 950_usd);
  EXPECT_EQ(c.exchange.totals().insurance_fund_min, 950_usd);
  EXPECT_EQ(c.out.liquidations[0].fund_paid, 50_usd);
  EXPECT_EQ(c.exchange.totals().bad_debt, Money::zero());
}

// The bankruptcy price of the long is 90: it ends with nothing, the short with 1000 + 100.
TEST(Liquidation, EmptyFundMeansBothSidesCloseAtTheBankruptcyPrice) {
  Case c(with_fund(20_usd));
  c.bid(10, 85);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.position(c.other), Quantity::zero());
  EXPECT_EQ(c.exchange.position(c.bidder), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.quote(c.other), 1'100_usd);
  EXPECT_EQ(c.exchange.totals().insurance_fund, 20_usd);
  EXPECT_EQ(c.exchange.totals().adl_notional, 880_usd);
  EXPECT_EQ(c.exchange.totals().liquidation_notional, Money::zero());
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Deleverage);
  EXPECT_EQ(c.out.liquidations[0].counterparty, c.other);
  EXPECT_EQ(c.out.liquidations[0].price, 90_ticks);
}

TEST(Liquidation, DeleveragingInATransactionOfItsOwn) {
  ExchangeParams params = with_fund(20_usd);
  params.deleverage_at_once = false;
  Case c(params);
  c.bid(10, 85);
  const Transaction deleverage = simple(c.keeper, TxKind::Deleverage, 0, c.target.value);
  c.index(88);
  EXPECT_EQ(c.run(deleverage), TxStatus::NotLiquidatable);  // liquidation comes first
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Rejected);
  EXPECT_TRUE(c.exchange.needs_deleveraging(c.target));
  std::vector<AccountId> marked;
  c.exchange.collect_deleverageable(marked);
  EXPECT_EQ(marked, std::vector<AccountId>{c.target});
  EXPECT_EQ(c.run(deleverage), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.other), 1'100_usd);
  EXPECT_FALSE(c.exchange.needs_deleveraging(c.target));
}

TEST(Liquidation, MarkGoesWhenThePriceComesBack) {
  ExchangeParams params = with_fund(20_usd);
  params.deleverage_at_once = false;
  Case c(params);
  c.bid(10, 85);
  c.index(88);
  c.liquidate(c.target, c.keeper);
  c.index(100);
  EXPECT_FALSE(c.exchange.needs_deleveraging(c.target));
  EXPECT_FALSE(c.exchange.liquidatable_since(c.target).happened());
}

// At 90 the target (20 lots, bankrupt at 95) is 100 under water. Buying at 95 would leave the weak
// short with -60 and no position, which the margin rules do not allow.
TEST(Liquidation, DeleveragingPassesOverAccountsThatCannotBearThePrice) {
  Desk desk(with_fund(Money::zero()));
  const AccountId target = desk.account(100_usd, 20, 100);  // bankrupt at 95
  const AccountId weak = desk.account(10_usd, -10, 88);
  const AccountId strong = desk.account(5'000_usd, -10, 100);
  const AccountId keeper = desk.account(1'000_usd);
  desk.start();
  desk.index(90);
  desk.liquidate(target, keeper);
  EXPECT_EQ(desk.exchange.position(strong), Quantity::zero());
  EXPECT_EQ(desk.exchange.position(weak), -10_lots);
  EXPECT_EQ(desk.exchange.position(target), 10_lots);  // insolvent, and nobody to close it against
  EXPECT_LT(desk.exchange.equity(target, 90_ticks), Money::zero());
  // Withdrawals are gated for 50 blocks.
  EXPECT_EQ(desk.run(simple(keeper, TxKind::Withdraw, 1'000'000)), TxStatus::Rejected);
  for (int i = 0; i < 50; ++i) desk.block({});
  EXPECT_EQ(desk.run(simple(keeper, TxKind::Withdraw, 1'000'000)), TxStatus::Executed);
}

// Analytic case A-L-10 of the validation sheet: ten times leverage, price 0.6: bankrupt at 0.9, so
// 0.30 of the entry notional is lost.
TEST(Liquidation, LossThatNobodyBearsIsBookedAsBadDebt) {
  Case c(with_fund(Money::zero(), FundShortfall::BookBadDebt));
  c.bid(10, 60);
  c.index(60);
  EXPECT_EQ(c.exchange.insolvency(c.exchange.oracle()).equity, -300_usd);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.totals().bad_debt, 300_usd);
  EXPECT_EQ(c.exchange.totals().bad_debt_accounts, 1);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  ASSERT_EQ(c.out.liquidations.size(), 2U);
  EXPECT_EQ(c.out.liquidations[1].step, LiquidationStep::BadDebt);
  EXPECT_EQ(c.out.liquidations[1].bad_debt, 300_usd);
  EXPECT_EQ(c.exchange.insolvency(c.exchange.oracle()).accounts, 0);
  c.exchange.full_check();
}

TEST(Liquidation, FundPaysItsLastDollarBeforeBadDebt) {
  Case c(with_fund(100_usd, FundShortfall::BookBadDebt));
  c.bid(10, 60);
  c.index(60);
  c.liquidate(c.target, c.keeper);
  EXPECT_EQ(c.exchange.totals().insurance_fund, Money::zero());
  EXPECT_EQ(c.exchange.totals().bad_debt, 200_usd);
}

// Analytic case A-L-11: leverage 3, 5, 10, 20 and a fall to 0.6 while nobody can liquidate:
// 0.066667, 0.20, 0.30, 0.35 of the entry notional (3000 here).
TEST(Liquidation, InsolvencyWhenNobodyLiquidatesFollowsTheLeverage) {
  Desk desk;
  const Money loss[] = {200_usd, 600_usd, 900_usd, 1'050_usd};
  const Money deposit[] = {1'000_usd, 600_usd, 300_usd, 150_usd};
  std::vector<AccountId> accounts;
  for (const Money d : deposit) accounts.push_back(desk.account(d, 30, 100));
  desk.account(100'000_usd, -120, 100);
  desk.start();
  desk.index(60);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    EXPECT_EQ(desk.exchange.equity(accounts[i], 60_ticks), -loss[i]);
  }
  EXPECT_EQ(desk.exchange.insolvency(60_ticks).equity, -2'750_usd);
  EXPECT_EQ(desk.exchange.insolvency(60_ticks).accounts, 4);
  EXPECT_EQ(desk.exchange.totals().bad_debt, Money::zero());
}

// 100 lots at 94 are 9400: 10 % of the position, 940, is under the minimum of 1000, and 1000 is 10
// lots. One liquidation per account and block.
TEST(Liquidation, BlockLimitsCloseAPositionInSlices) {
  Desk desk;
  const AccountId target = desk.account(1'000_usd, 100, 100);
  desk.account(10'000_usd, -100, 100);
  const AccountId keeper = desk.account(100'000_usd);
  desk.start();
  desk.index(94);
  const Transaction liquidate = simple(keeper, TxKind::Liquidate, 0, target.value);
  EXPECT_EQ(desk.block({liquidate, liquidate}),
            (std::vector<TxStatus>{TxStatus::Executed, TxStatus::Rejected}));
  EXPECT_EQ(desk.exchange.position(target), 90_lots);
  desk.block({liquidate});
  EXPECT_EQ(desk.exchange.position(target), 80_lots);
}

TEST(Liquidation, OrdersOfTheAccountAreCancelled) {
  Case c;
  c.run(order(c.target, -5, 120, 9));
  c.index(94);
  c.liquidate(c.target, c.keeper);
  EXPECT_EQ(c.exchange.live_orders(c.target), 0U);
  ASSERT_FALSE(c.out.maker_fills.empty());
  EXPECT_EQ(c.out.maker_fills[0].reference, 9U);
}

TEST(Liquidation, PullOracleBringsThePriceAndItsAgeIsChecked) {
  ExchangeParams params = small_params();
  params.oracle.policy = OraclePolicy::Pull;
  Case c(params);
  Transaction tx = simple(c.keeper, TxKind::Liquidate, 0, c.target.value);
  tx.price = 94;
  for (int i = 0; i < 70; ++i) c.block({});
  tx.submitted = Time::zero() + 5_s;  // older than 60 s
  EXPECT_EQ(c.run(tx), TxStatus::Rejected);
  EXPECT_EQ(c.exchange.oracle(), 100_ticks);
  tx.submitted = c.now;
  tx.amount = 3;  // wider than 2 % of 94
  EXPECT_EQ(c.run(tx), TxStatus::Rejected);
  tx.amount = 1;
  EXPECT_EQ(c.run(tx), TxStatus::Executed);
  EXPECT_EQ(c.exchange.oracle(), 94_ticks);
  EXPECT_EQ(c.exchange.position(c.target), Quantity::zero());
}

TEST(Liquidation, KeepersFindTheAccountsInTheIndex) {
  Case c;
  std::vector<AccountId> found;
  c.exchange.collect_liquidatable(95_ticks, found);
  EXPECT_TRUE(found.empty());
  c.exchange.collect_liquidatable(94_ticks, found);
  EXPECT_EQ(found, std::vector<AccountId>{c.target});
}

}  // namespace
}  // namespace mezz

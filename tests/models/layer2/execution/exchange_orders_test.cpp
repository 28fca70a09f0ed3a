#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

constexpr std::uint8_t kReduce = Transaction::kReduceOnly;

// Hand calculation: 10 lots at 100 are 1000 USD; taker fee 5 bp = 0.50, maker fee 1 bp = 0.10;
// initial margin 10 % = 100, maintenance half of it.
TEST(Exchange, TradeMovesMoneyFeesAndMarginAsCalculatedByHand) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  EXPECT_EQ(desk.run(order(maker, -10, 100, 7)), TxStatus::Executed);
  EXPECT_EQ(desk.run(order(taker, 10, 101, 8)), TxStatus::Executed);
  const Exchange& x = desk.exchange;
  EXPECT_EQ(x.quote(taker), micros(8'999'500'000));
  EXPECT_EQ(x.quote(maker), micros(10'999'900'000));
  EXPECT_EQ(x.position(taker), 10_lots);
  EXPECT_EQ(x.position(maker), -10_lots);
  EXPECT_EQ(x.totals().fees, micros(600'000));
  EXPECT_EQ(x.risk(taker, x.oracle()).initial_margin, 100_usd);
  EXPECT_EQ(x.risk(taker, x.oracle()).maintenance_margin, 50_usd);
  EXPECT_EQ(x.free_collateral(taker), micros(9'899'500'000));
  EXPECT_EQ(x.equity(taker, 110_ticks), micros(10'099'500'000));
  ASSERT_EQ(desk.out.trades.size(), 1U);
  EXPECT_EQ(desk.out.trades[0].price, 100_ticks);  // the maker's
  ASSERT_EQ(desk.out.maker_fills.size(), 1U);
  EXPECT_EQ(desk.out.maker_fills[0].reference, 7U);
  EXPECT_EQ(desk.out.maker_fills[0].filled, -10_lots);
  ASSERT_EQ(desk.out.receipts.size(), 1U);
  EXPECT_EQ(desk.out.receipts[0].filled, 10_lots);
  EXPECT_EQ(desk.out.receipts[0].average, 100_ticks);
  EXPECT_EQ(x.totals().open_interest, 10_lots);
  x.full_check();
}

TEST(Exchange, ReceiptAverageIsRoundedToTheTick) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -2, 100, 1));
  desk.run(order(maker, -1, 102, 2));
  desk.run(order(taker, 3, 102));
  EXPECT_EQ(desk.out.receipts[0].average, 101_ticks);  // 302 / 3 = 100.67
}

TEST(Exchange, OrderBeyondInitialMarginIsRefused) {
  Desk desk;
  const AccountId poor = desk.account(99_usd);
  desk.start();
  EXPECT_EQ(desk.run(order(poor, 10, 100)), TxStatus::Rejected);  // needs 100.10
  EXPECT_EQ(desk.run(order(poor, 9, 100)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.live_orders(poor), 1U);
}

TEST(Exchange, TakerWithoutMarginTradesNothing) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId poor = desk.account(50_usd);
  desk.start();
  desk.run(order(maker, -10, 100));
  EXPECT_EQ(desk.run(order(poor, 10, 100)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.position(poor), Quantity::zero());
  EXPECT_EQ(desk.exchange.live_orders(poor), 0U);  // it would cross, so it does not rest either
}

// The first maker's collateral is gone with the price: its order is removed, the next one trades.
TEST(Exchange, MakerThatFailsIsRemovedAndTheTakerGoesOn) {
  Desk desk;
  const AccountId weak = desk.account(100_usd);
  const AccountId strong = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(weak, -9, 100, 5));
  desk.run(order(strong, -9, 101, 6));
  desk.index(130);  // selling 9 at 100 is now 270 under water
  EXPECT_EQ(desk.run(order(taker, 9, 101)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(weak), Quantity::zero());
  EXPECT_EQ(desk.exchange.position(strong), -9_lots);
  EXPECT_EQ(desk.exchange.live_orders(weak), 0U);
  ASSERT_EQ(desk.out.maker_fills.size(), 2U);
  EXPECT_EQ(desk.out.maker_fills[0].reference, 5U);  // told that it is gone
  EXPECT_EQ(desk.out.maker_fills[0].filled, Quantity::zero());
  EXPECT_EQ(desk.out.maker_fills[0].left, Quantity::zero());
}

TEST(Exchange, TakerThatMeetsItselfCancelsTheRestingOrderAndGoesOn) {
  Desk desk;
  const AccountId self = desk.account(10'000_usd);
  const AccountId other = desk.account(10'000_usd);
  desk.start();
  desk.run(order(self, -5, 100, 1));
  desk.run(order(other, -5, 101, 2));
  EXPECT_EQ(desk.run(order(self, 5, 101, 3)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(self), 5_lots);
  EXPECT_EQ(desk.exchange.position(other), -5_lots);
  EXPECT_EQ(desk.exchange.live_orders(self), 0U);
  EXPECT_EQ(desk.exchange.totals().trades, 1);
}

TEST(Exchange, ImmediateOrCancelKeepsWhatItGot) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -4, 100));
  EXPECT_EQ(desk.run(order(taker, 10, 100, 1, TimeInForce::Ioc)), TxStatus::PartlyFilled);
  EXPECT_EQ(desk.exchange.position(taker), 4_lots);
  EXPECT_EQ(desk.exchange.live_orders(taker), 0U);
  EXPECT_EQ(desk.run(order(taker, 10, 100, 1, TimeInForce::Ioc)), TxStatus::Rejected);
}

TEST(Exchange, FillOrKillFillsWhollyOrChangesNothing) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -4, 100, 1));
  desk.run(order(maker, -4, 101, 2));
  EXPECT_EQ(desk.run(order(taker, 9, 101, 1, TimeInForce::Fok)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(order(taker, 8, 100, 1, TimeInForce::Fok)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.live_orders(maker), 2U);
  EXPECT_EQ(desk.run(order(taker, 8, 101, 1, TimeInForce::Fok)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(taker), 8_lots);
}

// 15 lots need 150 of margin and the maker has 101: it can fill the first order, then not the
// second, although each alone would do.
TEST(Exchange, FillOrKillCountsTheMarginOfAMakerOverAllItsOrders) {
  Desk desk;
  const AccountId maker = desk.account(101_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -8, 100, 1));
  desk.run(order(maker, -7, 100, 2));
  EXPECT_EQ(desk.exchange.live_orders(maker), 2U);
  EXPECT_EQ(desk.run(order(taker, 15, 100, 1, TimeInForce::Fok)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.live_orders(maker), 2U);
  EXPECT_EQ(desk.run(order(taker, 8, 100, 1, TimeInForce::Fok)), TxStatus::Executed);
}

TEST(Exchange, PostOnlyIsRefusedWhenItWouldTrade) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -4, 100));
  EXPECT_EQ(desk.run(order(taker, 4, 100, 1, TimeInForce::PostOnly)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(order(taker, 4, 99, 1, TimeInForce::PostOnly)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.totals().trades, 0);
  EXPECT_EQ(desk.exchange.market().best_bid, 99_ticks);
  EXPECT_EQ(desk.exchange.market().best_ask, 100_ticks);
}

// dYdX v4: makers that fail their margin check are removed first, and then it may rest.
TEST(Exchange, PostOnlyRestsWhenOnlyAFailingMakerIsInTheWay) {
  Desk desk;
  const AccountId weak = desk.account(100_usd);
  const AccountId poster = desk.account(10'000_usd);
  desk.start();
  desk.run(order(weak, -9, 100));
  desk.index(130);
  EXPECT_EQ(desk.run(order(poster, 4, 100, 1, TimeInForce::PostOnly)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.market().best_bid, 100_ticks);
  EXPECT_EQ(desk.exchange.live_orders(weak), 0U);
}

TEST(Exchange, ReduceOnlyClosesAtMostThePosition) {
  Desk desk;
  const AccountId trader = desk.account(10'000_usd, 5, 100);
  const AccountId other = desk.account(10'000_usd, -5, 100);
  const AccountId bidder = desk.account(10'000_usd);
  desk.start();
  desk.run(order(bidder, 20, 99));
  EXPECT_EQ(desk.run(order(trader, 5, 120, 2, TimeInForce::Gtc, kReduce)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(order(trader, -9, 99, 3, TimeInForce::Ioc, kReduce)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(trader), Quantity::zero());
  EXPECT_EQ(desk.out.receipts[0].filled, -5_lots);
  EXPECT_EQ(desk.run(order(trader, -1, 99, 4, TimeInForce::Ioc, kReduce)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.position(other), -5_lots);
}

TEST(Exchange, RestingReduceOnlyOrderIsCutWhenItTrades) {
  Desk desk;
  const AccountId trader = desk.account(10'000_usd, 5, 100);
  desk.account(10'000_usd, -5, 100);
  const AccountId buyer = desk.account(10'000_usd);
  desk.start();
  desk.run(order(buyer, 3, 99));
  desk.run(order(trader, -5, 101, 1, TimeInForce::Gtc, kReduce));
  desk.run(order(trader, -3, 99, 2));  // sells three lots elsewhere: two are left to reduce
  EXPECT_EQ(desk.run(order(buyer, 5, 101, 2, TimeInForce::Ioc)), TxStatus::PartlyFilled);
  EXPECT_EQ(desk.exchange.position(trader), Quantity::zero());
  EXPECT_EQ(desk.exchange.position(buyer), 5_lots);
  EXPECT_EQ(desk.exchange.live_orders(trader), 0U);
}

TEST(Exchange, MarketOrderTakesAnyPriceAndNeverRests) {
  Desk desk;
  const AccountId maker = desk.account(100'000_usd);
  const AccountId taker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -2, 100, 1));
  desk.run(order(maker, -2, 140, 2));
  const Transaction market = order(taker, 6, 0, 1, TimeInForce::Gtc, Transaction::kMarket);
  EXPECT_EQ(desk.run(market), TxStatus::PartlyFilled);
  EXPECT_EQ(desk.exchange.position(taker), 4_lots);
  EXPECT_TRUE(desk.exchange.book().empty());
}

TEST(Exchange, CancelByTheClientsNumber) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  const AccountId other = desk.account(10'000_usd);
  desk.start();
  for (std::uint64_t i = 0; i < 5; ++i) desk.run(order(maker, 1, 90, i));
  desk.run(order(other, 1, 90, 3));
  EXPECT_EQ(desk.run(simple(maker, TxKind::CancelOrder, 0, 3)), TxStatus::Executed);
  EXPECT_EQ(desk.run(simple(maker, TxKind::CancelOrder, 0, 3)), TxStatus::Rejected);
  EXPECT_EQ(desk.exchange.live_orders(maker), 4U);
  EXPECT_EQ(desk.exchange.live_orders(other), 1U);  // same number, another account
  EXPECT_EQ(desk.run(simple(maker, TxKind::CancelAll, 0)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.live_orders(maker), 0U);
  EXPECT_EQ(desk.exchange.book().live(), 1U);
  desk.exchange.full_check();
}

TEST(Exchange, OrderWithTheNumberOfALiveOneReplacesIt) {
  Desk desk;
  const AccountId maker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, 4, 90, 1));
  desk.run(order(maker, 6, 91, 1));
  EXPECT_EQ(desk.exchange.live_orders(maker), 1U);
  EXPECT_EQ(desk.exchange.book().quantity_at(Side::Buy, 91_ticks), 6_lots);
}

TEST(Exchange, SenselessOrdersAreData) {
  Desk desk;
  const AccountId account = desk.account(10'000_usd);
  desk.start();
  const AccountId nobody{77};
  for (const Transaction& tx :
       {order(account, 0, 100), order(account, INT64_MIN, 100), order(account, INT64_MAX, 100),
        order(account, 1, 0), order(account, 1, -5), order(account, -1, INT64_MAX),
        order(nobody, 1, 100), simple(account, TxKind::Deposit, -5),
        simple(account, TxKind::Deposit, INT64_MAX), simple(account, TxKind::Withdraw, INT64_MIN),
        simple(nobody, TxKind::Withdraw, 5), simple(account, TxKind::Liquidate, 0, UINT64_MAX),
        simple(account, TxKind::Liquidate, 0, account.value),
        simple(account, TxKind::Deleverage, 0, 4'000'000'000ULL),
        simple(account, TxKind::OracleUpdate, 0, UINT64_MAX), oracle(INT64_MAX, Time::zero()),
        simple(account, TxKind::SettleFunding, 0)}) {
    EXPECT_EQ(desk.run(tx), TxStatus::Rejected);
  }
  EXPECT_EQ(desk.exchange.totals().user_quote, 10'000_usd);
  desk.exchange.full_check();
}

TEST(Exchange, OpenInterestRaisesTheInitialMarginOfTheTaker) {
  ExchangeParams params = small_params();
  params.open_interest_lower = 1'000_usd;
  params.open_interest_upper = 2'000_usd;
  Desk desk(params);
  const AccountId maker = desk.account(100'000_usd);
  const AccountId taker = desk.account(600_usd);
  desk.start();
  desk.run(order(maker, -20, 100));
  // 20 lots: open interest 2000, initial margin 100 % = 2000 > 600. 10 lots: 1000, still 10 %.
  EXPECT_EQ(desk.run(order(taker, 20, 100, 1, TimeInForce::Ioc)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(order(taker, 10, 100, 1, TimeInForce::Ioc)), TxStatus::Executed);
}

TEST(ExchangeParams, BadParametersNameTheirPath) {
  ExchangeParams params = small_params();
  params.maker_fee = Ratio{-600'000};
  EXPECT_THROW(params.check("x"), ScenarioError);
  params = small_params();
  params.initial_price = micros(1'500'000);
  EXPECT_THROW(params.check("x"), ScenarioError);
  params = small_params();
  params.taker_fee = Ratio{1};
  EXPECT_THROW(params.check("x"), ScenarioError);
  params.taker_fee = 101_percent;
  EXPECT_THROW(params.check("x"), ScenarioError);
  EXPECT_NO_THROW(small_params().check("x"));
}

}  // namespace
}  // namespace mezz

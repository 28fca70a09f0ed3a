// Orders of a block trade together. One lot times one tick is a dollar; taker fee 5 bp, maker 1 bp.
#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/execution/storm.h"

namespace mezz {
namespace {

constexpr std::uint8_t kReduce = Transaction::kReduceOnly;
constexpr std::uint8_t kMarket = Transaction::kMarket;

ExchangeParams batch_params(ExchangeParams params = small_params()) {
  params.matching = Matching::BatchAuction;
  return params;
}

struct BatchDesk : Desk {
  BatchDesk() : Desk(batch_params()) {
    for (AccountId* who : {&a, &b, &c}) *who = account(10'000_usd);
    poor = account(50_usd);
    start();
  }
  // Of the order with this number in the last block.
  Receipt receipt(AccountId owner, std::uint64_t number = 1) const {
    for (const Receipt& r : out.receipts) {
      if (r.account == owner && r.reference == number) return r;
    }
    ADD_FAILURE() << "no receipt";
    return {};
  }
  AccountId a, b, c, poor;
};

// 98 to 102 clears, the middle is 100: 10 lots are 1000 USD, and each side pays 0.50.
TEST(ExchangeBatch, TwoOrdersOfABlockTradeAtTheMiddleAndBothPayTheTakerFee) {
  BatchDesk d;
  d.block({order(d.a, 10, 102), order(d.b, -10, 98)});
  EXPECT_EQ(d.exchange.quote(d.a), micros(8'999'500'000));
  EXPECT_EQ(d.exchange.quote(d.b), micros(10'999'500'000));
  EXPECT_EQ(d.exchange.totals().fees, 1_usd);
  ASSERT_EQ(d.out.trades.size(), 1U);
  EXPECT_EQ(d.out.trades[0].price, 100_ticks);
  EXPECT_EQ(d.receipt(d.a).filled, 10_lots);
  EXPECT_EQ(d.receipt(d.b).filled, -10_lots);
  EXPECT_EQ(d.receipt(d.b).average, 100_ticks);
  EXPECT_EQ(d.receipt(d.b).status, TxStatus::Executed);
  EXPECT_TRUE(d.out.maker_fills.empty());
  EXPECT_EQ(d.exchange.last_trade(kMainInstrument), 100_ticks);
  d.exchange.full_check();
}

// The offer of an earlier block is a maker: 0.10. It sold at its limit because more is wanted.
TEST(ExchangeBatch, WhoRestedIsAMaker) {
  BatchDesk d;
  d.run(order(d.a, -10, 100, 7));
  d.block({order(d.b, 30, 100, 1, TimeInForce::Ioc)});
  EXPECT_EQ(d.exchange.quote(d.a), micros(10'999'900'000));
  EXPECT_EQ(d.exchange.quote(d.b), micros(8'999'500'000));
  ASSERT_EQ(d.out.maker_fills.size(), 1U);
  EXPECT_EQ(d.out.maker_fills[0].reference, 7U);
  EXPECT_EQ(d.out.maker_fills[0].filled, -10_lots);
  EXPECT_EQ(d.out.maker_fills[0].left, Quantity::zero());
  EXPECT_EQ(d.receipt(d.b).status, TxStatus::PartlyFilled);
  EXPECT_EQ(d.exchange.live_orders(d.a), 0U);
  d.exchange.full_check();
}

TEST(ExchangeBatch, PostOnlyIsAMakerAndNeverRefused) {
  BatchDesk d;
  d.block(
      {order(d.b, 4, 100, 1, TimeInForce::Ioc), order(d.a, -10, 100, 7, TimeInForce::PostOnly)});
  EXPECT_EQ(d.receipt(d.a, 7).status, TxStatus::Executed);
  EXPECT_EQ(d.receipt(d.a, 7).filled, Quantity::zero());
  ASSERT_EQ(d.out.maker_fills.size(), 1U);
  EXPECT_EQ(d.out.maker_fills[0].filled, -4_lots);
  EXPECT_EQ(d.out.maker_fills[0].left, 6_lots);
  EXPECT_EQ(d.exchange.totals().fees, micros(240'000));  // 400 USD: 0.20 and 0.04
  EXPECT_EQ(d.exchange.live_orders(d.a), 1U);
  d.exchange.full_check();
}

// The race that continuous books have: whoever comes first wins. Here both orders of arrival end
// the same: no trade, and the new quote stands.
TEST(ExchangeBatch, NobodyIsFasterThanACancelOrANewQuoteOfTheSameBlock) {
  for (const bool sniper_first : {true, false}) {
    BatchDesk d;
    d.block({order(d.a, -10, 100, 7), order(d.c, -10, 100, 8)});
    const Transaction snipe = order(d.b, 20, 108, 1, TimeInForce::Ioc);
    const Transaction quote = order(d.a, -10, 110, 7);
    const Transaction cancel = simple(d.c, TxKind::CancelOrder, 0, 8);
    d.block(sniper_first ? std::vector{snipe, quote, cancel} : std::vector{quote, cancel, snipe});
    EXPECT_TRUE(d.out.trades.empty());
    EXPECT_EQ(d.receipt(d.b).status, TxStatus::Rejected);
    EXPECT_EQ(d.exchange.book().best(Side::Sell), 110_ticks);
    EXPECT_EQ(d.exchange.book().live(), 1U);
    d.exchange.full_check();
  }
}

TEST(ExchangeBatch, AWaitingOrderIsTakenBackByCancelReplacementAndCancelAll) {
  BatchDesk d;
  EXPECT_EQ(d.block({order(d.a, 5, 100, 3), simple(d.a, TxKind::CancelOrder, 0, 3),
                     order(d.b, 5, 99, 4), order(d.b, 7, 98, 4), order(d.c, 5, 97, 5),
                     simple(d.c, TxKind::CancelAll, 0), order(d.c, 1, 96, 6)}),
            std::vector<TxStatus>(7, TxStatus::Executed));
  EXPECT_EQ(d.out.receipts.size(), 7U);  // every transaction has exactly one
  EXPECT_EQ(d.exchange.live_orders(d.a), 0U);
  EXPECT_EQ(d.exchange.book().quantity_at(Side::Buy, 98_ticks), 7_lots);
  EXPECT_EQ(d.exchange.book().quantity_at(Side::Buy, 99_ticks), Quantity::zero());
  EXPECT_EQ(d.exchange.book().quantity_at(Side::Buy, 96_ticks), 1_lots);
  EXPECT_EQ(d.exchange.book().live(), 2U);
  d.exchange.full_check();
}

// 10 lots need 100 USD and a fee. Without the poor bid 99 to 101 clears: 100, not 103.
TEST(ExchangeBatch, AnOrderWithoutMarginLeavesAndHasNoSayInThePrice) {
  BatchDesk d;
  d.block({order(d.poor, 10, 105), order(d.a, 10, 101), order(d.b, -10, 99)});
  EXPECT_EQ(d.receipt(d.poor).status, TxStatus::Rejected);
  EXPECT_EQ(d.receipt(d.a).filled, 10_lots);
  EXPECT_EQ(d.receipt(d.a).average, 100_ticks);
  EXPECT_EQ(d.exchange.position(d.poor), Quantity::zero());
  EXPECT_EQ(d.exchange.live_orders(d.poor), 0U);
  d.exchange.full_check();
}

// 4 lots need 40 USD of the 50; both orders together 80. The newer one goes.
TEST(ExchangeBatch, MarginIsThatOfAllThatAnAccountWouldTrade) {
  BatchDesk d;
  d.block({order(d.poor, 4, 100, 1), order(d.poor, 4, 100, 2), order(d.b, -8, 100)});
  EXPECT_EQ(d.exchange.position(d.poor), 4_lots);
  EXPECT_EQ(d.receipt(d.poor, 1).status, TxStatus::Executed);
  EXPECT_EQ(d.receipt(d.poor, 2).status, TxStatus::Rejected);
  EXPECT_EQ(d.exchange.book().quantity_at(Side::Sell, 100_ticks), 4_lots);
  d.exchange.full_check();
}

TEST(ExchangeBatch, FillOrKillLeavesWhenItWouldNotFillWhole) {
  BatchDesk d;
  d.block({order(d.a, 10, 105, 1, TimeInForce::Fok), order(d.b, -6, 99), order(d.c, 6, 101)});
  EXPECT_EQ(d.receipt(d.a).status, TxStatus::Rejected);
  EXPECT_EQ(d.receipt(d.c).filled, 6_lots);
  EXPECT_EQ(d.receipt(d.c).average, 100_ticks);
  d.block({order(d.a, 10, 105, 1, TimeInForce::Fok), order(d.b, -10, 99)});
  EXPECT_EQ(d.receipt(d.a).filled, 10_lots);
  EXPECT_EQ(d.receipt(d.a).status, TxStatus::Executed);
}

TEST(ExchangeBatch, OfTwoOwnOrdersThatCrossTheNewerStays) {
  BatchDesk d;
  d.run(order(d.a, -5, 100, 1));
  d.block({order(d.a, 5, 101, 2), order(d.a, -5, 101, 3), order(d.a, -3, 102, 4)});
  EXPECT_TRUE(d.out.trades.empty());
  ASSERT_EQ(d.out.maker_fills.size(), 1U);  // the resting one is gone
  EXPECT_EQ(d.out.maker_fills[0].reference, 1U);
  EXPECT_EQ(d.receipt(d.a, 2).status, TxStatus::Rejected);
  EXPECT_EQ(d.exchange.live_orders(d.a), 2U);
  d.exchange.full_check();
}

// Long 10. Two reduce-only sells of 8 close 8 and 2, and what is cut does not rest.
TEST(ExchangeBatch, ReduceOnlyOrdersCloseTogetherWhatIsHeld) {
  BatchDesk d;
  d.block({order(d.a, 10, 100), order(d.b, -10, 100)});
  d.block({order(d.a, -8, 99, 1, TimeInForce::Gtc, kReduce),
           order(d.a, -8, 99, 2, TimeInForce::Gtc, kReduce), order(d.c, 16, 101)});
  EXPECT_EQ(d.exchange.position(d.a), Quantity::zero());
  EXPECT_EQ(d.receipt(d.a, 1).filled, -8_lots);
  EXPECT_EQ(d.receipt(d.a, 2).filled, -2_lots);
  EXPECT_EQ(d.exchange.live_orders(d.a), 0U);
  EXPECT_EQ(d.exchange.book().quantity_at(Side::Buy, 101_ticks), 6_lots);
  EXPECT_EQ(d.run(order(d.a, -1, 99, 3, TimeInForce::Gtc, kReduce)), TxStatus::Rejected);
  d.exchange.full_check();
}

// The bid of the second block waits until both of the first are served.
TEST(ExchangeBatch, EarlierBlocksAreServedFirst) {
  BatchDesk d;
  d.block({order(d.a, 6, 100), order(d.b, 6, 100)});
  d.block({order(d.poor, 3, 100)});
  d.block({order(d.c, -12, 100, 2, TimeInForce::Ioc)});
  EXPECT_EQ(d.exchange.position(d.a), 6_lots);
  EXPECT_EQ(d.exchange.position(d.b), 6_lots);
  EXPECT_EQ(d.exchange.position(d.poor), Quantity::zero());
  EXPECT_EQ(d.exchange.live_orders(d.poor), 1U);
}

// Two bids of one block are equals, whoever was named first: 3 and 3 of 6.
TEST(ExchangeBatch, BidsOfOneBlockShareALaterSale) {
  BatchDesk d;
  d.block({order(d.a, 6, 100), order(d.b, 6, 100)});
  d.block({order(d.c, -6, 100, 2, TimeInForce::Ioc)});
  EXPECT_EQ(d.exchange.position(d.a), 3_lots);
  EXPECT_EQ(d.exchange.position(d.b), 3_lots);
}

// At any price: a market order meets the best bid, 99, although the index is 100.
TEST(ExchangeBatch, MarketOrdersTakeWhatIsThere) {
  BatchDesk d;
  d.run(order(d.a, 8, 99));
  d.block({order(d.b, -5, 0, 1, TimeInForce::Ioc, kMarket)});
  EXPECT_EQ(d.receipt(d.b).average, 99_ticks);
  EXPECT_EQ(d.receipt(d.b).filled, -5_lots);
  d.block({order(d.b, -5, 0, 1, TimeInForce::Ioc, kMarket)});
  EXPECT_EQ(d.receipt(d.b).status, TxStatus::PartlyFilled);
  EXPECT_EQ(d.receipt(d.b).filled, -3_lots);
}

TEST(ExchangeBatch, ContinuousMatchingLeavesNothingWaiting) {
  Desk desk;
  const AccountId a = desk.account(1'000_usd);
  desk.start();
  EXPECT_EQ(desk.run(order(a, 1, 100)), TxStatus::Executed);
  EXPECT_EQ(desk.out.receipts.size(), 1U);
}

TEST(ExchangeBatch, IsolatedMarginIsRefused) {
  ExchangeParams params = batch_params();
  EXPECT_NO_THROW(params.check("market"));
  params.margin_mode = MarginMode::Isolated;
  try {
    params.check("market");
    ADD_FAILURE() << "should be refused";
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find("market.margin_mode"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("batch_auction"), std::string::npos);
  }
}

// ---- properties --------------------------------------------------------------------------------

TEST(ExchangeBatchStorm, ConservesMoneyAndPositionsAndAnswersEveryTransactionOnce) {
  Storm storm(21, batch_params(Storm::storm_params()));
  std::uint64_t trades = 0;
  for (int i = 0; i < 400; ++i) {
    const std::vector<Transaction> batch = storm.next_block();
    storm.desk.block(batch);
    const Exchange& exchange = storm.desk.exchange;
    ASSERT_EQ(exchange.totals().residual, Money::zero());
    std::vector<int> answers(batch.size());
    for (const Receipt& r : storm.desk.out.receipts) ++answers[r.transaction.value];
    for (std::size_t k = 0; k < batch.size(); ++k) {
      ASSERT_EQ(answers[k], batch[k].kind == TxKind::SettleFunding ? 0 : 1);
    }
    Quantity sum;
    for (std::uint32_t k = 0; k < exchange.accounts(); ++k) sum += exchange.position({k});
    ASSERT_EQ(sum, Quantity::zero());
    if (i % 16 == 0) exchange.full_check();
    trades += storm.desk.out.trades.size();
  }
  EXPECT_GT(trades, 1'000U);
  EXPECT_GT(storm.desk.exchange.totals().liquidations, 20);
}

// Without liquidations, which do not wait: one price per block, and no book is crossed.
TEST(ExchangeBatchStorm, ABlockHasOnePrice) {
  Storm storm(22, batch_params(Storm::storm_params()));
  int blocks = 0;
  for (int i = 0; i < 300; ++i) {
    std::vector<Transaction> batch = storm.next_block();
    std::erase_if(batch, [](const Transaction& tx) {
      return tx.kind == TxKind::Liquidate || tx.kind == TxKind::Deleverage;
    });
    storm.desk.block(batch);
    const std::vector<TradeEvent>& trades = storm.desk.out.trades;
    for (const TradeEvent& trade : trades) ASSERT_EQ(trade.price, trades.front().price);
    blocks += trades.size() > 1 ? 1 : 0;
    const OrderBook& book = storm.desk.exchange.book();
    if (book.has(Side::Buy) && book.has(Side::Sell)) {
      ASSERT_LT(book.best(Side::Buy), book.best(Side::Sell));
    }
  }
  EXPECT_GT(blocks, 50);
}

TEST(ExchangeBatchStorm, SavedStateLoadsAndGoesOnTheSame) {
  const ExchangeParams params = batch_params(Storm::storm_params());
  Storm storm(23, params);
  for (int i = 0; i < 60; ++i) storm.desk.block(storm.next_block());
  const std::vector<std::byte> bytes = bytes_of(storm.desk.exchange);
  Desk loaded(params);
  loaded.now = storm.desk.now;
  loaded.block_time = storm.desk.block_time;
  Loader loader(bytes.data(), bytes.size());
  loader.value(loaded.exchange);
  ASSERT_FALSE(loader.failed());
  for (int i = 0; i < 40; ++i) {
    const std::vector<Transaction> batch = storm.next_block();
    storm.desk.block(batch);
    loaded.block(batch);
    ASSERT_EQ(loaded.exchange.root(), storm.desk.exchange.root());
  }
}

}  // namespace
}  // namespace mezz

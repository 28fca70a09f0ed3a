#include "models/market/order_book.h"

#include <gtest/gtest.h>

#include "models/market/text.h"
#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr AccountId kAnn{1};
constexpr AccountId kBob{2};

TEST(OrderBook, ImmediateOrCancelTakesBestAndDropsRest) {
  OrderBook book = book_from(
      "4 @ 1550 |        \n"
      "         | 1600 @ 7");
  const Placement placed = book.place(
      {.side = Side::Buy, .price = 1700_ticks, .quantity = 9_lots, .tif = TimeInForce::Ioc});
  EXPECT_EQ(to_text(book), "4 @ 1550 |        \n");
  EXPECT_EQ(placed.status, OrderStatus::RestCancelled);
  EXPECT_EQ(placed.traded, 7_lots);
  EXPECT_FALSE(placed.id.exists());
}

TEST(OrderBook, RestOfALimitOrderJoinsTheBook) {
  OrderBook book = book_from("         | 1600 @ 7");
  const Placement placed = book.place({.side = Side::Buy, .price = 1600_ticks, .quantity = 9_lots});
  EXPECT_EQ(to_text(book), "2 @ 1600 |        \n");
  EXPECT_EQ(placed.status, OrderStatus::Resting);
  EXPECT_EQ(placed.resting, 2_lots);
  EXPECT_EQ(book.find(placed.id).quantity, 2_lots);
}

TEST(OrderBook, BetterPriceFirstThenEarlierFirstAtTheMakersPrice) {
  OrderBook book;
  const OrderId late = book.place({.side = Side::Sell, .price = 11_ticks, .quantity = 1_lot}).id;
  const OrderId first = book.place({.side = Side::Sell, .price = 10_ticks, .quantity = 2_lots}).id;
  const OrderId second = book.place({.side = Side::Sell, .price = 10_ticks, .quantity = 3_lots}).id;
  std::vector<Fill> fills;
  book.place({.side = Side::Buy, .price = 20_ticks, .quantity = 6_lots}, fills);
  ASSERT_EQ(fills.size(), 3u);
  EXPECT_EQ(fills[0].maker, first);
  EXPECT_EQ(fills[1].maker, second);
  EXPECT_EQ(fills[2].maker, late);
  EXPECT_EQ(fills[0].price, 10_ticks);
  EXPECT_EQ(fills[2].price, 11_ticks);
  EXPECT_TRUE(book.empty());
}

TEST(OrderBook, PartlyFilledMakerKeepsItsPlace) {
  OrderBook book = book_from(
      "5 @ 10 |\n"
      "7 @ 10 |\n");
  book.place({.side = Side::Sell, .price = 10_ticks, .quantity = 2_lots});
  EXPECT_EQ(to_text(book),
            "3 @ 10 |      \n"
            "7 @ 10 |      \n");
}

TEST(OrderBook, PostOnlyThatWouldTradeChangesNothing) {
  OrderBook book = book_from("5 @ 40 |");
  const Placement placed = book.place(
      {.side = Side::Sell, .price = 15_ticks, .quantity = 10_lots, .tif = TimeInForce::PostOnly});
  EXPECT_EQ(placed.status, OrderStatus::PostOnlyWouldCross);
  EXPECT_EQ(to_text(book), "5 @ 40 |      \n");
}

TEST(OrderBook, PostOnlyThatDoesNotCrossRests) {
  OrderBook book = book_from("5 @ 40 |");
  book.place(
      {.side = Side::Sell, .price = 41_ticks, .quantity = 10_lots, .tif = TimeInForce::PostOnly});
  EXPECT_EQ(to_text(book),
            "5 @ 40  |       \n"
            "        | 41 @ 10\n");
}

TEST(OrderBook, FillOrKillFillsWhollyOrNotAtAll) {
  OrderBook book = book_from(
      "      | 10 @ 3\n"
      "      | 11 @ 4\n");
  const NewOrder seven{
      .side = Side::Buy, .price = 11_ticks, .quantity = 7_lots, .tif = TimeInForce::Fok};
  NewOrder eight = seven;
  eight.quantity = 8_lots;
  EXPECT_EQ(book.place(eight).status, OrderStatus::FokWouldNotFill);
  EXPECT_EQ(book.live(), 2u);
  EXPECT_EQ(book.place(seven).status, OrderStatus::Filled);
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.place(seven).status, OrderStatus::FokWouldNotFill);
}

TEST(OrderBook, FillOrKillDoesNotCountOnesOwnOrders) {
  OrderBook book;
  book.place({.account = kAnn, .side = Side::Sell, .price = 10_ticks, .quantity = 5_lots});
  book.place({.account = kBob, .side = Side::Sell, .price = 10_ticks, .quantity = 5_lots});
  const Placement placed = book.place({.account = kAnn,
                                       .side = Side::Buy,
                                       .price = 10_ticks,
                                       .quantity = 6_lots,
                                       .tif = TimeInForce::Fok});
  EXPECT_EQ(placed.status, OrderStatus::FokWouldNotFill);
  EXPECT_EQ(book.live(), 2u);
}

// dYdX v4 memclob test "Continues matching if two orders from the same subaccount overlap".
TEST(OrderBook, SelfCrossCancelsTheRestingOrderAndGoesOn) {
  OrderBook book;
  book.place({.account = kAnn, .side = Side::Sell, .price = 15_ticks, .quantity = 10_lots});
  book.place({.account = kBob, .side = Side::Sell, .price = 15_ticks, .quantity = 10_lots});
  std::vector<Fill> fills;
  const Placement placed = book.place(
      {.account = kAnn, .side = Side::Buy, .price = 99_ticks, .quantity = 35_lots}, fills);
  ASSERT_EQ(fills.size(), 2u);
  EXPECT_EQ(fills[0].kind, FillKind::SelfCross);
  EXPECT_EQ(fills[0].maker_account, kAnn);
  EXPECT_EQ(fills[1].kind, FillKind::Trade);
  EXPECT_EQ(fills[1].maker_account, kBob);
  EXPECT_EQ(placed.traded, 10_lots);
  EXPECT_EQ(to_text(book), "25 @ 99 |       \n");
}

TEST(OrderBook, ReduceOnlyTradesAtMostThePosition) {
  OrderBook book = book_from("      | 10 @ 9");
  const NewOrder reduce{
      .side = Side::Buy, .price = 10_ticks, .quantity = 8_lots, .max_quantity = 3_lots};
  EXPECT_EQ(book.place(reduce).traded, 3_lots);
  EXPECT_EQ(to_text(book), "       | 10 @ 6\n");
  NewOrder nothing = reduce;
  nothing.max_quantity = 0_lots;
  EXPECT_EQ(book.place(nothing).status, OrderStatus::NothingToReduce);
}

TEST(OrderBook, StaleHandleDoesNotCancelTheNextOrderInTheSlot) {
  OrderBook book;
  const NewOrder order{.side = Side::Buy, .price = 10_ticks, .quantity = 4_lots};
  const OrderId old = book.place(order).id;
  EXPECT_EQ(book.cancel(old), 4_lots);
  EXPECT_EQ(book.cancel(old), 0_lots);
  const OrderId fresh = book.place(order).id;
  EXPECT_NE(fresh, old);
  EXPECT_EQ(book.cancel(old), 0_lots);
  EXPECT_FALSE(book.find(old).id.exists());
  EXPECT_EQ(book.cancel(fresh), 4_lots);
  EXPECT_EQ(book.cancel(OrderId::none()), 0_lots);
}

TEST(OrderBook, ShrinkingKeepsPriorityAndNeverGrows) {
  OrderBook book;
  const OrderId id = book.place({.side = Side::Buy, .price = 10_ticks, .quantity = 9_lots}).id;
  book.place({.side = Side::Buy, .price = 10_ticks, .quantity = 1_lot});
  EXPECT_TRUE(book.shrink(id, 2_lots));
  EXPECT_FALSE(book.shrink(id, 3_lots));
  EXPECT_EQ(book.front(Side::Buy).id, id);
  EXPECT_EQ(book.quantity_at(Side::Buy, 10_ticks), 3_lots);
}

TEST(OrderBook, StepwiseMatchingGivesTheSameFills) {
  OrderBook book = book_from(
      "      | 10 @ 3\n"
      "      | 11 @ 4\n");
  const Fill a = book.take_front(Side::Sell, 3_lots);
  const Fill b = book.take_front(Side::Sell, 1_lot);
  EXPECT_EQ(a.price, 10_ticks);
  EXPECT_EQ(a.maker_left, 0_lots);
  EXPECT_EQ(b.price, 11_ticks);
  EXPECT_EQ(to_text(book), "       | 11 @ 3\n");
  EXPECT_FALSE(book.front(Side::Buy).id.exists());
}

TEST(OrderBook, CopyIsAStateToReturnTo) {
  OrderBook book = book_from("5 @ 10 |");
  const OrderBook saved = book;
  book.place({.side = Side::Sell, .price = 10_ticks, .quantity = 5_lots});
  EXPECT_TRUE(book.empty());
  book = saved;
  EXPECT_EQ(to_text(book), "5 @ 10 |      \n");
  book.full_check();
}

// The window holds 4096 ticks; nothing may depend on it.
TEST(OrderBook, PricesFarApartAreStillInPriority) {
  OrderBook book;
  for (const std::int64_t tick : {500'000, 3, 90'000'000, 499'000, 505'000}) {
    book.place({.side = Side::Sell, .price = {tick}, .quantity = 1_lot});
  }
  std::vector<Fill> fills;
  book.place({.side = Side::Buy, .price = {100'000'000}, .quantity = 5_lots}, fills);
  std::vector<std::int64_t> ticks;
  for (const Fill& f : fills) ticks.push_back(f.price.ticks);
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{3, 499'000, 500'000, 505'000, 90'000'000}));
  book.full_check();
}

TEST(OrderBook, WindowFollowsAMarketThatDriftsAway) {
  OrderBook book;
  std::vector<OrderId> ids;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const std::int64_t mid = 10'000 + i * 3;
    ids.push_back(book.place({.side = Side::Buy, .price = {mid - 1}, .quantity = 2_lots}).id);
    ids.push_back(book.place({.side = Side::Sell, .price = {mid + 5'000}, .quantity = 1_lot}).id);
    if (i % 997 == 0) book.full_check();
    ASSERT_EQ(book.best(Side::Buy), Price{mid - 1});
  }
  for (const OrderId id : ids) book.cancel(id);
  EXPECT_TRUE(book.empty());
  book.full_check();
}

TEST(OrderBook, RestingAcrossTheOtherSideIsOurBug) {
  OrderBook book = book_from("5 @ 10 |");
  EXPECT_THROW(book.rest({.side = Side::Sell, .price = 10_ticks, .quantity = 1_lot}),
               AssertionFailure);
  EXPECT_THROW(book.place({.side = Side::Sell, .price = 10_ticks, .quantity = 0_lots}),
               AssertionFailure);
}

TEST(OrderBook, DepthListsLevelsBestFirst) {
  const OrderBook book = book_from(
      "5 @ 10 | 12 @ 1\n"
      "7 @ 10 | 13 @ 2\n"
      "1 @ 9  |\n");
  const auto bids = book.depth(Side::Buy);
  ASSERT_EQ(bids.size(), 2u);
  EXPECT_EQ(bids[0].price, 10_ticks);
  EXPECT_EQ(bids[0].quantity, 12_lots);
  EXPECT_EQ(book.depth(Side::Sell, 1).size(), 1u);
}

}  // namespace
}  // namespace mezz

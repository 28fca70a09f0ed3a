// Clearing prices and shares worked out by hand, in the comments; the rule is in the header.
#include "models/market/batch_auction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "sim/check/error.h"
#include "tests/models/market/workload_b1.h"

namespace mezz::batch_auction {
namespace {

constexpr Price kReference{100};

Order buy(std::int64_t lots, std::int64_t limit, std::uint64_t batch = 1) {
  return {.side = Side::Buy, .limit = {limit}, .quantity = {lots}, .batch = batch};
}
Order sell(std::int64_t lots, std::int64_t limit, std::uint64_t batch = 1) {
  return {.side = Side::Sell, .limit = {limit}, .quantity = {lots}, .batch = batch};
}
Order at_any(Order order) {
  order.pricing = Pricing::Any;
  return order;
}

std::vector<std::int64_t> lots_of(const Clearing& clearing) {
  std::vector<std::int64_t> out;
  for (const Quantity filled : clearing.filled) out.push_back(filled.lots);
  return out;
}
using Lots = std::vector<std::int64_t>;

// Demand 5 down to 102, supply 5 from 98 on: every price from 98 to 102 clears; the middle.
TEST(BatchAuction, TwoEqualOrdersTradeInTheMiddleOfTheirLimits) {
  const Clearing c = clear(std::vector{buy(5, 102), sell(5, 98)}, kReference);
  EXPECT_EQ(c.price, Price{100});
  EXPECT_EQ(lots_of(c), (Lots{5, 5}));
}

// 98 to 101: the middle, 99.5, rounded down.
TEST(BatchAuction, TheMiddleIsRoundedDown) {
  EXPECT_EQ(clear(std::vector{buy(5, 101), sell(5, 98)}, kReference).price, Price{99});
}

TEST(BatchAuction, NothingTradesWhereNobodyCrosses) {
  const Clearing c = clear(std::vector{buy(5, 99), sell(5, 101)}, kReference);
  EXPECT_EQ(c.volume, Quantity::zero());
  EXPECT_EQ(lots_of(c), (Lots{0, 0}));
  EXPECT_EQ(clear({}, kReference).volume, Quantity::zero());
}

// price   D   S   traded
//   100   9  12     9
//    99  12  12    12   nobody is left over
//    98  12   7     7
TEST(BatchAuction, ThePriceThatTradesMostWins) {
  const Clearing c = clear(
      std::vector{buy(4, 103), buy(5, 101), buy(3, 99), sell(7, 97), sell(5, 99)}, kReference);
  EXPECT_EQ(c.price, Price{99});
  EXPECT_EQ(c.volume, Quantity{12});
  EXPECT_EQ(lots_of(c), (Lots{4, 5, 3, 7, 5}));
}

// At 100 buyers want 10 and sellers have 5; at 101 buyers want 5 and sellers have 6. Both clear and
// trade 5; the surplus is 5 and 1.
TEST(BatchAuction, TheLeastSurplusDecidesAmongPricesThatTradeTheSame) {
  const Clearing c =
      clear(std::vector{buy(5, 101), buy(5, 100), sell(5, 99), sell(1, 101)}, kReference);
  EXPECT_EQ(c.price, Price{101});
  EXPECT_EQ(lots_of(c), (Lots{5, 0, 5, 0}));
}

// One seller of 5 among bids for 10 at 100: below 100 more is wanted than sold, so 100 it is, not
// the middle of all prices at which the seller would sell.
TEST(BatchAuction, TheSideThatWantsMorePaysItsLimit) {
  EXPECT_EQ(clear(std::vector{buy(10, 100), sell(5, 90)}, kReference).price, Price{100});
  EXPECT_EQ(clear(std::vector{buy(5, 110), sell(10, 100)}, kReference).price, Price{100});
}

// A maker's stale offer of 5 at 100, two who know that it is worth 110: they compete, and 110, not
// 100, is what they pay (Budish, Cramton, Shim: competition on price instead of speed).
TEST(BatchAuction, TwoSnipersBidAwayTheProfit) {
  const Clearing c =
      clear(std::vector{sell(5, 100, 1), buy(5, 110, 2), buy(5, 110, 2)}, kReference);
  EXPECT_EQ(c.price, Price{110});
  EXPECT_EQ(lots_of(c), (Lots{5, 3, 2}));
}

// 10 lots for bids of 6, 3 and 6 at the price: 4, 2 and 4 exactly.
TEST(BatchAuction, TheMarginIsSharedInProportion) {
  const Clearing c =
      clear(std::vector{buy(6, 100), buy(3, 100), buy(6, 100), sell(10, 99)}, kReference);
  EXPECT_EQ(c.price, Price{100});
  EXPECT_EQ(lots_of(c), (Lots{4, 2, 4, 10}));
}

// 7 lots for 2, 3 and 5: 1.4, 2.1 and 3.5. Whole lots 1, 2 and 3; the one left goes to the 0.5.
TEST(BatchAuction, WholeLotsGoToTheLargestRemainder) {
  const Clearing c =
      clear(std::vector{buy(2, 100), buy(3, 100), buy(5, 100), sell(7, 99)}, kReference);
  EXPECT_EQ(lots_of(c), (Lots{1, 2, 4, 7}));
}

// 1 lot for two bids of 1: equal remainders, the first named.
TEST(BatchAuction, EqualRemaindersGoToTheFirstNamed) {
  EXPECT_EQ(lots_of(clear(std::vector{buy(1, 100), buy(1, 100), sell(1, 99)}, kReference)),
            (Lots{1, 0, 1}));
}

// The bid of batch 1 is served first, the two of batch 2 share the 4 left, whoever is named first.
TEST(BatchAuction, EarlierBatchesComeFirstAtTheMargin) {
  const Clearing c = clear(
      std::vector{buy(4, 100, 2), buy(4, 100, 2), buy(6, 100, 1), sell(10, 99, 2)}, kReference);
  EXPECT_EQ(lots_of(c), (Lots{2, 2, 6, 10}));
}

// A better price comes before an earlier batch.
TEST(BatchAuction, ABetterPriceComesBeforeAnEarlierBatch) {
  EXPECT_EQ(lots_of(clear(std::vector{buy(5, 100, 1), buy(5, 101, 2), sell(6, 99)}, kReference)),
            (Lots{1, 5, 6}));
}

// Alone among themselves, orders without a price trade at the reference.
TEST(BatchAuction, OrdersWithoutAPriceTradeAtTheReference) {
  const Clearing c = clear(std::vector{at_any(buy(5, 0)), at_any(sell(3, 0))}, kReference);
  EXPECT_EQ(c.price, kReference);
  EXPECT_EQ(lots_of(c), (Lots{3, 3}));
}

// They never pay more than the worst priced order they need: 5 of the offers at 102 and 104.
TEST(BatchAuction, AnOrderWithoutAPriceTakesTheBestOffers) {
  const Clearing c = clear(std::vector{at_any(buy(5, 0)), sell(8, 102), sell(8, 104)}, kReference);
  EXPECT_EQ(c.price, Price{102});
  EXPECT_EQ(lots_of(c), (Lots{5, 5, 0}));
}

// 9 wanted at any price, 6 offered: 6 in proportion to 6 and 3, none for the bid at 200; the price
// is the highest of all limits.
TEST(BatchAuction, OrdersWithoutAPriceGoBeforeAllOthersAndAreRationedToo) {
  const Clearing c = clear(
      std::vector{at_any(buy(6, 0)), at_any(buy(3, 0)), buy(5, 200), sell(6, 100)}, kReference);
  EXPECT_EQ(c.price, Price{200});
  EXPECT_EQ(lots_of(c), (Lots{4, 2, 0, 6}));
}

TEST(BatchAuction, BuyersAndSellersAtAnyPriceMeetBetweenTheQuotes) {
  const Clearing c =
      clear(std::vector{buy(9, 98, 0), sell(9, 102, 0), at_any(buy(5, 0)), at_any(sell(5, 0))},
            kReference);
  EXPECT_EQ(c.price, Price{100});
  EXPECT_EQ(lots_of(c), (Lots{0, 0, 5, 5}));
}

TEST(BatchAuction, SumsBeyondSixtyFourBitsAreNoProblem) {
  const std::int64_t most = INT64_MAX;
  const Clearing c = clear(std::vector{buy(most, 101), buy(most, 101), sell(most, 99)}, kReference);
  EXPECT_EQ(c.volume, Quantity{most});
  EXPECT_EQ(c.filled[0].lots + c.filled[1].lots, most);
}

TEST(BatchAuction, AnOrderOfNoLotsIsOurBug) {
  EXPECT_THROW((void)clear(std::vector{buy(0, 100), sell(1, 99)}, kReference), AssertionFailure);
  EXPECT_THROW((void)clear(std::vector{buy(-2, 100), sell(1, 99)}, kReference), AssertionFailure);
}

// ---- properties of random batches ---------------------------------------------------------------

struct Tick {
  Int128 demand = 0;
  Int128 supply = 0;
  [[nodiscard]] Int128 volume() const { return std::min(demand, supply); }
  [[nodiscard]] Int128 surplus() const {
    return demand > supply ? demand - supply : supply - demand;
  }
};

// By the definition, tick by tick.
Tick tick_of(const std::vector<Order>& orders, std::int64_t price) {
  Tick tick;
  for (const Order& o : orders) {
    if (o.side == Side::Buy && o.limit.ticks >= price) tick.demand += o.quantity.lots;
    if (o.side == Side::Sell && o.limit.ticks <= price) tick.supply += o.quantity.lots;
  }
  return tick;
}

std::vector<Order> random_batch(test::SplitMix64& random) {
  std::vector<Order> orders;
  const std::uint64_t count = 1 + random.below(12);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto lots = 1 + static_cast<std::int64_t>(random.below(9));
    const auto limit = 90 + static_cast<std::int64_t>(random.below(21));
    const std::uint64_t batch = random.below(3);
    orders.push_back(random.top_bit() ? buy(lots, limit, batch) : sell(lots, limit, batch));
  }
  return orders;
}

void expect_clears(const std::vector<Order>& orders, const Clearing& c) {
  Int128 most = 0;
  for (std::int64_t p = 89; p <= 111; ++p) most = std::max(most, tick_of(orders, p).volume());
  ASSERT_TRUE(c.volume.lots == most);
  Int128 bought = 0;
  Int128 sold = 0;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const Order& o = orders[i];
    const std::int64_t filled = c.filled[i].lots;
    ASSERT_GE(filled, 0);
    ASSERT_LE(filled, o.quantity.lots);
    (o.side == Side::Buy ? bought : sold) += filled;
    const std::int64_t better =
        o.side == Side::Buy ? o.limit.ticks - c.price.ticks : c.price.ticks - o.limit.ticks;
    ASSERT_TRUE(filled == 0 || better >= 0) << "beyond the limit";
    ASSERT_TRUE(most == 0 || better <= 0 || filled == o.quantity.lots) << "left out";
  }
  ASSERT_TRUE(bought == most);
  ASSERT_TRUE(sold == most);
}

// Of the prices that leave out nobody who offers better, as a slow search finds them.
void expect_least_surplus_and_middle(const std::vector<Order>& orders, const Clearing& c) {
  std::vector<std::int64_t> best;
  Int128 least = -1;
  for (std::int64_t p = 90; p <= 110; ++p) {
    const Tick tick = tick_of(orders, p);
    const bool clears = tick_of(orders, p + 1).demand <= tick.supply &&
                        tick_of(orders, p - 1).supply <= tick.demand;
    if (!clears || (least >= 0 && tick.surplus() > least)) continue;
    if (least < 0 || tick.surplus() < least) best.clear();
    least = tick.surplus();
    best.push_back(p);
  }
  ASSERT_FALSE(best.empty());
  ASSERT_EQ(best.back() - best.front() + 1, static_cast<std::int64_t>(best.size()));
  ASSERT_EQ(c.price.ticks, (best.front() + best.back()) / 2);
}

TEST(BatchAuctionProperty, RandomBatchesClearAsTheDefinitionSays) {
  test::SplitMix64 random{7};
  int traded = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::vector<Order> orders = random_batch(random);
    const Clearing c = clear(orders, kReference);
    expect_clears(orders, c);
    if (c.volume == Quantity::zero()) continue;
    ++traded;
    expect_least_surplus_and_middle(orders, c);
    if (testing::Test::HasFatalFailure()) FAIL() << "batch " << i;
  }
  EXPECT_GT(traded, 10'000);
}

// Who came first inside a batch must not matter for the price, nor, but for one lot of rounding,
// for what an order gets.
TEST(BatchAuctionProperty, TheOrderOfArrivalInABatchChangesNothingButRounding) {
  test::SplitMix64 random{11};
  for (int i = 0; i < 2'000; ++i) {
    std::vector<Order> orders = random_batch(random);
    for (Order& order : orders) order.batch = 1;
    const Clearing forward = clear(orders, kReference);
    std::reverse(orders.begin(), orders.end());
    const Clearing backward = clear(orders, kReference);
    ASSERT_EQ(forward.volume, backward.volume);
    if (forward.volume == Quantity::zero()) continue;
    ASSERT_EQ(forward.price, backward.price);
    for (std::size_t k = 0; k < orders.size(); ++k) {
      ASSERT_LE(std::abs(forward.filled[k].lots - backward.filled[orders.size() - 1 - k].lots), 1);
    }
  }
}

}  // namespace
}  // namespace mezz::batch_auction

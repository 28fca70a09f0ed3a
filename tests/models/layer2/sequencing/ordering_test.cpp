#include "models/layer2/sequencing/ordering.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/layer2/sequencing/lane_auction.h"

namespace mezz {
namespace {

constexpr GasPrice kFloor{1'000'000};  // 0.001 gwei

TEST(Ordering, EightLevelsDoubleTheTip) {
  EXPECT_EQ(ordering::tip_of(0, kFloor).wei_per_gas, 0);
  EXPECT_EQ(ordering::tip_of(1, kFloor).wei_per_gas, 1'000'000);
  EXPECT_EQ(ordering::tip_of(2, kFloor).wei_per_gas, 1'125'000);
  EXPECT_EQ(ordering::tip_of(8, kFloor).wei_per_gas, 1'875'000);
  EXPECT_EQ(ordering::tip_of(9, kFloor).wei_per_gas, 2'000'000);
  EXPECT_EQ(ordering::tip_of(17, kFloor).wei_per_gas, 4'000'000);
  // (255 - 1) = 31 x 8 + 6: 2^31 x 14/8.
  EXPECT_EQ(ordering::tip_of(255, kFloor).wei_per_gas, 1'000'000LL * (1LL << 31) * 14 / 8);
  for (int level = 1; level < 255; ++level) {
    EXPECT_LT(ordering::tip_of(static_cast<std::uint8_t>(level), kFloor),
              ordering::tip_of(static_cast<std::uint8_t>(level + 1), kFloor));
  }
}

TEST(Ordering, TipIsPaidPerGas) {
  Transaction tx;
  tx.priority = 9;
  EXPECT_EQ(ordering::tip_paid(tx, kFloor, Gas{150'000}).value, Int128{300'000'000'000});
}

TEST(Ordering, HigherTipFirstAndArrivalAmongEquals) {
  const std::uint8_t levels[] = {0, 3, 1, 3, 0, 9};
  std::vector<Transaction> queue;
  for (std::uint64_t i = 0; i < std::size(levels); ++i) {
    queue.push_back(
        {.account = AccountId{0}, .priority = levels[i], .reference = i, .submitted = {}});
  }
  ordering::by_priority(queue.begin(), queue.end());
  std::vector<std::uint64_t> order;
  for (const Transaction& tx : queue) order.push_back(tx.reference);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{5, 1, 3, 2, 0, 4}));
}

TEST(Ordering, ABatchEndsWithTheFirstBlockAfterItsInterval) {
  const auto ends = [](Duration interval, Duration before, Duration now) {
    return ordering::batch_ends(interval, Time::zero() + before, Time::zero() + now);
  };
  EXPECT_FALSE(ends(4_s, 0_s, 2_s));
  EXPECT_TRUE(ends(4_s, 2_s, 4_s));
  EXPECT_FALSE(ends(4_s, 4_s, 6_s));
  EXPECT_TRUE(ends(4_s, 6_s, 9_s));   // blocks that do not meet the interval
  EXPECT_TRUE(ends(4_s, 2_s, 90_s));  // after an outage
  EXPECT_TRUE(ends(0_s, 2_s, 4_s));   // every block
}

constexpr Int128 kMilliEther = 1'000'000'000'000'000;
Wei milli(std::int64_t n) { return {kMilliEther * n}; }

TEST(LaneAuction, WinnerPaysTheSecondBid) {
  // Bids 5, 9, 7 milliether: bidder 2 wins and pays 7.
  const lane::SealedBid bids[] = {{milli(5), 1, 1}, {milli(9), 2, 1}, {milli(7), 3, 1}};
  const lane::AuctionResult result = lane::resolve(bids, milli(1));
  EXPECT_EQ(result.winner, 2);
  EXPECT_EQ(result.highest, milli(9));
  EXPECT_EQ(result.price, milli(7));
  EXPECT_EQ(result.bids, 3U);
}

TEST(LaneAuction, LoneBidderPaysTheReserve) {
  const lane::SealedBid bids[] = {{milli(5), 4, 1}, {Wei{kMilliEther - 1}, 1, 1}};
  const lane::AuctionResult result = lane::resolve(bids, milli(1));
  EXPECT_EQ(result.winner, 4);
  EXPECT_EQ(result.price, milli(1));
  EXPECT_EQ(lane::resolve({}, milli(1)).winner, lane::kNobody);
}

TEST(LaneAuction, EqualBidsGoToTheLowerNumberAtTheirOwnPrice) {
  const lane::SealedBid bids[] = {{milli(5), 3, 1}, {milli(5), 2, 1}};
  const lane::AuctionResult result = lane::resolve(bids, milli(1));
  EXPECT_EQ(result.winner, 2);
  EXPECT_EQ(result.price, milli(5));
}

TEST(LaneAuction, RulesRefuseLateLowManyAndUncoveredBids) {
  lane::Auction auction;
  const lane::Auction::Rules rules{.reserve = milli(1), .deposit = milli(100), .bids_max = 5};
  const Time close = Time::zero() + 45_s;
  const Time before = Time::zero() + 44_s;
  EXPECT_EQ(auction.bid(1, milli(2), close, close, rules), lane::BidOutcome::TooLate);
  EXPECT_EQ(auction.bid(1, Wei{kMilliEther - 1}, before, close, rules),
            lane::BidOutcome::BelowReserve);
  EXPECT_EQ(auction.bid(1, milli(101), before, close, rules), lane::BidOutcome::BeyondDeposit);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(auction.bid(1, milli(10 - i), before, close, rules), lane::BidOutcome::Accepted);
  }
  EXPECT_EQ(auction.bid(1, milli(50), before, close, rules), lane::BidOutcome::TooMany);
  EXPECT_EQ(auction.bid(2, milli(7), before, close, rules), lane::BidOutcome::Accepted);
  // The last of the five (6) stands, not the best: bidder 2 wins and pays 6.
  const lane::AuctionResult result = auction.close(milli(1));
  EXPECT_EQ(result.winner, 2);
  EXPECT_EQ(result.price, milli(6));
  EXPECT_EQ(auction.close(milli(1)).winner, lane::kNobody);
}

TEST(LaneAuction, ConcentrationIsTheSumOfSquaredShares) {
  const std::uint64_t counts[] = {6, 3, 1};
  EXPECT_NEAR(lane::concentration(counts), 0.36 + 0.09 + 0.01, 1e-12);
  EXPECT_NEAR(lane::top_two_share(counts), 0.9, 1e-12);
  EXPECT_EQ(lane::concentration({}), 0.0);
}

}  // namespace
}  // namespace mezz

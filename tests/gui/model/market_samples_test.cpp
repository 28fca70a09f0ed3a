#include <gtest/gtest.h>

#include <cmath>

#include "gui/model/account_health.h"
#include "gui/model/book_depth.h"
#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

// Two samples of the perpetual at 10 and 20 s, one of a listing at 10 s; the block of the sample at
// 15 s was replaced. A lot is a thousandth.
std::shared_ptr<RunData> sampled() {
  auto run = std::make_shared<RunData>();
  run->summary.parameters = {{"market.contract.underlying", "BTC"},
                             {"market.contract.lot_decimals", "3"},
                             {"market.listing[0].name", "F"},
                             {"market.listing[0].lot_decimals", "0"}};
  run->tables.push_back({"tables/blocks",
                         "blocks",
                         3,
                         {time_column("time", {10, 15, 20}), whole("block", {1, 2, 2}),
                          whole("incarnation", {0, 0, 1})}});
  run->tables.push_back(
      {"tables/book_depth",
       "book_depth",
       4,
       {time_column("time", {10, 10, 15, 20}), whole("block", {1, 1, 2, 2}),
        whole("instrument", {0, 1, 0, 0}), whole("bid_5bp", {1'000, 7, 9, 3'000}, "lot"),
        whole("bid_25bp", {2'000, 8, 9, 3'500}, "lot"), whole("ask_5bp", {500, 9, 9, 0}, "lot"),
        whole("ask_25bp", {4'000, 10, 9, 1'000}, "lot"), whole("incarnation", {0, 0, 0, 1})}});
  run->tables.push_back(
      {"tables/account_health",
       "account_health",
       2,
       {time_column("time", {10, 20}), whole("block", {1, 2}), whole("accounts", {10, 0}),
        whole("accounts_to_50", {1, 0}), whole("accounts_to_100", {2, 0}),
        whole("accounts_to_110", {3, 0}), whole("accounts_beyond", {4, 0}),
        whole("notional_to_50", {5'000'000, 0}, "USD", 1e-6),
        whole("notional_to_100", {6'000'000, 0}, "USD", 1e-6),
        whole("notional_to_110", {7'000'000, 0}, "USD", 1e-6),
        whole("notional_beyond", {8'000'000, 0}, "USD", 1e-6), whole("incarnation", {0, 1})}});
  return run;
}

TEST(BookDepthView, BandsAreOfOneInstrumentInUnitsWithBidsBelowZero) {
  const Depth depth = depth_of(*sampled(), 0);
  EXPECT_EQ(depth.unit, "BTC");
  ASSERT_EQ(depth.bands.size(), 2U);
  EXPECT_EQ(depth.bands[0].basis_points, 5);
  EXPECT_EQ(depth.bands[1].basis_points, 25);
  EXPECT_EQ(depth.bands[1].asks->values, (std::vector<double>{4.0, 1.0}));
  EXPECT_EQ(depth.bands[1].bids->values, (std::vector<double>{-2.0, -3.5}));
  EXPECT_EQ(depth_instruments(*sampled()), (std::vector<std::uint16_t>{0, 1}));
  EXPECT_EQ(depth_of(*sampled(), 1).bands[0].bids->values, (std::vector<double>{-7.0}));
}

TEST(BookDepthView, SampleHoldsUntilTheNextAndAReplacedOneIsNone) {
  const Depth depth = depth_of(*sampled(), 0);
  EXPECT_TRUE(depth_at(depth, Time{9 * kSecond}).empty());
  const std::vector<DepthAt> at = depth_at(depth, Time{16 * kSecond});  // still that of 10 s
  ASSERT_EQ(at.size(), 2U);
  EXPECT_DOUBLE_EQ(at[0].bids, 1.0);
  EXPECT_DOUBLE_EQ(at[0].asks, 0.5);
  EXPECT_DOUBLE_EQ(depth_at(depth, Time{20 * kSecond})[0].bids, 3.0);
}

TEST(AccountHealthView, SampleHasBinsFromTheLeastHealthyOn) {
  const Health health = health_of(*sampled());
  EXPECT_FALSE(health_at(health, Time{9 * kSecond}).has_value());
  const auto sample = health_at(health, Time{19 * kSecond});
  ASSERT_TRUE(sample.has_value());
  EXPECT_EQ(sample->accounts, 10);
  ASSERT_EQ(sample->bins.size(), 4U);
  EXPECT_EQ(sample->bins[0].label, "<= 50 %");
  EXPECT_EQ(sample->bins[1].label, "50 to 100 %");
  EXPECT_EQ(sample->bins[3].label, "> 110 %");
  EXPECT_TRUE(sample->bins[1].liquidatable);
  EXPECT_FALSE(sample->bins[2].liquidatable);
  EXPECT_DOUBLE_EQ(sample->bins[2].usd, 7.0);
}

// 1 + 2 of 10 accounts are at or below 100 %, 3 more at or below 110 %; there is no bin to 150 %.
TEST(AccountHealthView, SharesAreOfAccountsThatMaintainSomething) {
  const Health health = health_of(*sampled());
  ASSERT_EQ(health.shares.size(), 2U);
  EXPECT_EQ(health.shares[0].percent, 100);
  EXPECT_DOUBLE_EQ(health.shares[0].series->values[0], 30.0);
  EXPECT_DOUBLE_EQ(health.shares[1].series->values[0], 60.0);
  EXPECT_TRUE(std::isnan(health.shares[0].series->values[1]));  // nobody
}

TEST(MarketSampleViews, WithoutTheTablesTheySayHowToRecordThem) {
  EXPECT_NE(why_no_depth(RunData{}).find("market.depth_every"), std::string::npos);
  EXPECT_NE(why_no_health(RunData{}).find("market.health_every"), std::string::npos);
  EXPECT_EQ(why_no_depth(*sampled()), "");
  EXPECT_EQ(why_no_health(*sampled()), "");
}

}  // namespace
}  // namespace mezz::gui

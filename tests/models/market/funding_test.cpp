#include "models/market/funding.h"

#include <gtest/gtest.h>

#include "models/market/text.h"

namespace mezz {
namespace {

const ContractSpec kSpec{.underlying = "BTC", .tick = 1_usd, .lot_decimals = 0};

// dYdX v4 memclob_get_impact_price_subticks_test.go: one unit at 50 000 and one at 50 001.
TEST(ImpactPrice, IsTheAverageOfTheSweep) {
  const OrderBook book = book_from(
      "1 @ 49999 | 50000 @ 1\n"
      "          | 50001 @ 1\n");
  const auto one = impact_price(book, Side::Sell, 10'000_usd, kSpec);
  ASSERT_TRUE(one);
  EXPECT_TRUE(one->ticks == one->per * 50'000);
  const auto both = impact_price(book, Side::Sell, 100'001_usd, kSpec);
  ASSERT_TRUE(both);
  EXPECT_TRUE(both->ticks * 2 == both->per * 100'001);  // 50 000.5
  EXPECT_FALSE(impact_price(book, Side::Buy, 50'000_usd, kSpec));
  const auto none = impact_price(book, Side::Buy, Money::zero(), kSpec);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->ticks == none->per * 49'999);
}

TEST(Premium, NeedsTheIndexOutsideTheImpactPrices) {
  const PriceFraction bid{99, 1};
  const PriceFraction ask{101, 1};
  EXPECT_EQ(funding::premium_ppm(bid, ask, 100_ticks), 0);
  EXPECT_EQ(funding::premium_ppm(bid, ask, 90_ticks), 100'000);    // 9 / 90
  EXPECT_EQ(funding::premium_ppm(bid, ask, 202_ticks), -500'000);  // -101 / 202
  EXPECT_EQ(funding::premium_ppm({}, ask, 90_ticks), 0);           // no depth, no premium
  EXPECT_EQ(funding::premium_ppm({}, {}, 90_ticks), 0);
  // Crossed quotes count both: 110 over 100 and 95 under it, (10 - 5) / 100.
  EXPECT_EQ(funding::premium_ppm(PriceFraction{220, 2}, PriceFraction{95, 1}, 100_ticks), 50'000);
  EXPECT_EQ(funding::premium_ppm(PriceFraction{7, 1}, {}, 3_ticks), 1'333'333);
}

// v4-chain protocol/lib/math.go: the median of an even count rounds away from zero.
TEST(FundingSample, MedianRoundsAwayFromZeroAndPadsWithZeros) {
  EXPECT_EQ(funding::median_ppm({6, 7}, 0), 7);
  EXPECT_EQ(funding::median_ppm({-4, -5}, 0), -5);
  EXPECT_EQ(funding::median_ppm({9, -8, 1}, 0), 1);
  EXPECT_EQ(funding::median_ppm({500, 500, 500}, 15), 0);  // 12 missing votes are zero
  EXPECT_EQ(funding::median_ppm({}, 0), 0);
}

TEST(FundingSample, MeanRoundsTowardZeroAndPadsWithZeros) {
  EXPECT_EQ(funding::mean_ppm({7, 8}, 0), 7);
  EXPECT_EQ(funding::mean_ppm({-7, -8}, 0), -7);
  EXPECT_EQ(funding::mean_ppm({600}, 60), 10);
}

TEST(FundingSample, TailsThatWouldRemoveAllRemoveNothing) {
  using Samples = std::vector<std::int64_t>;
  EXPECT_EQ(funding::without_tails({3, 1, 2}, 500'000), (Samples{1, 2, 3}));
  EXPECT_EQ(funding::without_tails({3, 1, 2}, 0), (Samples{1, 2, 3}));
  EXPECT_EQ(funding::without_tails({0, -1, -3, 5, 7}, 250'000), (Samples{-1, 0, 5}));
}

// Large-cap tier: 6 * (2 % - 1.2 %) = 4.8 % per 8 hours.
TEST(FundingRate, ClampIsAMultipleOfTheMarginGap) {
  EXPECT_EQ(funding::max_abs_ppm(6'000'000, 20'000, 12'000), 48'000);
  EXPECT_EQ(funding::clamp_ppm(60'000, 48'000), 48'000);
  EXPECT_EQ(funding::clamp_ppm(-60'000, 48'000), -48'000);
  EXPECT_EQ(funding::clamp_ppm(5, 48'000), 5);
}

// funding_test.go: 1000 * 10^-6 * -1 001 999 * 28 800 = -28 857 571.2, truncated, / 28 800 =
// -1001.9.
TEST(FundingIndexDelta, TruncatesTwice) {
  EXPECT_TRUE(funding::index_delta({1'000, -6}, -1'001'999, 28'800) == -1'001);
  EXPECT_TRUE(funding::index_delta({1'000, 4}, -1'001'999, 14'400) == -5'009'995'000'000);
}

TEST(FundingSettlement, FloorsForPayerAndPayeeAndReportsTheDust) {
  const FundingIndex then{0};
  const FundingIndex now{1'500'000};  // 1.5 micro-dollars per lot
  const FundingPayment payer = funding::settle(now, then, 1_lot);
  const FundingPayment payee = funding::settle(now, then, -1_lot);
  EXPECT_EQ(payer.money, Money{-2});
  EXPECT_EQ(payee.money, Money{1});
  EXPECT_EQ(payer.dust_ppm + payee.dust_ppm, 1'000'000);  // the missing micro-dollar
}

// For any positions that sum to zero the payments plus the dust sum to zero.
TEST(FundingSettlement, NothingIsCreated) {
  std::uint64_t state = 99;
  for (int round = 0; round < 1'000; ++round) {
    std::int64_t net = 0;
    Int128 dust = 0;
    Int128 paid = 0;
    const FundingIndex now{static_cast<std::int64_t>((state >> 20) % 1'000'000'007) - 500'000'000};
    for (int i = 0; i < 20; ++i) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      std::int64_t lots = static_cast<std::int64_t>((state >> 33) % 2'001) - 1'000;
      if (i == 19) lots = -net;
      net += lots;
      const FundingPayment p = funding::settle(now, {}, {lots});
      paid += p.money.micros;
      dust += p.dust_ppm;
    }
    ASSERT_TRUE(paid * 1'000'000 + dust == 0);
    ASSERT_TRUE(paid <= 0);
  }
}

}  // namespace
}  // namespace mezz

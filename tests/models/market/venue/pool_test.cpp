// Pools beside the order book: the rules' numbers by hand, the trade as the trader and the pool's
// account see it, and properties over random sequences of trades.
#include "models/market/venue/pool.h"

#include <gtest/gtest.h>

#include "models/market/pool/constant_product.h"
#include "sim/check/error.h"

namespace mezz::venue {
namespace {

// One lot is 0.001 BTC, one tick 1 USD: a lot times a tick is 1000 micro-dollars.
const ContractSpec kBitcoin{};
constexpr Price kStart = 50'000_ticks;

Pool pool_of(const PoolParams& params, Price initial = kStart) {
  params.check("venue", kBitcoin, initial);
  return {params, kBitcoin, initial};
}
PoolParams cpmm(Money quote, Quantity lots, Ratio fee = 30_bp) {
  return {.kind = Kind::Cpmm, .fee = fee, .quote = quote, .lots = lots};
}
Trade traded(Pool& pool, Quantity change, Price index = kStart) {
  const std::optional<Trade> trade = pool.quote(change, index);
  EXPECT_TRUE(trade.has_value());
  pool.apply(trade.value(), index);
  return *trade;
}

TEST(ConstantProductVenue, HandCalculatedSale) {
  // 1000 lots into 10^6 : 10^6 at 0.3 %: 997 * 10^6 / 1000997 = 996.007; without the fee
  // 1000 * 10^6 / 1001000 = 999.001.
  const Pool pool = pool_of(cpmm(1_usd, 1'000'000_lots));
  EXPECT_EQ(pool.quote(-1'000_lots, kStart),
            (Trade{.quantity = -1'000_lots, .value = Money{999}, .fee = Money{3}}));
}

TEST(ConstantProductVenue, HandCalculatedPurchase) {
  // 996 lots out: 10^6 * 996 / (999004 * 0.997) = 999.993, floored plus one; without the fee
  // 10^6 * 996 / 999004 = 996.993, floored plus one.
  const Pool pool = pool_of(cpmm(1_usd, 1'000'000_lots));
  EXPECT_EQ(pool.quote(996_lots, kStart),
            (Trade{.quantity = 996_lots, .value = Money{-997}, .fee = Money{3}}));
}

TEST(ConstantProductVenue, FeeStaysInThePoolsAccount) {
  Pool pool = pool_of(cpmm(1_usd, 1'000'000_lots));
  traded(pool, 996_lots);
  EXPECT_EQ(pool.holds(), (Amounts{.quote = Money{1'001'000}, .lots = Quantity{999'004}}));
  EXPECT_EQ(pool.fees_earned(), Money{3});
}

TEST(ConstantProductVenue, LotsFollowFromTheInitialPrice) {
  // 10 million USD at 50 000 USD are 200 BTC.
  const Pool pool = pool_of(cpmm(10'000'000_usd, 0_lots));
  EXPECT_EQ(pool.holds().lots, 200'000_lots);
  EXPECT_EQ(pool.spot(kStart), kStart);
}

TEST(ConstantProductVenue, SellsNoMoreThanItHolds) {
  const Pool pool = pool_of(cpmm(1_usd, 1'000'000_lots));
  EXPECT_TRUE(pool.quote(999'999_lots, kStart).has_value());
  EXPECT_FALSE(pool.quote(1'000'000_lots, kStart).has_value());
}

TEST(ConstantProductVenue, DepthEndsWhereTheAveragePriceMeetsTheLimit) {
  // Without a fee q lots cost Q q / (B - q): the average price Q / (B - q) is 51 000 USD at
  // q = B - Q / 51 000 = 200 000 - 196 078.43 lots = 3921.57. Sold: Q / (B + q) is 49 000 at
  // q = Q / 49 000 - B = 204 081.63 - 200 000 = 4081.63.
  const Pool pool = pool_of(cpmm(10'000'000_usd, 0_lots, 0_bp));
  EXPECT_EQ(pool.depth(Side::Buy, 51'000_ticks, kStart), 3'921_lots);
  EXPECT_EQ(pool.depth(Side::Sell, 49'000_ticks, kStart), 4'081_lots);
  EXPECT_EQ(pool.depth(Side::Buy, 49'999_ticks, kStart), 0_lots);
}

TEST(ConstantProductVenue, LiquidityIsProRata) {
  // sqrt(40000 * 10000) = 20000 shares; a tenth of both sides for 2000 shares, as the quote
  // offered is worth more.
  Pool pool = pool_of(cpmm(Money{10'000}, 40'000_lots));
  ASSERT_EQ(pool.shares(), Shares{20'000});
  const auto deposit = pool.add({.quote = Money{5'000}, .lots = 4'000_lots}, kStart);
  ASSERT_EQ(deposit, (Deposit{.quote = Money{1'000}, .lots = 4'000_lots, .shares = {2'000}}));
  pool.apply(*deposit, kStart);
  EXPECT_EQ(pool.holds(), (Amounts{.quote = Money{11'000}, .lots = 44'000_lots}));
  EXPECT_EQ(pool.remove({2'000}, kStart), (Amounts{.quote = Money{1'000}, .lots = 4'000_lots}));
  EXPECT_FALSE(pool.remove({21'001}, kStart).has_value());  // 1000 of 22000 are locked
}

PoolParams vamm(Quantity lots, Money quote = Money{0}, Ratio fee = 0_bp) {
  return {.kind = Kind::Vamm, .fee = fee, .virtual_lots = lots, .virtual_quote = quote};
}

TEST(VirtualAmmVenue, ExactDivisionsAndTheirRests) {
  // 1000 USD and 100 BTC, k = 100 000: buying 20 leaves 80 BTC and 1250 USD. Then selling 45
  // leaves 125 BTC and 800 USD.
  Pool pool = pool_of(vamm(100'000_lots, 1'000_usd), 10_ticks);
  EXPECT_EQ(traded(pool, 20'000_lots).value, -250_usd);
  EXPECT_EQ(traded(pool, -45'000_lots).value, 450_usd);
  // Buying 8 leaves 117 BTC: 100 000 / 117 = 854.700 854 700 8..., 54.700 855 rounded up; selling
  // 8 leaves 133: 751.879 699 248..., 48.120 300 75... rounded down.
  EXPECT_EQ(pool.quote(8'000_lots, kStart)->value, Money{-54'700'855});
  EXPECT_EQ(pool.quote(-8'000_lots, kStart)->value, Money{48'120'300});
}

TEST(VirtualAmmVenue, PoolIsTheCounterparty) {
  Pool pool = pool_of(vamm(100'000_lots, 1'000_usd, 10_bp), 10_ticks);
  traded(pool, 20'000_lots);  // fee: 0.1 % of 250 USD
  EXPECT_EQ(pool.holds(), (Amounts{.quote = Money{10'000'250'250'000}, .lots = -20'000_lots}));
  EXPECT_EQ(pool.fees_earned(), Money{250'000});
}

TEST(VirtualAmmVenue, SpotIsTheRatioOfTheReserves) {
  Pool pool = pool_of(vamm(1'000'000_lots));
  EXPECT_EQ(pool.spot(kStart), kStart);
  traded(pool, 200'000_lots);  // 5 * 10^7 / 0.8 USD over 800 BTC
  EXPECT_EQ(pool.spot(kStart), 78'125_ticks);
}

TEST(VirtualAmmVenue, CapCountsTheNetPosition) {
  PoolParams params = vamm(1'000'000_lots);
  params.open_interest_max = 10_lots;
  Pool pool = pool_of(params);
  EXPECT_FALSE(pool.quote(11_lots, kStart).has_value());
  traded(pool, 10_lots);
  EXPECT_FALSE(pool.quote(1_lots, kStart).has_value());
  EXPECT_FALSE(pool.quote(-21_lots, kStart).has_value());
  EXPECT_TRUE(pool.quote(-20_lots, kStart).has_value());
}

TEST(Venue, ApplyRefusesWhatQuoteDidNotSay) {
  Pool pool = pool_of(cpmm(10'000'000_usd, 0_lots));
  Trade trade = pool.quote(5_lots, kStart).value();
  trade.value += Money{1};
  EXPECT_THROW(pool.apply(trade, kStart), AssertionFailure);
}

TEST(Venue, AmountsOutOfRangeGetNoQuote) {
  for (const PoolParams& params : {cpmm(10'000'000_usd, 0_lots), vamm(1'000'000_lots)}) {
    const Pool pool = pool_of(params);
    for (const std::int64_t lots :
         {INT64_MIN, INT64_MAX, -INT64_MAX, kAmountMax, -kAmountMax - 1}) {
      EXPECT_FALSE(pool.quote({lots}, kStart).has_value()) << lots;
    }
    EXPECT_EQ(pool.quote(0_lots, kStart), Trade{});
  }
}

}  // namespace
}  // namespace mezz::venue

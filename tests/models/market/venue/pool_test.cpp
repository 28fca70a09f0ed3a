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

TEST(ConstantProductVenue, PublishedSwaps) {
  // Uniswap v2-core, UniswapV2Pair.spec.ts, in millionths of the amounts there (10^18 units do not
  // fit): the rule is homogeneous, so the number is the published one over 10^6, rounded down.
  struct Row {
    std::int64_t in, reserve_in, reserve_out, out;
  };
  constexpr std::int64_t kOne = 1'000'000'000'000;
  for (const Row& row : {Row{2 * kOne, 5 * kOne, 10 * kOne, 2'851'015'155'847},
                         Row{2 * kOne, 10 * kOne, 5 * kOne, 831'248'957'812},
                         Row{kOne, 10 * kOne, 10 * kOne, 906'610'893'880},
                         Row{kOne, 100 * kOne, 100 * kOne, 987'158'034'397}}) {
    const Pool pool = pool_of(cpmm({row.reserve_out}, {row.reserve_in}));
    EXPECT_EQ(pool.quote({-row.in}, kStart)->cash(), Money{row.out});
  }
}

TEST(VirtualAmmVenue, PublishedAmounts) {
  // perpetual-protocol AmmSpec.ts: 47.619 047 619..., 52.631 578 947... and 600, rounded here to
  // micro-dollars against the trader.
  const Pool pool = pool_of(vamm(100'000_lots, 1'000_usd), 10_ticks);
  EXPECT_EQ(pool.quote(-5'000_lots, kStart)->value, Money{47'619'047});
  EXPECT_EQ(pool.quote(5'000_lots, kStart)->value, Money{-52'631'579});
  EXPECT_EQ(pool.quote(37'500_lots, kStart)->value, -600_usd);
}

PoolParams clmm(Ratio fee) {
  return {.kind = Kind::Clmm,
          .fee = fee,
          .position = {{.lower = 40'000_usd, .upper = 60'000_usd, .liquidity = 1'000'000_usd}}};
}

// By hand in 60 digits: ticks floor(ln 0.04 / ln 1.0001) = -32191 and floor(ln 0.06 / ln 1.0001) =
// -28136 (micro-dollars per billionth of a lot), L = 10^12 / (1.0001^-14068 - 1.0001^-16095.5).
TEST(ConcentratedVenue, HoldsWhatTheRangeHoldsAtThePrice) {
  const Pool pool = pool_of(clmm(0_bp));
  EXPECT_EQ(pool.holds().lots.lots, 8'667);
  EXPECT_NEAR(static_cast<double>(pool.holds().quote.micros), 525327377020.8, 2);
  EXPECT_EQ(pool.spot(kStart), kStart);
}

// 1 / s' = 1 / s -+ q / L for q = 10^12 billionths, value L |s' - s|.
TEST(ConcentratedVenue, HandCalculatedTrades) {
  const Pool pool = pool_of(clmm(0_bp));
  EXPECT_NEAR(static_cast<double>(pool.quote(1'000_lots, kStart)->value.micros), -50507651331.2, 2);
  EXPECT_NEAR(static_cast<double>(pool.quote(-1'000_lots, kStart)->value.micros), 49502451906.9, 2);
}

TEST(ConcentratedVenue, FeeIsTakenInWhatIsGiven) {
  // A buyer pays 3 / 997 on top of the value; 0.997 BTC of a seller's are exchanged.
  const Pool pool = pool_of(clmm(30_bp));
  EXPECT_NEAR(static_cast<double>(pool.quote(1'000_lots, kStart)->fee.micros), 151978890.7, 2);
  const Trade sale = pool.quote(-1'000_lots, kStart).value();
  EXPECT_NEAR(static_cast<double>(sale.cash().micros), 49355417952.8, 2);
  EXPECT_NEAR(sale.fee.usd(), sale.value.usd() * 0.003, 2e-6);
}

TEST(ConcentratedVenue, EndsWhereItsRangesEnd) {
  const Pool pool = pool_of(clmm(0_bp));
  const Quantity all = pool.depth(Side::Buy, 60'000_ticks, kStart);
  EXPECT_EQ(all.lots, pool.holds().lots.lots - 1);  // the last one is not whole
  EXPECT_FALSE(pool.quote(pool.holds().lots, kStart).has_value());
}

PoolParams oracle_pool() {
  return {.kind = Kind::OraclePool,
          .fee = 0_bp,
          .impact_positive = 5e-9,
          .impact_negative = 1e-8,
          .impact_exponent = 2,
          .impact_positive_max = 10_percent,
          .impact_negative_max = 10_percent};
}

TEST(OracleVenue, ImpactIsPaidIntoItsPoolAndOutOfIt) {
  // gmx-synthetics PricingUtils.ts: 10^6 USD, exponent 2, factor 10^-8 weigh 10 000 USD. Half of
  // it comes back to who balances the pool.
  Pool pool = pool_of(oracle_pool());
  EXPECT_EQ(traded(pool, 20'000_lots).value, -1'010'000_usd);
  EXPECT_EQ(pool.rule<OraclePool>().impact_pool(), 10'000_usd);
  EXPECT_EQ(traded(pool, -20'000_lots).value, 1'005'000_usd);
  EXPECT_EQ(pool.rule<OraclePool>().impact_pool(), 5'000_usd);
  EXPECT_EQ(pool.holds(), (Amounts{.quote = 10'005'000_usd, .lots = 0_lots}));
  // What the impact pool keeps is not the providers'.
  EXPECT_EQ(pool.equity(kStart, Round::Down), 10'000'000_usd);
}

TEST(OracleVenue, EmptyImpactPoolPaysNothing) {
  // The index doubles: an imbalance that paid 10 000 USD now weighs 4 * 5000.
  Pool pool = pool_of(oracle_pool());
  traded(pool, 20'000_lots);
  EXPECT_EQ(traded(pool, -20'000_lots, 100'000_ticks).value, 2'010'000_usd);
  EXPECT_EQ(pool.rule<OraclePool>().impact_pool(), 0_usd);
}

TEST(OracleVenue, SpreadIsPaidOnBothSides) {
  PoolParams params = oracle_pool();
  params.impact_positive = params.impact_negative = 0;
  params.oracle_spread = 10_bp;
  const Pool pool = pool_of(params);
  EXPECT_EQ(pool.quote(1'000_lots, kStart)->value, -50'050_usd);
  EXPECT_EQ(pool.quote(-1'000_lots, kStart)->value, 49'950_usd);
}

TEST(OracleVenue, OpenInterestFollowsEquity) {
  PoolParams params = oracle_pool();  // 10 million USD
  params.impact_positive = params.impact_negative = 0;
  params.open_interest_ratio_max = 50_percent;
  Pool pool = pool_of(params);
  EXPECT_FALSE(pool.quote(100'001_lots, kStart).has_value());
  traded(pool, 100'000_lots);
  EXPECT_FALSE(pool.remove({1'000'000}, kStart).has_value());
  // At 40 000 USD the traders lost a million and hold four: 8 of 11 million have to stay.
  EXPECT_TRUE(pool.remove({2'700'000'000'000}, 40'000_ticks).has_value());
  EXPECT_FALSE(pool.remove({2'800'000'000'000}, 40'000_ticks).has_value());
}

TEST(OracleVenue, SharesAreWorthTheEquity) {
  // Traders long 100 BTC gain a million as the index goes from 50 000 to 60 000 USD: 9 million are
  // left for 10^13 shares, so that 900 000 USD buy a tenth of them.
  PoolParams params = oracle_pool();
  params.impact_positive = params.impact_negative = 0;
  Pool pool = pool_of(params);
  traded(pool, 100'000_lots);
  const auto deposit = pool.add({.quote = 900'000_usd, .lots = {}}, 60'000_ticks);
  EXPECT_EQ(deposit, (Deposit{.quote = 900'000_usd, .lots = {}, .shares = {1'000'000'000'000}}));
}

PoolParams skew_pool(Quantity scale) {
  return {.kind = Kind::SkewPool, .fee = 0_bp, .skew_scale = scale};
}

TEST(SkewVenue, PublishedFill) {
  // synthetix-v3 AsyncOrder.sol: skew 0, scale 10^6, size 100 at 1200: 1200.06.
  const Pool pool = pool_of(skew_pool(Quantity{1'000'000'000}));
  EXPECT_EQ(pool.quote(100'000_lots, 1'200_ticks)->value, -120'006_usd);
}

TEST(SkewVenue, WhoeverBalancesGetsTheMeanToo) {
  // Skew 100 of 10 000 units: selling 200 at 50 is worth the mean of 1 % and -1 %, buying 200 the
  // mean of 1 % and 3 %.
  Pool pool = pool_of(skew_pool(10'000'000_lots), 50_ticks);
  traded(pool, 100'000_lots, 50_ticks);
  EXPECT_EQ(pool.quote(-200'000_lots, 50_ticks)->value, 10'000_usd);
  EXPECT_EQ(pool.quote(200'000_lots, 50_ticks)->value, -10'200_usd);
}

TEST(SkewVenue, NoQuoteWhereThePriceIsNotPositive) {
  // Sold x of scale 1000 from balance: mean premium -x / 2000.
  const Pool pool = pool_of(skew_pool(1'000_lots));
  EXPECT_TRUE(pool.quote(-1'999_lots, kStart).has_value());
  EXPECT_FALSE(pool.quote(-2'000_lots, kStart).has_value());
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

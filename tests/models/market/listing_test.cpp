#include "models/market/listing.h"

#include <gtest/gtest.h>

#include "tests/models/market/listing_samples.h"

namespace mezz {
namespace {

// Lots of 0.001 units: what a unit pays, divided by 1000 and floored to micro-dollars.
constexpr Money kAbove = {51'234'567'891};  // 51 234.567 891 USD, strike 50 000
constexpr Money kBelow = {49'999'500'000};
constexpr Money kAt = 50'000_usd;

Money settled(ListingKind kind, Money index) { return settlement_value(good_listing(kind), index); }

TEST(ListingSettlement, FuturesPerpetualsAndSpotPayTheIndex) {
  for (const ListingKind kind : {ListingKind::Future, ListingKind::LinearPerp, ListingKind::Spot}) {
    EXPECT_EQ(settled(kind, kAbove), Money{51'234'567});
    EXPECT_EQ(settled(kind, kAt), 50_usd);
  }
}

TEST(ListingSettlement, OptionsPayWhatIsBeyondTheStrike) {
  for (const ListingKind call : {ListingKind::Call, ListingKind::EverlastingCall}) {
    EXPECT_EQ(settled(call, kAbove), Money{1'234'567});
    EXPECT_EQ(settled(call, kAt), Money::zero());
    EXPECT_EQ(settled(call, kBelow), Money::zero());
  }
  for (const ListingKind put : {ListingKind::Put, ListingKind::EverlastingPut}) {
    EXPECT_EQ(settled(put, kAbove), Money::zero());
    EXPECT_EQ(settled(put, kAt), Money::zero());
    EXPECT_EQ(settled(put, kBelow), Money{500});
  }
}

TEST(ListingSettlement, ADigitalCallPaysFromTheStrikeOnAndThePutBelowIt) {
  EXPECT_EQ(settled(ListingKind::DigitalCall, kAbove), 1_usd);
  EXPECT_EQ(settled(ListingKind::DigitalCall, kAt), 1_usd);
  EXPECT_EQ(settled(ListingKind::DigitalCall, {kAt.micros - 1}), Money::zero());
  EXPECT_EQ(settled(ListingKind::DigitalPut, kAbove), Money::zero());
  EXPECT_EQ(settled(ListingKind::DigitalPut, kAt), Money::zero());
  EXPECT_EQ(settled(ListingKind::DigitalPut, {kAt.micros - 1}), 1_usd);
}

TEST(ListingSettlement, APowerPerpetualPaysThePowerOfTheScaledIndex) {
  ListingSpec spec = good_listing(ListingKind::PowerPerp);
  EXPECT_EQ(settlement_value(spec, kAt), Money{2'500'000});  // 50^2 / 1000
  spec.power = 3;
  EXPECT_EQ(settlement_value(spec, kAt), 125_usd);
  spec.power = 4;
  EXPECT_EQ(settlement_value(spec, kAt), 6'250_usd);
  // (1/3)^2 USD = 111 111.1 micro-dollars.
  const ListingSpec third = {.name = "third",
                             .kind = ListingKind::PowerPerp,
                             .lot_decimals = 0,
                             .power_scale = 3_usd,
                             .funding = ListingFunding::Cash};
  EXPECT_EQ(settlement_value(third, 1_usd), Money{111'111});
}

TEST(ListingSettlement, TheNormalisationFactorShrinksAPowerInKindOnly) {
  ListingSpec spec = good_listing(ListingKind::PowerPerp);
  EXPECT_EQ(settlement_value(spec, kAt, 800'000'000), Money{2'500'000});
  spec.funding = ListingFunding::InKind;
  EXPECT_EQ(settlement_value(spec, kAt, 800'000'000), 2_usd);
}

TEST(ListingSettlement, AnInverseLotOwesItsNotional) {
  EXPECT_EQ(settled(ListingKind::InversePerp, kAbove), -Money{100'000});
  const ListingSpec inverse = good_listing(ListingKind::InversePerp);
  EXPECT_EQ(lot_value(inverse, 1_ticks), -Money{100'000});
  EXPECT_EQ(lot_value(inverse, 9'999'999_ticks), -Money{100'000});
}

TEST(ListingSettlement, ALotIsWorthItsPriceTimesItsSize) {
  // 500 000 ticks of 0.01 USD are 5 000 USD a unit, 5 USD a lot.
  EXPECT_EQ(lot_value(good_listing(ListingKind::Call), 500'000_ticks), 5_usd);
}

// --- coins of inverse perpetuals -------------------------------------------------------------

ListingSpec coin() {
  return {.name = "BTC", .kind = ListingKind::Spot, .tick = 100_usd, .lot_decimals = 8};
}
ListingSpec inverse_of_100_usd() {
  return {.name = "I", .kind = ListingKind::InversePerp, .lot_decimals = 0, .notional = 100_usd};
}

TEST(ListingInverse, ABuyReceivesNotionalOverPrice) {
  // 10 lots of 100 USD at 40 000 USD are 0.025 coins.
  const CoinChange buy = coin_change(inverse_of_100_usd(), coin(), 10_lots, 40'000_ticks);
  EXPECT_EQ(buy.coins, 2'500'000_lots);
  EXPECT_EQ(buy.dust, Int128{0});
  EXPECT_EQ(coin_change(inverse_of_100_usd(), coin(), -10_lots, 40'000_ticks).coins,
            -2'500'000_lots);
}

TEST(ListingInverse, TheReceiverIsFlooredAndTheGiverGivesOneMore) {
  // 100 USD at 30 000 USD: 333 333 1/3 lots of 10^-8 coins.
  const CoinChange buy = coin_change(inverse_of_100_usd(), coin(), 1_lot, 30'000_ticks);
  const CoinChange sell = coin_change(inverse_of_100_usd(), coin(), -1_lot, 30'000_ticks);
  EXPECT_EQ(buy.coins, 333'333_lots);
  EXPECT_EQ(sell.coins, -333'334_lots);
  EXPECT_EQ(buy.dust * 3, buy.parts);
  EXPECT_EQ(sell.dust * 3, sell.parts * 2);
}

TEST(ListingInverse, CoinsAndDustOfTheTwoSidesCancel) {
  for (std::int64_t ticks = 29'990; ticks < 30'040; ++ticks) {
    for (const std::int64_t lots : {1, 7, 1'000'003}) {
      const CoinChange buy = coin_change(inverse_of_100_usd(), coin(), {lots}, {ticks});
      const CoinChange sell = coin_change(inverse_of_100_usd(), coin(), {-lots}, {ticks});
      const Int128 dust = buy.dust + sell.dust;
      EXPECT_EQ(dust % buy.parts, Int128{0});
      EXPECT_EQ((buy.coins + sell.coins).lots + static_cast<std::int64_t>(dust / buy.parts), 0);
      EXPECT_GE(buy.dust, Int128{0});
      EXPECT_LT(buy.dust, buy.parts);
    }
  }
}

TEST(ListingInverse, ARoundTripEarnsTheInverseProfit) {
  // 1000 lots x 100 USD x (1/40 000 - 1/50 000) = 0.5 coins.
  const Quantity gain = coin_change(inverse_of_100_usd(), coin(), 1'000_lots, 40'000_ticks).coins +
                        coin_change(inverse_of_100_usd(), coin(), -1'000_lots, 50'000_ticks).coins;
  EXPECT_EQ(gain, 50'000'000_lots);
}

// --- funding ---------------------------------------------------------------------------------

ListingSpec funded(ListingKind kind) {
  ListingSpec spec = good_listing(kind);
  spec.tick = 1_usd;
  spec.funding = ListingFunding::Cash;
  return spec;
}
constexpr MarkState kState = {.index = 50'000_usd};

TEST(ListingFundingRule, ALongPaysThePremiumOncePerPeriod) {
  const ListingSpec perp = funded(ListingKind::LinearPerp);
  // 100 USD over the index for an eighth of 8 h: 12.5 USD a unit.
  EXPECT_EQ(funding_per_lot(perp, 50'100_ticks, kState, 1_h), Money{12'500});
  EXPECT_EQ(funding_per_lot(perp, 49'900_ticks, kState, 1_h), -Money{12'500});
  EXPECT_EQ(funding_per_lot(perp, 50'100_ticks, kState, 8_h), Money{100'000});
  Money sum = {};
  for (int i = 0; i < 8; ++i) sum += funding_per_lot(perp, 50'100_ticks, kState, 1_h);
  EXPECT_EQ(sum, Money{100'000});
}

TEST(ListingFundingRule, RoundsTowardZeroOnBothSides) {
  const ListingSpec perp = funded(ListingKind::LinearPerp);
  // 1 USD x 60 s / 28 800 s / 1000 lots = 2.08 micro-dollars.
  EXPECT_EQ(funding_per_lot(perp, 50'001_ticks, kState, 1_min), Money{2});
  EXPECT_EQ(funding_per_lot(perp, 49'999_ticks, kState, 1_min), -Money{2});
  EXPECT_EQ(funding_per_lot(perp, 50'000_ticks, kState, 1_min), Money::zero());
}

TEST(ListingFundingRule, TheCapBoundsThePremium) {
  ListingSpec perp = funded(ListingKind::LinearPerp);
  perp.funding_cap = 10_bp;  // 50 USD
  EXPECT_EQ(funding_per_lot(perp, 50'100_ticks, kState, 1_h), Money{6'250});
  EXPECT_EQ(funding_per_lot(perp, 40'000_ticks, kState, 1_h), -Money{6'250});
}

TEST(ListingFundingRule, AnInversePerpetualPaysAShareOfItsNotional) {
  ListingSpec inverse = inverse_of_100_usd();
  EXPECT_EQ(funding_per_lot(inverse, 50'500_ticks, kState, 1_h), Money::zero());
  inverse.funding = ListingFunding::Cash;
  // 1 % of 100 USD, an eighth of it.
  EXPECT_EQ(funding_per_lot(inverse, 50'500_ticks, kState, 1_h), Money{125'000});
}

TEST(ListingFundingRule, AnEverlastingOptionPaysMarkLessPayoff) {
  const ListingSpec call = funded(ListingKind::EverlastingCall);
  EXPECT_EQ(funding_per_lot(call, 768_ticks, kState, 1_h), Money{32'000});  // 768 / 24 / 1000
  const MarkState up = {.index = 51'000_usd};
  EXPECT_EQ(funding_per_lot(call, 1'240_ticks, up, 1_h), Money{10'000});  // 240 / 24 / 1000
}

TEST(ListingFundingRule, APowerInCashPaysMarkLessPowerAndInKindNothing) {
  ListingSpec power = funded(ListingKind::PowerPerp);
  // 2 920 - 2 500 USD over 420 h: 1 USD an hour.
  EXPECT_EQ(funding_per_lot(power, 2'920_ticks, kState, 1_h), Money{1'000});
  power.funding = ListingFunding::InKind;
  EXPECT_EQ(funding_per_lot(power, 2'920_ticks, kState, 1_h), Money::zero());
}

// --- the normalisation factor ----------------------------------------------------------------

ListingSpec squeeth() {
  return {.name = "S",
          .kind = ListingKind::PowerPerp,
          .lot_decimals = 0,
          .power_scale = 1_usd,
          .funding = ListingFunding::InKind};
}
constexpr MarkState kEth = {.index = 3'000_usd};  // the payoff is 9 000 000 USD

TEST(ListingDecay, OneDayOfSqueeth) {
  // (9.0 / 9.4)^(86 400 / 1 512 000) = 0.997 518 221 178...
  EXPECT_EQ(decay(squeeth(), kNormalisationStart, 9'400'000_ticks, kEth, 1_d), 997'518'221);
}

TEST(ListingDecay, AWholePeriodDividesByTheMarkRatio) {
  EXPECT_EQ(decay(squeeth(), kNormalisationStart, 11'250'000_ticks, kEth, 420_h), 800'000'000);
  // A quarter of the period: 0.8^(1/4) = 0.945 741 609 0...
  EXPECT_EQ(decay(squeeth(), kNormalisationStart, 11'250'000_ticks, kEth, 105_h), 945'741'609);
}

TEST(ListingDecay, TheMarkIsHeldWithin0_8And1_4) {
  EXPECT_EQ(decay(squeeth(), kNormalisationStart, 90'000'000_ticks, kEth, 420_h), 714'285'714);
  EXPECT_EQ(decay(squeeth(), kNormalisationStart, 1_ticks, kEth, 420_h), 1'250'000'000);
}

TEST(ListingDecay, ComparesThePriceBeforeNormalisation) {
  // Traded at 0.8 x payoff with a factor of 0.8: the mark is the payoff, nothing decays.
  EXPECT_EQ(decay(squeeth(), 800'000'000, 7'200'000_ticks, kEth, 1_d), 800'000'000);
  EXPECT_EQ(decay(squeeth(), 1, 90'000'000_ticks, kEth, 4'200_h), 1);
}

TEST(ListingDecay, StepsMultiply) {
  std::int64_t factor = kNormalisationStart;
  for (int i = 0; i < 420; ++i) {
    // Traded at 1.25 x the payoff times the factor.
    const Price traded = {11'250'000 * factor / kNormalisationStart};
    factor = decay(squeeth(), factor, traded, kEth, 1_h);
  }
  EXPECT_NEAR(static_cast<double>(factor), 8e8, 300.0);  // half a unit a step, and the price grid
}

}  // namespace
}  // namespace mezz

// Drift, Synthetix, Hyperliquid, Aave and the exchange-type rank, by hand.
#include <gtest/gtest.h>

#include "models/liquidation/aave.h"
#include "models/liquidation/adl_rank.h"
#include "models/liquidation/drift.h"
#include "models/liquidation/hyperliquid.h"
#include "models/liquidation/synthetix_v3.h"

namespace mezz::liquidation {
namespace {

// 20 USD short; each base unit of 100 USD closed frees 10 % - 2 % fee - 3 % to the fund = 5 USD.
TEST(DriftSizes, BaseFreesMarginNetOfFees) {
  const drift::PerpShortage position{.shortage = 20'000'000,
                                     .margin_ratio = 1'000,
                                     .liquidation_fee = 20'000,
                                     .fund_fee = 30'000,
                                     .oracle_price = 100'000'000};
  EXPECT_TRUE(drift::base_to_cover(position) == 4'000'000'000u);
}

TEST(DriftSizes, FeesThatEatTheMarginTakeEverything) {
  drift::PerpShortage position{.shortage = 1,
                               .margin_ratio = 500,
                               .liquidation_fee = 50'000,
                               .fund_fee = 0,
                               .oracle_price = 100};
  EXPECT_TRUE(drift::base_to_cover(position) == drift::kAllBase);
  position.liquidation_fee = 20'000;
  position.fund_fee = 30'000;
  EXPECT_TRUE(drift::base_to_cover(position) == drift::kAllBase);
  position.oracle_price = 0;
  EXPECT_TRUE(drift::base_to_cover(position) == drift::kAllBase);
}

// Each unit of 10 USD moved frees 10 * (1.2 - 0.8) = 4 USD, with a fund fee of 5 %: 4 - 0.6.
TEST(DriftSizes, LiabilityFreesTheDifferenceOfWeights) {
  drift::SpotShortage position{.shortage = 40'000'000,
                               .asset_weight = 8'000,
                               .liability_weight = 12'000,
                               .liability_decimals = 6,
                               .liability_price = 10'000'000};
  EXPECT_TRUE(drift::liability_to_cover(position) == 10'000'000u);
  position.fund_fee = 50'000;
  EXPECT_TRUE(drift::liability_to_cover(position) == 11'764'705u);  // 40 / 3.4
  position.liability_decimals = 3;
  EXPECT_TRUE(drift::liability_to_cover(position) == 11'764u);
  position.asset_weight = 12'000;
  EXPECT_TRUE(drift::liability_to_cover(position) == drift::kAllTokens);
}

// Notional 1000, shortage 20 = 2 %; (5 % - 1 % - 2 %) * 0.95 = 1.9 %.
TEST(DriftSizes, FundFeeIsWhatTheMarginLeaves) {
  drift::FundFee position{.shortage = 20'000'000,
                          .base = 10'000'000'000,
                          .margin_ratio = 500,
                          .liquidator_fee = 10'000,
                          .oracle_price = 100'000'000,
                          .fee_max = 50'000};
  EXPECT_EQ(drift::fund_fee(position), 19'000);
  position.fee_max = 5'000;
  EXPECT_EQ(drift::fund_fee(position), 5'000);
  position.shortage = 90'000'000;
  EXPECT_EQ(drift::fund_fee(position), 0);
}

TEST(DriftBankruptcy, SharedLossCoversTheWholeLoss) {
  // 10 USD over 3 base: 3.333334 each, times 3 is 10.000002.
  const Int128 step = drift::funding_step(-10'000'000, 1'000'000'000, -2'000'000'000);
  EXPECT_TRUE(step == 3'333'334'000);
  EXPECT_GE(narrow(step * 3 / 1'000), 10'000'000);
  EXPECT_TRUE(drift::deposit_index_step(100, 1'000) == 1'000'000'000);  // a tenth of the index
  EXPECT_TRUE(drift::deposit_index_step(1, 3) == 3'333'333'334);        // rounded up
  EXPECT_TRUE(drift::deposit_index_step(50, 3) == 10'000'000'000 - 1);  // wiped out, not below
  EXPECT_TRUE(drift::deposit_index_step(50, 0) == 0);
}

// At the liquidation price equity equals maintenance: 40 + 10 (p' - 100) s = loss of requirement.
// A tenth, and 10 of 150 slots: 6.66 % more.
TEST(DriftRamp, FreesAPartThatGrows) {
  const drift::Ramp ramp;
  EXPECT_EQ(drift::freeable_part(ramp, 100'000'000, 0, 0), 1'000);
  EXPECT_EQ(drift::freeable_part(ramp, 100'000'000, 0, 10), 1'666);
  EXPECT_EQ(drift::freeable_part(ramp, 100'000'000, 0, 135), 10'000);
  // Of 100 dollars 16.66 may be free: 10 are, 6.66 of the 90 that are short are left.
  EXPECT_EQ(drift::freeable_part(ramp, 90'000'000, 10'000'000, 10), 740);
  // More was freed than the ramp allows by now.
  EXPECT_EQ(drift::freeable_part(ramp, 90'000'000, 30'000'000, 0), 0);
  EXPECT_EQ(drift::freeable_part(ramp, 49'999'999, 0, 0), 10'000);
  EXPECT_EQ(drift::freeable_part({.slots = 0}, 100'000'000, 0, 0), 10'000);
}

TEST(DriftRamp, TheFeeGrowsAfterTenMinutes) {
  EXPECT_EQ(drift::liquidator_fee(10'000, 30'000, 1'499), 10'000);
  EXPECT_EQ(drift::liquidator_fee(10'000, 30'000, 1'500), 11'500);
  EXPECT_EQ(drift::liquidator_fee(10'000, 30'000, 40'000), 30'000);
}

// The market of the contracts' own tests: fees of 0.7 and 0.3 %, skew scale 1 000, a quarter of
// that, 10 seconds: 0.01 x 1 000 x 0.25 x 10 = 25.
TEST(SynthetixWindow, LimitsWhatIsClosedWithinIt) {
  synthetix_v3::WindowRule rule{.fees = 1_percent,
                                .skew_scale = Wad::whole(1'000),
                                .multiplier = 25_percent,
                                .window = 10_s,
                                .premium_max = 6_percent};
  EXPECT_EQ(synthetix_v3::window_limit(rule), Wad::whole(25));
  const Time start = Time::zero() + 100_s;
  const auto closable = [&](std::vector<synthetix_v3::Closed> before, Time now, int skew) {
    return synthetix_v3::closable(rule, before, now, Wad::whole(skew), Wad::whole(90));
  };
  EXPECT_EQ(closable({}, start, 90), Wad::whole(25));
  EXPECT_EQ(closable({{start, Wad::whole(10)}}, start, 80), Wad::whole(15));
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start + 9_s, 65), Wad::zero());
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start + 10_s, 65), Wad::whole(25));
  // 59 of 1 000 is below 6 %: once more, but not in the block that closed something.
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start + 1_s, -59), Wad::whole(25));
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start, -59), Wad::zero());
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start + 1_s, 60), Wad::zero());
  rule.step = Wad::whole(10);
  EXPECT_EQ(synthetix_v3::window_limit(rule), Wad::whole(20));
  rule.multiplier = Ratio::zero();
  EXPECT_EQ(closable({{start, Wad::whole(25)}}, start, 90), Wad::whole(90));
}

TEST(HyperliquidRules, LiquidationPriceExhaustsTheAvailableMargin) {
  for (const std::int64_t side : {1, -1}) {
    const hyperliquid::Position position{.price = Wad::whole(100),
                                         .size = Wad::whole(10 * side),
                                         .margin_available = Wad::whole(40),
                                         .maintenance_leverage = 20};
    const Wad price = hyperliquid::liquidation_price(position);
    // available(p) = 40 + size (p - 100) - 10 (p - 100) / 20
    const Wad move = price - Wad::whole(100);
    const Wad left = Wad::whole(40) + multiply(position.size, move) -
                     divide(multiply(Wad::whole(10), move), Wad::whole(20));
    EXPECT_LE(left.abs(), Wad{100});
  }
}

TEST(HyperliquidRules, StagesAndFirstClose) {
  using hyperliquid::Stage;
  EXPECT_EQ(hyperliquid::stage(Wad::whole(30), Wad::whole(30)), Stage::None);
  EXPECT_EQ(hyperliquid::stage(Wad::whole(20), Wad::whole(30)), Stage::MarketClose);
  EXPECT_EQ(hyperliquid::stage(Wad{Wad::whole(20).units - 1}, Wad::whole(30)), Stage::Backstop);
  EXPECT_EQ(hyperliquid::first_close(Wad::whole(-5), Wad::whole(100'001)), -Wad::one());
  EXPECT_EQ(hyperliquid::first_close(Wad::whole(-5), Wad::whole(100'000)), Wad::whole(-5));
}

TEST(HyperliquidRules, ShortsRankByTheInverseRatio) {
  // Notional 5 * 100 over 50: leverage 10; a long from 80 gained 1.25, a short from 80 has 0.8.
  const hyperliquid::Ranked position{.mark = Wad::whole(100),
                                     .entry = Wad::whole(80),
                                     .size = Wad::whole(5),
                                     .account_value = Wad::whole(50)};
  EXPECT_EQ(hyperliquid::adl_index(position), Wad::of(125, 10));
  hyperliquid::Ranked opposite = position;
  opposite.size = Wad::whole(-5);
  EXPECT_EQ(hyperliquid::adl_index(opposite), Wad::whole(8));
}

// Debt 100 of a 1-dollar token (6 decimals), collateral at 2000 (18 decimals), bonus 5 %.
const aave::Asset kDollar{.price = 1, .decimals = 6};
const aave::Asset kEther{.price = 2'000, .decimals = 18};

TEST(AaveRules, CollateralWorthTheBonusMoreWithTheFeeOnTheBonusOnly) {
  // 100 / 2000 = 0.05, times 1.05 = 0.0525; bonus 0.0025, a tenth of it to the protocol.
  const aave::Seizure seizure = aave::seize(100'000'000, Wad::kOne, kDollar, kEther, {});
  EXPECT_TRUE(seizure.protocol_fee == 250'000'000'000'000);
  EXPECT_TRUE(seizure.to_liquidator == 52'500'000'000'000'000 - 250'000'000'000'000);
  EXPECT_TRUE(seizure.debt_repaid == 100'000'000);
}

TEST(AaveRules, TooLittleCollateralRepaysLessAndLeavesBadDebt) {
  // 0.021 ether is worth 42; 42 / 1.05 = 40 of 100 repaid.
  const aave::Seizure seizure =
      aave::seize(100'000'000, 21'000'000'000'000'000, kDollar, kEther, {});
  EXPECT_TRUE(seizure.debt_repaid == 40'000'000);
  EXPECT_TRUE(seizure.to_liquidator + seizure.protocol_fee == 21'000'000'000'000'000);
}

TEST(AaveRules, CloseFactorAndHalfUp) {
  EXPECT_TRUE(aave::debt_closable(101, 9'600) == 51);  // 50.5 up
  EXPECT_TRUE(aave::debt_closable(101, 9'500) == 101);
  EXPECT_TRUE(aave::percent_mul(1, 5'000) == 1);
  EXPECT_TRUE(aave::percent_mul(1, 4'999) == 0);
  EXPECT_TRUE(aave::percent_div(1, 20'000) == 1);
}

TEST(AdlRank, WinnersByReturnTimesLeverageLosersByReturnOverIt) {
  // Long 1 from 80 at 100, bankrupt at 75: leverage 100 / 25 = 4, return 25 %.
  const AdlPosition winner{Wad::one(), Wad::whole(80), Wad::whole(100), Wad::whole(75)};
  EXPECT_EQ(adl_leverage(winner), Wad::whole(4));
  EXPECT_EQ(adl_rank(winner), Wad::one());
  // Short 1 from 80 at 100, bankrupt at 125: the same leverage, return -25 %.
  const AdlPosition loser{-Wad::one(), Wad::whole(80), Wad::whole(100), Wad::whole(125)};
  EXPECT_EQ(adl_leverage(loser), Wad::whole(4));
  EXPECT_EQ(adl_rank(loser), -Wad::of(1, 16));
  // Short from 125: return 20 %, times four.
  const AdlPosition short_winner{-Wad::one(), Wad::whole(125), Wad::whole(100), Wad::whole(125)};
  EXPECT_EQ(adl_rank(short_winner), Wad::of(8, 10));
}

}  // namespace
}  // namespace mezz::liquidation

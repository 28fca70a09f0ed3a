// Whole accounts under each rule, against the rules themselves fed by hand.
#include "models/portfolio/account_margin.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mezz {
namespace {

constexpr Money kIndex = 50'000_usd;
const ContractSpec kPerp{.underlying = "BTC", .tick = 1_usd, .lot_decimals = 3};
const Price kIndexTicks{50'000};

ListingSpec call(Money strike, Duration expiry) {
  ListingSpec spec;
  spec.name = "C";
  spec.kind = ListingKind::Call;
  spec.strike = strike;
  spec.expiry = expiry;
  spec.volatility = 80_percent;
  return spec;
}

// scenario_grid: half of the spot either way, of which 30 % count, or a tenth.
MarginPreset preset(MarginRule rule) {
  MarginPreset preset{.rule = rule, .position = {}, .srm = {}};
  preset.position.tier = margin::preset(margin::Tier::LargeCap);
  if (rule == MarginRule::Span16) {
    preset.grid =
        margin::span16({.price = 15_percent, .volatility = 15_percent, .spread_charge = 1_percent});
  } else if (rule == MarginRule::AevoPm) {
    preset.grid = margin::aevo_pm();
  } else if (rule == MarginRule::ScenarioGrid) {
    preset.grid = {.scenarios = {{.spot = 50_percent, .weight = 30_percent},
                                 {.spot = 150_percent, .weight = 30_percent},
                                 {.spot = 110_percent, .volatility = Ratio::one()},
                                 {.spot = 90_percent, .volatility = Ratio::one()}},
                   .volatility_up = 20_percent,
                   .initial_factor = 120_percent};
  }
  return preset;
}

Leg perp_leg(std::int64_t lots) {
  return {.listing = nullptr,
          .contract = &kPerp,
          .size = {lots},
          .prices = std::span<const Price>(&kIndexTicks, 1)};
}

class AccountMargin : public ::testing::TestWithParam<MarginRule> {};

// One coin long and 10 000 USD in quote of a cost of 50 000: the tier of the perpetual alone gives
// what the rule gives, to two micro-dollars of rounding.
TEST_P(AccountMargin, PerpetualAloneIsWhatItsTierSays) {
  MarginPreset rule = preset(GetParam());
  for (const std::int64_t lots : {1'000, -1'000, 7, -333}) {
    const AccountPortfolio account{.quote = 60'000_usd, .index = kIndex, .legs = {perp_leg(lots)}};
    const margin::Risk whole = account_risk(rule, account);
    const margin::Risk tier = margin::position_risk(
        {.quantity = {lots}, .price = quote_price(kPerp, kIndexTicks)}, perpetual_tier(rule));
    EXPECT_EQ(whole.net_collateral, tier.net_collateral + 60'000_usd);
    EXPECT_NEAR(static_cast<double>(whole.initial_margin.micros),
                static_cast<double>(tier.initial_margin.micros), 2.0);
    EXPECT_NEAR(static_cast<double>(whole.maintenance_margin.micros),
                static_cast<double>(tier.maintenance_margin.micros),
                2.0 + 1e-6 * static_cast<double>(tier.initial_margin.micros));
  }
}
INSTANTIATE_TEST_SUITE_P(Rules, AccountMargin,
                         ::testing::Values(MarginRule::DydxV4, MarginRule::DeriveSrm,
                                           MarginRule::DerivePmrm, MarginRule::DerivePmrm2,
                                           MarginRule::DeribitPm, MarginRule::Span16,
                                           MarginRule::AevoPm, MarginRule::ScenarioGrid),
                         [](const auto& info) { return std::string(enum_name(info.param)); });

// Derive's perpetual: 10 % and 6.5 % under the standard rule; 15 % of the grid and 2.5 % static
// under the portfolio rule, times 1.3 at first; in its second version 80 % of 18 %, and 3 %, or all
// of it and 4 %. Deribit's: the range of 16 %, and 80 % of that to keep.
TEST(AccountMargin, PerpetualSharesAreDerives) {
  const margin::LiquidityTier srm = perpetual_tier(preset(MarginRule::DeriveSrm));
  EXPECT_EQ(srm.initial_margin_ppm, 100'000);
  EXPECT_EQ(srm.maintenance_fraction_ppm, 650'000);
  const margin::LiquidityTier pmrm = perpetual_tier(preset(MarginRule::DerivePmrm));
  EXPECT_EQ(pmrm.initial_margin_ppm, 227'500);
  EXPECT_NEAR(static_cast<double>(pmrm.maintenance_fraction_ppm), 1e6 / 1.3, 1.0);
  const margin::LiquidityTier pmrm2 = perpetual_tier(preset(MarginRule::DerivePmrm2));
  EXPECT_EQ(pmrm2.initial_margin_ppm, 220'000);
  EXPECT_EQ(pmrm2.maintenance_fraction_ppm, 790'910);  // 17.4 / 22
  const margin::LiquidityTier deribit = perpetual_tier(preset(MarginRule::DeribitPm));
  EXPECT_EQ(deribit.initial_margin_ppm, 160'000);
  EXPECT_EQ(deribit.maintenance_fraction_ppm, 800'000);
}

// SPAN: the range of 15 %, more than 33 % of three of them, and a tenth on top at first. Aevo: 20
// %, 80 % of it to keep. A grid of one's own: 30 % of 50 %, more than a tenth, and a fifth on top.
TEST(AccountMargin, PerpetualSharesAreTheGrids) {
  const margin::LiquidityTier span = perpetual_tier(preset(MarginRule::Span16));
  EXPECT_EQ(span.initial_margin_ppm, 165'000);
  EXPECT_EQ(span.maintenance_fraction_ppm, 909'091);
  const margin::LiquidityTier aevo = perpetual_tier(preset(MarginRule::AevoPm));
  EXPECT_EQ(aevo.initial_margin_ppm, 200'000);
  EXPECT_EQ(aevo.maintenance_fraction_ppm, 800'000);
  const margin::LiquidityTier own = perpetual_tier(preset(MarginRule::ScenarioGrid));
  EXPECT_EQ(own.initial_margin_ppm, 180'000);
  EXPECT_EQ(own.maintenance_fraction_ppm, 833'334);
}

// A written call covered by the perpetual needs less under the portfolio rule than naked, and less
// than the sum of both alone; under the standard rule nothing is netted.
TEST(AccountMargin, OnlyThePortfolioRuleNetsTheHedge) {
  const ListingSpec spec = call(50'000_usd, 30_d);
  const ContractSpec contract = spec.contract();
  for (const MarginRule rule :
       {MarginRule::DeriveSrm, MarginRule::DerivePmrm, MarginRule::DerivePmrm2,
        MarginRule::DeribitPm, MarginRule::Span16, MarginRule::AevoPm, MarginRule::ScenarioGrid}) {
    const MarginPreset p = preset(rule);
    const std::vector<Price> prices = prices_of(p, spec, {.now = Time::zero(), .index = kIndex});
    const Leg option{.listing = &spec,
                     .contract = &contract,
                     .size = {-1'000},
                     .prices = prices,
                     .to_expiry = 30_d};
    const auto need = [&](const std::vector<Leg>& legs) {
      return account_risk(p, {.quote = 100'000_usd, .index = kIndex, .legs = legs})
          .maintenance_margin;
    };
    const Money naked = need({option});
    const Money hedge = need({perp_leg(500)});
    const Money both = need({option, perp_leg(500)});
    if (rule == MarginRule::DeriveSrm) {
      EXPECT_EQ(both, naked + hedge);
      EXPECT_EQ(naked, 4'500_usd);  // 9 % of 50 000
    } else {
      EXPECT_LT(both, naked);
      EXPECT_LT(both, naked + hedge);
    }
  }
}

struct Priced {
  Priced(const MarginPreset& preset, ListingSpec listing)
      : spec(std::move(listing)),
        contract(spec.contract()),
        prices(prices_of(preset, spec, {.now = Time::zero(), .index = kIndex})) {}
  Priced(const Priced&) = delete;  // legs point into it
  [[nodiscard]] Leg leg(std::int64_t lots) const {
    return {.listing = &spec,
            .contract = &contract,
            .size = {lots},
            .prices = prices,
            .to_expiry = expires(spec.kind) ? spec.expiry : spec.period()};
  }

  ListingSpec spec;
  ContractSpec contract;
  std::vector<Price> prices;
};

margin::Risk risk_with(const MarginPreset& preset, const std::vector<Leg>& legs) {
  return account_risk(preset, {.quote = 100'000_usd, .index = kIndex, .legs = legs});
}

// A call a tenth out of the money, a minute from its expiry, is worth nothing now and its intrinsic
// value after a move. Deribit: 3.2 % of 300 000 - 55 000 in the farthest tail, 80 % of it to keep.
// Derive: 2.772 % of the same, 80 % of it to keep, and 0.3 or 0.5 % of the spot.
TEST(AccountMargin, CallsSoldFarOutOfTheMoneyNeedTheTails) {
  ListingSpec far = call(55'000_usd, 1_min);
  far.settlement_window = Duration::zero();
  const MarginPreset deribit = preset(MarginRule::DeribitPm);
  const Priced one(deribit, far);
  EXPECT_EQ(one.prices.size(), 1U + 35U);
  EXPECT_EQ(risk_with(deribit, {one.leg(-1'000)}).initial_margin, 7'840_usd);
  EXPECT_EQ(risk_with(deribit, {one.leg(-1'000)}).maintenance_margin, 6'272_usd);
  const MarginPreset derive = preset(MarginRule::DerivePmrm2);
  const Priced two(derive, far);
  EXPECT_EQ(two.prices.size(), 1U + 3U + 33U);
  EXPECT_EQ(risk_with(derive, {two.leg(-1'000)}).maintenance_margin, Money{5'583'120'000});
  EXPECT_EQ(risk_with(derive, {two.leg(-1'000)}).initial_margin, Money{7'041'400'000});
  EXPECT_EQ(risk_with(derive, {two.leg(1'000)}).maintenance_margin, Money::zero());
}

// 30 days, so volatility moves by its whole range: 20 % becomes 30 %, but at least 40 %; or 14 %.
// On a smile the strike keeps its volatility when the index moves.
TEST(AccountMargin, TheSecondVersionMovesTheVolatilityThatTheStrikeHas) {
  const MarginPreset rule = preset(MarginRule::DerivePmrm2);
  ListingSpec spec = call(50'000_usd, 30_d);
  spec.volatility = 20_percent;
  const auto at_volatility = [&](Ratio volatility, Money index) {
    ListingSpec flat = spec;
    flat.smile.reset();
    flat.volatility = volatility;
    return mark(flat, {.now = Time::zero(), .index = index}).ticks;
  };
  const std::size_t kUp = 1 + 3 + 1 + 3 * 3;  // mark; as it is, basis; +18 %, three spots above
  const Priced plain(rule, spec);
  EXPECT_EQ(plain.prices[kUp].ticks, at_volatility(40_percent, kIndex));
  EXPECT_EQ(plain.prices[kUp + 1], plain.prices[0]);
  EXPECT_EQ(plain.prices[kUp + 2].ticks, at_volatility(14_percent, kIndex));
  spec.smile = ListingSmile{.a = 0.04, .b = 0.3, .rho = -0.4, .m = 0.0, .sigma = 0.2};
  const Priced smiling(rule, spec);
  const double now = mark_volatility(spec, {.now = Time::zero(), .index = kIndex});
  const Ratio strike{std::llround(now * 1e9)};
  EXPECT_NEAR(static_cast<double>(smiling.prices[1 + 3 + 2].ticks),  // +13.5 %, as it is
              static_cast<double>(at_volatility(strike, Money{56'750'000'000})), 1.0);
}

// Deribit: a perpetual against a future of 73 days loses in no move and pays a fifth of 7.5 %.
TEST(AccountMargin, AFutureAgainstThePerpetualPaysTheRoll) {
  const MarginPreset rule = preset(MarginRule::DeribitPm);
  ListingSpec spec = call({}, 73_d);
  spec.kind = ListingKind::Future;
  const Priced future(rule, spec);
  const margin::Risk risk = risk_with(rule, {perp_leg(1'000), future.leg(-1'000)});
  EXPECT_EQ(risk.net_collateral, 100'000_usd);
  EXPECT_EQ(risk.initial_margin, 750_usd);
  EXPECT_EQ(risk.maintenance_margin, 600_usd);
}

// SPAN's grid prices no option at the volatility it has: deltas are means over both moves of it. A
// call far in the money is worth the spot less its strike, so against the perpetual nothing is
// lost, one unit is matched, and 1 % of 50 000 is charged, a tenth more at first. Of the same
// expiry nothing is matched.
TEST(AccountMargin, DeltasAreMeansWhereEveryMoveChangesTheVolatility) {
  const MarginPreset rule = preset(MarginRule::Span16);
  const Priced deep(rule, call(10_usd, 30_d));
  const Priced other(rule, call(20_usd, 30_d));
  EXPECT_EQ(deep.prices.size(), 1U + 16U);
  const margin::Risk hedged = risk_with(rule, {perp_leg(1'000), deep.leg(-1'000)});
  EXPECT_EQ(hedged.maintenance_margin, 500_usd);
  EXPECT_EQ(hedged.initial_margin, 550_usd);
  EXPECT_EQ(risk_with(rule, {deep.leg(1'000), other.leg(-1'000)}).initial_margin, Money::zero());
}

// A put sold at 45 000, a minute from its expiry: worth nothing now, 20 000 when half of the spot
// is gone, of which 30 % count to keep it, and a fifth more at first.
TEST(AccountMargin, AGridOfOnesOwnIsWhatItSays) {
  const MarginPreset rule = preset(MarginRule::ScenarioGrid);
  ListingSpec near = call(45'000_usd, 1_min);
  near.kind = ListingKind::Put;
  near.settlement_window = Duration::zero();
  const Priced put(rule, near);
  EXPECT_EQ(put.prices.size(), 1U + 4U);
  EXPECT_EQ(risk_with(rule, {put.leg(-1'000)}).maintenance_margin, 6'000_usd);
  EXPECT_EQ(risk_with(rule, {put.leg(-1'000)}).initial_margin, 7'200_usd);
}

// 80 % of 50 000 count to keep it, 93.75 % of that at first; the perpetual sold against it needs
// its own 6.5 and 10 %, as does a coin owed.
TEST(AccountMargin, CoinsCountInPartUnderTheStandardRule) {
  const MarginPreset rule = preset(MarginRule::DeriveSrm);
  ListingSpec spec;
  spec.name = "COIN";
  spec.kind = ListingKind::Spot;
  const Priced coin(rule, spec);
  const margin::Risk alone = risk_with(rule, {coin.leg(1'000)});
  EXPECT_EQ(alone.net_collateral, 150'000_usd);
  EXPECT_EQ(alone.maintenance_margin, 10'000_usd);
  EXPECT_EQ(alone.initial_margin, 12'500_usd);
  const margin::Risk hedged = risk_with(rule, {coin.leg(1'000), perp_leg(-1'000)});
  EXPECT_EQ(hedged.maintenance_margin, 13'250_usd);
  EXPECT_EQ(hedged.initial_margin, 17'500_usd);
  EXPECT_EQ(risk_with(rule, {coin.leg(-1'000)}).maintenance_margin, 3'250_usd);
}

// A coin of 50 000 may fall by 18 %, of which 80 % count to keep it, and costs 1.5 and 0.5 %. Sold
// against it, the perpetual leaves its own 3 and 1 %. Owed, it is what a perpetual sold would be.
TEST(AccountMargin, CoinsAreCollateralWithAHaircutInTheSecondVersion) {
  const MarginPreset rule = preset(MarginRule::DerivePmrm2);
  ListingSpec spec;
  spec.name = "COIN";
  spec.kind = ListingKind::Spot;
  const Priced coin(rule, spec);
  const margin::Risk alone = risk_with(rule, {coin.leg(1'000)});
  EXPECT_EQ(alone.net_collateral, 150'000_usd);
  EXPECT_EQ(alone.maintenance_margin, 7'950_usd);
  EXPECT_EQ(alone.initial_margin, 10'000_usd);
  const margin::Risk hedged = risk_with(rule, {coin.leg(1'000), perp_leg(-1'000)});
  EXPECT_EQ(hedged.maintenance_margin, 2'250_usd);
  EXPECT_EQ(hedged.initial_margin, 3'000_usd);
  EXPECT_EQ(risk_with(rule, {coin.leg(-1'000)}).maintenance_margin, 8'700_usd);
}

// A written digital needs its payout; a bought one nothing and counts nothing.
TEST(AccountMargin, DigitalsUnderTheStandardRule) {
  ListingSpec spec = call(50'000_usd, 30_d);
  spec.kind = ListingKind::DigitalCall;
  spec.payout = 1'000_usd;
  const ContractSpec contract = spec.contract();
  const MarginPreset p = preset(MarginRule::DeriveSrm);
  const std::vector<Price> prices = prices_of(p, spec, {.now = Time::zero(), .index = kIndex});
  const auto free_of = [&](std::int64_t lots) {
    const Leg leg{.listing = &spec,
                  .contract = &contract,
                  .size = {lots},
                  .prices = prices,
                  .to_expiry = 30_d};
    const margin::Risk risk = account_risk(p, {.quote = 5'000_usd, .index = kIndex, .legs = {leg}});
    return risk.net_collateral - risk.maintenance_margin;
  };
  EXPECT_EQ(free_of(-2'000), 3'000_usd);
  EXPECT_EQ(free_of(2'000), 5'000_usd);
}

}  // namespace
}  // namespace mezz

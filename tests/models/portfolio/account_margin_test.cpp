// Whole accounts under each rule, against the rules themselves fed by hand.
#include "models/portfolio/account_margin.h"

#include <gtest/gtest.h>

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

MarginPreset preset(MarginRule rule) {
  MarginPreset preset{.rule = rule, .position = {}, .srm = {}, .pmrm = {}};
  preset.position.tier = margin::preset(margin::Tier::LargeCap);
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
                                           MarginRule::DerivePmrm),
                         [](const auto& info) { return std::string(enum_name(info.param)); });

// Derive's perpetual: 10 % and 6.5 % under the standard rule; 15 % of the grid and 2.5 % static
// under the portfolio rule, times 1.3 at first.
TEST(AccountMargin, PerpetualSharesAreDerives) {
  const margin::LiquidityTier srm = perpetual_tier(preset(MarginRule::DeriveSrm));
  EXPECT_EQ(srm.initial_margin_ppm, 100'000);
  EXPECT_EQ(srm.maintenance_fraction_ppm, 650'000);
  const margin::LiquidityTier pmrm = perpetual_tier(preset(MarginRule::DerivePmrm));
  EXPECT_EQ(pmrm.initial_margin_ppm, 227'500);
  EXPECT_NEAR(static_cast<double>(pmrm.maintenance_fraction_ppm), 1e6 / 1.3, 1.0);
}

// A written call covered by the perpetual needs less under the portfolio rule than naked, and less
// than the sum of both alone; under the standard rule nothing is netted.
TEST(AccountMargin, OnlyThePortfolioRuleNetsTheHedge) {
  const ListingSpec spec = call(50'000_usd, 30_d);
  const ContractSpec contract = spec.contract();
  for (const MarginRule rule : {MarginRule::DeriveSrm, MarginRule::DerivePmrm}) {
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

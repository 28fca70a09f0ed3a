#include "models/margin/derive_pmrm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/check/error.h"

namespace mezz::margin {
namespace {

constexpr Wad w(std::int64_t n) { return Wad::whole(n); }

PmrmPortfolio at_2000() {
  PmrmPortfolio p;
  p.spot = w(2'000);
  p.perp_price = w(2'000);
  return p;
}

// One unit of base at 2 000: -15 % is 300, 2.5 % static is 50: 1 650 to keep; to open 2 000
// less 1.3 times 350 = 1 545.
TEST(DerivePmrm, BaseAlone) {
  PmrmPortfolio p = at_2000();
  p.base = w(1);
  const DerivePmrm rule;
  EXPECT_EQ(net_margin(rule, p, Requirement::Maintenance).net, w(1'650));
  EXPECT_EQ(net_margin(rule, p, Requirement::Initial).net, w(1'545));
  EXPECT_EQ(net_margin(rule, p, Requirement::Maintenance).loss, w(-300));
}

// A perpetual sold against the base: no scenario moves it, both static costs stay.
TEST(DerivePmrm, AHedgeLeavesTheStaticCosts) {
  PmrmPortfolio p = at_2000();
  p.base = w(1);
  p.perp_size = w(-1);
  const PmrmMargin margin = net_margin({}, p, Requirement::Maintenance);
  EXPECT_EQ(margin.loss, Wad::zero());
  EXPECT_EQ(margin.net, w(2'000 - 50 - 50));
}

// Confidence 20 % below 60 %: 80 % x 0.4 x 2 000 for the perpetual. At 88 cents the factor is
// 1.3 + 2 x 0.10 = 1.5, of 300 + 50.
TEST(DerivePmrm, OracleAndPegCostInitialMarginOnly) {
  PmrmPortfolio p = at_2000();
  p.perp_size = w(1);
  p.perp_confidence = Wad::of(20, 100);
  EXPECT_EQ(net_margin({}, p, Requirement::Initial).net, -(w(455) + w(640)));
  EXPECT_EQ(net_margin({}, p, Requirement::Maintenance).net, w(-350));
  p.stable_price = Wad::of(88, 100);
  EXPECT_EQ(net_margin({}, p, Requirement::Initial).net, -(w(525) + w(640)));
}

// 30 days: the range as it is. 7.5 days: a quarter, (30 / 7.5)^0.3 = 1.5157. Half a day counts as
// one: 30^0.3 = 2.774; 120 days: 4^-0.13 = 0.8351.
TEST(DerivePmrm, VolatilityMovesMoreNearExpiry) {
  const DerivePmrm rule;
  const auto up = [&](Duration time) { return shocks(rule, time).at(3).volatility - 1; };
  EXPECT_NEAR(up(30_d), 0.45, 1e-15);
  EXPECT_NEAR(up(180_h), 0.45 * std::pow(4.0, 0.3), 1e-14);
  EXPECT_NEAR(up(12_h), 0.45 * std::pow(30.0, 0.3), 1e-14);
  EXPECT_NEAR(up(120_d), 0.45 * std::pow(4.0, -0.13), 1e-14);
  EXPECT_EQ(shocks(rule, 30_d).size(), 3U + 21U);
  EXPECT_NEAR(shocks(rule, 30_d).at(5).volatility, 0.7, 1e-15);
  EXPECT_NEAR(shocks(rule, 1_d).at(5).volatility, 1 - 0.3 * std::pow(30.0, 0.3), 1e-15);
}

// An option sold whose value does not move: nothing but 1 % of spot per option sold net at a
// strike.
TEST(DerivePmrm, OptionsSoldNetAtAStrikeHaveAStaticCost) {
  const DerivePmrm rule;
  const std::vector<Wad> still(3 + rule.scenarios.size(), w(10));
  PmrmPortfolio p = at_2000();
  p.expiries = {{.to_expiry = 30_d, .rate = 0.0, .confidence = Wad::one(), .options = {}}};
  p.expiries[0].options = {{w(2'500), w(-3), still, Wad::one()}};
  EXPECT_EQ(net_margin(rule, p, Requirement::Maintenance).net, w(-30 - 60));
  p.expiries[0].options.push_back({w(2'500), w(3), still, Wad::one()});  // call and put, say
  EXPECT_EQ(net_margin(rule, p, Requirement::Maintenance).net, Wad::zero());
}

using Change = void (*)(DerivePmrm&);
struct Refused {
  const char* key;
  Change change;
};
class DerivePmrmRefuses : public testing::TestWithParam<Refused> {};
TEST_P(DerivePmrmRefuses, WithTheKey) {
  DerivePmrm rule;
  EXPECT_NO_THROW(rule.check("margin"));
  GetParam().change(rule);
  try {
    rule.check("margin");
    ADD_FAILURE() << "accepted";
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find(std::string("margin.") + GetParam().key),
              std::string::npos)
        << error.what();
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, DerivePmrmRefuses,
    testing::Values(
        Refused{"scenarios", [](DerivePmrm& r) { r.scenarios.clear(); }},
        Refused{"basis_up", [](DerivePmrm& r) { r.basis_up = 99_percent; }},
        Refused{"basis_down", [](DerivePmrm& r) { r.basis_down = 101_percent; }},
        Refused{"basis_share", [](DerivePmrm& r) { r.basis_share = Ratio{-1}; }},
        Refused{"volatility_up", [](DerivePmrm& r) { r.volatility_up = Ratio{-1}; }},
        Refused{"volatility_down", [](DerivePmrm& r) { r.volatility_down = 101_percent; }},
        Refused{"short_power", [](DerivePmrm& r) { r.short_power = std::nan(""); }},
        Refused{"long_power", [](DerivePmrm& r) { r.long_power = -0.1; }},
        Refused{"expiry_floor", [](DerivePmrm& r) { r.expiry_floor = Duration::zero(); }},
        Refused{"discount", [](DerivePmrm& r) { r.discount = 101_percent; }},
        Refused{"rate_add", [](DerivePmrm& r) { r.rate_add = Ratio{-1}; }},
        Refused{"option_static", [](DerivePmrm& r) { r.option_static = Ratio{-1}; }},
        Refused{"initial_factor", [](DerivePmrm& r) { r.initial_factor = 99_percent; }},
        Refused{"peg_threshold", [](DerivePmrm& r) { r.peg_threshold = 101_percent; }},
        Refused{"confidence_factor", [](DerivePmrm& r) { r.confidence_factor = Ratio{-1}; }}),
    [](const auto& p) { return std::string(p.param.key); });

}  // namespace
}  // namespace mezz::margin

#include "models/margin/derive_srm.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::margin {
namespace {

constexpr Wad w(std::int64_t n) { return Wad::whole(n); }

SrmPortfolio with(SrmMarket market, Wad cash = {}) {
  return {.cash = cash, .stable_price = Wad::one(), .markets = {std::move(market)}};
}
SrmMarket options(std::vector<SrmOption> all) {
  SrmMarket market;
  market.spot = w(2'000);
  market.perp_price = w(2'000);
  market.expiries = {{.forward = w(2'010), .confidence = Wad::one(), .options = std::move(all)}};
  return market;
}
Wad net(const SrmPortfolio& portfolio, Requirement r, const DeriveSrm& rule = {}) {
  return net_margin(rule, portfolio, r).net();
}

// One call sold at 2 500 with the spot at 2 000, marked at 30: 25 % out of the money, so the floor
// of 13 % holds: 30 + 260 = 290 to open; 30 + 9 % x 2 000 = 210 to keep.
TEST(DeriveSrm, ShortCallFarFromTheMoney) {
  const SrmPortfolio p = with(options({{true, w(2'500), w(-1), w(30)}}));
  EXPECT_EQ(net(p, Requirement::Initial), w(-290));
  EXPECT_EQ(net(p, Requirement::Maintenance), w(-210));
}

// A put sold at 1 900, 5 % out, marked at 40. To keep: the larger of 9 % x 2 000 = 180 and 9 % x
// 40, and the mark: 220. To open: 40 + max(15 - 5, 13) % x 2 000 = 300, above 1.05 x 220 = 231.
TEST(DeriveSrm, ShortPut) {
  const SrmPortfolio p = with(options({{false, w(1'900), w(-1), w(40)}}));
  EXPECT_EQ(net(p, Requirement::Maintenance), w(-220));
  EXPECT_EQ(net(p, Requirement::Initial), w(-300));
}

// Sold at 1 800, bought at 2 000: it loses at most 200, less than 250 + 15 % of the spot alone.
TEST(DeriveSrm, ASpreadNeedsItsGreatestLoss) {
  const SrmPortfolio p =
      with(options({{true, w(1'800), w(-1), w(250)}, {true, w(2'000), w(1), w(90)}}));
  EXPECT_EQ(net(p, Requirement::Initial), w(-200));
  EXPECT_EQ(net(p, Requirement::Maintenance), w(-200));
}

TEST(DeriveSrm, WhatIsOnlyBoughtNeedsNothingAndIsWorthNothing) {
  const SrmPortfolio p =
      with(options({{true, w(1'000), w(5), w(1'010)}, {false, w(3'000), w(2), w(990)}}), w(7));
  EXPECT_EQ(net(p, Requirement::Initial), w(7));
}

// Two perpetuals at 2 000: 10 % and 6.5 % of 4 000; the profit counts.
TEST(DeriveSrm, PerpetualsAndBase) {
  SrmMarket market = options({});
  market.perp_size = w(-2);
  market.perp_profit = w(50);
  EXPECT_EQ(net(with(market), Requirement::Initial), w(50 - 400));
  EXPECT_EQ(net(with(market), Requirement::Maintenance), w(50 - 260));
  market = options({});
  market.base = w(3);  // 6 000 at 80 %, and 93.75 % of that to open
  EXPECT_EQ(net(with(market), Requirement::Maintenance), w(4'800));
  EXPECT_EQ(net(with(market), Requirement::Initial), w(4'500));
}

// Confidence 30 % is below 55 %: 70 % of 2 000 for each perpetual; at 55 % nothing.
// A stablecoin at 94 cents: (0.99 - 0.94) x 2 = 10 % of 2 000 for each.
TEST(DeriveSrm, UncertainOraclesAndALostPegCostInitialMarginOnly) {
  SrmMarket market = options({});
  market.perp_size = w(1);
  SrmPortfolio p = with(market);
  const Wad plain = net(p, Requirement::Initial);
  p.markets[0].perp_confidence = Wad::of(55, 100);
  EXPECT_EQ(net(p, Requirement::Initial), plain);
  p.markets[0].perp_confidence = Wad::of(30, 100);
  EXPECT_EQ(net(p, Requirement::Initial), plain - w(1'400));
  p.stable_price = Wad::of(94, 100);
  EXPECT_EQ(net(p, Requirement::Initial), plain - w(1'400) - w(200));
  EXPECT_EQ(net(p, Requirement::Maintenance), -w(130));
}

TEST(DeriveSrm, OpeningNeedsAtLeastWhatKeepingDoes) {
  for (const std::int64_t strike : {500, 1'500, 1'950, 2'000, 2'100, 3'000, 8'000}) {
    for (const bool call : {true, false}) {
      for (const std::int64_t mark : {0, 1, 120, 900, 6'000}) {
        const SrmPortfolio p = with(options({{call, w(strike), w(-3), w(mark)}}));
        EXPECT_LE(net(p, Requirement::Initial), net(p, Requirement::Maintenance));
      }
    }
  }
}

using Change = void (*)(DeriveSrm&);
struct Refused {
  const char* key;
  Change change;
};
class DeriveSrmRefuses : public testing::TestWithParam<Refused> {};
TEST_P(DeriveSrmRefuses, WithTheKey) {
  DeriveSrm rule;
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
    All, DeriveSrmRefuses,
    testing::Values(
        Refused{"perp_maintenance", [](DeriveSrm& r) { r.perp_maintenance = Ratio{0}; }},
        Refused{"perp_initial", [](DeriveSrm& r) { r.perp_initial = 5_percent; }},
        Refused{"spot_min", [](DeriveSrm& r) { r.spot_min = Ratio{-1}; }},
        Refused{"spot_max", [](DeriveSrm& r) { r.spot_max = 12_percent; }},
        Refused{"call_maintenance", [](DeriveSrm& r) { r.call_maintenance = 14_percent; }},
        Refused{"put_maintenance", [](DeriveSrm& r) { r.put_maintenance = Ratio{0}; }},
        Refused{"put_mark_maintenance", [](DeriveSrm& r) { r.put_mark_maintenance = Ratio{-1}; }},
        Refused{"put_initial_offset", [](DeriveSrm& r) { r.put_initial_offset = 99_percent; }},
        Refused{"unpaired_maintenance", [](DeriveSrm& r) { r.unpaired_maintenance = Ratio{-1}; }},
        Refused{"unpaired_initial", [](DeriveSrm& r) { r.unpaired_initial = 109_percent; }},
        Refused{"confidence_threshold", [](DeriveSrm& r) { r.confidence_threshold = 101_percent; }},
        Refused{"confidence_factor", [](DeriveSrm& r) { r.confidence_factor = Ratio{-1}; }},
        Refused{"depeg_threshold", [](DeriveSrm& r) { r.depeg_threshold = Ratio{-1}; }},
        Refused{"depeg_factor", [](DeriveSrm& r) { r.depeg_factor = Ratio{-1}; }},
        Refused{"base_factor", [](DeriveSrm& r) { r.base_factor = 101_percent; }},
        Refused{"base_initial_scale", [](DeriveSrm& r) { r.base_initial_scale = 101_percent; }}),
    [](const auto& p) { return std::string(p.param.key); });

}  // namespace
}  // namespace mezz::margin

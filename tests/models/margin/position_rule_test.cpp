// What a position must hold under each venue's rule, by hand: 10 units (1 000 lots of 0.01) at
// 2 000 USD, a notional of 20 000.
#include "models/margin/position_rule.h"

#include <gtest/gtest.h>

namespace mezz::margin {
namespace {

VenuePosition ten_units(std::int64_t lots = 1'000) {
  return {.quantity = {lots}, .price = {20'000'000, 0}, .lots_per_unit = 100};
}

PositionRule rule_of(Venue venue) {
  PositionRule rule;
  rule.venue = venue;
  return rule;
}

TEST(PositionRule, DydxIsTheTier) {
  const Risk risk = position_risk(rule_of(Venue::DydxV4), ten_units(-1'000));
  EXPECT_EQ(risk.net_collateral, -20'000_usd);
  EXPECT_EQ(risk.initial_margin, 400_usd);      // 2 %
  EXPECT_EQ(risk.maintenance_margin, 240_usd);  // 60 % of it
}

// Tiers of 40 times up to 10 000 and 20 times above: the whole at 20 times initially, 10 000 / 80 +
// 10 000 / 40 to keep.
TEST(PositionRule, HyperliquidHasTiersOfLeverage) {
  PositionRule rule = rule_of(Venue::Hyperliquid);
  rule.leverage = {{.from = {}, .leverage_max = 40}, {.from = 10'000_usd, .leverage_max = 20}};
  const Risk risk = position_risk(rule, ten_units());
  EXPECT_EQ(risk.initial_margin, 1'000_usd);
  EXPECT_EQ(risk.maintenance_margin, 375_usd);
}

// 1 % of 20 000 and a fee of 6 bp to close; of one lot (20 USD) the floor of 1 USD.
TEST(PositionRule, GmxAsksForAPartOfTheSizeAndTheCostOfClosing) {
  const PositionRule rule = rule_of(Venue::GmxV2);
  EXPECT_EQ(position_risk(rule, ten_units()).maintenance_margin, 212_usd);
  EXPECT_EQ(position_risk(rule, ten_units(1)).maintenance_margin, Money{1'012'000});
}

// 10 / 1 000 000 x 100 % + 2 % = 2.001 %: 400.2 + 50, half of the ratio for maintenance; both and
// the keeper's 5 bp, 10 USD. Two positions: the sum of the parts and one reward of 20.
TEST(PositionRule, SynthetixAsksForTheKeepersRewardOnce) {
  PositionRule rule = rule_of(Venue::SynthetixV3);
  const Risk one = position_risk(rule, ten_units());
  EXPECT_EQ(one.initial_margin, Money{460'200'000});
  EXPECT_EQ(one.maintenance_margin, Money{260'100'000});
  rule.synthetix_keeper.reward_max = Wad::whole(15);
  const VenuePosition two[] = {ten_units(), ten_units(-1'000)};
  const Risk both = positions_risk(rule, two);
  EXPECT_EQ(both.net_collateral, Money::zero());
  EXPECT_EQ(both.maintenance_margin, Money{515'200'000});  // 2 x 250.1 + 15
}

// Base ratio 5 %; with a factor of 0.01: 4/5 of it and 0.01 x sqrt(10) = 4 % + 3.16 %. The root:
// floor(sqrt(10 x 10^10 + 1)) = 316 227, x 10 000 / (10^5 x 100) = 316 bp: 716 bp.
TEST(PositionRule, DriftGrowsWithTheRootOfTheSize) {
  PositionRule rule = rule_of(Venue::Drift);
  EXPECT_EQ(position_risk(rule, ten_units()).initial_margin, 2'000_usd);
  EXPECT_EQ(position_risk(rule, ten_units()).maintenance_margin, 1'000_usd);
  rule.drift.size_factor = 10'000;
  EXPECT_EQ(position_risk(rule, ten_units()).maintenance_margin, 1'432_usd);
}

TEST(PositionRule, NoPositionNeedsNothing) {
  for (const Venue venue :
       {Venue::DydxV4, Venue::Hyperliquid, Venue::GmxV2, Venue::SynthetixV3, Venue::Drift}) {
    const Risk none = position_risk(rule_of(venue), ten_units(0));
    EXPECT_EQ(none.initial_margin, Money::zero());
    EXPECT_EQ(none.maintenance_margin, Money::zero());
  }
}

}  // namespace
}  // namespace mezz::margin

#include "models/margin/dydx_v4.h"

#include <gtest/gtest.h>

namespace mezz::margin {
namespace {

bool same(Int128 a, std::int64_t b) { return a == b; }

// Genesis tiers: 2 % / 60 %, 5 / 60, 10 / 50, 20 / 50, 5 / 60, 100 / 20.
TEST(LiquidityTier, MaintenanceFractionsOfTheGenesisTiers) {
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::LargeCap)), 12'000);
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::MidCap)), 30'000);
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::SmallCap)), 50'000);
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::LongTail)), 100'000);
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::Isolated)), 30'000);
  EXPECT_EQ(maintenance_margin_ppm(preset(Tier::Safety)), 200'000);
  EXPECT_EQ(enum_name(Tier::LongTail), "long_tail");
}

TEST(InitialMargin, GrowsWithOpenInterestToOneHundredPercent) {
  const LiquidityTier tier = preset(Tier::MidCap);  // 40 to 100 million
  EXPECT_EQ(effective_initial_margin_ppm(tier, (40'000'000_usd).micros), 50'000);
  EXPECT_EQ(effective_initial_margin_ppm(tier, (70'000'000_usd).micros), 525'000);  // half way
  EXPECT_EQ(effective_initial_margin_ppm(tier, (100'000'000_usd).micros), 1'000'000);
  EXPECT_EQ(effective_initial_margin_ppm(preset(Tier::LargeCap), Int128{1} << 80), 20'000);
}

TEST(InitialMargin, CustomFractionOnlyTightens) {
  const PositionInputs position{.quantity = 100_lots,
                                .price = {1'000'000, 0},
                                .open_interest = {},
                                .custom_initial_margin_ppm = 500'000};
  EXPECT_EQ(position_risk(position, preset(Tier::LargeCap)).initial_margin, 50_usd);
  EXPECT_EQ(position_risk(position, preset(Tier::Safety)).initial_margin, 100_usd);
}

// 10 % and nine tenths: 11 -> ceil(1.1) = 2 -> ceil(1.8) = 2, where a single ceil(0.99) would be 1.
TEST(MaintenanceMargin, IsCeilOfCeil) {
  const LiquidityTier tier{.initial_margin_ppm = 100'000, .maintenance_fraction_ppm = 900'000};
  EXPECT_TRUE(same(maintenance_margin(11, tier), 2));
  EXPECT_TRUE(same(maintenance_margin(-11, tier), 2));
  EXPECT_TRUE(same(maintenance_margin(10, tier), 1));
  EXPECT_TRUE(same(maintenance_margin(0, tier), 0));
}

TEST(Notional, TruncatesTowardZeroForShortsToo) {
  EXPECT_TRUE(same(net_notional(3, {5, -1}), 1));
  EXPECT_TRUE(same(net_notional(-3, {5, -1}), -1));
  EXPECT_TRUE(same(net_notional(-3, {5, 2}), -1'500));
}

TEST(Liquidatable, IsStrictAndNeedsARequirement) {
  const Money hundred = {100};
  EXPECT_TRUE(is_liquidatable({{99}, hundred, hundred}));
  EXPECT_FALSE(is_liquidatable({{100}, hundred, hundred}));
  EXPECT_FALSE(is_liquidatable({{-5}, {}, {}}));
  EXPECT_TRUE(is_initial_collateralised({{100}, hundred, hundred}));
}

struct UpdateCase {
  Risk before, after;
  UpdateResult expected;
};
TEST(UpdateCheck, UnderwaterAccountsMayOnlyBecomeLessRisky) {
  const Risk sound{{500}, {400}, {200}};
  const Risk poor{{100}, {400}, {200}};
  const UpdateCase cases[] = {
      {sound, {{400}, {400}, {200}}, UpdateResult::Success},
      {sound, {{399}, {400}, {200}}, UpdateResult::NewlyUndercollateralised},
      {poor, {{50}, {200}, {100}}, UpdateResult::Success},  // half the size, same ratio
      {poor, {{49}, {200}, {100}}, UpdateResult::StillUndercollateralised},
      {poor, {{101}, {400}, {200}}, UpdateResult::Success},
      {poor, {{150}, {402}, {201}}, UpdateResult::StillUndercollateralised},  // more risk
      {{{-10}, {}, {}}, {{-9}, {}, {}}, UpdateResult::Success},
      {{{-10}, {}, {}}, {{-10}, {}, {}}, UpdateResult::StillUndercollateralised},
      {poor, {{-1}, {}, {}}, UpdateResult::StillUndercollateralised},
      {poor, {{0}, {}, {}}, UpdateResult::Success},
  };
  for (const UpdateCase& c : cases) {
    EXPECT_EQ(check_update(c.before, c.after), c.expected)
        << c.before.net_collateral.micros << " -> " << c.after.net_collateral.micros;
  }
}

}  // namespace
}  // namespace mezz::margin

// Margin rules of GMX v2, Synthetix v3, Drift v2 and Deribit's standard margin. Numbers are worked
// out in the comments.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "models/margin/deribit_sm.h"
#include "models/margin/drift.h"
#include "models/margin/gmx_v2.h"
#include "models/margin/synthetix_v3.h"
#include "sim/check/error.h"

namespace mezz::margin {
namespace {

constexpr Wad w(std::int64_t n) { return Wad::whole(n); }
bool same(Int128 a, std::int64_t b) { return a == b; }

// ---- GMX v2

constexpr gmx_v2::PriceRange kIndex{w(1'990), w(2'010)};
const gmx_v2::PriceRange kStable{Wad::of(99, 100), Wad::of(101, 100)};

gmx_v2::Position five_at_2000(gmx_v2::Direction direction) {
  return {.direction = direction,
          .size = 10'000_usd,
          .tokens = w(5),
          .collateral = w(500),
          .costs = 20_usd};
}

// Five tokens are worth 9 950 to a long and cost a short 10 050.
TEST(GmxV2, EachSideGetsTheWorsePrice) {
  EXPECT_EQ(gmx_v2::profit(five_at_2000(gmx_v2::Direction::Long), kIndex), -50_usd);
  EXPECT_EQ(gmx_v2::profit(five_at_2000(gmx_v2::Direction::Short), kIndex), -50_usd);
}

// 500 tokens at 99 cents, 50 lost, 20 due; a gain from impact counts as none, a loss as 0.5 % of
// 10 000 at most.
TEST(GmxV2, ImpactCountsOnlyAgainstThePosition) {
  const auto left = [](Money impact) {
    return gmx_v2::remaining_collateral({}, five_at_2000(gmx_v2::Direction::Long), kIndex, kStable,
                                        impact);
  };
  EXPECT_EQ(left(30_usd), 425_usd);
  EXPECT_EQ(left(-30_usd), 395_usd);
  EXPECT_EQ(left(-200_usd), 375_usd);
}

TEST(GmxV2, LiquidatableBelowAPartOfTheSizeOrADollar) {
  const gmx_v2::Params params{.collateral_min_open = 2_percent,
                              .collateral_min_liquidation = 1_percent};
  const auto closed = [&](Money size, Money left) {
    return gmx_v2::is_liquidatable(params, size, left, gmx_v2::Purpose::Liquidation);
  };
  EXPECT_FALSE(closed(10'000_usd, 100_usd));
  EXPECT_TRUE(closed(10'000_usd, 100_usd - Money{1}));
  EXPECT_TRUE(gmx_v2::is_liquidatable(params, 10'000_usd, 199_usd, gmx_v2::Purpose::Open));
  EXPECT_TRUE(closed(50_usd, Money{999'999}));
  EXPECT_FALSE(closed(50_usd, 1_usd));
  const gmx_v2::Params no_floor{.collateral_floor = {}};
  EXPECT_TRUE(gmx_v2::is_liquidatable(no_floor, Money{1}, {}, gmx_v2::Purpose::Liquidation));
}

RC_GTEST_PROP(GmxV2, ALongIsWorseOffAtALowerPrice, ()) {
  const gmx_v2::Position p = five_at_2000(gmx_v2::Direction::Long);
  const std::int64_t low = *rc::gen::inRange(1, 5'000);
  const std::int64_t lower = *rc::gen::inRange<std::int64_t>(0, low);
  RC_ASSERT(gmx_v2::profit(p, {w(lower), w(5'000)}) < gmx_v2::profit(p, {w(low), w(5'000)}));
}

// ---- Synthetix v3

// A thousandth of the skew scale: 0.1 % + 2 %, half of it to keep. Of two million and 50 on top.
TEST(SynthetixV3, RequirementGrowsWithThePartOfTheMarket) {
  const auto m = synthetix_v3::position_margins({}, w(-1'000), w(2'000));
  EXPECT_EQ(m.initial_ratio, Wad::of(21, 1'000));
  EXPECT_EQ(m.maintenance_ratio, Wad::of(105, 10'000));
  EXPECT_EQ(m.initial, w(42'050));
  EXPECT_EQ(m.maintenance, w(21'050));
  EXPECT_EQ(m.reward, w(1'000));
  EXPECT_EQ(synthetix_v3::position_margins({}, Wad::zero(), w(2'000)).initial, Wad::zero());
}

// Gas 10: 5 + 10 is below 10 + 20; gas 200: 5 + 200 below 200 x 1.3; 100 + 10; the cap; half of 80.
TEST(SynthetixV3, KeeperIsPaidBetweenHisCostsAndACap) {
  const synthetix_v3::KeeperCosts costs{.reward_min = w(20), .collateral_max = 50_percent};
  const auto paid = [&](std::int64_t rewards, std::int64_t gas, std::int64_t collateral) {
    return synthetix_v3::keeper_reward(
        costs, {.rewards = w(rewards), .gas = w(gas), .collateral = w(collateral)});
  };
  EXPECT_EQ(paid(5, 10, 0), w(30));
  EXPECT_EQ(paid(5, 200, 0), w(260));
  EXPECT_EQ(paid(100, 10, 10'000), w(110));
  EXPECT_EQ(paid(1'000, 10, 10'000), w(500));
  EXPECT_EQ(paid(100, 10, 80), w(40));
}

TEST(SynthetixV3, AccountHoldsTheRewardOnTop) {
  const auto m = synthetix_v3::position_margins({}, w(100), w(2'000));  // reward 100
  const synthetix_v3::Margins two[] = {m, m};
  const auto sum = synthetix_v3::account_requirements(two, {}, {.gas = w(10)});
  EXPECT_EQ(sum.initial, m.initial + m.initial + w(210));
  EXPECT_EQ(sum.maintenance, m.maintenance + m.maintenance + w(210));
  EXPECT_EQ(synthetix_v3::account_requirements({}, {}, {.gas = w(10)}).initial, Wad::zero());
}

TEST(SynthetixV3, MuchCollateralCountsLess) {
  const synthetix_v3::Discount d{.lower = 5_percent, .upper = 20_percent, .scale = w(10'000)};
  EXPECT_EQ(synthetix_v3::discounted_value(d, w(10), w(1)), Wad::of(95, 10));
  EXPECT_EQ(synthetix_v3::discounted_value(d, w(1'000), w(2)), w(1'800));
  EXPECT_EQ(synthetix_v3::discounted_value(d, w(100'000), w(1)), w(80'000));
}

// ---- Drift v2

RC_GTEST_PROP(Drift, RootIsTheFloor, ()) {
  const Int128 size = *rc::gen::inRange<std::int64_t>(0, INT64_MAX / 10);
  const Int128 root = drift::size_root(size);
  RC_ASSERT(root * root <= size * 10 + 1);
  RC_ASSERT((root + 1) * (root + 1) > size * 10 + 1);
}

// Factor 0.001: 400 units give 0.001 x 20 = 2 %, what the fifth taken off a base of 10 % was; 900
// give 3 %, a million 100 %.
TEST(Drift, LargePositionsNeedMoreThanTheirShare) {
  EXPECT_EQ(drift::size_premium(1'000'000'000, 1'000, 1'000), 1'000);
  EXPECT_EQ(drift::size_premium(400'000'000'000, 1'000, 1'000), 1'000);
  EXPECT_EQ(drift::size_premium(900'000'000'000, 1'000, 1'000), 1'100);
  EXPECT_EQ(drift::size_premium(1'000'000'000'000'000, 1'000, 1'000), 10'800);
  EXPECT_EQ(drift::size_premium(1'000'000'000'000'000, 0, 1'000), 1'000);
}

// 1.1 / (1 + 0.001 x 1 000) = 55 %; a small one keeps its weight.
TEST(Drift, LargeProfitsCountLess) {
  EXPECT_EQ(drift::size_discount(1'000'000'000, 1'000, 10'000), 10'000);
  EXPECT_EQ(drift::size_discount(1'000'000'000'000'000, 1'000, 10'000), 5'500);
  EXPECT_EQ(drift::size_discount(1'000'000'000'000'000, 1'000, 5'000), 5'000);
}

// Two sold for 210 at 100: 10 earned, 200 of notional at 10, 7.5 and 5 %.
TEST(Drift, PositionOfTwo) {
  const drift::Market market{.profit_weight_initial = 8'000, .profit_weight_maintenance = 9'000};
  const drift::Position p{.base = -2'000'000'000, .price = 100'000'000, .quote = 210'000'000};
  const auto at = [&](drift::Requirement r) { return position_margin(market, p, r); };
  EXPECT_TRUE(same(at(drift::Requirement::Initial).requirement, 20'000'000));
  EXPECT_TRUE(same(at(drift::Requirement::Fill).requirement, 15'000'000));
  EXPECT_TRUE(same(at(drift::Requirement::Maintenance).requirement, 10'000'000));
  EXPECT_TRUE(same(at(drift::Requirement::Initial).counted_profit, 8'000'000));
  EXPECT_TRUE(same(at(drift::Requirement::Maintenance).counted_profit, 9'000'000));
}

TEST(Drift, LossesCountInFullAndACustomRatioOnlyForInitial) {
  const drift::Market market{.profit_weight_initial = 0};
  const drift::Position p{
      .base = 1'000'000'000, .price = 90'000'000, .quote = -100'000'000, .ratio_custom = 2'000};
  const auto initial = position_margin(market, p, drift::Requirement::Initial);
  EXPECT_TRUE(same(initial.counted_profit, -10'000'000));
  EXPECT_TRUE(same(initial.requirement, 18'000'000));
  EXPECT_TRUE(
      same(position_margin(market, p, drift::Requirement::Maintenance).requirement, 4'500'000));
}

RC_GTEST_PROP(Drift, RatiosAreOrderedAndGrowWithTheSize, ()) {
  const drift::Market market{.size_factor = *rc::gen::inRange(0, 10'000)};
  const std::int64_t size = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000);
  const std::int64_t more = size + *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000);
  using drift::Requirement;
  const std::int64_t initial = margin_ratio(market, size, Requirement::Initial);
  RC_ASSERT(initial >= margin_ratio(market, size, Requirement::Fill));
  RC_ASSERT(margin_ratio(market, size, Requirement::Fill) >=
            margin_ratio(market, size, Requirement::Maintenance));
  RC_ASSERT(margin_ratio(market, -more, Requirement::Initial) >= initial);
}

// ---- Deribit, standard margin

// 10 % out of the money: the least of 10 %. At the money: 15 %.
TEST(DeribitSm, CallsSold) {
  CoinOption o{.call = true,
               .underlying = w(10'000),
               .strike = w(11'000),
               .mark = Wad::of(3, 100),
               .amount = w(-2)};
  EXPECT_EQ(option_margin({}, o, Requirement::Initial), Wad::of(26, 100));
  EXPECT_EQ(option_margin({}, o, Requirement::Maintenance), Wad::of(21, 100));
  o.strike = w(10'000);
  EXPECT_EQ(option_margin({}, o, Requirement::Initial), Wad::of(36, 100));
  o.amount = w(2);
  EXPECT_EQ(option_margin({}, o, Requirement::Initial), Wad::zero());
}

// A put may be worth several coins: 7.5 % of the mark, then 22.5 % beats the 15 % of opening.
TEST(DeribitSm, PutsDeepInTheMoney) {
  CoinOption o{.call = false,
               .underlying = w(1'000),
               .strike = w(2'500),
               .mark = Wad::of(15, 10),
               .amount = w(-1)};
  EXPECT_EQ(option_margin({}, o, Requirement::Maintenance), Wad::of(16'125, 10'000));
  EXPECT_EQ(option_margin({}, o, Requirement::Initial), Wad::of(165, 100));
  o.mark = w(3);
  EXPECT_EQ(option_margin({}, o, Requirement::Maintenance), Wad::of(3'225, 1'000));
  EXPECT_EQ(option_margin({}, o, Requirement::Initial), Wad::of(3'225, 1'000));
}

// ---- wrong presets

template <class Rule>
std::function<void()> with(void (*change)(Rule&)) {
  return [change] {
    Rule rule;
    EXPECT_NO_THROW(rule.check("margin"));
    change(rule);
    rule.check("margin");
  };
}
struct Refused {
  const char* key;
  std::function<void()> check;
};
class VenueMarginRefuses : public testing::TestWithParam<Refused> {};
TEST_P(VenueMarginRefuses, WithTheKey) {
  try {
    GetParam().check();
    ADD_FAILURE() << "accepted";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), std::string("margin.") + GetParam().key);
  }
}
using gmx_v2::Params, synthetix_v3::Discount, synthetix_v3::KeeperCosts;
INSTANTIATE_TEST_SUITE_P(
    All, VenueMarginRefuses,
    testing::Values(
        Refused{"collateral_min_liquidation",
                with<Params>([](Params& p) { p.collateral_min_liquidation = Ratio{0}; })},
        Refused{"collateral_min_open",
                with<Params>([](Params& p) { p.collateral_min_open = 50_bp; })},
        Refused{"collateral_floor", with<Params>([](Params& p) { p.collateral_floor = -1_usd; })},
        Refused{"impact_max", with<Params>([](Params& p) { p.impact_max = 101_percent; })},
        Refused{"skew_scale", with<synthetix_v3::Market>([](auto& m) { m.skew_scale = w(-1); })},
        Refused{"initial_min",
                with<synthetix_v3::Market>([](auto& m) { m.initial_min = Ratio{0}; })},
        Refused{"maintenance_scalar",
                with<synthetix_v3::Market>([](auto& m) { m.maintenance_scalar = 101_percent; })},
        Refused{"position_min",
                with<synthetix_v3::Market>([](auto& m) { m.position_min = w(-1); })},
        Refused{"reward_max", with<KeeperCosts>([](KeeperCosts& k) { k.reward_min = w(501); })},
        Refused{"collateral_max",
                with<KeeperCosts>([](KeeperCosts& k) { k.collateral_max = Ratio{-1}; })},
        Refused{"profit", with<KeeperCosts>([](KeeperCosts& k) { k.profit = Ratio{-1}; })},
        Refused{"upper", with<Discount>([](Discount& d) { d.lower = 30_percent; })},
        Refused{"scale", with<Discount>([](Discount& d) { d.scale = Wad::zero(); })},
        Refused{"ratio_initial", with<drift::Market>([](auto& m) { m.ratio_initial = 499; })},
        Refused{"ratio_maintenance", with<drift::Market>([](auto& m) { m.ratio_maintenance = 0; })},
        Refused{"size_factor", with<drift::Market>([](auto& m) { m.size_factor = -1; })},
        Refused{"profit_weight_initial",
                with<drift::Market>([](auto& m) { m.profit_weight_maintenance = 9'999; })},
        Refused{"maintenance", with<DeribitSm>([](DeribitSm& r) { r.maintenance = Ratio{0}; })},
        Refused{"initial_min", with<DeribitSm>([](DeribitSm& r) { r.initial_min = 7_percent; })},
        Refused{"initial_max", with<DeribitSm>([](DeribitSm& r) { r.initial_max = 9_percent; })}),
    [](const auto& p) { return std::string(p.param.key) + "_" + std::to_string(p.index); });

}  // namespace
}  // namespace mezz::margin

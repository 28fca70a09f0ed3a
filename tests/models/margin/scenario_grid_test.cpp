// Margin on a grid of moves. Numbers are worked out in the comments.
#include "models/margin/scenario_grid.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "sim/check/error.h"

namespace mezz::margin {
namespace {

constexpr Wad w(std::int64_t n) { return Wad::whole(n); }

// A unit of the underlying at a spot of 1 000: worth what the spot is.
GridPosition unit(const ScenarioGrid& grid, Wad amount) {
  GridPosition p{.amount = amount, .values = {w(1'000)}};
  for (const GridScenario& s : grid.scenarios)
    p.values.push_back({Int128{s.spot.ppb} * 1000 * 1'000'000'000});
  return p;
}
GridPortfolio holding(std::vector<GridPosition> positions, Duration to_expiry = {}) {
  return {.cash = w(0), .spot = w(1'000), .expiries = {{to_expiry, std::move(positions)}}};
}
GridPosition option(const ScenarioGrid& grid, std::int64_t amount, std::int64_t now) {
  return {.amount = w(amount),
          .values = std::vector<Wad>(grid.scenarios.size() + 1, w(now)),
          .delta = Wad::zero(),
          .option = true};
}

// Nine spots of 4 % each with three volatilities, eight tails.
TEST(DeribitPm, HasThePublishedMoves) {
  const ScenarioGrid grid = deribit_pm();
  ASSERT_EQ(grid.scenarios.size(), 27u + 8u);
  EXPECT_EQ(grid.scenarios[0].spot, 84_percent);
  EXPECT_EQ(grid.scenarios[26].spot, 116_percent);
  EXPECT_EQ(grid.scenarios[13].spot, Ratio::one());
  EXPECT_EQ(grid.scenarios[13].volatility, Ratio::zero());
  EXPECT_EQ(grid.scenarios[27].spot, 34_percent);
  EXPECT_EQ(grid.scenarios.back().spot, 600_percent);
  EXPECT_EQ(grid.scenarios.back().weight, Ratio{32'000'000});  // 16 / 500
  EXPECT_NO_THROW(grid.check("margin"));
}

// 16 % of 1 000, 80 % of it to keep; the tails count for as much at most.
TEST(DeribitPm, ALinearPositionLosesTheRange) {
  const ScenarioGrid grid = deribit_pm();
  for (const std::int64_t amount : {1, -1}) {
    const GridMargin margin = grid_margin(grid, holding({unit(grid, w(amount))}));
    EXPECT_EQ(margin.loss, w(-160));
    EXPECT_LT(margin.worst, 27);
    EXPECT_EQ(margin.initial, w(160));
    EXPECT_EQ(margin.maintenance, w(128));
    EXPECT_EQ(margin.value, w(1'000 * amount));
  }
}

// Calls sold at 10 are worth 4 000 when the spot is five times as high: 3.2 % of 3 990 counts.
TEST(DeribitPm, CallsSoldFarOutOfTheMoneyNeedTheTail) {
  const ScenarioGrid grid = deribit_pm();
  GridPosition call = option(grid, -1, 10);
  call.values.back() = w(4'000);
  const GridMargin margin = grid_margin(grid, holding({call}));
  EXPECT_EQ(margin.worst, 34);
  EXPECT_EQ(margin.initial, Wad::of(12'768, 100));  // 3 990 x 0.032
}

TEST(DeribitPm, AnOptionBoughtLosesNoMoreThanItsValue) {
  const ScenarioGrid grid = deribit_pm();
  GridPosition put = option(grid, 3, 20);
  put.values[27] = w(0);
  std::fill(put.values.begin() + 2, put.values.begin() + 28, w(0));
  EXPECT_EQ(grid_margin(grid, holding({put})).initial, w(60));
}

// A perpetual against a future of 73 days: a fifth of 7.5 % of one unit.
TEST(DeribitPm, DeltasThatCancelOverExpiriesPayTheRoll) {
  const ScenarioGrid grid = deribit_pm();
  GridPortfolio p = holding({unit(grid, w(1))});
  p.expiries.push_back({73_d, {unit(grid, w(-1))}});
  EXPECT_EQ(grid_margin(grid, p).loss, Wad::zero());
  EXPECT_EQ(grid_margin(grid, p).initial, w(15));
  p.expiries[1].to_expiry = 7_d;  // 0.14 %: the least is 1 %
  EXPECT_EQ(grid_margin(grid, p).initial, w(10));
  p.expiries[1].to_expiry = 730_d;  // 15 %: the most is 10 %
  EXPECT_EQ(grid_margin(grid, p).initial, w(100));
}

// 30 days: 60 % becomes 90 or 45 %; 20 % becomes the least, 50 %. Four times as long: 4^-0.13.
TEST(ScenarioGrid, VolatilityMovesByItsOwnPartAndByExpiry) {
  const ScenarioGrid grid = deribit_pm();
  const GridScenario up{.volatility = Ratio::one()};
  const GridScenario down{.volatility = -Ratio::one()};
  EXPECT_NEAR(moved_volatility(grid, up, 0.6, 30_d), 0.9, 1e-15);
  EXPECT_NEAR(moved_volatility(grid, down, 0.6, 30_d), 0.45, 1e-15);
  EXPECT_NEAR(moved_volatility(grid, up, 0.2, 30_d), 0.5, 1e-15);
  EXPECT_EQ(moved_volatility(grid, {}, 0.6, 1_d), 0.6);
  EXPECT_NEAR(moved_volatility(grid, up, 0.6, 120_d), 0.6 * (1 + 0.5 * 0.835087919428369), 1e-12);
  EXPECT_EQ(moved_volatility(grid, up, 0.6, Duration::zero()),
            moved_volatility(grid, up, 0.6, 1_d));
}

// Five spots of 10 % each with three volatilities, as Aevo numbers them. Shifts are parallel: 60 %
// becomes 110 or 35 % whatever the expiry, and 20 % becomes nothing.
TEST(AevoPm, HasThePublishedMoves) {
  const ScenarioGrid grid = aevo_pm();
  ASSERT_EQ(grid.scenarios.size(), 15u);
  EXPECT_EQ(grid.scenarios[0].spot, 120_percent);
  EXPECT_EQ(grid.scenarios[0].volatility, Ratio::one());
  EXPECT_EQ(grid.scenarios[3].spot, 110_percent);
  EXPECT_EQ(grid.scenarios[7].spot, Ratio::one());
  EXPECT_EQ(grid.scenarios[7].volatility, Ratio::zero());
  EXPECT_EQ(grid.scenarios[14].spot, 80_percent);
  EXPECT_EQ(grid.scenarios[14].volatility, -Ratio::one());
  EXPECT_NO_THROW(grid.check("margin"));
  for (const Duration to_expiry : {1_h, 365_d}) {
    EXPECT_NEAR(moved_volatility(grid, grid.scenarios[0], 0.6, to_expiry), 1.1, 1e-15);
    EXPECT_NEAR(moved_volatility(grid, grid.scenarios[14], 0.6, to_expiry), 0.35, 1e-15);
  }
  EXPECT_EQ(moved_volatility(grid, grid.scenarios[14], 0.2, 30_d), 0.0);
}

// 20 % of 1 000, 80 % of it to keep. Two options sold that lose nothing: 1 % of 1 000 each. A
// perpetual against a future pays no roll.
TEST(AevoPm, TheRangeOrTheFloor) {
  const ScenarioGrid grid = aevo_pm();
  const GridMargin linear = grid_margin(grid, holding({unit(grid, w(-1))}));
  EXPECT_EQ(linear.initial, w(200));
  EXPECT_EQ(linear.maintenance, w(160));
  const GridMargin sold = grid_margin(grid, holding({option(grid, -2, 5)}));
  EXPECT_EQ(sold.initial, w(20));
  EXPECT_EQ(sold.maintenance, w(16));
  GridPortfolio spread = holding({unit(grid, w(1))});
  spread.expiries.push_back({73_d, {unit(grid, w(-1))}});
  EXPECT_EQ(grid_margin(grid, spread).initial, w(0));
}

SpanRanges ten_percent() { return {.price = 10_percent, .volatility = 4_percent}; }

TEST(Span16, HasSixteenMoves) {
  const ScenarioGrid grid = span16(ten_percent());
  ASSERT_EQ(grid.scenarios.size(), 16u);
  EXPECT_EQ(grid.scenarios[0].spot, Ratio::one());
  EXPECT_EQ(grid.scenarios[2].spot, Ratio{1'033'333'333});
  EXPECT_EQ(grid.scenarios[13].spot, 90_percent);
  EXPECT_EQ(grid.scenarios[14].spot, 130_percent);
  EXPECT_EQ(grid.scenarios[15].weight, 33_percent);
  EXPECT_NO_THROW(grid.check("margin"));
  EXPECT_NEAR(moved_volatility(grid, grid.scenarios[1], 0.6, 365_d), 0.56, 1e-15);
}

// 100 at the edge, 33 % of 300 in the extreme; opening costs a tenth more. Two options sold that
// lose nothing: 3 % of 1 000 each.
TEST(Span16, ScanRiskOrTheShortOptionMinimum) {
  SpanRanges ranges = ten_percent();
  ranges.option_min = 3_percent;
  const ScenarioGrid grid = span16(ranges);
  const GridMargin linear = grid_margin(grid, holding({unit(grid, w(-1))}));
  EXPECT_EQ(linear.maintenance, w(100));
  EXPECT_EQ(linear.initial, w(110));
  const GridMargin sold = grid_margin(grid, holding({option(grid, -2, 5)}));
  EXPECT_EQ(sold.maintenance, w(60));
  EXPECT_EQ(sold.initial, w(66));
}

// ---- laws

std::vector<GridPosition> any_positions(const ScenarioGrid& grid) {
  std::vector<GridPosition> positions;
  for (int n = *rc::gen::inRange(0, 5); n > 0; --n) {
    GridPosition p{.amount = {Int128{*rc::gen::inRange(-9'000, 9'000)} * 1'000'000'000'000'000},
                   .values = {},
                   .delta = {Int128{*rc::gen::inRange(-1'000, 1'000)} * 1'000'000'000'000'000},
                   .option = *rc::gen::arbitrary<bool>()};
    for (std::size_t s = 0; s <= grid.scenarios.size(); ++s) {
      p.values.push_back({Int128{*rc::gen::inRange(0, 3'000'000)} * 1'000'000'000'000'000});
    }
    positions.push_back(std::move(p));
  }
  return positions;
}
std::vector<GridPosition> joined(std::vector<GridPosition> a, const std::vector<GridPosition>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

RC_GTEST_PROP(ScenarioGrid, NoRequirementIsNegativeNorKeepingDearerThanOpening, ()) {
  for (const ScenarioGrid& grid : {deribit_pm(), span16(ten_percent()), aevo_pm()}) {
    GridPortfolio p = holding(any_positions(grid));
    p.expiries.push_back({40_d, any_positions(grid)});
    const GridMargin margin = grid_margin(grid, p);
    RC_ASSERT(margin.loss <= Wad::zero());
    RC_ASSERT(margin.roll >= Wad::zero());
    RC_ASSERT(margin.maintenance >= Wad::zero());
    RC_ASSERT(margin.initial >= margin.maintenance);
    RC_ASSERT(margin.initial >= -margin.loss);
  }
}

RC_GTEST_PROP(ScenarioGrid, PositionsThatOffsetEachOtherNeedNothing, ()) {
  const ScenarioGrid grid = deribit_pm();
  const std::vector<GridPosition> positions = any_positions(grid);
  std::vector<GridPosition> mirrored = positions;
  for (GridPosition& p : mirrored) p.amount = -p.amount;
  const GridMargin margin = grid_margin(grid, holding(joined(positions, mirrored)));
  RC_ASSERT(margin.value == Wad::zero());
  RC_ASSERT(margin.initial == Wad::zero());
}

RC_GTEST_PROP(ScenarioGrid, OnePortfolioNeedsNoMoreThanItsTwoParts, ()) {
  const ScenarioGrid grid = span16(ten_percent());
  const std::vector<GridPosition> a = any_positions(grid);
  const std::vector<GridPosition> b = any_positions(grid);
  const auto requirement = [&](std::vector<GridPosition> held) {
    return grid_margin(grid, holding(std::move(held))).initial;
  };
  RC_ASSERT(requirement(joined(a, b)) <= requirement(a) + requirement(b) + Wad{100});  // truncation
}

RC_GTEST_PROP(ScenarioGrid, AWorseOutcomeNeverNeedsLess, ()) {
  const ScenarioGrid grid = deribit_pm();
  const std::vector<GridPosition> before = any_positions(grid);
  RC_PRE(!before.empty());
  std::vector<GridPosition> after = before;
  const std::size_t s = *rc::gen::inRange<std::size_t>(0, grid.scenarios.size());
  const Wad worse = {Int128{*rc::gen::inRange(0, 1'000'000)} * 1'000'000'000'000'000};
  Wad& value = after[0].values[s + 1];
  value = after[0].amount >= Wad::zero() ? value - worse : value + worse;
  RC_ASSERT(grid_margin(grid, holding(after)).maintenance >=
            grid_margin(grid, holding(before)).maintenance);
}

// ---- wrong presets

struct Refused {
  const char* key;
  void (*change)(ScenarioGrid&);
};
class ScenarioGridRefuses : public testing::TestWithParam<Refused> {};
TEST_P(ScenarioGridRefuses, WithTheKey) {
  ScenarioGrid grid = deribit_pm();
  GetParam().change(grid);
  try {
    grid.check("margin");
    ADD_FAILURE() << "accepted";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), std::string("margin.") + GetParam().key);
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, ScenarioGridRefuses,
    testing::Values(
        Refused{"scenarios", [](ScenarioGrid& g) { g.scenarios.clear(); }},
        Refused{"scenarios", [](ScenarioGrid& g) { g.scenarios[0].spot = Ratio{0}; }},
        Refused{"scenarios", [](ScenarioGrid& g) { g.scenarios[0].weight = Ratio{-1}; }},
        Refused{"scenarios", [](ScenarioGrid& g) { g.scenarios[0].volatility = 101_percent; }},
        Refused{"volatility_up", [](ScenarioGrid& g) { g.volatility_up = Ratio{-1}; }},
        Refused{"volatility_down", [](ScenarioGrid& g) { g.volatility_down = Ratio{-1}; }},
        Refused{"volatility_min_up", [](ScenarioGrid& g) { g.volatility_min_up = Ratio{-1}; }},
        Refused{"short_power", [](ScenarioGrid& g) { g.short_power = 2.5; }},
        Refused{"long_power", [](ScenarioGrid& g) { g.long_power = -0.1; }},
        Refused{"expiry_floor", [](ScenarioGrid& g) { g.expiry_floor = Duration::zero(); }},
        Refused{"roll_per_year", [](ScenarioGrid& g) { g.roll_per_year = Ratio{-1}; }},
        Refused{"roll_min", [](ScenarioGrid& g) { g.roll_min = Ratio{-1}; }},
        Refused{"roll_max", [](ScenarioGrid& g) { g.roll_max = 50_bp; }},
        Refused{"option_min", [](ScenarioGrid& g) { g.option_min = Ratio{-1}; }},
        Refused{"maintenance_factor", [](ScenarioGrid& g) { g.maintenance_factor = Ratio{0}; }},
        Refused{"initial_factor", [](ScenarioGrid& g) { g.initial_factor = 79_percent; }}),
    [](const auto& p) { return std::string(p.param.key) + "_" + std::to_string(p.index); });

struct RefusedRange {
  const char* key;
  void (*change)(SpanRanges&);
};
class Span16Refuses : public testing::TestWithParam<RefusedRange> {};
TEST_P(Span16Refuses, WithTheKey) {
  SpanRanges ranges = ten_percent();
  EXPECT_NO_THROW(ranges.check("margin"));
  GetParam().change(ranges);
  try {
    ranges.check("margin");
    ADD_FAILURE() << "accepted";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), std::string("margin.") + GetParam().key);
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, Span16Refuses,
    testing::Values(
        RefusedRange{"price", [](SpanRanges& r) { r.price = Ratio{0}; }},
        RefusedRange{"price", [](SpanRanges& r) { r.price = Ratio::one(); }},
        RefusedRange{"volatility", [](SpanRanges& r) { r.volatility = Ratio{-1}; }},
        RefusedRange{"extreme_multiple", [](SpanRanges& r) { r.extreme_multiple = 0; }},
        RefusedRange{"extreme_multiple", [](SpanRanges& r) { r.extreme_multiple = 10; }},
        RefusedRange{"extreme_multiple", [](SpanRanges& r) { r.extreme_multiple = INT64_MAX; }},
        RefusedRange{"extreme_cover", [](SpanRanges& r) { r.extreme_cover = 101_percent; }},
        RefusedRange{"spread_charge", [](SpanRanges& r) { r.spread_charge = Ratio{-1}; }},
        RefusedRange{"option_min", [](SpanRanges& r) { r.option_min = Ratio{-1}; }},
        RefusedRange{"initial_factor", [](SpanRanges& r) { r.initial_factor = 99_percent; }}),
    [](const auto& p) { return std::string(p.param.key) + "_" + std::to_string(p.index); });

}  // namespace
}  // namespace mezz::margin

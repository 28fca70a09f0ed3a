#include "models/market/price/price_impact.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/market/price/price_process.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

constexpr Time kStart = Time::zero();

// Depth 1 M USD, a lot is 50 USD: 20 000 lots move the log price by 0.01.
PriceImpact impact(PriceImpactParams params) {
  params.depth = 1'000'000_usd;
  return {params, 50_usd};
}

TEST(PriceImpact, LinearMovesByOnePercentPerDepth) {
  PriceImpact linear = impact({});
  linear.buy(20'000.0, kStart);
  EXPECT_NEAR(linear.log_move(kStart), 0.01, 1e-15);
  linear.buy(60'000.0, kStart);
  EXPECT_NEAR(linear.log_move(kStart), 0.04, 1e-15);
  linear.buy(-80'000.0, kStart);
  EXPECT_NEAR(linear.log_move(kStart), 0.0, 1e-15);
}

TEST(PriceImpact, SquareRootGrowsWithTheRootAndKeepsTheSign) {
  PriceImpact root = impact({.law = ImpactLaw::SquareRoot});
  root.buy(80'000.0, kStart);
  EXPECT_NEAR(root.log_move(kStart), 0.02, 1e-15);  // four depths
  root.buy(-160'000.0, kStart);
  EXPECT_NEAR(root.log_move(kStart), -0.02, 1e-15);
}

TEST(PriceImpact, WhatIsNotPermanentHalvesInItsHalfLife) {
  PriceImpact some = impact({.permanent = 25_percent, .half_life = 10_min});
  some.buy(80'000.0, kStart);
  EXPECT_NEAR(some.log_move(kStart), 0.04, 1e-15);
  EXPECT_NEAR(some.log_move(kStart + 10_min), 0.01 + 0.015, 1e-15);
  EXPECT_NEAR(some.log_move(kStart + 20_min), 0.01 + 0.0075, 1e-15);
  EXPECT_NEAR(some.log_move(kStart + 1_d), 0.01, 1e-12);
}

// The mean of exp(0.01 u) over u from 0 to 100 depths: (e - 1) / 1.
TEST(PriceImpact, ThePriceOfAFillIsTheMeanAlongTheCurve) {
  const PriceImpact linear = impact({});
  EXPECT_NEAR(linear.mean_factor(2'000'000.0, kStart), std::exp(1.0) - 1.0, 1e-9);
  // From 0 to -50 depths: (1 - e^-0.5) / 0.5.
  EXPECT_NEAR(linear.mean_factor(-1'000'000.0, kStart), (1.0 - std::exp(-0.5)) / 0.5, 1e-9);
  // Root of s up to 100 depths, 0.01 sqrt(s): mean of exp over r = sqrt(s): with a = 0.01 and R =
  // 10, (2 / R^2) (e^(aR) (aR - 1) + 1) / a^2 = 1.069 0 (series: 1 + 2 a R / 3 + (a R)^2 / 4 +
  // ...).
  const PriceImpact root = impact({.law = ImpactLaw::SquareRoot});
  const double x = 0.1;
  const double mean = 2.0 * (std::exp(x) * (x - 1.0) + 1.0) / (x * x);
  EXPECT_NEAR(root.mean_factor(2'000'000.0, kStart), mean, 1e-5);
}

TEST(PriceImpact, WithoutDepthNothingMoves) {
  PriceImpact none(PriceImpactParams{}, 50_usd);
  none.buy(1e9, kStart);
  EXPECT_EQ(none.log_move(kStart), 0.0);
  EXPECT_EQ(none.mean_factor(1e9, kStart), 1.0);
}

class Buyer final : public EntityOf<Buyer, NoParams, OutsideTrader, PriceObserver> {
 public:
  using EntityOf::EntityOf;
  void on(Context&, const OutsideFill& fill) override { fills.push_back(fill); }
  void on(Context&, const PriceTick& tick) override { ticks.push_back(tick); }
  std::vector<OutsideFill> fills;
  std::vector<PriceTick> ticks;
};

// 1000 units at 50 000 USD, 100 depths of 500 000 USD: the price rises by a factor e, the buyer
// pays 50 M (e - 1) = 85 914 091.42 USD, and what he sells again at once brings exactly as much.
TEST(PriceProcess, ATradeOutsideMovesThePriceAndIsPaidAlongTheCurve) {
  World world({.seed = 1});
  const ContractSpec contract{.underlying = "BTC", .tick = Money{100'000}, .lot_decimals = 3};
  PriceProcessParams params{.kind = PricePathKind::Scripted, .step = 1_s};
  params.impact.depth = 500'000_usd;
  params.impact.half_life = 1_h;
  const auto process = world.add<PriceProcess>("price", params, contract);
  const auto buyer = world.add<Buyer>("buyer", NoParams{});
  world.get(process).subscribe(buyer);
  world.start();
  const Ref<OutsideMarket> market(process);
  for (const std::int64_t lots : {1'000'000, -1'000'000, 1'000'000}) {
    world.engine().schedule(
        Time::zero() + 10_s, market,
        OutsideOrder{.from = Ref<OutsideTrader>(buyer), .quantity = Quantity{lots}});
  }
  world.run(Time::zero() + 10_s);
  const std::vector<OutsideFill>& fills = world.get(buyer).fills;
  ASSERT_EQ(fills.size(), 3U);
  EXPECT_NEAR(fills[0].value.usd(), 50e6 * (std::exp(1.0) - 1.0), 0.1);
  EXPECT_EQ(fills[0].after, Price{1'359'141});  // 500 000 e = 1 359 140.9
  EXPECT_NEAR(fills[1].value.usd(), -fills[0].value.usd(), 0.1);
  EXPECT_EQ(fills[1].after, Price{500'000});
  world.run(Time::zero() + 10_s + 1_h);
  EXPECT_EQ(world.get(process).price(), Price{824'361});  // e^0.5
}

}  // namespace
}  // namespace mezz

#include <gtest/gtest.h>

#include "models/market/funding_rules/deribit.h"
#include "models/market/funding_rules/derive.h"
#include "models/market/funding_rules/gmx_v2.h"
#include "models/market/funding_rules/hyperliquid.h"
#include "models/market/funding_rules/squeeth.h"
#include "models/market/funding_rules/synthetix_v3.h"

namespace mezz::funding {
namespace {

Wad percent(std::int64_t n) { return Wad::of(n, 100); }

TEST(DeribitFunding, DeadBandThenExcessThenCap) {
  const deribit::Params params{.damper = Wad::of(25, 100'000), .cap = Wad::of(5, 1'000)};
  const auto rate = [&](std::int64_t mark) {
    return deribit::rate_per_8h(Wad::whole(mark), Wad::whole(100'000), params);
  };
  EXPECT_EQ(rate(100'025), Wad::zero());  // exactly the damper
  EXPECT_EQ(rate(99'975), Wad::zero());
  EXPECT_EQ(rate(100'125), Wad::of(1, 1'000));  // 0.125 % - 0.025 %
  EXPECT_EQ(rate(99'875), -Wad::of(1, 1'000));
  EXPECT_EQ(rate(110'000), params.cap);  // 10 %
  EXPECT_EQ(rate(90'000), -params.cap);
}

TEST(DeribitFunding, AccruesInProportionToTimeAndNeverCreatesMoney) {
  // 1000 USD long at 0.1 % per 8 h pays 0.5 USD in 4 h.
  EXPECT_EQ(deribit::payment(Wad::whole(1'000), Wad::of(1, 1'000), 4_h), -Wad::of(1, 2));
  const Wad rate = Wad::of(1, 3'000);
  const Wad sum =
      deribit::payment(Wad::whole(7), rate, 1_s) + deribit::payment(Wad::whole(-7), rate, 1_s);
  EXPECT_LE(sum, Wad::zero());
  EXPECT_GE(sum, Wad{-2});
}

TEST(DeriveFunding, OnlyAnIndexOutsideTheImpactPricesHasAPremium) {
  const derive::Params params{.convergence_hours = 8, .static_rate = {}, .cap = percent(1)};
  const auto rate = [&](std::int64_t bid, std::int64_t ask) {
    return derive::hourly_rate({Wad::whole(1'000), Wad::whole(bid), Wad::whole(ask)}, params);
  };
  EXPECT_EQ(rate(990, 1'010), Wad::zero());
  EXPECT_EQ(rate(1'008, 1'020), Wad::of(1, 1'000));  // 0.8 % over eight hours
  EXPECT_EQ(rate(900, 992), -Wad::of(1, 1'000));
  EXPECT_EQ(rate(1'500, 1'600), percent(1));
}

TEST(DeriveFunding, LongsPayWhatShortsReceive) {
  // 0.1 % per hour of 1000 for half an hour: 0.5 per unit.
  const Wad change = derive::aggregate_change(Wad::of(1, 1'000), Wad::whole(1'000), 30_min);
  EXPECT_EQ(change, Wad::of(1, 2));
  EXPECT_EQ(derive::payment(Wad::whole(3), change), -Wad::of(3, 2));
  EXPECT_EQ(derive::payment(Wad::whole(-3), change), Wad::of(3, 2));
}

// f = 0.2 (60 against 40), increase 10^20 per second at f = 1, decrease 10^18, ten seconds.
const gmx_v2::Params kAdaptive{.increase = 100 * Wad::kOne, .decrease = Wad::kOne};
gmx_v2::OpenInterest interest(std::int64_t longs, std::int64_t shorts) {
  return {.longs = Wad::whole(longs), .shorts = Wad::whole(shorts)};
}
Int128 next(Int128 saved, const gmx_v2::OpenInterest& oi) {
  return gmx_v2::next_factor(saved, oi, kAdaptive, 10_s);
}

TEST(GmxFunding, PushesTowardsTheHeavySide) {
  EXPECT_TRUE(next(0, interest(60, 40)) == 200 * Wad::kOne);
  EXPECT_TRUE(next(0, interest(40, 60)) == -200 * Wad::kOne);
  // Opposite skew pushes back even inside the stable band: f = 0.01.
  EXPECT_TRUE(next(50 * Wad::kOne, interest(4'950, 5'050)) == 40 * Wad::kOne);
}

TEST(GmxFunding, HoldsBetweenTheThresholdsAndDecaysBelow) {
  EXPECT_TRUE(next(50 * Wad::kOne, interest(5'200, 4'800)) == 50 * Wad::kOne);  // f = 4 %
  EXPECT_TRUE(next(50 * Wad::kOne, interest(5'100, 4'900)) == 40 * Wad::kOne);  // f = 2 %
  EXPECT_TRUE(next(-50 * Wad::kOne, interest(4'900, 5'100)) == -40 * Wad::kOne);
}

TEST(GmxFunding, DecayStopsAtOneUnitAndGrowthAtTheMaximum) {
  EXPECT_TRUE(next(10 * Wad::kOne, interest(5'100, 4'900)) == 1);
  EXPECT_TRUE(next(-Wad::kOne, interest(4'900, 5'100)) == -1);
  gmx_v2::Params capped = kAdaptive;
  capped.max = 7;
  EXPECT_TRUE(gmx_v2::next_factor(0, interest(60, 40), capped, 10_s) == 7);
  EXPECT_TRUE(next(5, interest(0, 0)) == 5);
}

TEST(GmxFunding, ReceiversNeverClaimMoreThanPayersOwe) {
  const gmx_v2::OpenInterest oi = interest(100, 70);
  const Wad owed = gmx_v2::side_payment(gmx_v2::kFactorOne / 7, oi, 1_s);
  EXPECT_EQ(owed, (Wad{Wad::whole(100).units / 7 + 1}));  // rounded up
  const Wad parts = gmx_v2::claim(owed, Wad::whole(33), oi.shorts) +
                    gmx_v2::claim(owed, Wad::whole(37), oi.shorts);
  EXPECT_LE(parts, owed);
  EXPECT_GE(parts, owed - Wad{2});
}

TEST(HyperliquidFunding, InterestIsClampedAroundThePremium) {
  const hyperliquid::Params params;
  // P = 0.02 %: I - P = -0.01 % is inside the clamp, so the rate is the interest.
  EXPECT_EQ(hyperliquid::rate_per_8h(Wad::of(2, 10'000), params), Wad::of(1, 10'000));
  // P = 1 %: clamped at -0.05 %.
  EXPECT_EQ(hyperliquid::rate_per_8h(percent(1), params), Wad::of(95, 10'000));
  EXPECT_EQ(hyperliquid::rate_per_8h(-percent(1), params), -Wad::of(95, 10'000));
  EXPECT_EQ(hyperliquid::hourly_rate(percent(1), params), Wad::of(95, 80'000));
  EXPECT_EQ(hyperliquid::hourly_rate(Wad::whole(5), params), percent(4));
  EXPECT_EQ(hyperliquid::payment(Wad::whole(2), Wad::whole(50), percent(1)), -Wad::one());
}

TEST(SqueethFunding, FactorFallsWhileTheMarkIsAboveTheIndex) {
  const squeeth::Params params;
  const auto factor = [&](std::int64_t index, std::int64_t mark, Duration elapsed) {
    return squeeth::normalization_factor(
        Wad::one(), {.index = Wad::whole(index), .mark = Wad::whole(mark)}, elapsed, params);
  };
  EXPECT_EQ(factor(100, 100, 7_d), Wad::one());
  // A whole period at mark = 1.25 index multiplies by 1 / 1.25.
  EXPECT_LE((factor(100, 125, 420_h) - Wad::of(8, 10)).abs(), Wad{1'000});
  // Two periods square it; beyond 1.4 and below 0.8 the mark counts as that.
  EXPECT_LE((factor(100, 125, 840_h) - Wad::of(64, 100)).abs(), Wad{1'000});
  EXPECT_EQ(factor(100, 900, 420_h), factor(100, 140, 420_h));
  EXPECT_EQ(factor(100, 1, 420_h), factor(100, 80, 420_h));
  EXPECT_GT(factor(100, 80, 1_h), Wad::one());
  EXPECT_EQ(squeeth::debt(Wad::whole(10), Wad::of(8, 10)), Wad::whole(8));
}

TEST(SynthetixFunding, RateIsTheIntegralOfTheSkew) {
  const synthetix_v3::Params params{.skew_scale = Wad::whole(100), .velocity_max = Wad::whole(2)};
  EXPECT_EQ(synthetix_v3::velocity(Wad::whole(10), params), Wad::of(2, 10));
  EXPECT_EQ(synthetix_v3::velocity(Wad::whole(500), params), Wad::whole(2));
  EXPECT_EQ(synthetix_v3::velocity(Wad::whole(-500), params), -Wad::whole(2));
  // From 0 at 0.2 per day and day: 0.2 after a day, mean 0.1, times a price of 50.
  const synthetix_v3::Rate day = synthetix_v3::advance({}, Wad::of(2, 10), 24_h, Wad::whole(50));
  EXPECT_EQ(day.rate, Wad::of(2, 10));
  EXPECT_EQ(day.accrued, Wad::whole(5));
  // Back to zero in another day, the same again: the rate crosses nothing abruptly.
  const synthetix_v3::Rate two = synthetix_v3::advance(day, -Wad::of(2, 10), 24_h, Wad::whole(50));
  EXPECT_EQ(two.rate, Wad::zero());
  EXPECT_EQ(two.accrued, Wad::whole(10));
}

}  // namespace
}  // namespace mezz::funding

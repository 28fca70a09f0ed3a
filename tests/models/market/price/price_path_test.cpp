#include "models/market/price/price_path.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mezz {
namespace {

const ContractSpec kCents{.underlying = "ETH", .tick = Money{10'000}, .lot_decimals = 3};

TEST(PricePath, MoneyIsRoundedToTheNearestTickHalfToEven) {
  EXPECT_EQ(price_from_money(kCents, 123'400.0), Price{12});
  EXPECT_EQ(price_from_money(kCents, 125'000.0), Price{12});
  EXPECT_EQ(price_from_money(kCents, 135'000.0), Price{14});
  EXPECT_EQ(price_from_money(kCents, 135'000.1), Price{14});
  EXPECT_EQ(price_from_money(kCents, 0.0), Price{1});
}

// validation.md A-L-10: -40 % in 3600 s, log-linear; at L = 10 and m = 5 % the liquidation price
// 0.947368 is reached at 381.0 s, the bankruptcy price 0.9 at 742.5 s.
TEST(ScriptedPath, CrashReachesLiquidationAndBankruptcyWhenAlgebraSays) {
  const ScriptedPath path({{.duration = 1_h, .change = Ratio{-400'000'000}}});
  const auto factor = [&](double s) { return std::exp(path.log_return(duration_from_seconds(s))); };
  EXPECT_GT(factor(380.9), 0.9 / 0.95);
  EXPECT_LT(factor(381.1), 0.9 / 0.95);
  EXPECT_GT(factor(742.4), 0.9);
  EXPECT_LT(factor(742.6), 0.9);
  EXPECT_NEAR(factor(3600.0), 0.6, 1e-12);
  EXPECT_NEAR(factor(7200.0), 0.6, 1e-12);
  EXPECT_NEAR(factor(1800.0), std::sqrt(0.6), 1e-12);
}

TEST(ScriptedPath, SegmentsFollowEachOther) {
  const ScriptedPath path({{.duration = 10_s, .change = 10_percent},
                           {.duration = 20_s, .change = Ratio::zero()},
                           {.duration = 10_s, .change = Ratio{-500'000'000}}});
  EXPECT_EQ(path.log_return(Duration::zero()), 0.0);
  EXPECT_NEAR(std::exp(path.log_return(5_s)), std::sqrt(1.1), 1e-12);
  EXPECT_NEAR(std::exp(path.log_return(25_s)), 1.1, 1e-12);
  EXPECT_NEAR(std::exp(path.log_return(40_s)), 0.55, 1e-12);
}

// Exact transition: over one year in 10 steps the log return has mean drift - sigma^2 / 2 and
// variance sigma^2. Bounds are 5 standard errors of 4000 paths.
TEST(GbmPath, LogReturnsHaveTheExactMoments) {
  constexpr int kPaths = 4'000;
  double sum = 0.0;
  double squares = 0.0;
  Stream stream(1, 0, "gbm", "test");
  for (int i = 0; i < kPaths; ++i) {
    GbmPath path({.drift = 0.3, .volatility = 0.8});
    for (int step = 0; step < 10; ++step) path.advance(876_h, stream);
    sum += path.log_return();
    squares += path.log_return() * path.log_return();
  }
  const double mean = sum / kPaths;
  const double variance = squares / kPaths - mean * mean;
  EXPECT_NEAR(mean, 0.3 - 0.32, 5 * 0.8 / std::sqrt(kPaths));
  EXPECT_NEAR(variance, 0.64, 5 * 0.64 * std::sqrt(2.0 / kPaths));
}

TEST(GbmPath, TakesOneDrawPerStepWhateverTheVolatility) {
  Stream calm(1, 0, "gbm", "test");
  Stream wild(1, 0, "gbm", "test");
  GbmPath quiet({.volatility = 0.0});
  GbmPath loud({.volatility = 3.0});
  for (int i = 0; i < 7; ++i) {
    quiet.advance(1_min, calm);
    loud.advance(1_min, wild);
  }
  EXPECT_EQ(calm.position(), wild.position());
  EXPECT_EQ(quiet.log_return(), 0.0);
  EXPECT_NE(loud.log_return(), 0.0);
}

// Merton 1976 with the jumps of validation.md A-L-9 (lambda 100 a year, ln J ~ N(-0.05, 0.1^2)):
// compensated jumps leave E[S_T] = S_0. Over one hour, sd of S is 0.0139; 5 standard errors of
// 40 000 paths. Without the compensation the mean would fall by 100 / 8760 * 4.4 % = 5.0e-4.
TEST(MertonPath, CompensatedJumpsKeepTheMean) {
  constexpr int kPaths = 40'000;
  Stream diffusion(2, 0, "merton", "diffusion");
  Stream jumps(2, 0, "merton", "jumps");
  double sum = 0.0;
  int count = 0;
  for (int i = 0; i < kPaths; ++i) {
    MertonPath path({.diffusion = {.drift = 0.0, .volatility = 0.8},
                     .jumps_per_year = 100.0,
                     .jump_mean = -0.05,
                     .jump_deviation = 0.1});
    path.advance(1_h, diffusion);
    Duration at = *path.draw_waiting_time(jumps);
    for (; at <= 1_h; at += *path.draw_waiting_time(jumps)) {
      path.jump(jumps);
      ++count;
    }
    sum += std::exp(path.log_return());
  }
  EXPECT_NEAR(sum / kPaths, 1.0, 3.5e-4);
  const double expected = kPaths * 100.0 / 8'760.0;  // 456.6
  EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
}

PriceSeries two_bars() {
  return parse_price_csv(
      "time,open,high,low,close\n"
      "2021-01-01T00:00:00Z,100,130,90,120\n"
      "2021-01-01T00:01:00Z,120,125,80,85\n",
      "two.csv", {}, "test");
}

TEST(ReplayPath, BarsThatRiseVisitTheirLowFirst) {
  const ReplayPath path(two_bars(), BarUse::Ohlc, Interpolation::Previous, {});
  const double usd[] = {100, 90, 130, 120, 120, 125, 80, 85};
  for (int quarter = 0; quarter < 8; ++quarter) {
    EXPECT_EQ(path.micros(15_s * quarter), usd[quarter] * 1e6) << quarter;
  }
  EXPECT_EQ(path.micros(14'999_ms), 100e6);
  EXPECT_EQ(path.micros(1_h), 85e6);
}

TEST(ReplayPath, ClosesStandAtTheEndOfTheirBar) {
  const ReplayPath path(two_bars(), BarUse::Close, Interpolation::Linear, {});
  EXPECT_EQ(path.micros(Duration::zero()), 100e6);
  EXPECT_EQ(path.micros(30_s), 110e6);
  EXPECT_EQ(path.micros(60_s), 120e6);
  EXPECT_EQ(path.micros(120_s), 85e6);
}

TEST(ReplayPath, StartsAtTheOffset) {
  const ReplayPath path(two_bars(), BarUse::Ohlc, Interpolation::Previous, 30_s);
  EXPECT_EQ(path.micros(Duration::zero()), 130e6);
  EXPECT_EQ(path.length(), 75_s);
}

}  // namespace
}  // namespace mezz

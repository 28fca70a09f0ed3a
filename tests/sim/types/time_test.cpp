#include "sim/types/time.h"

#include <gtest/gtest.h>

namespace mezz {
namespace {

TEST(Duration, LiteralsAreNanoseconds) {
  EXPECT_EQ((1_ns).ns, 1);
  EXPECT_EQ((1_us).ns, 1'000);
  EXPECT_EQ((1_ms).ns, 1'000'000);
  EXPECT_EQ((1_s).ns, 1'000'000'000);
  EXPECT_EQ((1_h + 1_min).ns, 3'660'000'000'000);
  EXPECT_EQ(7_d, 168_h);
}

TEST(Duration, DividesAndTakesRemainders) {
  EXPECT_EQ(12_s / 5, 2'400_ms);
  EXPECT_EQ(Duration{7} / 2, Duration{3});
  EXPECT_EQ(Duration{-7} / 2, Duration{-3});  // truncates toward zero
  EXPECT_EQ(1_min / 12_s, 5);
  EXPECT_EQ(31_s / 12_s, 2);
  EXPECT_EQ(31_s % 12_s, 7_s);
  EXPECT_EQ(3 * 4_s, 12_s);
  EXPECT_EQ(-(4_s), 0_s - 4_s);
}

TEST(Duration, AccumulatesInPlace) {
  Duration d = 1_s;
  d += 500_ms;
  d -= 2_s;
  EXPECT_EQ(d, Duration{-500'000'000});
  EXPECT_DOUBLE_EQ(d.seconds(), -0.5);
}

TEST(Time, PointsDifferByDurations) {
  Time t = Time::zero() + 12_s;
  EXPECT_EQ(t - Time::zero(), 12_s);
  EXPECT_EQ((t - 13_s) - Time::zero(), -(1_s));
  t += 1_s;
  EXPECT_DOUBLE_EQ(t.seconds(), 13.0);
  EXPECT_LT(Time::zero(), t);
  EXPECT_LT(t, Time::max());
}

TEST(Time, NeverHasNotHappened) {
  EXPECT_FALSE(Time::never().happened());
  EXPECT_EQ(Time::never().ns, -1);  // the result file's mark
  EXPECT_TRUE(Time::zero().happened());
  EXPECT_LT(Time::never(), Time::zero());
}

TEST(DurationFromSeconds, RoundsToTheNearestNanosecondTiesToEven) {
  EXPECT_EQ(duration_from_seconds(0.25), 250_ms);
  EXPECT_EQ(duration_from_seconds(-1.5), Duration{-1'500'000'000});
  EXPECT_EQ(duration_from_seconds(0.6e-9).ns, 1);
  EXPECT_EQ(duration_from_seconds(-0.6e-9).ns, -1);
  EXPECT_EQ(duration_from_seconds(0.4e-9).ns, 0);
  // 2^-9 s * 10^9 = 1 953 125 ns; 2^-10 s = 976 562.5 and 3 * 2^-10 s = 2 929 687.5 are exact ties.
  EXPECT_EQ(duration_from_seconds(0x1p-10).ns, 976'562);
  EXPECT_EQ(duration_from_seconds(3 * 0x1p-10).ns, 2'929'688);
  EXPECT_EQ(duration_from_seconds(-3 * 0x1p-10).ns, -2'929'688);
}

}  // namespace
}  // namespace mezz

#include "models/market/wad.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz {
namespace {

TEST(Wad, RoundsAsNamedBeyond128Bits) {
  // 10^30 * 10^30 / 3 would need 200 bits; 10^30 * (3 * 10^29 + 1) / (3 * 10^29) = 10^30 + 10/3.
  Int128 ten29 = 1;
  for (int i = 0; i < 29; ++i) ten29 *= 10;
  EXPECT_TRUE(mul_div_wide(10 * ten29, 3 * ten29 + 1, 3 * ten29, Round::Down) == 10 * ten29 + 3);
  EXPECT_TRUE(mul_div_wide(10 * ten29, 3 * ten29 + 1, 3 * ten29, Round::Up) == 10 * ten29 + 4);
  EXPECT_TRUE(mul_div_wide(-10 * ten29, 3 * ten29 + 1, 3 * ten29, Round::Down) == -10 * ten29 - 4);
  EXPECT_TRUE(mul_div_wide(10 * ten29, 3 * ten29 + 1, -3 * ten29, Round::ToZero) ==
              -10 * ten29 - 3);
}

// A divisor below 2^63 is divided digit by digit; ten orders more of both, by the library.
TEST(Wad, BothWaysToDivideAgree) {
  constexpr Int128 kMore = 10'000'000'000;
  std::uint64_t state = 1;
  const auto next = [&] { return state = state * 6364136223846793005ULL + 1442695040888963407ULL; };
  for (int i = 0; i < 2'000; ++i) {
    const Int128 a = Int128{static_cast<std::int64_t>(next())} * (Int128{1} << (next() >> 59));
    const Int128 b = static_cast<std::int64_t>(next());
    const Int128 c = static_cast<std::int64_t>((next() >> 4) | (std::uint64_t{1} << 57));
    for (const Round round : {Round::Down, Round::Up, Round::ToZero, Round::HalfEven}) {
      ASSERT_TRUE(mul_div_wide(a, b, c, round) == mul_div_wide(a, b * kMore, c * kMore, round));
    }
  }
  // (2^120 + 2^61 + 1) / 2 and (2^120 + 2^61 + 3) / 2: ties go to the even neighbour.
  const Int128 half = Int128{1} << 60;
  EXPECT_TRUE(mul_div_wide(half * half + half * 2 + 1, half / 2, half, Round::HalfEven) ==
              half * half / 2 + half);
  EXPECT_TRUE(mul_div_wide(half * half + half * 2 + 3, half / 2, half, Round::HalfEven) ==
              half * half / 2 + half + 2);
}

TEST(Wad, AssertsRatherThanWraps) {
  const Wad huge = {(Int128{INT64_MAX} << 63)};
  EXPECT_THROW((void)multiply(huge, huge), AssertionFailure);
  EXPECT_THROW((void)(huge + huge + huge), AssertionFailure);
  EXPECT_THROW((void)divide(huge, Wad::zero()), AssertionFailure);
}

TEST(Wad, TakesWholeMultiplesExactly) {
  EXPECT_EQ(Wad::of(3, 2) * -4, Wad::whole(-6));
  EXPECT_THROW((void)(Wad::whole(100'000'000'000) * 10'000'000'000), AssertionFailure);
}

TEST(Wad, EntersMoneyWithTheNamedRounding) {
  const Wad amount = Wad::of(1'000'000'5, 10'000'000);  // 1.0000005 USD
  EXPECT_EQ(to_money(amount, Round::Down), Money{1'000'000});
  EXPECT_EQ(to_money(amount, Round::Up), Money{1'000'001});
  EXPECT_EQ(to_money(-amount, Round::Down), Money{-1'000'001});
  EXPECT_EQ(Wad::from(Money{5}), Wad::of(5, 1'000'000));
}

TEST(Wad, WithinKeepsBothSides) {
  EXPECT_EQ(within(Wad::whole(3), Wad::one()), Wad::one());
  EXPECT_EQ(within(Wad::whole(-3), Wad::one()), -Wad::one());
  EXPECT_EQ(within(Wad::of(1, 2), Wad::one()), Wad::of(1, 2));
}

}  // namespace
}  // namespace mezz

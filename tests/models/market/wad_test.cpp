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

TEST(Wad, AssertsRatherThanWraps) {
  const Wad huge = {(Int128{INT64_MAX} << 63)};
  EXPECT_THROW((void)multiply(huge, huge), AssertionFailure);
  EXPECT_THROW((void)(huge + huge + huge), AssertionFailure);
  EXPECT_THROW((void)divide(huge, Wad::zero()), AssertionFailure);
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

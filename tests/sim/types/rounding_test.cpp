#include "sim/types/rounding.h"

#include <gtest/gtest.h>

#include <iterator>

#include "sim/check/error.h"

namespace mezz {
namespace {

struct Row {
  int numerator, denominator, down, up, to_zero, half_even;
};

TEST(Divide, RoundsEverySignAndTieAsNamed) {
  const Row rows[] = {
      {7, 2, 3, 4, 3, 4},        // 3.5: tie, 4 is even
      {5, 2, 2, 3, 2, 2},        // 2.5: tie, 2 is even
      {-7, 2, -4, -3, -3, -4},   // -3.5
      {-5, 2, -3, -2, -2, -2},   // -2.5
      {7, -2, -4, -3, -3, -4},   // a negative denominator changes the sign only
      {-7, -2, 3, 4, 3, 4},      //
      {1, 2, 0, 1, 0, 0},        // 0.5 -> 0
      {-1, 2, -1, 0, 0, 0},      // -0.5 -> 0
      {3, 2, 1, 2, 1, 2},        // 1.5 -> 2
      {10, 3, 3, 4, 3, 3},       // 3.33
      {11, 3, 3, 4, 3, 4},       // 3.67
      {-10, 3, -4, -3, -3, -3},  //
      {-11, 3, -4, -3, -3, -4},  //
      {6, 3, 2, 2, 2, 2},        // exact
      {-6, 3, -2, -2, -2, -2},   //
      {0, 5, 0, 0, 0, 0},        //
  };
  for (const Row& r : rows) {
    SCOPED_TRACE(::testing::Message() << r.numerator << " / " << r.denominator);
    EXPECT_EQ(narrow(divide(r.numerator, r.denominator, Round::Down)), r.down);
    EXPECT_EQ(narrow(divide(r.numerator, r.denominator, Round::Up)), r.up);
    EXPECT_EQ(narrow(divide(r.numerator, r.denominator, Round::ToZero)), r.to_zero);
    EXPECT_EQ(narrow(divide(r.numerator, r.denominator, Round::HalfEven)), r.half_even);
  }
}

// Same operands, once as they are and once with both multiplied by 2^62, which keeps quotient and
// rounding but is too wide for the fast path.
TEST(Divide, TheSixtyFourBitPathRoundsAsTheWideOne) {
  const std::int64_t corners[] = {0, 1, -1, 2, -3, 1'000'000, INT64_MAX, INT64_MIN, INT64_MIN + 1};
  std::uint64_t state = 1;
  const auto operand = [&] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    if (state >> 61 == 0) return corners[(state >> 20) % std::size(corners)];
    const auto size = static_cast<std::int64_t>(state >> 1 >> ((state >> 55) & 63U));
    return (state & 1U) == 0 ? size : -size;
  };
  for (int i = 0; i < 200'000; ++i) {
    const Int128 n = operand();
    const Int128 d = operand();
    if (d == 0) continue;
    constexpr Int128 kWide = Int128{1} << 62;  // times 2^63 at most: inside 2^127
    for (const Round round : {Round::Down, Round::Up, Round::ToZero, Round::HalfEven}) {
      ASSERT_TRUE(divide(n, d, round) == divide(n * kWide, d * kWide, round))
          << static_cast<std::int64_t>(n) << " / " << static_cast<std::int64_t>(d);
    }
  }
}

TEST(Divide, TheEndsOfSixtyFourBitsAreExact) {
  EXPECT_EQ(narrow(divide(INT64_MIN, 1, Round::Down)), INT64_MIN);
  EXPECT_EQ(narrow(divide(INT64_MIN, INT64_MAX, Round::Down)), -2);
  EXPECT_EQ(narrow(divide(INT64_MIN, INT64_MAX, Round::Up)), -1);
  EXPECT_EQ(narrow(divide(INT64_MIN, 2, Round::HalfEven)), INT64_MIN / 2);
  EXPECT_TRUE(divide(INT64_MIN, -1, Round::Down) == Int128{INT64_MAX} + 1);
  EXPECT_EQ(narrow(divide(INT64_MAX, INT64_MAX - 1, Round::HalfEven)), 1);
}

TEST(Divide, ByZeroIsOurBug) {
  EXPECT_THROW((void)divide(1, 0, Round::Down), AssertionFailure);
  EXPECT_THROW((void)mul_div(1, 1, 0, Round::HalfEven), AssertionFailure);
}

TEST(Narrow, AcceptsExactlyTheSixtyFourBitRange) {
  EXPECT_EQ(narrow(Int128{INT64_MAX}), INT64_MAX);
  EXPECT_EQ(narrow(Int128{INT64_MIN}), INT64_MIN);
  EXPECT_THROW((void)narrow(Int128{INT64_MAX} + 1), AssertionFailure);
  EXPECT_THROW((void)narrow(Int128{INT64_MIN} - 1), AssertionFailure);
}

TEST(MulDiv, HoldsTheFullProductAndAssertsOnlyOnTheResult) {
  EXPECT_EQ(mul_div(INT64_MAX, INT64_MAX, INT64_MAX, Round::Down), INT64_MAX);
  EXPECT_EQ(mul_div(INT64_MIN, INT64_MAX, INT64_MIN, Round::Up), INT64_MAX);
  EXPECT_EQ(mul_div(INT64_MAX, 2, 4, Round::Down), INT64_MAX / 2);
  EXPECT_THROW((void)mul_div(INT64_MAX, 2, 1, Round::Down), AssertionFailure);
  // The rounding itself can leave the range: (2^63 - 1) * 3 / 2 does, 3 * 1 / 2 does not.
  EXPECT_THROW((void)mul_div(INT64_MAX, 3, 2, Round::Up), AssertionFailure);
  EXPECT_EQ(mul_div(3, 1, 2, Round::Up), 2);
}

static_assert(mul_div(-7, 1, 2, Round::HalfEven) == -4);  // usable at compile time

}  // namespace
}  // namespace mezz

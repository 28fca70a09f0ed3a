#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "sim/types/money.h"
#include "sim/types/ratio.h"

namespace mezz {
namespace {

TEST(Money, CountsMillionthsOfADollar) {
  EXPECT_EQ((3_usd).micros, 3'000'000);
  EXPECT_DOUBLE_EQ(Money{-1'500'000}.usd(), -1.5);
  EXPECT_EQ(2_usd - 5_usd, -(3_usd));
  EXPECT_EQ((2_usd - 5_usd).abs(), 3_usd);
  EXPECT_EQ(2_usd * -3, -(6_usd));
  Money m = 1_usd;
  m += 2_usd;
  m -= 7_usd;
  EXPECT_EQ(m, -(4_usd));
  EXPECT_LT(m, Money::zero());
}

TEST(Money, OverflowIsOurBug) {
  const Money most{INT64_MAX}, least{INT64_MIN};
  EXPECT_THROW((void)(most + Money{1}), AssertionFailure);
  EXPECT_THROW((void)(least - Money{1}), AssertionFailure);
  EXPECT_THROW((void)(-least), AssertionFailure);
  EXPECT_THROW((void)(most * 2), AssertionFailure);
  EXPECT_THROW((void)operator""_usd(10'000'000'000'000ULL), AssertionFailure);  // 10^13 > 9.2 10^12
  EXPECT_EQ(most + least, Money{-1});
}

TEST(Money, AbsOfTheMostNegativeAmountIsOurBug) {
  EXPECT_THROW((void)Money{INT64_MIN}.abs(), AssertionFailure);
}

TEST(Ratio, CountsBillionths) {
  EXPECT_EQ((1_bp).ppb, 100'000);
  EXPECT_EQ(100_bp, 1_percent);
  EXPECT_EQ(100_percent, Ratio::one());
  EXPECT_EQ(Ratio::from_ppm(5), Ratio{5'000});
  EXPECT_DOUBLE_EQ((25_percent).value(), 0.25);
  EXPECT_EQ(1_percent - 2_percent, -(1_percent));
  EXPECT_EQ(5_bp * 3, 15_bp);
  EXPECT_THROW((void)(Ratio{INT64_MAX} * 2), AssertionFailure);
}

TEST(Ratio, PpmIsRoundedAsNamed) {
  EXPECT_EQ(Ratio{1'500}.ppm(Round::Down), 1);
  EXPECT_EQ(Ratio{1'500}.ppm(Round::Up), 2);
  EXPECT_EQ(Ratio{1'500}.ppm(Round::HalfEven), 2);
  EXPECT_EQ(Ratio{-1'500}.ppm(Round::Down), -2);
  EXPECT_EQ(Ratio{-1'500}.ppm(Round::ToZero), -1);
}

TEST(Ratio, OfMoneyNamesItsDirection) {
  // 1 / 3 = 0.333 333 333 33...
  EXPECT_EQ(Ratio::of(1_usd, 3_usd, Round::Down).ppb, 333'333'333);
  EXPECT_EQ(Ratio::of(1_usd, 3_usd, Round::Up).ppb, 333'333'334);
  EXPECT_EQ(Ratio::of(-(1_usd), 3_usd, Round::Down).ppb, -333'333'334);
  EXPECT_THROW((void)Ratio::of(1_usd, Money::zero(), Round::Down), AssertionFailure);
}

TEST(Scale, RoundsAgainstWhomTheRuleNames) {
  // 5 bp of 0.003 001 USD = 1.5005 millionths.
  EXPECT_EQ(scale(Money{3'001}, 5_bp, Round::Up), Money{2});
  EXPECT_EQ(scale(Money{3'001}, 5_bp, Round::Down), Money{1});
  EXPECT_EQ(scale(Money{-3'001}, 5_bp, Round::Up), Money{-1});
  EXPECT_EQ(scale(Money{-3'001}, 5_bp, Round::Down), Money{-2});
  EXPECT_EQ(scale(Money{5'000}, 5_bp, Round::HalfEven), Money{2});  // 2.5, tie
  EXPECT_EQ(scale(Money{INT64_MAX}, Ratio::one(), Round::Up), Money{INT64_MAX});
  EXPECT_THROW((void)scale(Money{INT64_MAX}, 101_percent, Round::Down), AssertionFailure);
}

}  // namespace
}  // namespace mezz

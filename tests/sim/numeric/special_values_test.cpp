#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::denorm_min();

// Equal including the sign of zero; NaN equals NaN.
::testing::AssertionResult same(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return ::testing::AssertionSuccess();
  if (a == b && std::signbit(a) == std::signbit(b)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << a << " is not " << b;
}

TEST(SelfTest, PassesInThisBuild) { EXPECT_TRUE(numeric::self_test()); }

TEST(SpecialValues, NaNGivesNaN) {
  for (const auto f : {numeric::exp, numeric::expm1, numeric::log, numeric::log1p, numeric::tanh,
                       numeric::sin, numeric::cos, numeric::erf, numeric::erfc, numeric::normal_pdf,
                       numeric::normal_cdf, numeric::inverse_normal_cdf, numeric::sqrt}) {
    EXPECT_TRUE(std::isnan(f(kNaN)));
  }
}

TEST(SpecialValues, Exp) {
  EXPECT_TRUE(same(numeric::exp(0.0), 1.0));
  EXPECT_TRUE(same(numeric::exp(-0.0), 1.0));
  EXPECT_TRUE(same(numeric::exp(kInf), kInf));
  EXPECT_TRUE(same(numeric::exp(-kInf), 0.0));
  EXPECT_TRUE(same(numeric::exp(709.79), kInf));   // ln(DBL_MAX) = 709.7827...
  EXPECT_TRUE(same(numeric::exp(-745.2), 0.0));    // ln(2^-1075) = -745.1332...
  EXPECT_TRUE(same(numeric::exp(-745.1), kTiny));  // half of it rounds up
  EXPECT_TRUE(std::isfinite(numeric::exp(709.78)));
}

TEST(SpecialValues, Expm1) {
  EXPECT_TRUE(same(numeric::expm1(-0.0), -0.0));
  EXPECT_TRUE(same(numeric::expm1(kTiny), kTiny));
  EXPECT_TRUE(same(numeric::expm1(-kInf), -1.0));
  EXPECT_TRUE(same(numeric::expm1(kInf), kInf));
}

TEST(SpecialValues, Log) {
  EXPECT_TRUE(same(numeric::log(1.0), 0.0));
  EXPECT_TRUE(same(numeric::log(0.0), -kInf));
  EXPECT_TRUE(same(numeric::log(-0.0), -kInf));
  EXPECT_TRUE(same(numeric::log(kInf), kInf));
  EXPECT_TRUE(same(numeric::log(-1.0), kNaN));
  EXPECT_TRUE(same(numeric::log(kTiny), -0x1.74385446d71c3p+9));  // -1074 ln 2, correctly rounded
}

TEST(SpecialValues, Log1p) {
  EXPECT_TRUE(same(numeric::log1p(-0.0), -0.0));
  EXPECT_TRUE(same(numeric::log1p(kTiny), kTiny));
  EXPECT_TRUE(same(numeric::log1p(-1.0), -kInf));
  EXPECT_TRUE(same(numeric::log1p(-1.5), kNaN));
  EXPECT_TRUE(same(numeric::log1p(kInf), kInf));
}

TEST(SpecialValues, PowFollowsAnnexF) {
  // The cases of C99 F.9.4.4: glibc's pow is exact in them, whatever its version.
  const double values[] = {0.0,  -0.0,  1.0,    -1.0,  0.5,    -0.5,   2.0,
                           -2.0, 3.0,   -3.0,   2.5,   -2.5,   kInf,   -kInf,
                           kNaN, kTiny, -kTiny, 1e300, -1e300, 0x1p53, 0x1p60};
  for (const double x : values) {
    for (const double y : values) {
      const double expected = std::pow(x, y);
      if (std::isfinite(expected) && expected != 0 && expected != 1 && std::fabs(x) != 2) continue;
      EXPECT_TRUE(same(numeric::pow(x, y), expected)) << x << " ^ " << y;
    }
  }
}

TEST(SpecialValues, PowersOfTwoAndSmallIntegersAreExact) {
  for (int n = -1074; n <= 1023; ++n) EXPECT_TRUE(same(numeric::pow(2.0, n), std::ldexp(1.0, n)));
  EXPECT_TRUE(same(numeric::pow(10.0, 15.0), 1e15));
  EXPECT_TRUE(same(numeric::pow(-3.0, 5.0), -243.0));
  EXPECT_TRUE(same(numeric::pow(1.5, 2.0), 2.25));
}

TEST(SpecialValues, Trigonometric) {
  EXPECT_TRUE(same(numeric::sin(-0.0), -0.0));
  EXPECT_TRUE(same(numeric::sin(kTiny), kTiny));
  EXPECT_TRUE(same(numeric::cos(0.0), 1.0));
  EXPECT_TRUE(same(numeric::sin(kInf), kNaN));
  EXPECT_TRUE(same(numeric::cos(-kInf), kNaN));
}

TEST(SpecialValues, TooLargeAnglesAreOurBug) {
  EXPECT_THROW((void)numeric::sin(1.1e6), AssertionFailure);
  EXPECT_THROW((void)numeric::cos(-1e300), AssertionFailure);
}

TEST(SpecialValues, Tanh) {
  EXPECT_TRUE(same(numeric::tanh(-0.0), -0.0));
  EXPECT_TRUE(same(numeric::tanh(kInf), 1.0));
  EXPECT_TRUE(same(numeric::tanh(-kInf), -1.0));
  EXPECT_TRUE(same(numeric::tanh(kTiny), kTiny));
}

TEST(SpecialValues, ErrorFunctionAndNormal) {
  EXPECT_TRUE(same(numeric::erf(-0.0), -0.0));
  EXPECT_TRUE(same(numeric::erf(kInf), 1.0));
  EXPECT_TRUE(same(numeric::erf(-kInf), -1.0));
  EXPECT_TRUE(same(numeric::erfc(kInf), 0.0));
  EXPECT_TRUE(same(numeric::erfc(-kInf), 2.0));
  EXPECT_TRUE(same(numeric::erfc(0.0), 1.0));
  EXPECT_TRUE(same(numeric::normal_cdf(0.0), 0.5));
  EXPECT_TRUE(same(numeric::normal_cdf(-kInf), 0.0));
  EXPECT_TRUE(same(numeric::normal_cdf(kInf), 1.0));
  EXPECT_TRUE(same(numeric::normal_pdf(kInf), 0.0));
}

TEST(SpecialValues, InverseNormal) {
  EXPECT_TRUE(same(numeric::inverse_normal_cdf(0.0), -kInf));
  EXPECT_TRUE(same(numeric::inverse_normal_cdf(1.0), kInf));
  EXPECT_TRUE(same(numeric::inverse_normal_cdf(0.5), 0.0));
  EXPECT_TRUE(same(numeric::inverse_normal_cdf(-0.1), kNaN));
  EXPECT_TRUE(same(numeric::inverse_normal_cdf(1.1), kNaN));
  EXPECT_EQ(numeric::inverse_normal_cdf(0.25), -numeric::inverse_normal_cdf(0.75));
}

TEST(NormalDistribution, IsMonotone) {
  double last = 0;
  for (double x = -39.5; x < 9; x += 1.0 / 4096) {
    const double now = numeric::normal_cdf(x);
    ASSERT_GE(now, last) << x;
    last = now;
  }
}

TEST(NormalQuantile, IsMonotoneAndInvertsTheDistribution) {
  double last = -kInf;
  for (int i = 1; i < 100'000; ++i) {
    const double p = i * 1e-5;
    const double x = numeric::inverse_normal_cdf(p);
    ASSERT_GT(x, last) << p;
    ASSERT_NEAR(numeric::normal_cdf(x), p, 4e-16) << p;
    last = x;
  }
}

}  // namespace
}  // namespace mezz

// The error bounds stated in sim/numeric/elementary.h, measured. The oracle is libm on the 80-bit
// x87 long double, whose error is below 1/1000 of a double's last place.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

static_assert(std::numeric_limits<long double>::digits >= 64,
              "the oracle needs 80-bit long double");

constexpr int kPoints = 200'000;

// Distance in units of the last place of the exact value (subnormals: of the smallest step).
double ulps(double computed, long double exact) {
  if (std::isinf(static_cast<double>(exact))) return std::isinf(computed) ? 0 : 1e9;
  const int exponent = std::max(std::ilogb(exact), -1022);
  return static_cast<double>(
      std::ldexp(std::fabs(static_cast<long double>(computed) - exact), 52 - exponent));
}

// A fixed low-discrepancy sequence in [0, 1): every run tests the same points.
double point(int i) {
  return static_cast<double>((static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15U) >> 11) * 0x1p-53;
}

struct Worst {
  double error = 0;
  double at = 0;
};

template <class F, class Oracle, class Map>
Worst worst(F f, Oracle oracle, Map map) {
  Worst w;
  for (int i = 1; i <= kPoints; ++i) {
    const double x = map(point(i));
    const double error = ulps(f(x), oracle(static_cast<long double>(x)));
    if (!(error <= w.error)) w = {error, x};
  }
  return w;
}

auto linear(double from, double to) {
  return [=](double u) { return from + (to - from) * u; };
}
// Positive numbers of all magnitudes 2^from .. 2^to.
auto magnitudes(int from, int to) {
  return [=](double u) {
    const double e = from + (to - from) * u;
    const int whole = static_cast<int>(std::floor(e));
    return std::ldexp(1.0 + (e - whole), whole);
  };
}
auto both_signs(int from, int to) {
  return [=](double u) {
    const double v = 2 * u - 1;
    return std::copysign(magnitudes(from, to)(std::fabs(v)), v);
  };
}

long double normal_cdf_oracle(long double x) { return erfcl(-x / sqrtl(2.0L)) / 2; }
long double normal_pdf_oracle(long double x) {
  return expl(-x * x / 2) / sqrtl(2 * 3.14159265358979323846264338327950288L);
}

TEST(ExpAccuracy, BelowOneUlp) {
  const auto oracle = [](long double x) { return expl(x); };
  EXPECT_LT(worst(numeric::exp, oracle, linear(-1, 1)).error, 0.55);
  EXPECT_LT(worst(numeric::exp, oracle, linear(-708, 709.7)).error, 0.55);
  EXPECT_LT(worst(numeric::exp, oracle, both_signs(-60, 9)).error, 0.55);
  EXPECT_LT(worst(numeric::exp, oracle, linear(-746, -707)).error, 1.1);  // subnormal results
}

TEST(Expm1Accuracy, BelowOneUlp) {
  const auto oracle = [](long double x) { return expm1l(x); };
  EXPECT_LT(worst(numeric::expm1, oracle, linear(-1, 1)).error, 0.75);
  EXPECT_LT(worst(numeric::expm1, oracle, linear(-50, 709.7)).error, 0.75);
  EXPECT_LT(worst(numeric::expm1, oracle, both_signs(-1000, 9)).error, 0.75);
}

TEST(LogAccuracy, BelowOneUlp) {
  const auto oracle = [](long double x) { return logl(x); };
  EXPECT_LT(worst(numeric::log, oracle, linear(0.9, 1.1)).error, 0.55);
  EXPECT_LT(worst(numeric::log, oracle, linear(0.5, 4)).error, 0.55);
  EXPECT_LT(worst(numeric::log, oracle, magnitudes(-1074, 1023)).error, 0.55);
}

TEST(Log1pAccuracy, BelowOneUlp) {
  const auto oracle = [](long double x) { return log1pl(x); };
  EXPECT_LT(worst(numeric::log1p, oracle, linear(-0.999, 1)).error, 0.75);
  EXPECT_LT(worst(numeric::log1p, oracle, magnitudes(-1074, 1023)).error, 0.75);
  EXPECT_LT(worst(numeric::log1p, oracle, both_signs(-70, -1)).error, 0.75);
}

TEST(PowAccuracy, BelowOneUlp) {
  for (const double y : {-700.5, -3.0, -0.1, 1e-9, 0.5, 1.5, 2.0, 10.0, 333.3}) {
    const auto power = [y](double x) { return numeric::pow(x, y); };
    // powl itself errs by a few units of its 64-bit place for large results: far below the bound.
    const auto oracle = [y](long double x) { return powl(x, y); };
    const double reach = 700 / std::fabs(y) / std::log(2.0);
    const int octaves = static_cast<int>(std::min(1000.0, reach));
    EXPECT_LT(worst(power, oracle, magnitudes(-octaves, octaves)).error, 0.6) << y;
    EXPECT_LT(worst(power, oracle, linear(0.7, 1.5)).error, 0.6) << y;
  }
}

TEST(SinCosAccuracy, BelowOneUlp) {
  const auto sine = [](long double x) { return sinl(x); };
  const auto cosine = [](long double x) { return cosl(x); };
  for (const double reach : {0.8, 7.0, 1e3, 1e6}) {
    EXPECT_LT(worst(numeric::sin, sine, linear(-reach, reach)).error, 0.8);
    EXPECT_LT(worst(numeric::cos, cosine, linear(-reach, reach)).error, 0.8);
  }
  EXPECT_LT(worst(numeric::sin, sine, both_signs(-1000, 10)).error, 0.8);
}

TEST(SinCosAccuracy, HoldsBesideMultiplesOfHalfPi) {
  // The nearest doubles to n pi/2 leave a rest of only the rounding error: the hardest reduction.
  const auto next_to_pole = [](double u) {
    const double n = std::floor(u * 600'000);
    return static_cast<double>(n * 1.57079632679489661923L);
  };
  EXPECT_LT(worst(
                numeric::sin, [](long double x) { return sinl(x); }, next_to_pole)
                .error,
            0.8);
  EXPECT_LT(worst(
                numeric::cos, [](long double x) { return cosl(x); }, next_to_pole)
                .error,
            0.8);
}

TEST(TanhAccuracy, BelowTwoAndAHalfUlp) {
  const auto oracle = [](long double x) { return tanhl(x); };
  EXPECT_LT(worst(numeric::tanh, oracle, linear(-3, 3)).error, 2.5);
  EXPECT_LT(worst(numeric::tanh, oracle, both_signs(-300, 5)).error, 2.5);
}

TEST(ErfAccuracy, BelowTwoUlp) {
  const auto oracle = [](long double x) { return erfl(x); };
  EXPECT_LT(worst(numeric::erf, oracle, linear(-3, 7)).error, 2);
  EXPECT_LT(worst(numeric::erf, oracle, both_signs(-1000, 3)).error, 2);
}

TEST(ErfcAccuracy, BelowThreeAndAHalfUlp) {
  const auto oracle = [](long double x) { return erfcl(x); };
  EXPECT_LT(worst(numeric::erfc, oracle, linear(-7, 7)).error, 3.5);
  EXPECT_LT(worst(numeric::erfc, oracle, linear(0.2, 0.6)).error, 3.5);
  EXPECT_LT(worst(numeric::erfc, oracle, linear(6, 26.5)).error, 3.5);
  EXPECT_LT(worst(numeric::erfc, oracle, linear(26.5, 27.5)).error, 3.5);  // subnormal results
}

TEST(NormalDensityAccuracy, BelowTwoUlp) {
  // x * x in long double loses x^2 2^-65 relative: negligible up to |x| = 10.
  EXPECT_LT(worst(numeric::normal_pdf, normal_pdf_oracle, linear(-10, 10)).error, 2);
}

TEST(NormalDistributionAccuracy, BelowThreeAndAHalfUlp) {
  EXPECT_LT(worst(numeric::normal_cdf, normal_cdf_oracle, linear(-8, 8)).error, 3.5);
  EXPECT_LT(worst(numeric::normal_cdf, normal_cdf_oracle, both_signs(-60, 2)).error, 3.5);
}

TEST(NormalDistributionAccuracy, HoldsInTheFarTail) {
  // Computed with mpmath at 80 digits; the long double oracle would lose x^2 2^-65 here.
  struct Known {
    double x;
    long double value;
  };
  const Known known[] = {
      {-37.0, 5.725571222524576822683193e-300L}, {-36.123, 4.938881482692820318203222e-286L},
      {-30.5, 1.302937913178076350922755e-204L}, {-25.25, 5.662814628323674712952177e-141L},
      {-20.0, 2.753624118606233695075623e-89L},  {-15.7, 7.562103174683780779178827e-56L},
      {-12.1, 5.280558767433560334436836e-34L},  {-8.4, 2.232393197288043587137971e-17L},
  };
  for (const Known& k : known) EXPECT_LT(ulps(numeric::normal_cdf(k.x), k.value), 3.5) << k.x;
}

TEST(NormalQuantileAccuracy, BelowEightUlp) {
  // Newton's correction in long double, from our own double, is exact to second order.
  const auto oracle = [](double x, double p) {
    const long double tail = normal_cdf_oracle(x);
    return static_cast<long double>(x) - (tail - p) / normal_pdf_oracle(x);
  };
  const auto error = [&](double from, double to) {
    Worst w;
    for (int i = 1; i <= kPoints; ++i) {
      const double p = magnitudes(0, 1)(point(i)) - 1.0;  // uniform in [0, 1)
      const double q = from * std::pow(to / from, p);
      const double x = numeric::inverse_normal_cdf(q);
      const double e = ulps(x, oracle(x, q));
      if (!(e <= w.error)) w = {e, q};
    }
    return w.error;
  };
  EXPECT_LT(error(1e-20, 1e-3), 8);
  EXPECT_LT(error(1e-3, 0.499), 8);
  EXPECT_LT(error(0.075, 0.4999999), 8);
}

TEST(NormalQuantileAccuracy, HoldsInTheFarTail) {
  struct Known {
    double p;
    long double value;
  };
  const Known known[] = {
      {5e-324, -38.46740561714434625078436L},
      {1e-320, -38.26912534303265101818101L},
      {1e-310, -37.66306033194952373189098L},
      {2.2250738585072014e-308, -37.51937934714449982068239L},
      {1e-300, -37.04709629936119923654704L},
      {1e-250, -33.79958617269483746959197L},
      {1e-150, -26.1229611905939835092498L},
      {1e-100, -21.27345356096532429417952L},
      {1e-60, -16.39727821271871048033702L},
      {1e-40, -13.31092137142517089531198L},
      {1e-20, -9.262340089798407579572095L},
      {1.3e-11, -6.667611456510740834662219L},
      {0.025, -1.959963984540054211779584L},
  };
  for (const Known& k : known) EXPECT_LT(ulps(numeric::inverse_normal_cdf(k.p), k.value), 8) << k.p;
}

TEST(Atan2Accuracy, BelowFourUlp) {
  for (const double x : {-3e10, -7.0, -1.0, -1e-9, 1e-9, 0.3, 1.0, 41.0, 1e200}) {
    const auto angle = [x](double y) { return numeric::atan2(y, x); };
    const auto oracle = [x](long double y) { return atan2l(y, static_cast<long double>(x)); };
    EXPECT_LT(worst(angle, oracle, linear(-2 * std::fabs(x), 2 * std::fabs(x))).error, 4.0) << x;
    EXPECT_LT(worst(angle, oracle, both_signs(-300, 300)).error, 4.0) << x;
  }
}

// Up to t = 100 the oracle's exp(t^2 / 2) and erfc are both in the range of long double.
TEST(ScaledNormalTailAccuracy, BelowFourUlp) {
  const auto oracle = [](long double t) { return expl(t * t / 2) * normal_cdf_oracle(-t); };
  EXPECT_LT(worst(numeric::scaled_normal_tail, oracle, linear(0, 3)).error, 4.0);
  EXPECT_LT(worst(numeric::scaled_normal_tail, oracle, linear(0, 20)).error, 4.0);
  // Below zero exp(t^2 / 2) multiplies the rounding of the square.
  EXPECT_LT(worst(numeric::scaled_normal_tail, oracle, linear(-3, 0)).error, 8.0);
}

}  // namespace
}  // namespace mezz

// Line, surface, indices and long runs against certified values and closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/statistics/line_fit.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/resample.h"
#include "analysis/statistics/sensitivity.h"
#include "analysis/statistics/series.h"
#include "analysis/statistics/surface.h"

namespace mezz::statistics {
namespace {

// NIST StRD, linear least squares, Norris (ozone monitors); the certified values have 15 digits.
TEST(LineFit, NistNorris) {
  const std::vector<double> y{0.1,   338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1,
                              778.9, 559.2, 0.3,   0.1,   778.1, 668.8, 339.3, 448.9, 10.8,
                              557.7, 228.3, 998.0, 888.8, 119.6, 0.3,   0.6,   557.6, 339.3,
                              888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
  const std::vector<double> x{0.2,   337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6,
                              777.0, 558.2, 0.4,   0.6,   775.5, 666.9, 338.0, 447.5, 11.6,
                              556.0, 228.1, 995.8, 887.6, 120.2, 0.3,   0.3,   556.8, 339.1,
                              887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
  const LineFit fit = fit_line(x, y, 0.95);
  EXPECT_NEAR(fit.intercept.value, -0.262323073774029, 1e-12);
  EXPECT_NEAR(fit.slope.value, 1.00211681802045, 1e-13);
  EXPECT_NEAR(fit.residual_deviation, 0.884796396144373, 1e-12);
  EXPECT_NEAR(fit.r_squared, 0.999993745883712, 1e-14);
  // Certified standard errors 0.232818234301152 and 0.429796848199937e-03.
  const double t = t_quantile(0.975, 34);
  EXPECT_NEAR(fit.intercept.interval.half_width(), t * 0.232818234301152, 1e-12);
  EXPECT_NEAR(fit.slope.interval.half_width(), t * 0.429796848199937e-03, 1e-14);
}

TEST(LineFit, OfTooLittle) {
  const LineFit two = fit_line(std::vector<double>{1, 2}, std::vector<double>{3, 5}, 0.95);
  EXPECT_DOUBLE_EQ(two.slope.value, 2);
  EXPECT_EQ(two.slope.interval.high, kInfinity);
  EXPECT_TRUE(std::isnan(
      fit_line(std::vector<double>{1, 1, 1}, std::vector<double>{3, 5, 4}, 0.95).slope.value));
  EXPECT_TRUE(std::isnan(fit_line({}, {}, 0.95).slope.value));
}

TEST(ScalingLaw, OfAPowerIsItsExponent) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 1; i <= 20; ++i) {
    x.push_back(i);
    y.push_back(3 * std::pow(i, -0.5));
  }
  x.push_back(-1);
  y.push_back(2);
  x.push_back(5);
  y.push_back(0);
  const ScalingLaw law = fit_scaling(x, y, 0.95);
  EXPECT_NEAR(law.exponent.value, -0.5, 1e-12);
  EXPECT_NEAR(law.factor.value, 3, 1e-12);
  EXPECT_NEAR(law.exponent.interval.half_width(), 0, 1e-12);
  EXPECT_EQ(law.left_out, 2U);
  EXPECT_EQ(law.exponent.n, 20U);
}

std::vector<SurfacePoint> square_grid(double (*value)(double, double)) {
  std::vector<SurfacePoint> points;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 5; ++j) points.push_back({1.0 + i, 100.0 * j, value(1.0 + i, 100.0 * j)});
  }
  return points;
}

// x = 2.5 + 1.5 u, y = 200 + 200 v: 7 + 2 x^2 - 3 x y / 100 =
// 7 + 2 (2.5 + 1.5 u)^2 - 3 (2.5 + 1.5 u)(2 + 2 v).
TEST(Surface, OfAQuadraticIsItself) {
  const auto points =
      square_grid(+[](double x, double y) { return 7 + 2 * x * x - 3 * x * y / 100; });
  const Surface surface = fit_surface(points, SurfaceKind::Quadratic, 0.95);
  ASSERT_TRUE(surface.determined);
  const double expected[] = {7 + 12.5 - 15, 15 - 9, -15, 4.5, -9, 0};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(surface.coefficients[i].value, expected[i], 1e-12) << i;
  }
  EXPECT_NEAR(surface.predict(1.7, 30), 7 + 2 * 1.7 * 1.7 - 3 * 1.7 * 0.3, 1e-11);
  EXPECT_NEAR(surface.r_squared, 1, 1e-12);
  EXPECT_NEAR(surface.residual_deviation, 0, 1e-10);
}

// A balanced 2 x 2 grid with two values each, u and v being -1 or 1: c0 is the mean and c1 half the
// difference of the means; the errors are s / sqrt n with n - 3 degrees.
TEST(Surface, LinearHasTheErrorsOfAFactorialDesign) {
  const std::vector<SurfacePoint> points{{0, 0, 1},  {0, 0, 3},  {1, 0, 5},  {1, 0, 7},
                                         {0, 10, 2}, {0, 10, 4}, {1, 10, 6}, {1, 10, 8}};
  const Surface surface = fit_surface(points, SurfaceKind::Linear, 0.95);
  ASSERT_TRUE(surface.determined);
  EXPECT_NEAR(surface.coefficients[0].value, 4.5, 1e-12);
  EXPECT_NEAR(surface.coefficients[1].value, 2, 1e-12);
  EXPECT_NEAR(surface.coefficients[2].value, 0.5, 1e-12);
  // Every residual is 1 or -1: sum of squares 8, five degrees.
  EXPECT_NEAR(surface.residual_deviation, std::sqrt(8.0 / 5), 1e-12);
  EXPECT_NEAR(surface.coefficients[1].interval.half_width(),
              t_quantile(0.975, 5) * std::sqrt(8.0 / 5 / 8), 1e-12);
}

TEST(Surface, ThatThePointsDoNotDetermineSaysSo) {
  // Two values of x cannot tell u^2 from a constant.
  const std::vector<SurfacePoint> points{{0, 0, 1}, {0, 1, 3}, {0, 2, 5}, {1, 0, 7},
                                         {1, 1, 2}, {1, 2, 4}, {1, 2, 6}, {1, 2, 8}};
  const Surface surface = fit_surface(points, SurfaceKind::Quadratic, 0.95);
  EXPECT_FALSE(surface.determined);
  EXPECT_TRUE(std::isnan(surface.coefficients[0].value));
  EXPECT_FALSE(fit_surface({}, SurfaceKind::Linear, 0.95).determined);
}

// y = a x1 + b x2 over 0, 1, 2 (variance 2/3) and 0, 1, 2, 3 (variance 5/4):
// S1 = a^2 2/3 / (a^2 2/3 + b^2 5/4).
TEST(FirstOrder, OfASumIsTheShareOfItsVariance) {
  std::vector<GridRun> runs;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      runs.push_back({{i, j}, 0, 3.0 * static_cast<double>(i) + 2.0 * static_cast<double>(j)});
    }
  }
  const std::vector<Estimate> out = first_order_indices(runs);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_NEAR(out[0].value, 6.0 / 11, 1e-12);
  EXPECT_NEAR(out[1].value, 5.0 / 11, 1e-12);
  EXPECT_EQ(out[0].interval.high, kInfinity);  // one seed says nothing about chance
}

// A product of two values -1 and 1 is all interaction.
TEST(FirstOrder, OfAPureInteractionIsZero) {
  std::vector<GridRun> runs;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) runs.push_back({{i, j}, 0, i == j ? 1.0 : -1.0});
  }
  EXPECT_NEAR(first_order_indices(runs)[0].value, 0, 1e-15);
  for (GridRun& run : runs) run.value = 5;
  EXPECT_TRUE(std::isnan(first_order_indices(runs)[0].value));
  EXPECT_TRUE(first_order_indices({}).empty());
}

// Noise that all runs of a seed share: x explains 2/3 of 2/3 + noise.
TEST(FirstOrder, IntervalHoldsTheIndexUnderNoise) {
  ResampleStream stream(3);
  std::vector<GridRun> runs;
  for (std::size_t seed = 0; seed < 200; ++seed) {
    const double shock = normal_quantile(stream.unit());
    for (std::size_t i = 0; i < 3; ++i) runs.push_back({{i}, seed, static_cast<double>(i) + shock});
  }
  const Estimate out = first_order_indices(runs)[0];
  const double truth = (2.0 / 3) / (2.0 / 3 + 1);
  EXPECT_TRUE(out.interval.contains(truth));
  EXPECT_LT(out.interval.half_width(), 0.08);
}

// A step at value 60 of 500: MSER-5 cuts just there.
TEST(WarmUp, EndsWhereTheSeriesSettles) {
  ResampleStream stream(7);
  std::vector<double> series;
  for (int i = 0; i < 500; ++i) series.push_back((i < 60 ? 10.0 : 0.0) + stream.unit());
  const WarmUp out = mser5(series);
  EXPECT_TRUE(out.found);
  EXPECT_GE(out.drop, 60U);
  EXPECT_LE(out.drop, 120U);
}

TEST(WarmUp, OfARunThatNeverSettlesIsNotFound) {
  std::vector<double> series;
  for (int i = 0; i < 500; ++i) series.push_back(i);  // goes on rising
  EXPECT_FALSE(mser5(series).found);
  EXPECT_FALSE(mser5(std::vector<double>(7, 1.0)).found);
  EXPECT_EQ(mser5(std::vector<double>(100, 1.0)).drop, 0U);
}

// 1 ... 9 in two batches of four: the 1 is left out; means 3.5 and 7.5.
TEST(BatchMeans, LeaveOutTheBeginning) {
  const BatchMeans out = batch_means(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}, 2, 0.95);
  EXPECT_EQ(out.batch, 4U);
  EXPECT_DOUBLE_EQ(out.mean.value, 5.5);
  EXPECT_EQ(out.mean.n, 2U);
  EXPECT_EQ(batch_means(std::vector<double>{1}, 2, 0.95).batch, 0U);
}

}  // namespace
}  // namespace mezz::statistics

// Moments with fixed seeds: each mean and variance must lie within 4 standard errors of its
// formula.
#include "sim/random/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr int kDraws = 200'000;

Stream stream(const char* purpose) { return Stream(2024, 0, "test", purpose); }

template <class Draw>
void expect_moments(Draw draw, double mean, double variance) {
  double sum = 0, m2 = 0, m4 = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double d = static_cast<double>(draw()) - mean;
    sum += d;
    m2 += d * d;
    m4 += d * d * d * d;
  }
  const double n = kDraws;
  EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n));
  // The standard error of the variance from the sample's fourth moment.
  EXPECT_NEAR(m2 / n, variance, 4 * std::sqrt((m4 / n - variance * variance) / n));
}

TEST(Exponential, HasMeanOneAndVarianceOne) {
  Stream s = stream("exponential");
  expect_moments([&] { return exponential(s); }, 1, 1);
  EXPECT_EQ(s.position(), static_cast<std::uint64_t>(kDraws));  // one draw each
}

// Kolmogorov's statistic; 1.95 / sqrt(n) is its 99.9 % point.
template <class Cdf>
double kolmogorov(std::vector<double> sample, Cdf cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double worst = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    worst = std::max({worst, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return worst;
}

template <class Draw, class Cdf>
void expect_law(Draw draw, Cdf cdf) {
  std::vector<double> sample(kDraws);
  for (double& x : sample) x = draw();
  EXPECT_LT(kolmogorov(sample, cdf), 1.95 / std::sqrt(kDraws));
}

TEST(Exponential, FollowsItsLaw) {
  Stream s = stream("law");
  expect_law([&] { return exponential(s); }, [](double x) { return 1 - std::exp(-x); });
}

TEST(Exponential, DurationIsRoundedAndCut) {
  Stream a = stream("duration"), b = stream("duration");
  for (int i = 0; i < 1'000; ++i) {
    const double unit = exponential(a);
    EXPECT_EQ(exponential(b, 3_s).ns, std::llround(unit * 3e9));
  }
  EXPECT_EQ(exponential(a, 0_s), 0_s);
  EXPECT_THROW((void)exponential(a, -1_s), AssertionFailure);
  EXPECT_EQ(to_drawn_duration(1e30), kLongestDraw);
  EXPECT_EQ(to_drawn_duration(-5), 0_s);
  EXPECT_EQ(to_drawn_duration(2.5).ns, 3);
}

TEST(Normal, FollowsItsLaw) {
  Stream s = stream("normal");
  expect_moments([&] { return normal(s); }, 0, 1);
  expect_law([&] { return normal(s); }, [](double x) { return std::erfc(-x / std::sqrt(2)) / 2; });
  EXPECT_EQ(s.position(), 2U * kDraws);
}

TEST(Lognormal, HasItsMoments) {
  Stream s = stream("lognormal");
  const double mu = 0.3, sigma = 0.5;
  const double mean = std::exp(mu + sigma * sigma / 2);
  expect_moments([&] { return lognormal(s, mu, sigma); }, mean,
                 mean * mean * (std::exp(sigma * sigma) - 1));
}

TEST(Gamma, HasItsMomentsBelowAndAboveShapeOne) {
  Stream s = stream("gamma");
  for (const double shape : {0.3, 1.0, 2.5, 40.0}) {
    SCOPED_TRACE(shape);
    expect_moments([&] { return gamma(s, shape, 2.0); }, 2 * shape, 4 * shape);
  }
  EXPECT_THROW((void)gamma(s, 0, 1), AssertionFailure);
}

TEST(Gamma, WithShapeOneIsExponential) {
  Stream s = stream("gamma1");
  expect_law([&] { return gamma(s, 1.0, 1.0); }, [](double x) { return 1 - std::exp(-x); });
}

TEST(Erlang, HasItsMomentsAndTakesOneDrawPerPhase) {
  Stream s = stream("erlang");
  expect_moments([&] { return erlang(s, 4); }, 4, 4);
  EXPECT_EQ(s.position(), 4U * kDraws);
}

TEST(Pareto, FollowsItsLaw) {
  Stream s = stream("pareto");
  expect_law([&] { return pareto(s, 2, 3); }, [](double x) { return 1 - std::pow(2 / x, 3); });
}

TEST(Poisson, HasItsMomentsInBothMethods) {
  Stream s = stream("poisson");
  for (const double mean : {0.02, 1.0, 3.0, 9.99, 10.0, 40.0, 1e4, 1e9}) {
    SCOPED_TRACE(mean);
    expect_moments([&] { return poisson(s, mean); }, mean, mean);
  }
  EXPECT_EQ(poisson(s, 0), 0);
  EXPECT_THROW((void)poisson(s, -1), AssertionFailure);
}

TEST(Poisson, HasItsProbabilities) {
  for (const double mean : {3.0, 12.0}) {
    Stream s = stream("probabilities");
    constexpr int kCells = 30;
    std::vector<double> count(kCells + 1);
    for (int i = 0; i < kDraws; ++i) {
      count[static_cast<std::size_t>(std::min<std::int64_t>(poisson(s, mean), kCells))] += 1;
    }
    double chi2 = 0, cells = 0;
    for (int k = 0; k < kCells; ++k) {
      const double expected = kDraws * std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
      if (expected < 10) continue;
      const double d = count[static_cast<std::size_t>(k)] - expected;
      chi2 += d * d / expected;
      cells += 1;
    }
    EXPECT_LT(chi2, cells + 4 * std::sqrt(2 * cells)) << mean;  // mean + 4 standard deviations
  }
}

TEST(Geometric, HasItsMoments) {
  Stream s = stream("geometric");
  for (const double p : {0.05, 0.5, 0.9}) {
    SCOPED_TRACE(p);
    expect_moments([&] { return geometric(s, p); }, (1 - p) / p, (1 - p) / (p * p));
  }
  EXPECT_EQ(geometric(s, 1.0), 0);
  EXPECT_THROW((void)geometric(s, 0.0), AssertionFailure);
}

TEST(UniformInt, CoversItsRangeAndItsExtremes) {
  Stream s = stream("int");
  std::set<std::int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(uniform_int(s, -2, 2));
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(uniform_int(s, 5, 5), 5);
  bool negative = false, positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t any = uniform_int(s, INT64_MIN, INT64_MAX);
    negative |= any < 0;
    positive |= any > 0;
  }
  EXPECT_TRUE(negative && positive);
  EXPECT_THROW((void)uniform_int(s, 1, 0), AssertionFailure);
}

}  // namespace
}  // namespace mezz

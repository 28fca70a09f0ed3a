// How often 95 % intervals hold the truth, in 2 000 samples of a law whose truth is known. The
// error of such a share is 0.5 percentage points, so 93 to 97 % is four of them on both sides.
// Seeds are fixed: these are gates, not experiments. Where an interval is known to cover less or
// more, that is what is asserted.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/statistics/bootstrap.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/paired.h"
#include "analysis/statistics/quantile.h"
#include "analysis/statistics/resample.h"
#include "analysis/statistics/series.h"
#include "analysis/statistics/shares.h"
#include "analysis/statistics/tail_fit.h"
#include "analysis/statistics/tail_risk.h"

namespace mezz::statistics {
namespace {

constexpr int kRepetitions = 2'000;

// Calls `interval(stream)` and counts how often it holds `truth`.
template <class MakeInterval>
double coverage(double truth, MakeInterval interval) {
  ResampleStream stream(20'260'101);
  int held = 0;
  for (int i = 0; i < kRepetitions; ++i) held += interval(stream).contains(truth) ? 1 : 0;
  const double share = static_cast<double>(held) / kRepetitions;
  ::testing::Test::RecordProperty("coverage", std::to_string(share));
  return share;
}

double normal(ResampleStream& stream) { return normal_quantile(stream.unit()); }
double exponential(ResampleStream& stream) { return -std::log(stream.unit()); }

template <class Draw>
std::vector<double> sample(ResampleStream& stream, std::size_t n, Draw draw) {
  std::vector<double> values(n);
  for (double& value : values) value = draw(stream);
  return values;
}

void expect_nominal(double share) {
  EXPECT_GE(share, 0.93);
  EXPECT_LE(share, 0.97);
}

TEST(Coverage, StudentOfNormalValues) {
  expect_nominal(coverage(0, [](ResampleStream& stream) {
    return t_interval(sample(stream, 10, normal), 0.95).interval;
  }));
}

TEST(Coverage, StudentOfPairsWithACommonShock) {
  // b - a has mean 0.3; the shock is ten times the noise.
  expect_nominal(coverage(0.3, [](ResampleStream& stream) {
    std::vector<double> a(12), b(12);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double shock = 10 * normal(stream);
      a[i] = shock + normal(stream);
      b[i] = shock + normal(stream) + 0.3;
    }
    return compare_pairs(a, b, 0.95).difference.interval;
  }));
}

TEST(Coverage, WelchOfUnequalGroups) {
  expect_nominal(coverage(1, [](ResampleStream& stream) {
    const std::vector<double> a = sample(stream, 8, normal);
    const std::vector<double> b =
        sample(stream, 20, [](ResampleStream& s) { return 1 + 3 * normal(s); });
    return welch_interval(a, b, 0.95).interval;
  }));
}

const Statistic kMean = [](std::span<const double> values) {
  double total = 0;
  for (const double value : values) total += value;
  return total / static_cast<double>(values.size());
};

TEST(Coverage, PercentileBootstrapOfTheMean) {
  std::uint64_t seed = 0;
  expect_nominal(coverage(0, [&](ResampleStream& stream) {
    return bootstrap_percentile(sample(stream, 60, normal), kMean, {.draws = 799, .seed = ++seed})
        .interval;
  }));
}

TEST(Coverage, AcceleratedBootstrapOfASkewedMean) {
  std::uint64_t seed = 0;
  expect_nominal(coverage(1, [&](ResampleStream& stream) {
    return bootstrap_bca(sample(stream, 80, exponential), kMean, {.draws = 799, .seed = ++seed})
        .interval;
  }));
}

TEST(Coverage, BootstrapsOfTwentyValuesAreTooNarrow) {
  std::uint64_t seed = 0;
  const double share = coverage(0, [&](ResampleStream& stream) {
    return bootstrap_bca(sample(stream, 20, normal), kMean, {.draws = 799, .seed = ++seed})
        .interval;
  });
  EXPECT_GE(share, 0.905);
  EXPECT_LT(share, 0.95);
}

std::uint64_t successes(ResampleStream& stream, int trials, double chance) {
  std::uint64_t count = 0;
  for (int i = 0; i < trials; ++i) count += stream.unit() < chance ? 1 : 0;
  return count;
}

// The exact coverage of Wilson's interval at n = 50, p = 0.2 is 95.1 % (sum of the binomial chances
// of 5 ... 15 successes).
TEST(Coverage, Wilson) {
  expect_nominal(coverage(0.2, [](ResampleStream& stream) {
    return wilson({successes(stream, 50, 0.2), 50}, 0.95).interval;
  }));
}

TEST(Coverage, ClopperPearsonCoversAtLeastItsLevel) {
  for (const double chance : {0.02, 0.2, 0.5}) {
    EXPECT_GE(coverage(chance,
                       [&](ResampleStream& stream) {
                         return clopper_pearson({successes(stream, 50, chance), 50}, 0.95).interval;
                       }),
              0.94)
        << chance;
  }
}

// Ranks 40 and 61 of 100 hold the median with 96.5 %; whole ranks give nothing nearer above 95 %.
TEST(Coverage, QuantileInterval) {
  expect_nominal(coverage(std::log(2.0), [](ResampleStream& stream) {
    return quantile_interval(sample(stream, 100, exponential), 0.5, 0.95).interval;
  }));
}

TEST(Coverage, QuantileIntervalOfFewValuesIsConservative) {
  // All of six values: 1 - 2 / 64 = 96.9 %.
  const double share = coverage(0, [](ResampleStream& stream) {
    return quantile_interval(sample(stream, 6, normal), 0.5, 0.95).interval;
  });
  EXPECT_GE(share, 0.955);
}

TEST(Coverage, ValueAtRisk) {
  expect_nominal(coverage(std::log(20.0), [](ResampleStream& stream) {
    return tail_risk(sample(stream, 500, exponential), {.p = 0.95}).value_at_risk.interval;
  }));
}

TEST(Coverage, ExpectedShortfallIsAlittleTooNarrow) {
  const double share = coverage(std::log(20.0) + 1, [](ResampleStream& stream) {
    return tail_risk(sample(stream, 500, exponential), {.p = 0.95}).expected_shortfall.interval;
  });
  EXPECT_GE(share, 0.90);
  EXPECT_LE(share, 0.95);
}

TEST(Coverage, HillOfAParetoTail) {
  expect_nominal(coverage(2, [](ResampleStream& stream) {
    const auto pareto = [](ResampleStream& s) { return std::pow(s.unit(), -0.5); };
    return hill(sample(stream, 200, pareto), 50, 0.95).interval;
  }));
}

// An autoregression with coefficient 0.5 forgets within a few steps: batches of 100 are long.
TEST(Coverage, BatchMeansOfAnAutoregression) {
  expect_nominal(coverage(0, [](ResampleStream& stream) {
    std::vector<double> series(2'000);
    double x = normal(stream) / std::sqrt(0.75);
    for (double& value : series) {
      value = x;
      x = 0.5 * x + normal(stream);
    }
    return batch_means(series, 20, 0.95).mean.interval;
  }));
}

}  // namespace
}  // namespace mezz::statistics

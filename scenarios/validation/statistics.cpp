#include "scenarios/validation/statistics.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::validation {

Interval poisson_interval(double count, double level) {
  MEZZ_ASSERT(count >= 0 && level > 0 && level < 1);
  const double tail = (1 - level) / 2;
  Interval interval{.low = 0};
  if (count > 0) {
    interval.low = boost::math::quantile(boost::math::chi_squared(2 * count), tail) / 2;
  }
  interval.high = boost::math::quantile(boost::math::chi_squared(2 * count + 2), 1 - tail) / 2;
  return interval;
}

double uniform_ks_p(std::vector<double> sample, Interval range) {
  MEZZ_ASSERT(!sample.empty() && range.low < range.high);
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double law = std::clamp((sample[i] - range.low) / (range.high - range.low), 0.0, 1.0);
    const double below = static_cast<double>(i) / n;
    distance = std::max({distance, law - below, below + 1 / n - law});
  }
  const double x = distance * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
  if (x < 0.2) return 1.0;  // the series below converges too slowly, and p is 1 to 12 digits
  double p = 0;
  for (int k = 1; k <= 100; ++k) {
    p += (k % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * x * x);
  }
  return std::clamp(p, 0.0, 1.0);
}

double chi_square_p(const std::vector<double>& seen, const std::vector<double>& expected) {
  MEZZ_ASSERT(seen.size() == expected.size() && seen.size() >= 2);
  double statistic = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    MEZZ_ASSERT(expected[i] > 0);
    statistic += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
  }
  const boost::math::chi_squared law(static_cast<double>(seen.size() - 1));
  return boost::math::cdf(boost::math::complement(law, statistic));
}

double f_test_p(double ratio, double n) {
  MEZZ_ASSERT(ratio >= 0 && n >= 2);
  const boost::math::fisher_f law(n - 1, n - 1);
  return boost::math::cdf(boost::math::complement(law, ratio));
}

}  // namespace mezz::validation

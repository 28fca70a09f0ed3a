#include "analysis/statistics/quantile.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  MEZZ_ASSERT(std::none_of(out.begin(), out.end(), [](double x) { return std::isnan(x); }));
  std::sort(out.begin(), out.end());
  return out;
}

double quantile_of_sorted(const std::vector<double>& values, double p) {
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double part = place - static_cast<double>(below);
  // Not a + part * (b - a): that is NaN between two infinite values.
  return part == 0 ? values[below] : (1 - part) * values[below] + part * values[above];
}

}  // namespace

double quantile(std::span<const double> values, double p) {
  MEZZ_ASSERT(p >= 0 && p <= 1);
  return values.empty() ? kNone : quantile_of_sorted(sorted(values), p);
}

RankInterval quantile_ranks(std::size_t n, double p, double level) {
  MEZZ_ASSERT(p > 0 && p < 1);
  MEZZ_ASSERT(level > 0 && level < 1);
  if (n == 0) return {0, 1};
  const boost::math::binomial law(static_cast<double>(n), p);
  const double tail = (1 - level) / 2;
  // The first count whose distribution function reaches a chance.
  const auto first_reaching = [&](double chance) {
    std::size_t low = 0;
    std::size_t high = n;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (boost::math::cdf(law, static_cast<double>(middle)) >= chance) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  };
  // P(count < low) <= tail, low as large as may be; P(count >= high) <= tail, high as small.
  std::size_t low = first_reaching(tail);
  if (boost::math::cdf(law, static_cast<double>(low)) <= tail) ++low;
  return {low, first_reaching(1 - tail) + 1};
}

Estimate quantile_interval(std::span<const double> values, double p, double level) {
  const RankInterval ranks = quantile_ranks(values.size(), p, level);
  Estimate out{.value = kNone, .interval = {}, .n = values.size()};
  if (values.empty()) return out;
  const std::vector<double> in_order = sorted(values);
  out.value = quantile_of_sorted(in_order, p);
  if (ranks.low >= 1) out.interval.low = in_order[ranks.low - 1];
  if (ranks.high <= in_order.size()) out.interval.high = in_order[ranks.high - 1];
  return out;
}

std::vector<EcdfStep> ecdf(std::span<const double> values) {
  const std::vector<double> in_order = sorted(values);
  std::vector<EcdfStep> steps;
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    const double share = static_cast<double>(i + 1) / static_cast<double>(in_order.size());
    if (!steps.empty() && steps.back().value == in_order[i]) {
      steps.back().share = share;
    } else {
      steps.push_back({in_order[i], share});
    }
  }
  return steps;
}

double share_at_most(std::span<const EcdfStep> steps, double value) {
  const auto next = std::upper_bound(steps.begin(), steps.end(), value,
                                     [](double x, const EcdfStep& step) { return x < step.value; });
  return next == steps.begin() ? 0 : std::prev(next)->share;
}

double ecdf_band(std::size_t n, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  if (n == 0) return 1;
  return std::min(1.0, std::sqrt(std::log(2 / (1 - level)) / (2 * static_cast<double>(n))));
}

}  // namespace mezz::statistics

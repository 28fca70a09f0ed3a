#include "analysis/statistics/tail_fit.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

constexpr std::size_t kExcessesMin = 10;
constexpr double kShapeMin = -0.5;
constexpr double kShapeMax = 5;

struct Pareto {
  double shape = 0;
  double scale = 0;
  double log_likelihood = 0;  // per excess
};

// The best law along the ray shape / scale = (e^s - 1) / largest, which is where the support ends
// beyond the largest excess for every s (Grimshaw's profile: the shape is then a mean of logs).
Pareto on_profile(std::span<const double> excesses, double largest, double s) {
  const double centre = mean(excesses);
  const double ratio = std::expm1(s) / largest;
  double logs = 0;
  for (const double y : excesses) logs += std::log1p(ratio * y);
  const double shape = logs / static_cast<double>(excesses.size());
  // Near the exponential law both become 0 and their quotient tends to the mean.
  const double scale = std::abs(s) < 1e-7 ? centre : shape / ratio;
  return {shape, scale, -std::log(scale) - shape - 1};
}

Pareto best_pareto(std::span<const double> excesses, double largest) {
  constexpr double kLow = -15;
  constexpr double kHigh = 30;
  constexpr int kSteps = 450;
  const auto value = [&](double s) {
    const Pareto law = on_profile(excesses, largest, s);
    // Below -1 the likelihood has no maximum; such fits say nothing about a tail.
    const bool allowed = law.shape >= kShapeMin && law.shape <= kShapeMax;
    return allowed ? -law.log_likelihood : kInfinity;
  };
  constexpr double kStep = (kHigh - kLow) / kSteps;
  int best = 0;
  double least = kInfinity;
  for (int i = 0; i <= kSteps; ++i) {
    if (const double here = value(kLow + i * kStep); here < least) {
      least = here;
      best = i;
    }
  }
  const double around = kLow + best * kStep;
  const double s =
      boost::math::tools::brent_find_minima(value, around - kStep, around + kStep, 50).first;
  return on_profile(excesses, largest, value(s) <= least ? s : around);
}

Interval around(double value, double error, double level) {
  const double half = normal_quantile((1 + level) / 2) * error;
  return {value - half, value + half};
}

}  // namespace

Estimate hill(std::span<const double> values, std::size_t k, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  MEZZ_ASSERT(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }));
  Estimate out{.value = kNone, .interval = {}, .n = k};
  if (k == 0 || k >= values.size()) return out;
  std::vector<double> largest(values.begin(), values.end());
  std::sort(largest.begin(), largest.end(), std::greater<>());
  if (largest[k] <= 0) return out;
  double logs = 0;
  for (std::size_t i = 0; i < k; ++i) logs += std::log(largest[i] / largest[k]);
  if (logs <= 0) return out;
  const double count = static_cast<double>(k);
  out.value = count / logs;
  const boost::math::chi_squared law(2 * count);
  out.interval = {out.value * boost::math::quantile(law, (1 - level) / 2) / (2 * count),
                  out.value * boost::math::quantile(law, (1 + level) / 2) / (2 * count)};
  return out;
}

ParetoFit fit_pareto_tail(std::span<const double> values, double threshold, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  MEZZ_ASSERT(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }));
  std::vector<double> excesses;
  for (const double value : values) {
    if (value > threshold) excesses.push_back(value - threshold);
  }
  ParetoFit out{.threshold = threshold, .shape = {}, .scale = {}};
  out.shape.n = out.scale.n = excesses.size();
  if (!values.empty()) {
    out.tail_share = static_cast<double>(excesses.size()) / static_cast<double>(values.size());
  }
  if (excesses.size() < kExcessesMin) return out;
  const auto [least, largest] = std::minmax_element(excesses.begin(), excesses.end());
  if (*least == *largest) return out;
  const Pareto law = best_pareto(excesses, *largest);
  out.shape.value = law.shape;
  out.scale.value = law.scale;
  // At the edge of what is allowed the likelihood has no maximum that an error could belong to.
  if (law.shape <= kShapeMin + 1e-3 || law.shape >= kShapeMax - 1e-3) return out;
  const double n = static_cast<double>(excesses.size());
  out.shape.interval = around(law.shape, (1 + law.shape) / std::sqrt(n), level);
  out.scale.interval = around(law.scale, law.scale * std::sqrt(2 * (1 + law.shape) / n), level);
  return out;
}

double ParetoFit::quantile(double p) const {
  MEZZ_ASSERT(p < 1);
  MEZZ_ASSERT(!(p < 1 - tail_share));
  const double log_ratio = std::log(tail_share / (1 - p));
  const double xi = shape.value;
  const double factor = std::abs(xi) < 1e-9 ? log_ratio : std::expm1(xi * log_ratio) / xi;
  return threshold + scale.value * factor;
}

double ParetoFit::expected_shortfall(double p) const {
  if (shape.value >= 1) return kInfinity;
  const double beyond = quantile(p);
  return beyond + (scale.value + shape.value * (beyond - threshold)) / (1 - shape.value);
}

}  // namespace mezz::statistics

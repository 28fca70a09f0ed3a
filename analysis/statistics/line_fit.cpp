#include "analysis/statistics/line_fit.h"

#include <cmath>
#include <vector>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

Interval around(double value, double half) { return {value - half, value + half}; }

std::vector<double> products(std::span<const double> a, std::span<const double> b) {
  std::vector<double> out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] * b[i];
  return out;
}

std::vector<double> deviations(std::span<const double> values) {
  const double centre = mean(values);
  std::vector<double> out(values.begin(), values.end());
  for (double& value : out) value -= centre;
  return out;
}

}  // namespace

LineFit fit_line(std::span<const double> x, std::span<const double> y, double level) {
  MEZZ_ASSERT(x.size() == y.size());
  MEZZ_ASSERT(level > 0 && level < 1);
  LineFit out;
  out.slope.n = out.intercept.n = x.size();
  const std::vector<double> dx = deviations(x);
  const std::vector<double> dy = deviations(y);
  const double xx = sum(products(dx, dx));
  if (x.size() < 2 || !(xx > 0)) return out;
  out.slope.value = sum(products(dx, dy)) / xx;
  out.intercept.value = mean(y) - out.slope.value * mean(x);
  if (x.size() < 3) return out;
  std::vector<double> rest(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) rest[i] = dy[i] - out.slope.value * dx[i];
  const double n = static_cast<double>(x.size());
  const double squares = sum(products(rest, rest));
  const double all = sum(products(dy, dy));
  if (all > 0) out.r_squared = 1 - squares / all;
  out.residual_deviation = std::sqrt(squares / (n - 2));
  const double t = t_quantile((1 + level) / 2, n - 2) * out.residual_deviation;
  const double centre = mean(x);
  out.slope.interval = around(out.slope.value, t / std::sqrt(xx));
  out.intercept.interval = around(out.intercept.value, t * std::sqrt(1 / n + centre * centre / xx));
  return out;
}

ScalingLaw fit_scaling(std::span<const double> x, std::span<const double> y, double level) {
  MEZZ_ASSERT(x.size() == y.size());
  std::vector<double> log_x;
  std::vector<double> log_y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    MEZZ_ASSERT(std::isfinite(x[i]) && std::isfinite(y[i]));
    if (x[i] <= 0 || y[i] <= 0) continue;
    log_x.push_back(std::log(x[i]));
    log_y.push_back(std::log(y[i]));
  }
  const LineFit line = fit_line(log_x, log_y, level);
  ScalingLaw out{.exponent = line.slope, .factor = line.intercept, .r_squared = line.r_squared};
  out.factor.value = std::exp(line.intercept.value);
  out.factor.interval = {std::exp(line.intercept.interval.low),
                         std::exp(line.intercept.interval.high)};
  out.left_out = x.size() - log_x.size();
  return out;
}

}  // namespace mezz::statistics

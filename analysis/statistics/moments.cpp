#include "analysis/statistics/moments.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

// Calls `term(i)` for i below n and adds up what it returns.
template <class Term>
double compensated_sum(std::size_t n, Term term) {
  double total = 0;
  double lost = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = term(i);
    const double next = total + x;
    lost += std::abs(total) >= std::abs(x) ? (total - next) + x : (x - next) + total;
    total = next;
  }
  return total + lost;
}

double sum_of_squares(std::span<const double> values, double centre) {
  // The second sum is zero but for rounding, which it takes out again (Chan, Golub, LeVeque 1983).
  const double squares = compensated_sum(
      values.size(), [&](std::size_t i) { return (values[i] - centre) * (values[i] - centre); });
  const double rest =
      compensated_sum(values.size(), [&](std::size_t i) { return values[i] - centre; });
  return squares - rest * rest / static_cast<double>(values.size());
}

}  // namespace

double sum(std::span<const double> values) {
  MEZZ_ASSERT(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }));
  return compensated_sum(values.size(), [&](std::size_t i) { return values[i]; });
}

double mean(std::span<const double> values) {
  return values.empty() ? kNone : sum(values) / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
  if (values.size() < 2) return kNone;
  return std::max(0.0, sum_of_squares(values, mean(values))) /
         static_cast<double>(values.size() - 1);
}

double standard_error(std::span<const double> values) {
  return std::sqrt(variance(values) / static_cast<double>(values.size()));
}

double correlation(std::span<const double> a, std::span<const double> b) {
  MEZZ_ASSERT(a.size() == b.size());
  const double scale = std::sqrt(variance(a)) * std::sqrt(variance(b));
  if (!(scale > 0)) return kNone;
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  const double products =
      compensated_sum(a.size(), [&](std::size_t i) { return (a[i] - mean_a) * (b[i] - mean_b); });
  return std::clamp(products / static_cast<double>(a.size() - 1) / scale, -1.0, 1.0);
}

double autocorrelation(std::span<const double> values, std::size_t lag) {
  if (values.size() < 2 || lag >= values.size()) return kNone;
  const double centre = mean(values);
  const double squares = sum_of_squares(values, centre);
  if (!(squares > 0)) return kNone;
  return compensated_sum(
             values.size() - lag,
             [&](std::size_t i) { return (values[i] - centre) * (values[i + lag] - centre); }) /
         squares;
}

Estimate t_interval(std::span<const double> values, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  Estimate out{.value = mean(values), .interval = {}, .n = values.size()};
  if (values.size() < 2) return out;
  const double half =
      t_quantile((1 + level) / 2, static_cast<double>(values.size() - 1)) * standard_error(values);
  out.interval = {out.value - half, out.value + half};
  return out;
}

double t_test_p(std::span<const double> values) {
  if (values.size() < 2) return kNone;
  const double centre = mean(values);
  const double error = standard_error(values);
  if (error == 0) return centre == 0 ? 1 : 0;
  const boost::math::students_t law(static_cast<double>(values.size() - 1));
  return 2 * boost::math::cdf(boost::math::complement(law, std::abs(centre) / error));
}

Estimate welch_interval(std::span<const double> a, std::span<const double> b, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  Estimate out{.value = mean(b) - mean(a), .interval = {}, .n = std::min(a.size(), b.size())};
  if (out.n < 2) return out;
  const double of_a = variance(a) / static_cast<double>(a.size());
  const double of_b = variance(b) / static_cast<double>(b.size());
  double half = 0;
  if (of_a + of_b > 0) {
    const double degrees = (of_a + of_b) * (of_a + of_b) /
                           (of_a * of_a / static_cast<double>(a.size() - 1) +
                            of_b * of_b / static_cast<double>(b.size() - 1));
    half = t_quantile((1 + level) / 2, degrees) * std::sqrt(of_a + of_b);
  }
  out.interval = {out.value - half, out.value + half};
  return out;
}

double t_quantile(double p, double degrees) {
  MEZZ_ASSERT(p > 0 && p < 1);
  MEZZ_ASSERT(degrees > 0);
  return boost::math::quantile(boost::math::students_t(degrees), p);
}

double normal_quantile(double p) {
  MEZZ_ASSERT(p > 0 && p < 1);
  return boost::math::quantile(boost::math::normal(), p);
}

double normal_cdf(double x) { return boost::math::cdf(boost::math::normal(), x); }

}  // namespace mezz::statistics

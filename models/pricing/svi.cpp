#include "models/pricing/svi.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

double point(const KRange& range, int i) {
  return range.from + (range.to - range.from) * i / range.steps;
}

}  // namespace

SviPoint total_variance(const Svi& svi, double k) {
  const double x = k - svi.m;
  const double root = numeric::sqrt(x * x + svi.sigma * svi.sigma);
  return {svi.a + svi.b * (svi.rho * x + root), svi.b * (svi.rho + x / root),
          svi.b * svi.sigma * svi.sigma / (root * root * root)};
}

std::optional<double> implied_volatility(const Svi& svi, double k, double time) {
  const double variance = total_variance(svi, k).variance;
  if (!(variance >= 0.0 && time > 0.0)) return std::nullopt;
  return numeric::sqrt(variance / time);
}

double butterfly(const Svi& svi, double k) {
  const SviPoint w = total_variance(svi, k);
  MEZZ_ASSERT(w.variance > 0.0);
  const double head = 1.0 - 0.5 * k * w.first / w.variance;
  return head * head - 0.25 * w.first * w.first * (1.0 / w.variance + 0.25) + 0.5 * w.second;
}

std::string wrong_parameters(const Svi& svi) {
  if (!(svi.b >= 0.0)) return "b must not be negative";
  if (!(svi.rho > -1.0 && svi.rho < 1.0)) return "rho must be between -1 and 1";
  if (!(svi.sigma > 0.0)) return "sigma must be above 0";
  if (!(svi.m == svi.m && svi.a == svi.a)) return "a and m must be numbers";
  const double least = svi.a + svi.b * svi.sigma * numeric::sqrt(1.0 - svi.rho * svi.rho);
  if (least < 0.0) return "a + b sigma sqrt(1 - rho^2), the least variance, must not be negative";
  return {};
}

bool allows_butterfly_arbitrage(const Svi& svi, const KRange& range) {
  MEZZ_ASSERT(range.steps > 0 && range.from < range.to);
  // The wings: a slope above 2 is more than any price can have (R. Lee 2004).
  const double steepest = svi.b * (1.0 + (svi.rho < 0.0 ? -svi.rho : svi.rho));
  if (steepest > 2.0) return true;
  for (int i = 0; i <= range.steps; ++i) {
    const double k = point(range, i);
    if (total_variance(svi, k).variance <= 0.0 || butterfly(svi, k) < 0.0) return true;
  }
  return false;
}

bool allows_calendar_arbitrage(const Svi& early, const Svi& late, const KRange& range) {
  MEZZ_ASSERT(range.steps > 0 && range.from < range.to);
  for (int i = 0; i <= range.steps; ++i) {
    const double k = point(range, i);
    if (total_variance(late, k).variance < total_variance(early, k).variance) return true;
  }
  return false;
}

}  // namespace mezz::pricing

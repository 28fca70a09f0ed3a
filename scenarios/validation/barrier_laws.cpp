#include "scenarios/validation/barrier_laws.h"

#include <cmath>

#include "scenarios/validation/statistics.h"
#include "sim/check/assert.h"

namespace mezz::validation {

double liquidation_price(double leverage, double maintenance) {
  MEZZ_ASSERT(leverage > 0 && maintenance < 1);
  return (1 - 1 / leverage) / (1 - maintenance);
}

double hit_probability(double barrier, double volatility, double years) {
  MEZZ_ASSERT(barrier > 0 && barrier < 1 && volatility > 0 && years > 0);
  const double b = std::log(barrier);
  const double drift = -volatility * volatility / 2;
  const double deviation = volatility * std::sqrt(years);
  // 2 drift b / volatility^2 = -b.
  return normal_cdf((b - drift * years) / deviation) +
         std::exp(-b) * normal_cdf((b + drift * years) / deviation);
}

double shifted_barrier(double barrier, double volatility, double step) {
  constexpr double kShift = 0.5825971579390106;  // -zeta(1/2) / sqrt(2 pi)
  return barrier * std::exp(-kShift * volatility * std::sqrt(step));
}

Shortfall shortfall(double strike, const JumpLaw& law, double years) {
  MEZZ_ASSERT(strike > 0 && years >= 0);
  const double variance = law.volatility * law.volatility * years;
  const double jump_variance = law.jump_deviation * law.jump_deviation;
  const double mean_jump = std::exp(law.jump_mean + jump_variance / 2) - 1;
  const double jumps = law.jumps_per_year * years;
  Shortfall sum;
  double weight = std::exp(-jumps);
  for (int n = 0; n < 400; ++n) {
    const double log_forward = -jumps * mean_jump + n * (law.jump_mean + jump_variance / 2);
    const double deviation = std::sqrt(variance + n * jump_variance);
    if (deviation > 0) {
      const double d1 = (log_forward - std::log(strike)) / deviation + deviation / 2;
      const double d2 = d1 - deviation;
      sum.probability += weight * normal_cdf(-d2);
      sum.expected += weight * (strike * normal_cdf(-d2) - std::exp(log_forward) * normal_cdf(-d1));
    } else if (std::exp(log_forward) < strike) {
      sum.probability += weight;
      sum.expected += weight * (strike - std::exp(log_forward));
    }
    weight *= jumps / (n + 1);
    if (weight < 1e-18 && n > jumps) break;
  }
  return sum;
}

Shortfall shortfall_uniform(double strike, const JumpLaw& law, double low, double high) {
  MEZZ_ASSERT(0 <= low && low < high);
  constexpr int kPanels = 4'000;
  const double step = (high - low) / kPanels;
  Shortfall sum;
  for (int i = 0; i <= kPanels; ++i) {
    const double weight = (i == 0 || i == kPanels) ? 1 : (i % 2 == 1 ? 4 : 2);
    const Shortfall one = shortfall(strike, law, low + i * step);
    sum.probability += weight * one.probability;
    sum.expected += weight * one.expected;
  }
  return {sum.probability / (3 * kPanels), sum.expected / (3 * kPanels)};
}

}  // namespace mezz::validation

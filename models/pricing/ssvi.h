// The SSVI volatility surface: total variance over log moneyness k = log(K / F) and time,
//   w(k, theta) = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)),
// theta = volatility^2 time at the money and phi = eta / sqrt(theta), the power law of exponent
// 1/2. No butterfly arbitrage while eta^2 (1 + |rho|) <= 4 and eta sqrt(theta) (1 + |rho|) < 4; no
// calendar arbitrage, since theta grows with time. Source: J. Gatheral and A. Jacquier,
// Arbitrage-free SVI volatility surfaces, Quantitative Finance 14 (2014), theorems 4.1 and 4.2.
// eta = 0 is a flat surface. Left out: a term structure of volatility.
#pragma once

#include <string>

namespace mezz::pricing {

struct Ssvi {
  double volatility = 0.8;  // at the money, per sqrt(year)
  double rho = 0.0;         // in (-1, 1): < 0 makes low strikes dearer
  double eta = 0.0;         // >= 0: how much the wings rise
};

// Per sqrt(year); `time` > 0 in years.
[[nodiscard]] double volatility_at(const Ssvi& surface, double k, double time);

// Empty, or why this is no surface up to `time_max` years.
[[nodiscard]] std::string wrong_parameters(const Ssvi& surface, double time_max);

}  // namespace mezz::pricing

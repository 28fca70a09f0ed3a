// The raw SVI curve of total variance over log moneyness k = log(K / F), one expiry:
//   w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)),   implied variance = w / time
// and the test that it allows no butterfly arbitrage: Durrleman's
//   g(k) = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1 / 4) + w'' / 2 >= 0.
// Source: J. Gatheral and A. Jacquier, Arbitrage-free SVI volatility surfaces, Quantitative Finance
// 14 (2014). Left out: calendar spreads between expiries are compared by
// `allows_calendar_arbitrage` on a grid only; calibration.
#pragma once

#include <optional>
#include <string>

namespace mezz::pricing {

struct Svi {
  double a = 0.0;      // level
  double b = 0.0;      // slope of the wings, >= 0
  double rho = 0.0;    // in (-1, 1)
  double m = 0.0;      // where the curve turns
  double sigma = 0.1;  // how round it turns, > 0
};

struct SviPoint {
  double variance;  // w
  double first;     // dw / dk
  double second;
};
[[nodiscard]] SviPoint total_variance(const Svi& svi, double k);
// Volatility per square root of a year; none where the total variance is below zero, or at time 0.
[[nodiscard]] std::optional<double> implied_volatility(const Svi& svi, double k, double time);
// Below zero: the density implied at k is negative.
[[nodiscard]] double butterfly(const Svi& svi, double k);

// Empty, or why the parameters make no curve: ranges, and a minimum of w below zero.
[[nodiscard]] std::string wrong_parameters(const Svi& svi);

struct KRange {
  double from = -2.0;
  double to = 2.0;
  int steps = 400;
};
[[nodiscard]] bool allows_butterfly_arbitrage(const Svi& svi, const KRange& range);
// The later expiry has less total variance somewhere.
[[nodiscard]] bool allows_calendar_arbitrage(const Svi& early, const Svi& late,
                                             const KRange& range);

}  // namespace mezz::pricing

// Poisson variates. Not Boost's: boost::random::poisson_distribution calls libm's exp and log.
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {
namespace {

// Sums the probabilities until they pass one uniform.
std::int64_t by_inversion(Stream& stream, double mean) {
  double u = stream.uniform_open();
  double probability = numeric::exp(-mean);
  // P(X > 150) < 1e-100 for mean < 10: the bound only guards against rounding in the last
  // subtraction.
  constexpr std::int64_t kLast = 150;
  std::int64_t k = 0;
  while (u > probability && k < kLast) {
    u -= probability;
    ++k;
    probability *= mean / static_cast<double>(k);
  }
  return k;
}

// ln k! - (k ln k - k + ln(2 pi k) / 2), the error of Stirling's formula, for k >= 0.
double stirling_error(double k) {
  // 0 has no Stirling formula and is treated in log_probability; 1..15 from the exact factorials.
  constexpr double kSmall[] = {0.0,
                               0.08106146679532726,
                               0.0413406959554093,
                               0.02767792568499834,
                               0.020790672103765093,
                               0.016644691189821193,
                               0.013876128823070748,
                               0.01189670994589177,
                               0.010411265261972096,
                               0.009255462182712733,
                               0.00833056343336287,
                               0.007573675487951841,
                               0.00694284010720953,
                               0.006408994188004207,
                               0.0059513701127588475,
                               0.005554733551962801};
  if (k < 15.5) return kSmall[static_cast<int>(k)];
  const double s = 1.0 / (k * k);
  return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680)))) / k;
}

// ln P(X = k), by Loader's saddle point (2000): no cancellation between terms of size k ln k.
double log_probability(double k, double mean) {
  if (k == 0.0) return -mean;
  // The deviance mean ((1 + d) ln(1 + d) - d) with d = k / mean - 1. Near d = 0 its two terms
  // cancel to d^2 / 2, leaving an error of about sqrt(mean) 2^-52: at most 1e-8 for our largest
  // mean.
  const double d = (k - mean) / mean;
  const double deviance = mean * ((1.0 + d) * numeric::log1p(d) - d);
  constexpr double k2Pi = 6.283185307179586;
  return -deviance - stirling_error(k) - 0.5 * numeric::log(k2Pi * k);
}

double floor_of(double x) {
  const auto whole = static_cast<double>(static_cast<std::int64_t>(x));
  return whole > x ? whole - 1.0 : whole;
}

// Hoermann, "The transformed rejection method for generating Poisson random variables" (1993),
// PTRS.
std::int64_t by_rejection(Stream& stream, double mean) {
  const double b = 0.931 + 2.53 * numeric::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double log_inverse_alpha = numeric::log(1.1239 + 1.1328 / (b - 3.4));
  const double squeeze = 0.9277 - 3.6224 / (b - 2.0);
  for (;;) {
    const double u = stream.uniform_open() - 0.5;
    const double v = stream.uniform_open();
    const double us = 0.5 - (u < 0.0 ? -u : u);
    if (us < 0x1p-40) continue;  // keeps k far inside 64 bits; rejected by the paper's test anyway
    const double k = floor_of((2.0 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    if (k < 0.0 || (us < 0.013 && v > us)) continue;
    const double bound = numeric::log(v) + log_inverse_alpha - numeric::log(a / (us * us) + b);
    if (bound <= log_probability(k, mean)) return static_cast<std::int64_t>(k);
  }
}

}  // namespace

std::int64_t poisson(Stream& stream, double mean) {
  MEZZ_ASSERT(mean >= 0.0);
  MEZZ_ASSERT(mean <= 1e15);
  constexpr double kInversionBelow = 10.0;
  return mean < kInversionBelow ? by_inversion(stream, mean) : by_rejection(stream, mean);
}

}  // namespace mezz

#include "sim/random/distribution.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz {

Duration to_drawn_duration(double ns) {
  MEZZ_ASSERT(ns == ns);
  if (ns <= 0.0) return Duration::zero();
  if (ns >= static_cast<double>(kLongestDraw.ns)) return kLongestDraw;
  const auto whole = static_cast<std::int64_t>(ns);
  return {ns - static_cast<double>(whole) >= 0.5 ? whole + 1 : whole};
}

double exponential(Stream& stream) {
  // 1 - u is as uniform as u; this form makes a larger uniform a longer wait.
  const double u = stream.uniform_open();
  return -numeric::log(1.0 - u);
}

Duration exponential(Stream& stream, Duration mean) {
  MEZZ_ASSERT(mean >= Duration::zero());
  return to_drawn_duration(exponential(stream) * static_cast<double>(mean.ns));
}

double normal(Stream& stream) {
  const double u = stream.uniform_open();
  return numeric::inverse_normal_cdf(u);
}

double lognormal(Stream& stream, double mu, double sigma) {
  MEZZ_ASSERT(sigma >= 0.0);
  return numeric::exp(mu + sigma * normal(stream));
}

namespace {

// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), for shape >= 1.
double gamma_at_least_one(Stream& stream, double shape) {
  const double d = shape - 1.0 / 3;
  const double c = 1.0 / numeric::sqrt(9.0 * d);
  for (;;) {
    const double x = normal(stream);
    const double u = stream.uniform_open();
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    if (numeric::log(u) < 0.5 * x * x + d - d * v + d * numeric::log(v)) return d * v;
  }
}

}  // namespace

double gamma(Stream& stream, double shape, double scale) {
  MEZZ_ASSERT(shape > 0.0);
  MEZZ_ASSERT(scale > 0.0);
  if (shape >= 1.0) return scale * gamma_at_least_one(stream, shape);
  // If G has shape + 1 and U is uniform, G U^(1 / shape) has shape.
  const double larger = gamma_at_least_one(stream, shape + 1.0);
  const double u = stream.uniform_open();
  return scale * larger * numeric::pow(u, 1.0 / shape);
}

double erlang(Stream& stream, std::int64_t phases) {
  MEZZ_ASSERT(phases > 0);
  double sum = 0.0;
  for (std::int64_t i = 0; i < phases; ++i) sum += exponential(stream);
  return sum;
}

double pareto(Stream& stream, double minimum, double exponent) {
  MEZZ_ASSERT(minimum > 0.0);
  MEZZ_ASSERT(exponent > 0.0);
  return minimum * numeric::exp(exponential(stream) / exponent);
}

std::int64_t geometric(Stream& stream, double p) {
  MEZZ_ASSERT(p > 0.0 && p <= 1.0);
  const double wait = exponential(stream);
  if (p == 1.0) return 0;
  const double failures = wait / -numeric::log1p(-p);
  constexpr double kLimit = 0x1p62;
  return failures >= kLimit ? std::int64_t{1} << 62 : static_cast<std::int64_t>(failures);
}

std::int64_t uniform_int(Stream& stream, std::int64_t low, std::int64_t high) {
  MEZZ_ASSERT(low <= high);
  // Unsigned arithmetic wraps, so that the full range has no special bounds.
  const std::uint64_t count =
      static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  const std::uint64_t step = count == 0 ? stream.bits64() : stream.below(count);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + step);
}

}  // namespace mezz

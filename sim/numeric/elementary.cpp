#include "sim/numeric/elementary.h"

#include <cmath>

#include "sim/check/assert.h"
#include "sim/numeric/double_double.h"
#include "sim/numeric/exp_table.h"
#include "sim/numeric/log_table.h"

namespace mezz::numeric {
namespace detail {

double scale_by_power_of_two(double x, int exponent) {
  const auto power = [](int e) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
  };
  if (exponent > 1023) return x * 2.0 * power(exponent - 1);
  if (exponent < -1022) return x * power(exponent + 128) * 0x1p-128;
  return x * power(exponent);
}

namespace {

// expm1(r) for |r| <= ln 2 / 128, relative error of the truncated series 2^-60.
double expm1_tiny(double r) {
  const double tail =
      1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040))));
  return r + (r * r) * (0.5 + r * tail);
}

// hi + lo = count * ln 2 / 64 + rest.
struct Reduced {
  std::int64_t count;
  double rest;
};
Reduced reduce(double hi, double lo) {
  const double count = nearest(hi * k64OverLn2);
  const double rest = (hi - count * kLn2Over64High) - (count * kLn2Over64Low - lo);
  return {static_cast<std::int64_t>(count), rest};
}

}  // namespace

double exp_kernel(double hi, double lo) {
  const Reduced r = reduce(hi, lo);
  const HighLow power = kExp2Table[r.count & 63];
  const double value = power.hi + (power.lo + power.hi * expm1_tiny(r.rest));
  return scale_by_power_of_two(value, static_cast<int>(r.count >> 6));
}

DoubleDouble log_kernel(double x) {
  int exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t offset = bits - kLogTableStart;
  exponent += static_cast<int>(static_cast<std::int64_t>(offset) >> 52);
  const double mantissa = std::bit_cast<double>(bits - (offset & 0xfff0'0000'0000'0000));
  const LogEntry entry = kLogTable[(offset >> 45) & 127];

  // r = mantissa * reciprocal - 1, exactly: the reciprocal has 11 bits, so both half products and
  // the subtraction of 1 are exact.
  const double upper =
      std::bit_cast<double>(std::bit_cast<std::uint64_t>(mantissa) & 0xffff'ffff'ffe0'0000);
  const DoubleDouble r =
      exact_sum(upper * entry.reciprocal - 1.0, (mantissa - upper) * entry.reciprocal);

  // log(1 + r) = r - r^2 / 2 + r^3 (1/3 - r / 4 + ...): the first two terms in double-double.
  const double h = r.hi;
  const DoubleDouble square = exact_product(h, h);
  const double series =
      1.0 / 3 -
      h * (1.0 / 4 - h * (1.0 / 5 - h * (1.0 / 6 - h * (1.0 / 7 - h * (1.0 / 8 - h * (1.0 / 9))))));
  const double cube = h * square.hi * series;

  const double k = exponent;
  const DoubleDouble a = exact_sum(k * kLn2High, entry.hi);
  const DoubleDouble b = exact_sum(a.hi, h);
  const DoubleDouble c = exact_sum(b.hi, -0.5 * square.hi);
  const DoubleDouble d = exact_sum(c.hi, cube);
  const double rest = (k * kLn2Low + entry.lo) + (r.lo - 0.5 * square.lo - h * r.lo);
  return fast_sum(d.hi, ((a.lo + b.lo) + (c.lo + d.lo)) + rest);
}

}  // namespace detail

using namespace detail;

double sqrt(double x) { return std::sqrt(x); }  // IEEE 754 requires correct rounding

double exp(double x) {
  if (is_nan(x)) return x;
  if (x > 710.0) return kInfinity;
  if (x < -746.0) return 0.0;
  return exp_kernel(x, 0.0);
}

double expm1(double x) {
  if (is_nan(x) || x == 0.0) return x;
  if (x > 710.0) return kInfinity;
  if (x < -40.0) return -1.0;
  if (absolute(x) < 0.35) {
    // x + x^2 / 2 in double-double, so that only the small rest of the series rounds.
    constexpr double kInverseFactorial[] = {
        1.0 / 6,           1.0 / 24,           1.0 / 120,           1.0 / 720,      1.0 / 5040,
        1.0 / 40320,       1.0 / 362880,       1.0 / 3628800,       1.0 / 39916800, 1.0 / 479001600,
        1.0 / 6227020800., 1.0 / 87178291200., 1.0 / 1307674368000.};
    if (absolute(x) < 0x1p-60) return x;
    const DoubleDouble square = exact_product(x, x);
    const DoubleDouble head = fast_sum(x, 0.5 * square.hi);
    const double tail = x * square.hi * horner(kInverseFactorial, 12, x);
    return head.hi + (head.lo + 0.5 * square.lo + tail);
  }
  const Reduced r = reduce(x, 0.0);
  const int exponent = static_cast<int>(r.count >> 6);
  const HighLow power = kExp2Table[r.count & 63];
  const double tail = power.lo + power.hi * expm1_tiny(r.rest);
  if (exponent > 60) return scale_by_power_of_two(power.hi + tail, exponent);
  const DoubleDouble head = exact_sum(scale_by_power_of_two(power.hi, exponent), -1.0);
  return head.hi + (head.lo + scale_by_power_of_two(tail, exponent));
}

double log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -kInfinity : kNaN;
  if (x == kInfinity) return x;
  const DoubleDouble value = log_kernel(x);
  return value.hi + value.lo;
}

double log1p(double x) {
  if (!(x > -1.0)) return x == -1.0 ? -kInfinity : kNaN;
  if (x == kInfinity) return x;
  if (absolute(x) < 0x1p-20) return x - (x * x) * (0.5 - x * (1.0 / 3));
  const DoubleDouble sum = exact_sum(1.0, x);
  const DoubleDouble value = log_kernel(sum.hi);
  const DoubleDouble corrected = exact_sum(value.hi, sum.lo / sum.hi);
  return corrected.hi + (corrected.lo + value.lo);
}

namespace {

enum class Parity { NotInteger, Even, Odd };

Parity parity(double y) {
  const double size = absolute(y);
  if (size >= 0x1p53) return Parity::Even;
  const auto whole = static_cast<std::int64_t>(size);
  if (static_cast<double>(whole) != size) return Parity::NotInteger;
  return whole % 2 == 0 ? Parity::Even : Parity::Odd;
}

// x^y for x = 0 or infinity, y neither 0 nor NaN.
double pow_of_zero_or_infinity(double x, double y) {
  const bool large = (x == 0.0) == (y < 0.0);
  const double magnitude = large ? kInfinity : 0.0;
  const bool negative = std::bit_cast<std::int64_t>(x) < 0 && parity(y) == Parity::Odd;
  return negative ? -magnitude : magnitude;
}

// x^y for finite x > 0.
double pow_positive(double x, double y) {
  if (x == 1.0) return 1.0;
  const double size = absolute(y);
  if (size >= 0x1p65) return (x > 1.0) == (y > 0.0) ? kInfinity : 0.0;
  if (size <= 0x1p-65) return 1.0;
  const DoubleDouble log_x = log_kernel(x);
  const DoubleDouble product = exact_product(y, log_x.hi);
  if (product.hi > 710.0) return kInfinity;
  if (product.hi < -746.0) return 0.0;
  return exp_kernel(product.hi, product.lo + y * log_x.lo);
}

}  // namespace

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (is_nan(x) || is_nan(y)) return kNaN;
  if (absolute(y) == kInfinity) {
    const double size = absolute(x);
    if (size == 1.0) return 1.0;
    return (size > 1.0) == (y > 0.0) ? kInfinity : 0.0;
  }
  if (x == 0.0 || absolute(x) == kInfinity) return pow_of_zero_or_infinity(x, y);
  if (x > 0.0) return pow_positive(x, y);
  const Parity p = parity(y);
  if (p == Parity::NotInteger) return kNaN;
  const double magnitude = pow_positive(-x, y);
  return p == Parity::Odd ? -magnitude : magnitude;
}

double tanh(double x) {
  const double size = absolute(x);
  if (is_nan(x) || size < 0x1p-28) return x;
  double value = 1.0;
  if (size < 22.0) {
    const double e = expm1(2.0 * size);
    value = size >= 1.0 ? 1.0 - 2.0 / (e + 2.0) : e / (e + 2.0);
  }
  return x < 0.0 ? -value : value;
}

}  // namespace mezz::numeric

// Internal to sim/numeric: sums of two doubles (about 106 bits) and the two kernels built on them.
// The error-free transformations are Dekker's (1971) and Knuth's; they are exact only when the
// compiler keeps every rounding, hence the guards.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#ifdef __FAST_MATH__
#error "sim/numeric needs IEEE arithmetic: compile without -ffast-math"
#endif
#include <cfloat>
static_assert(std::numeric_limits<double>::is_iec559);
static_assert(FLT_EVAL_METHOD == 0, "doubles must be evaluated in double (SSE2, not x87)");

namespace mezz::numeric::detail {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct DoubleDouble {
  double hi;
  double lo;
};

// a + b exactly; fast_sum needs |a| >= |b| or a == 0.
constexpr DoubleDouble exact_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}
constexpr DoubleDouble fast_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

// The upper 26 bits of x, by masking: no overflow, unlike Veltkamp's multiplication by 2^27 + 1.
constexpr double upper_half(double x) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0xffff'ffff'f800'0000);
}
// a * b; exact while the product and its error are normal numbers and a, b fit in 26 + 27 bits. The
// 27 x 27-bit product of the lower halves may lose one bit, which is 2^-106 of the product.
constexpr DoubleDouble exact_product(double a, double b) {
  const double product = a * b;
  const double a_hi = upper_half(a);
  const double b_hi = upper_half(b);
  const double a_lo = a - a_hi;
  const double b_lo = b - b_hi;
  return {product, ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo};
}

// Nearest integer of |x| < 2^51, ties to even.
constexpr double nearest(double x) {
  constexpr double kShift = 0x1.8p52;
  return (x + kShift) - kShift;
}

constexpr bool is_nan(double x) { return x != x; }
constexpr double absolute(double x) { return x < 0 ? -x : x; }

// x * 2^exponent for -1100 <= exponent <= 1100 and x near 1; rounds once more if subnormal.
double scale_by_power_of_two(double x, int exponent);

// exp(hi + lo), relative error about 2^-60 before the final rounding; |hi| <= 760, |lo| <= 2^-40.
double exp_kernel(double hi, double lo);
// log(x) for finite x > 0, relative error below 2^-66.
DoubleDouble log_kernel(double x);

// Polynomial with `degree` + 1 coefficients, lowest power first.
constexpr double horner(const double* coefficients, int degree, double x) {
  double value = coefficients[degree];
  for (int i = degree - 1; i >= 0; --i) value = value * x + coefficients[i];
  return value;
}

}  // namespace mezz::numeric::detail

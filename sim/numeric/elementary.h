// Elementary functions that give the same bits on every compiler, optimisation level and x86-64
// CPU. They use only + - * / and the IEEE square root on double: no libm (glibc's results change
// with the CPU and the version), no fma, no long double. Round-to-nearest and -ffp-contract=off are
// assumed; self_test() shows at program start whether the build keeps its promise. Methods:
// table-driven exp and log with the table in double-double (Tang 1989, 1990), Cody-Waite reduction
// for sin and cos, exp(x^2) erfc(x) by piecewise polynomials, the quantile by rational fits on
// Wichura's three ranges (AS 241, 1988). All coefficients are our own fits.
//
// Error, in units in the last place (tests/sim/numeric measures it):
//   exp log log1p expm1 pow sin cos      < 1
//   erf normal_pdf                       < 2
//   tanh                                 < 2.5
//   erfc normal_cdf                      < 3.5
//   atan2 scaled_normal_tail             < 4
//   inverse_normal_cdf                   < 8
// In the subnormal range the bound is one subnormal step more. NaN in gives NaN out; zeros,
// infinities and pow's cases follow C99 Annex F, without setting errno or floating-point flags on
// purpose.
#pragma once

namespace mezz::numeric {

[[nodiscard]] double sqrt(double x);

[[nodiscard]] double exp(double x);
[[nodiscard]] double expm1(double x);
[[nodiscard]] double log(double x);
[[nodiscard]] double log1p(double x);
[[nodiscard]] double pow(double x, double y);
[[nodiscard]] double tanh(double x);

// |x| <= 1e6 is asserted for finite x: larger angles are a modelling mistake, and their exact
// reduction would need more of pi than is stored. Infinity gives NaN.
[[nodiscard]] double sin(double x);
[[nodiscard]] double cos(double x);
// The angle of the point (x, y), in (-pi, pi]; 0 for the origin.
[[nodiscard]] double atan2(double y, double x);

[[nodiscard]] double erf(double x);
[[nodiscard]] double erfc(double x);
[[nodiscard]] double normal_pdf(double x);
[[nodiscard]] double normal_cdf(double x);
// exp(t^2 / 2) normal_cdf(-t): what is left of a tail that underflows; infinite below -37.
[[nodiscard]] double scaled_normal_tail(double t);
// The x with normal_cdf(x) = p; -inf at 0, +inf at 1, NaN outside [0, 1].
[[nodiscard]] double inverse_normal_cdf(double p);

// Compares 40 results with stored bit patterns. Call once at program start and refuse to run on
// false: the build has flags (fast-math, contraction, x87) that change results.
[[nodiscard]] bool self_test();

}  // namespace mezz::numeric

// Complex numbers on sim/numeric: the same bits everywhere, which std::complex does not promise.
// As much of them as the characteristic functions need.
#pragma once

#include "sim/numeric/elementary.h"

namespace mezz::pricing {

struct Complex {
  double re = 0.0;
  double im = 0.0;
};

constexpr Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
constexpr Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
constexpr Complex operator*(Complex a, Complex b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
constexpr Complex operator*(double a, Complex b) { return {a * b.re, a * b.im}; }
constexpr double norm(Complex a) { return a.re * a.re + a.im * a.im; }
constexpr Complex operator/(Complex a, Complex b) {
  const double scale = 1.0 / norm(b);
  return {(a.re * b.re + a.im * b.im) * scale, (a.im * b.re - a.re * b.im) * scale};
}

// Below this real part exp is nothing, whatever the angle (which may be too large for a sine).
inline constexpr double kNothingLeft = -746.0;
inline Complex exp(Complex a) {
  if (a.re < kNothingLeft) return {};
  const double size = numeric::exp(a.re);
  return {size * numeric::cos(a.im), size * numeric::sin(a.im)};
}
// exp(a) - 1, with full precision where a is small.
inline Complex expm1(Complex a) {
  if (a.re < kNothingLeft) return {-1.0, 0.0};
  const double rise = numeric::expm1(a.re);
  const double half = numeric::sin(0.5 * a.im);
  return {rise * numeric::cos(a.im) - 2.0 * half * half, (1.0 + rise) * numeric::sin(a.im)};
}
// The root with a real part that is not negative.
inline Complex sqrt(Complex a) {
  const double size = numeric::sqrt(norm(a));
  if (size == 0.0) return {};
  const double re = numeric::sqrt(0.5 * (size + (a.re < 0.0 ? -a.re : a.re)));
  const double im = 0.5 * a.im / re;
  if (a.re >= 0.0) return {re, im};
  return a.im >= 0.0 ? Complex{im, re} : Complex{-im, -re};
}
// log(1 + a), with full precision where a is small.
inline Complex log1p(Complex a) {
  return {0.5 * numeric::log1p(2.0 * a.re + norm(a)), numeric::atan2(a.im, 1.0 + a.re)};
}

}  // namespace mezz::pricing

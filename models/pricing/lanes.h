// W doubles that go through the same arithmetic, and the elementary functions the batched kernels
// need of them. For the kernels' .cpp files only: each is compiled for one instruction set, so all
// of this has internal linkage, or the linker could hand one file's AVX-512 code to another's
// caller. For the same reason nothing of the standard library is instantiated here.
//
// exp and log cost no table and no branch; relative error below 4e-16 on the ranges stated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mezz::pricing {
namespace {

template <int W>
struct LaneTypes {
  typedef double Real __attribute__((vector_size(8 * W)));
  typedef std::int64_t Bits __attribute__((vector_size(8 * W)));
  typedef std::uint64_t Unsigned __attribute__((vector_size(8 * W)));
};
template <int W>
using Lanes = typename LaneTypes<W>::Real;
template <int W>
using Bits = typename LaneTypes<W>::Bits;
template <int W>
using Unsigned = typename LaneTypes<W>::Unsigned;

template <int W>
[[gnu::always_inline]] inline Lanes<W> all(double value) {
  return Lanes<W>{} + value;
}
template <int W>
[[gnu::always_inline]] inline Lanes<W> load(const double* from) {
  Lanes<W> value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <int W>
[[gnu::always_inline]] inline void store(double* to, Lanes<W> value) {
  std::memcpy(to, &value, sizeof value);
}

template <int W>
[[gnu::always_inline]] inline Lanes<W> select(Bits<W> mask, Lanes<W> yes, Lanes<W> no) {
  return (Lanes<W>)((mask & (Bits<W>)yes) | (~mask & (Bits<W>)no));
}
template <int W>
[[gnu::always_inline]] inline Lanes<W> larger(Lanes<W> a, Lanes<W> b) {
  return select<W>(a > b, a, b);
}
template <int W>
[[gnu::always_inline]] inline Lanes<W> magnitude(Lanes<W> a) {
  return (Lanes<W>)((Bits<W>)a & INT64_MAX);
}

// One instruction, given -fno-math-errno.
template <int W>
[[gnu::always_inline]] inline Lanes<W> square_root(Lanes<W> a) {
  Lanes<W> root;
  for (int i = 0; i < W; ++i) root[i] = __builtin_sqrt(a[i]);
  return root;
}

// coefficients[0] + coefficients[1] x + ..., as four interleaved polynomials in x^4: four short
// chains of dependent operations in the place of one long one.
template <int W, int N>
[[gnu::always_inline]] inline Lanes<W> polynomial(const double (&coefficients)[N], Lanes<W> x) {
  static_assert(N >= 4);
  const Lanes<W> x2 = x * x;
  const Lanes<W> x4 = x2 * x2;
  Lanes<W> sum[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const int top = (N - 1 - i) / 4 * 4 + i;
    sum[i] = all<W>(coefficients[top]);
#pragma GCC unroll 8
    for (int at = top - 4; at >= 0; at -= 4) sum[i] = sum[i] * x4 + coefficients[at];
  }
  return (sum[0] + sum[1] * x) + x2 * (sum[2] + sum[3] * x);
}

// e^x for x clamped to [-708, 708].
template <int W>
[[gnu::always_inline]] inline Lanes<W> exponential(Lanes<W> x) {
  static constexpr double kInverseFactorials[] = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5'040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.};
  // Adding 1.5 * 2^52 rounds to the nearest whole number and leaves it in the low bits.
  constexpr double kShift = 0x1.8p52;
  constexpr double kLn2High =
      0x1.62e42feep-1;  // 32 bits: its products with whole numbers are exact
  constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
  x = larger<W>(x, all<W>(-708.0));
  x = -larger<W>(-x, all<W>(-708.0));
  const Lanes<W> shifted = x * 0x1.71547652b82fep0 + kShift;
  const Lanes<W> whole = shifted - kShift;
  const Lanes<W> rest = (x - whole * kLn2High) - whole * kLn2Low;
  const Lanes<W> tail = rest + rest * rest * polynomial<W>(kInverseFactorials, rest);
  const Lanes<W> value = 1.0 + tail;
  return (Lanes<W>)((Unsigned<W>)value + ((Unsigned<W>)shifted << 52));
}

// log(x) for positive, finite, normal x.
template <int W>
[[gnu::always_inline]] inline Lanes<W> logarithm(Lanes<W> x) {
  static constexpr double kOdd[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                    2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  constexpr std::uint64_t kRootHalf = 0x3fe6'a09e'667f'3bcd;
  constexpr std::uint64_t kOne = 0x3ff0'0000'0000'0000;
  constexpr std::uint64_t kTwoTo52 = 0x4330'0000'0000'0000;  // whole numbers below add to it
  constexpr double kLn2High = 0x1.62e42feep-1;
  constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)).
  const Unsigned<W> exponent = ((Unsigned<W>)x + (kOne - kRootHalf)) >> 52;
  const Lanes<W> mantissa = (Lanes<W>)((Unsigned<W>)x - ((exponent - 1023) << 52));
  const Lanes<W> e = (Lanes<W>)(exponent | kTwoTo52) - (0x1p52 + 1023.0);
  const Lanes<W> difference = mantissa - 1.0;
  const Lanes<W> f = difference / (mantissa + 1.0);
  const Lanes<W> square = f * f;
  const Lanes<W> series = f * square * polynomial<W>(kOdd, square);
  // 2 f = difference - f * difference keeps what the rounding of the quotient loses.
  const Lanes<W> low = (series - f * difference) + e * kLn2Low;
  return e * kLn2High + (difference + low);
}

}  // namespace
}  // namespace mezz::pricing

// Wad: a signed number with 18 decimals in 128 bits, the fixed point of most contracts on Ethereum
// (ds-math; Derive, Synthetix, Maker and Perpetual Protocol count amounts, prices and rates in it).
// Holds +-1.7 * 10^20. Products and quotients go through 256 bits and name their rounding; what
// does not fit asserts. Ledgers stay in Money: to_money() is where a rule's result enters them.
// Ray is the same with 27 decimals (Maker's prices). Left out: implicit conversion, double.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/money.h"
#include "sim/types/ratio.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

// a * b / c with a product of 256 bits. Asserts when c is zero or the result needs over 127 bits.
Int128 mul_div_wide(Int128 a, Int128 b, Int128 c, Round round);

struct Wad {
  Int128 units = 0;

  static constexpr Int128 kOne = 1'000'000'000'000'000'000;
  static constexpr Wad zero() { return {0}; }
  static constexpr Wad one() { return {kOne}; }
  static constexpr Wad whole(std::int64_t n) { return {kOne * n}; }
  static constexpr Wad from(Money money) { return {Int128{money.micros} * 1'000'000'000'000}; }
  static constexpr Wad from(Ratio ratio) { return {Int128{ratio.ppb} * (kOne / Ratio::kScale)}; }
  // numerator / denominator, truncated at 18 decimals.
  static Wad of(Int128 numerator, Int128 denominator) {
    return {mul_div_wide(numerator, kOne, denominator, Round::ToZero)};
  }
  [[nodiscard]] constexpr double value() const { return static_cast<double>(units) * 1e-18; }
  [[nodiscard]] constexpr Wad abs() const { return units < 0 ? Wad{-units} : *this; }

  constexpr auto operator<=>(const Wad&) const = default;
  constexpr Wad operator+(Wad o) const;
  constexpr Wad operator-(Wad o) const;
  constexpr Wad operator-() const { return {-units}; }
  constexpr Wad operator*(std::int64_t n) const;
};

namespace detail {
constexpr Int128 add_128(Int128 a, Int128 b) {
  Int128 sum = 0;
  const bool overflow = __builtin_add_overflow(a, b, &sum);
  MEZZ_ASSERT(!overflow);
  return sum;
}
constexpr Int128 multiply_128(Int128 a, Int128 b) {
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  MEZZ_ASSERT(!overflow);
  return product;
}
}  // namespace detail

constexpr Wad Wad::operator+(Wad o) const { return {detail::add_128(units, o.units)}; }
constexpr Wad Wad::operator*(std::int64_t n) const { return {detail::multiply_128(units, n)}; }
constexpr Wad Wad::operator-(Wad o) const { return {detail::add_128(units, -o.units)}; }

// A contract's multiply and divide truncate unless the rule says otherwise.
inline Wad multiply(Wad a, Wad b, Round round = Round::ToZero) {
  return {mul_div_wide(a.units, b.units, Wad::kOne, round)};
}
inline Wad divide(Wad a, Wad b, Round round = Round::ToZero) {
  return {mul_div_wide(a.units, Wad::kOne, b.units, round)};
}
// rate per `period`, over `elapsed`.
inline Wad over(Wad rate, Duration elapsed, Duration period, Round round = Round::ToZero) {
  return {mul_div_wide(rate.units, elapsed.ns, period.ns, round)};
}
constexpr Wad within(Wad value, Wad bound) {
  MEZZ_ASSERT(bound.units >= 0);
  return value > bound ? bound : value < -bound ? -bound : value;
}
constexpr Money to_money(Wad amount, Round round) {
  return {narrow(divide(amount.units, 1'000'000'000'000, round))};
}

}  // namespace mezz

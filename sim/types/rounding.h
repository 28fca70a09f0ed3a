// Integer products and quotients with an explicit rounding direction. Every rule that divides money
// names its direction: requirements round up, assets down, fees up (see models/margin).
// __int128 holds the product of two int64, so only the final narrowing can overflow: that asserts.
#pragma once

#include <cstdint>

#include "sim/check/assert.h"

namespace mezz {

__extension__ using Int128 = __int128;  // -Wpedantic knows no standard name for it

enum class Round : std::uint8_t {
  Down,      // toward minus infinity (floor)
  Up,        // toward plus infinity (ceil)
  ToZero,    // truncate
  HalfEven,  // nearest, ties to even
};

constexpr std::int64_t narrow(Int128 value) {
  MEZZ_ASSERT(value <= INT64_MAX && value >= INT64_MIN);
  return static_cast<std::int64_t>(value);
}

namespace detail {

// The rule itself, once for both widths; the denominator is positive.
template <class Integer>
constexpr Integer divide_positive(Integer numerator, Integer denominator, Round round) {
  const Integer quotient = numerator / denominator;
  const Integer remainder = numerator % denominator;
  if (remainder == 0 || round == Round::ToZero) return quotient;
  // A remainder means a denominator of at least 2, so one more or less always fits.
  if (round == Round::Down) return remainder < 0 ? quotient - 1 : quotient;
  if (round == Round::Up) return remainder > 0 ? quotient + 1 : quotient;
  const Integer magnitude = remainder < 0 ? -remainder : remainder;
  const Integer away = remainder < 0 ? quotient - 1 : quotient + 1;
  if (magnitude > denominator - magnitude) return away;
  if (magnitude < denominator - magnitude) return quotient;
  return quotient % 2 == 0 ? quotient : away;
}

constexpr bool fits_64(Int128 value) { return value == static_cast<std::int64_t>(value); }

}  // namespace detail

// Most operands fit 64 bits, and one 64-bit division costs a fraction of the library's 128-bit one
// (a constant denominator costs only a product).
constexpr Int128 divide(Int128 numerator, Int128 denominator, Round round) {
  MEZZ_ASSERT(denominator != 0);
  if (denominator > 0 && detail::fits_64(numerator) && detail::fits_64(denominator)) [[likely]] {
    return detail::divide_positive(static_cast<std::int64_t>(numerator),
                                   static_cast<std::int64_t>(denominator), round);
  }
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  return detail::divide_positive(numerator, denominator, round);
}

// a * b / c, rounded as named; asserts when the result does not fit 64 bits.
constexpr std::int64_t mul_div(std::int64_t a, std::int64_t b, std::int64_t c, Round round) {
  return narrow(divide(static_cast<Int128>(a) * b, c, round));
}

}  // namespace mezz

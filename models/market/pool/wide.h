// Wide: an unsigned number of 256 bits, the word of Ethereum contracts. Pools keep square-root
// prices, liquidity and fee growth in it. Sums, products and quotients are exact and assert when
// the result does not fit, except the wrapping pair, which counts modulo 2^256 as fee growth does.
// mul_div goes through 512 bits. Left out: signs, bit operations; speed is that of a library call.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/types/rounding.h"

namespace mezz::pool {

struct Wide {
  std::array<std::uint64_t, 4> limbs{};  // most significant first: the order of numbers is theirs

  constexpr Wide() = default;
  constexpr Wide(Int128 value)  // NOLINT: whole numbers read naturally
      : limbs{0, 0, static_cast<std::uint64_t>(value >> 64), static_cast<std::uint64_t>(value)} {
    MEZZ_ASSERT(value >= 0);
  }
  constexpr auto operator<=>(const Wide&) const = default;
  [[nodiscard]] Int128 to_128() const;  // asserts below 2^127
};

Wide operator+(const Wide& a, const Wide& b);
Wide operator-(const Wide& a, const Wide& b);
Wide operator*(const Wide& a, const Wide& b);
Wide operator/(const Wide& a, const Wide& b);  // truncated
Wide wrapping_add(const Wide& a, const Wide& b);
Wide wrapping_subtract(const Wide& a, const Wide& b);

// a * b / c, Round::Down or Round::Up.
Wide mul_div(const Wide& a, const Wide& b, const Wide& c, Round round);
Wide divide(const Wide& a, const Wide& b, Round round);
bool product_fits(const Wide& a, const Wide& b);
bool sum_fits(const Wide& a, const Wide& b);

Wide power_of_two(int exponent);
// floor(sqrt(numerator * 2^192 / denominator)): a price as a 96-bit fixed-point square root.
Wide sqrt_ratio_x96(const Wide& numerator, const Wide& denominator);
Wide integer_sqrt(const Wide& value);  // floor

std::optional<Wide> wide_from(std::string_view digits);
std::string text_of(const Wide& value);

}  // namespace mezz::pool

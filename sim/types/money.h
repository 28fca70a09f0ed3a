// Money: int64 millionths of a US dollar, the unit of every ledger, margin balance and fee.
//   Money +- Money = Money   Money * integer = Money   Money / Money: not defined (use Ratio::of)
//   Money x Ratio: scale(money, ratio, Round), the direction is always written.
// 64 bits hold +-9.2 * 10^12 USD; products go through __int128 and assert on overflow.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/rounding.h"

namespace mezz {

struct Money {
  std::int64_t micros = 0;

  static constexpr std::int64_t kScale = 1'000'000;
  static constexpr Money zero() { return {0}; }
  [[nodiscard]] constexpr double usd() const { return static_cast<double>(micros) * 1e-6; }
  [[nodiscard]] constexpr Money abs() const { return micros < 0 ? -*this : *this; }

  constexpr auto operator<=>(const Money&) const = default;
  constexpr Money operator+(Money o) const { return {narrow(Int128{micros} + o.micros)}; }
  constexpr Money operator-(Money o) const { return {narrow(Int128{micros} - o.micros)}; }
  constexpr Money operator-() const { return {narrow(-Int128{micros})}; }
  constexpr Money operator*(std::int64_t n) const { return {narrow(Int128{micros} * n)}; }
  constexpr Money& operator+=(Money o) { return *this = *this + o; }
  constexpr Money& operator-=(Money o) { return *this = *this - o; }
};

inline namespace literals {
constexpr Money operator""_usd(unsigned long long n) {
  return Money{static_cast<std::int64_t>(n)} * Money::kScale;
}
}  // namespace literals

}  // namespace mezz

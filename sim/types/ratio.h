// Ratio: int64 billionths (10^-9), for rates, margins, fees and fractions. 1 bp = 100 000 units.
//   Ratio +- Ratio = Ratio   Ratio * integer = Ratio
//   scale(Money, Ratio, Round) = Money      Ratio::of(Money, Money, Round) = Ratio
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/money.h"
#include "sim/types/rounding.h"

namespace mezz {

struct Ratio {
  std::int64_t ppb = 0;

  static constexpr std::int64_t kScale = 1'000'000'000;
  static constexpr Ratio zero() { return {0}; }
  static constexpr Ratio one() { return {kScale}; }
  static constexpr Ratio from_ppm(std::int64_t ppm) { return {ppm * 1'000}; }
  static constexpr Ratio of(Money part, Money whole, Round round) {
    return {mul_div(part.micros, kScale, whole.micros, round)};
  }
  [[nodiscard]] constexpr double value() const { return static_cast<double>(ppb) * 1e-9; }
  [[nodiscard]] constexpr std::int64_t ppm(Round round) const {
    return narrow(divide(ppb, 1'000, round));
  }

  constexpr auto operator<=>(const Ratio&) const = default;
  constexpr Ratio operator+(Ratio o) const { return {ppb + o.ppb}; }
  constexpr Ratio operator-(Ratio o) const { return {ppb - o.ppb}; }
  constexpr Ratio operator-() const { return {-ppb}; }
  constexpr Ratio operator*(std::int64_t n) const { return {narrow(Int128{ppb} * n)}; }
};

constexpr Money scale(Money money, Ratio ratio, Round round) {
  return {mul_div(money.micros, ratio.ppb, Ratio::kScale, round)};
}

inline namespace literals {
constexpr Ratio operator""_bp(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 100'000};
}
constexpr Ratio operator""_percent(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 10'000'000};
}
}  // namespace literals

}  // namespace mezz

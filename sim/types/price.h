// Price: int64 ticks of one instrument's price grid. What a tick is worth belongs to the instrument
// (models/market/instrument.h); a Price alone cannot become Money.
//   Price - Price = PriceMove   Price +- PriceMove = Price   Price * anything: not defined
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/ratio.h"
#include "sim/types/rounding.h"

namespace mezz {

struct PriceMove {
  std::int64_t ticks = 0;
  constexpr auto operator<=>(const PriceMove&) const = default;
  constexpr PriceMove operator-() const { return {-ticks}; }
  constexpr PriceMove operator*(std::int64_t n) const { return {ticks * n}; }
};

struct Price {
  std::int64_t ticks = 0;

  constexpr auto operator<=>(const Price&) const = default;
  constexpr PriceMove operator-(Price o) const { return {ticks - o.ticks}; }
  constexpr Price operator+(PriceMove m) const { return {ticks + m.ticks}; }
  constexpr Price operator-(PriceMove m) const { return {ticks - m.ticks}; }
  // Moved by a fraction of itself, rounded away from the old price by less than one tick.
  [[nodiscard]] constexpr Price up_by(Ratio r) const {
    return {ticks + mul_div(ticks, r.ppb, Ratio::kScale, Round::Up)};
  }
  [[nodiscard]] constexpr Price down_by(Ratio r) const {
    return {ticks - mul_div(ticks, r.ppb, Ratio::kScale, Round::Up)};
  }
};

inline namespace literals {
constexpr PriceMove operator""_tick(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Price operator""_ticks(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
}  // namespace literals

}  // namespace mezz

// Quantity: signed int64 lots of one instrument (positive = long or bought). What a lot is worth
// belongs to the instrument.
//   Quantity +- Quantity = Quantity   Quantity * integer = Quantity   Quantity * Price: not defined
#pragma once

#include <compare>
#include <cstdint>

namespace mezz {

struct Quantity {
  std::int64_t lots = 0;

  static constexpr Quantity zero() { return {0}; }
  [[nodiscard]] constexpr Quantity abs() const { return {lots < 0 ? -lots : lots}; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator+(Quantity o) const { return {lots + o.lots}; }
  constexpr Quantity operator-(Quantity o) const { return {lots - o.lots}; }
  constexpr Quantity operator-() const { return {-lots}; }
  constexpr Quantity operator*(std::int64_t n) const { return {lots * n}; }
  constexpr Quantity& operator+=(Quantity o) {
    lots += o.lots;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity o) {
    lots -= o.lots;
    return *this;
  }
};

inline namespace literals {
constexpr Quantity operator""_lot(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Quantity operator""_lots(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
}  // namespace literals

}  // namespace mezz

// Ether amounts, in wei (10^-18 ETH). Wei is 128 bit: one dispute can lock 700 ETH, and 64 bits end
// at 9.2 ETH. GasPrice is wei per gas, 64 bit, as in a block header.
//   GasPrice x Gas = Wei (fee below)
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/rounding.h"

namespace mezz {

struct Wei {
  Int128 value = 0;

  static constexpr Wei zero() { return {0}; }
  [[nodiscard]] constexpr double ether() const { return static_cast<double>(value) * 1e-18; }

  constexpr bool operator==(const Wei& o) const { return value == o.value; }
  constexpr std::strong_ordering operator<=>(const Wei& o) const {
    return value < o.value
               ? std::strong_ordering::less
               : (value > o.value ? std::strong_ordering::greater : std::strong_ordering::equal);
  }
  constexpr Wei operator+(Wei o) const { return {value + o.value}; }
  constexpr Wei operator-(Wei o) const { return {value - o.value}; }
  constexpr Wei operator*(std::int64_t n) const { return {value * n}; }
  constexpr Wei& operator+=(Wei o) {
    value += o.value;
    return *this;
  }
  constexpr Wei& operator-=(Wei o) {
    value -= o.value;
    return *this;
  }
};

struct Gas {
  std::int64_t units = 0;
  constexpr auto operator<=>(const Gas&) const = default;
  constexpr Gas operator+(Gas o) const { return {units + o.units}; }
  constexpr Gas operator-(Gas o) const { return {units - o.units}; }
  constexpr Gas operator*(std::int64_t n) const { return {units * n}; }
  constexpr Gas& operator+=(Gas o) {
    units += o.units;
    return *this;
  }
};

struct GasPrice {
  std::int64_t wei_per_gas = 0;
  [[nodiscard]] constexpr double gwei() const { return static_cast<double>(wei_per_gas) * 1e-9; }
  constexpr auto operator<=>(const GasPrice&) const = default;
  constexpr GasPrice operator+(GasPrice o) const { return {wei_per_gas + o.wei_per_gas}; }
  constexpr GasPrice operator-(GasPrice o) const { return {wei_per_gas - o.wei_per_gas}; }
};

constexpr Wei fee(GasPrice price, Gas gas) { return {Int128{price.wei_per_gas} * gas.units}; }

inline namespace literals {
constexpr GasPrice operator""_gwei(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000'000'000};
}
constexpr Wei operator""_eth(unsigned long long n) {
  return {static_cast<Int128>(n) * 1'000'000'000'000'000'000};
}
}  // namespace literals

}  // namespace mezz

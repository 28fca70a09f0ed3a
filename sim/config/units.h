// Text <-> the strong types of sim/types: "250 ms", "1_000_000 USD", "20 bp", "30 gwei", "3 lots".
// A number is decimal digits with optional sign, underscores between digits, fraction and exponent;
// it is converted in integers, exactly: a value between two representable ones is an error, never
// rounded. A unit is required for everything but a ratio, which is dimensionless ("0.5" = "50 %").
// Units are case sensitive (ms is not Ms). Nothing here depends on the locale.
// Errors: from_text throws ScenarioError; parse_amount returns the problem as text.
// Left out: currencies other than the US dollar and ether, calendar dates.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::config {

enum class Dimension : std::uint8_t {
  None,  // a plain integer
  Duration,
  Time,  // a duration since the start of the run, or "never"
  Money,
  Ratio,
  GasPrice,
  Wei,
  Gas,
  Quantity,
  Price,
};

struct Unit {
  std::string_view name;
  Int128 size = 1;      // in the type's own integer (ns, millionths of a dollar, wei, ...)
  bool written = true;  // whether format_amount may choose it
};

// Smallest first.
std::span<const Unit> units_of(Dimension dimension);
std::string accepted_units(Dimension dimension);       // "ns, us, ms, s, min, h, d"
std::string_view dimension_name(Dimension dimension);  // "a duration"
std::string_view dimension_example(Dimension dimension);

struct Amount {
  Int128 value = 0;     // in the type's own integer
  std::string problem;  // empty when the text was understood
};
Amount parse_amount(Dimension dimension, std::string_view text);

// The exact text, which parses back to the same value. The unit is the largest one in which the
// value is a whole number below one million ("90 min"), or else the one with the shortest text.
std::string format_amount(Dimension dimension, Int128 value);

std::string integer_text(Int128 value);  // plain digits

// How a strong type is stored: its dimension and its integer.
template <class T>
struct Strong;
// Integer names the struct's member; all of them are int64 but Wei's.
template <class T, auto Member, Dimension D>
struct StrongInteger {
  static constexpr Dimension dimension = D;
  static constexpr Int128 lowest = INT64_MIN;
  static constexpr Int128 highest = INT64_MAX;
  static constexpr Int128 raw(T value) { return value.*Member; }
  static constexpr T make(Int128 raw) {
    T value{};
    value.*Member = narrow(raw);
    return value;
  }
};
template <>
struct Strong<Duration> : StrongInteger<Duration, &Duration::ns, Dimension::Duration> {};
template <>
struct Strong<Time> : StrongInteger<Time, &Time::ns, Dimension::Time> {};
template <>
struct Strong<Money> : StrongInteger<Money, &Money::micros, Dimension::Money> {};
template <>
struct Strong<Ratio> : StrongInteger<Ratio, &Ratio::ppb, Dimension::Ratio> {};
template <>
struct Strong<GasPrice> : StrongInteger<GasPrice, &GasPrice::wei_per_gas, Dimension::GasPrice> {};
template <>
struct Strong<Gas> : StrongInteger<Gas, &Gas::units, Dimension::Gas> {};
template <>
struct Strong<Quantity> : StrongInteger<Quantity, &Quantity::lots, Dimension::Quantity> {};
template <>
struct Strong<Price> : StrongInteger<Price, &Price::ticks, Dimension::Price> {};
template <>
struct Strong<PriceMove> : StrongInteger<PriceMove, &PriceMove::ticks, Dimension::Price> {};

// Far above all ether that exists (1.2 * 10^26 wei), far below the end of 128 bits.
inline constexpr Int128 kWeiMax = Int128{1'000'000'000'000'000'000} * 1'000'000'000'000'000'000;
template <>
struct Strong<Wei> {
  static constexpr Dimension dimension = Dimension::Wei;
  static constexpr Int128 lowest = -kWeiMax;
  static constexpr Int128 highest = kWeiMax;
  static constexpr Int128 raw(Wei value) { return value.value; }
  static constexpr Wei make(Int128 raw) { return {raw}; }
};

template <class T>
concept StrongType = requires {
  Strong<T>::dimension;
};

// What a dimension can hold.
Int128 lowest_of(Dimension dimension);
Int128 highest_of(Dimension dimension);

[[noreturn]] void reject_text(std::string_view text, const std::string& problem);

template <StrongType T>
T from_text(std::string_view text) {
  const Amount amount = parse_amount(Strong<T>::dimension, text);
  if (!amount.problem.empty()) reject_text(text, amount.problem);
  return Strong<T>::make(amount.value);
}

template <StrongType T>
std::string to_text(T value) {
  return format_amount(Strong<T>::dimension, Strong<T>::raw(value));
}

}  // namespace mezz::config

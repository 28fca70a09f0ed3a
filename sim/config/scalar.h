// One value of a parameter, with its C++ type erased: an integer of some dimension, a choice, a
// boolean, a real or a string. The templates here only convert; parsing, range checks and printing
// are ordinary functions, which keeps the compile time of every Params struct small.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/config/document.h"
#include "sim/config/units.h"
#include "sim/types/enum_names.h"

namespace mezz::config {

enum class ScalarKind : std::uint8_t { Amount, Choice, Boolean, Real, Text };

struct ScalarType {
  ScalarKind kind = ScalarKind::Text;
  Dimension dimension = Dimension::None;  // of an Amount; None is a plain integer
  Int128 lowest = 0;                      // what the C++ type can hold
  Int128 highest = 0;
  std::span<const std::string_view> choices = {};
};

struct ScalarValue {
  Int128 integer = 0;  // Amount, Choice, Boolean
  double real = 0;
  std::string text = {};
  bool operator==(const ScalarValue&) const = default;
};

struct ScalarRange {
  std::optional<ScalarValue> min;
  std::optional<ScalarValue> max;
};

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires {
  EnumNames<T>::names;
};
template <class T>
concept ScalarField = StrongType<T> || NamedEnum<T> || std::integral<T> ||
    std::same_as<T, double> || std::same_as<T, std::string>;

template <ScalarField T>
ScalarType scalar_type() {
  if constexpr (StrongType<T>) {
    return {ScalarKind::Amount, Strong<T>::dimension, Strong<T>::lowest, Strong<T>::highest};
  } else if constexpr (NamedEnum<T>) {
    return {.kind = ScalarKind::Choice, .choices = EnumNames<T>::names};
  } else if constexpr (std::same_as<T, bool>) {
    return {.kind = ScalarKind::Boolean};
  } else if constexpr (std::integral<T>) {
    return {ScalarKind::Amount, Dimension::None, std::numeric_limits<T>::min(),
            std::numeric_limits<T>::max()};
  } else if constexpr (std::same_as<T, double>) {
    return {.kind = ScalarKind::Real};
  } else {
    return {.kind = ScalarKind::Text};
  }
}

template <ScalarField T>
ScalarValue to_scalar(const T& value) {
  if constexpr (StrongType<T>) {
    return {.integer = Strong<T>::raw(value)};
  } else if constexpr (std::same_as<T, double>) {
    return {.real = value};
  } else if constexpr (std::same_as<T, std::string>) {
    return {.text = value};
  } else {
    return {.integer = static_cast<Int128>(value)};
  }
}

template <ScalarField T>
T from_scalar(const ScalarValue& value) {
  if constexpr (StrongType<T>) {
    return Strong<T>::make(value.integer);
  } else if constexpr (std::same_as<T, double>) {
    return value.real;
  } else if constexpr (std::same_as<T, std::string>) {
    return value.text;
  } else {
    return static_cast<T>(value.integer);
  }
}

template <class T>
std::optional<ScalarValue> to_scalar_limit(const std::optional<T>& limit) {
  if (!limit.has_value()) return std::nullopt;
  return to_scalar(*limit);
}

// The range that holds, with the natural lower limit of dimensions that cannot be negative.
ScalarRange effective_range(const ScalarType& type, const ScalarRange& range);

// Throws ScenarioError{path, problem, place of the node} on wrong type, unit, range or choice.
ScalarValue read_scalar(const Node& node, const std::string& path, const ScalarType& type,
                        const ScalarRange& range);

std::string plain_text(const ScalarType& type, const ScalarValue& value);  // 250 ms
std::string toml_text(const ScalarType& type, const ScalarValue& value);   // "250 ms"
std::string toml_string(std::string_view text);                            // always quoted
std::string real_text(double value);  // the shortest text that reads back to the same double

}  // namespace mezz::config

#include "sim/config/scalar.h"

#include <fmt/format.h>

#include <vector>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::config {
namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;

std::string got(const Node& node) {
  switch (node.type) {
    case Node::Type::String:
      return "got the string " + quote(node.text);
    case Node::Type::Integer:
      return "got the integer " + std::to_string(node.integer);
    case Node::Type::Real:
      return "got the number " + real_text(node.real);
    case Node::Type::Boolean:
      return node.boolean ? "got the boolean true" : "got the boolean false";
    case Node::Type::Table:
    case Node::Type::Array:
      break;
  }
  return "got " + std::string(type_name(node.type));
}

bool is_finite(double value) { return value - value == 0; }

// A problem instead of a throw: the callers below add path and place once.
struct Outcome {
  ScalarValue value;
  std::string problem;
};
Outcome wrong(std::string problem) { return {{}, std::move(problem)}; }

Outcome read_text_amount(const std::string& text, Dimension dimension) {
  Amount amount = parse_amount(dimension, text);
  if (!amount.problem.empty()) return wrong(quote(text) + " " + amount.problem);
  return {{.integer = amount.value}, {}};
}

Outcome read_ratio_number(const Node& node) {
  if (node.type == Node::Type::Integer) {
    return read_text_amount(std::to_string(node.integer), Dimension::Ratio);
  }
  if (!is_finite(node.real)) return wrong("must be finite, " + got(node));
  // Through the shortest decimal, which is what was typed: 0.1 is exactly 10 %.
  return read_text_amount(real_text(node.real), Dimension::Ratio);
}

Outcome read_integer(const Node& node) {
  if (node.type == Node::Type::Integer) return {{.integer = node.integer}, {}};
  if (node.type == Node::Type::String) {
    // TOML integers end at 2^63 - 1: the upper half of an unsigned 64-bit value is a string.
    const Amount amount = parse_amount(Dimension::None, node.text);
    if (amount.problem.empty() && amount.value > INT64_MAX) return {{.integer = amount.value}, {}};
    if (amount.problem.starts_with("is too large")) {
      return wrong(quote(node.text) + " " + amount.problem);
    }
  }
  std::string problem = "expected an integer, " + got(node);
  if (node.type == Node::Type::Real) problem += "; write digits only, such as 1_000_000";
  return wrong(problem);
}

Outcome read_amount(const Node& node, const ScalarType& type) {
  if (type.dimension == Dimension::None) return read_integer(node);
  if (node.type == Node::Type::String) return read_text_amount(node.text, type.dimension);
  const bool number = node.type == Node::Type::Integer || node.type == Node::Type::Real;
  if (number && type.dimension == Dimension::Ratio) return read_ratio_number(node);
  return wrong(fmt::format("expected {} such as \"{}\" (units: {}), {}{}",
                           dimension_name(type.dimension), dimension_example(type.dimension),
                           accepted_units(type.dimension), got(node),
                           number ? ", which has no unit" : ""));
}

Outcome read_choice(const Node& node, const ScalarType& type) {
  const std::vector<std::string_view> names(type.choices.begin(), type.choices.end());
  if (node.type != Node::Type::String) {
    return wrong("expected one of " + joined(names) + "; " + got(node));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == node.text) return {{.integer = static_cast<Int128>(i)}, {}};
  }
  return wrong(quote(node.text) + " is not one of " + joined(names) +
               did_you_mean(node.text, names));
}

Outcome read_real(const Node& node) {
  if (node.type == Node::Type::Integer) {
    if (node.integer > kExactInDouble || node.integer < -kExactInDouble) {
      return wrong("is beyond 2^53, where a floating-point number is no longer exact; " +
                   got(node));
    }
    return {{.real = static_cast<double>(node.integer)}, {}};
  }
  if (node.type != Node::Type::Real) return wrong("expected a number, " + got(node));
  if (!is_finite(node.real)) return wrong("must be finite, " + got(node));
  return {{.real = node.real}, {}};
}

Outcome read_any(const Node& node, const ScalarType& type) {
  switch (type.kind) {
    case ScalarKind::Amount:
      return read_amount(node, type);
    case ScalarKind::Choice:
      return read_choice(node, type);
    case ScalarKind::Real:
      return read_real(node);
    case ScalarKind::Boolean:
      if (node.type != Node::Type::Boolean) return wrong("expected true or false, " + got(node));
      return {{.integer = node.boolean ? 1 : 0}, {}};
    case ScalarKind::Text:
      if (node.type != Node::Type::String) return wrong("expected a string, " + got(node));
      return {{.text = node.text}, {}};
  }
  MEZZ_ASSERT(false && "every kind is listed");
  return {};
}

bool never_negative(Dimension dimension) {
  return dimension == Dimension::Duration || dimension == Dimension::Time ||
         dimension == Dimension::Gas || dimension == Dimension::GasPrice ||
         dimension == Dimension::Wei;
}

bool less(const ScalarType& type, const ScalarValue& a, const ScalarValue& b) {
  return type.kind == ScalarKind::Real ? a.real < b.real : a.integer < b.integer;
}

// Empty when the value is within the range.
std::string range_problem(const ScalarType& type, const ScalarRange& range,
                          const ScalarValue& value) {
  if (type.kind != ScalarKind::Amount && type.kind != ScalarKind::Real) return {};
  if (type.dimension == Dimension::Time && value.integer == Time::never().ns) return {};
  const bool below = range.min.has_value() && less(type, value, *range.min);
  const bool above = range.max.has_value() && less(type, *range.max, value);
  if (!below && !above) return {};
  const std::string got = ", got " + plain_text(type, value);
  if (range.min.has_value() && range.max.has_value()) {
    return "must be between " + plain_text(type, *range.min) + " and " +
           plain_text(type, *range.max) + got;
  }
  return (below ? "must be at least " + plain_text(type, *range.min)
                : "must be at most " + plain_text(type, *range.max)) +
         got;
}

}  // namespace

ScalarRange effective_range(const ScalarType& type, const ScalarRange& range) {
  ScalarRange result = range;
  if (type.kind != ScalarKind::Amount) return result;
  if (!result.min.has_value() && never_negative(type.dimension)) {
    result.min = ScalarValue{.integer = 0};
  }
  if (type.dimension != Dimension::None) return result;
  // A narrow or unsigned integer has limits of its own; those of 64 bits are no news.
  if (!result.min.has_value() && type.lowest > INT64_MIN) {
    result.min = ScalarValue{.integer = type.lowest};
  }
  if (!result.max.has_value() && (type.highest < INT64_MAX || type.lowest < 0)) {
    if (type.highest < INT64_MAX) result.max = ScalarValue{.integer = type.highest};
  }
  return result;
}

ScalarValue read_scalar(const Node& node, const std::string& path, const ScalarType& type,
                        const ScalarRange& range) {
  Outcome outcome = read_any(node, type);
  if (outcome.problem.empty()) {
    outcome.problem = range_problem(type, effective_range(type, range), outcome.value);
  }
  const bool fits = type.kind != ScalarKind::Amount ||
                    (outcome.value.integer >= type.lowest && outcome.value.integer <= type.highest);
  if (outcome.problem.empty() && !fits) {
    outcome.problem = "must be at most " + integer_text(type.highest) + ", got " +
                      plain_text(type, outcome.value);
  }
  if (!outcome.problem.empty()) throw ScenarioError(path, outcome.problem, place(node.origin));
  return outcome.value;
}

std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string plain_text(const ScalarType& type, const ScalarValue& value) {
  switch (type.kind) {
    case ScalarKind::Amount:
      return format_amount(type.dimension, value.integer);
    case ScalarKind::Real:
      return real_text(value.real);
    case ScalarKind::Boolean:
      return value.integer != 0 ? "true" : "false";
    case ScalarKind::Text:
      return value.text;
    case ScalarKind::Choice:
      break;
  }
  const auto index = static_cast<std::size_t>(value.integer);
  MEZZ_ASSERT(index < type.choices.size());
  return std::string(type.choices[index]);
}

std::string toml_text(const ScalarType& type, const ScalarValue& value) {
  const std::string text = plain_text(type, value);
  const bool integer = type.kind == ScalarKind::Amount && type.dimension == Dimension::None;
  if (integer && value.integer <= INT64_MAX) return text;
  if (type.kind == ScalarKind::Real || type.kind == ScalarKind::Boolean) return text;
  return toml_string(text);
}

}  // namespace mezz::config

#include "sim/config/units.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::config {
namespace {

constexpr Int128 kGwei = 1'000'000'000;
constexpr Int128 kSecond = 1'000'000'000;

constexpr std::array<Unit, 7> kDurationUnits{{{"ns", 1},
                                              {"us", 1'000},
                                              {"ms", 1'000'000},
                                              {"s", kSecond},
                                              {"min", 60 * kSecond},
                                              {"h", 3'600 * kSecond},
                                              {"d", 86'400 * kSecond}}};
// Always written in USD: ledgers and tables are read side by side.
constexpr std::array<Unit, 3> kMoneyUnits{{{"USD", Money::kScale},
                                           {"kUSD", Money::kScale * 1'000, false},
                                           {"MUSD", Money::kScale * 1'000'000, false}}};
constexpr std::array<Unit, 3> kRatioUnits{{{"ppm", 1'000}, {"bp", 100'000}, {"%", 10'000'000}}};
constexpr std::array<Unit, 2> kGasPriceUnits{{{"wei", 1}, {"gwei", kGwei}}};
constexpr std::array<Unit, 3> kWeiUnits{{{"wei", 1}, {"gwei", kGwei}, {"ETH", kGwei* kGwei}}};
constexpr std::array<Unit, 2> kGasUnits{{{"gas", 1}, {"Mgas", 1'000'000}}};
constexpr std::array<Unit, 2> kQuantityUnits{{{"lots", 1}, {"lot", 1, false}}};
constexpr std::array<Unit, 2> kPriceUnits{{{"ticks", 1}, {"tick", 1, false}}};

struct Alias {
  std::string_view written;
  std::string_view unit;
};
// Words people write that are too far from the unit for the edit distance.
constexpr std::array<Alias, 24> kAliases{
    {{"mn", "min"},     {"mins", "min"},    {"sec", "s"},     {"second", "s"}, {"seconds", "s"},
     {"minute", "min"}, {"minutes", "min"}, {"m", "min"},     {"hour", "h"},   {"hours", "h"},
     {"hr", "h"},       {"day", "d"},       {"days", "d"},    {"week", "d"},   {"weeks", "d"},
     {"$", "USD"},      {"dollars", "USD"}, {"percent", "%"}, {"pct", "%"},    {"bps", "bp"},
     {"ether", "ETH"},  {"millis", "ms"},   {"micros", "us"}, {"nanos", "ns"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t'; }

// sign * digits * 10^exponent, without leading or trailing zeros in the digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  std::string_view rest;  // what follows the number
  std::string problem;
};

// Reads digits with single underscores between them; false when the text is not such a run.
bool take_digits(std::string_view& text, std::string& digits) {
  bool last_was_digit = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      digits += text[i];
      last_was_digit = true;
    } else if (text[i] == '_' && last_was_digit) {
      last_was_digit = false;
    } else {
      break;
    }
  }
  text.remove_prefix(i);
  return last_was_digit;
}

void take_exponent(std::string_view& text, Decimal& number) {
  // "e" starts an exponent only before digits, so that a unit may start with "e" too.
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return;
  std::string_view tail = text.substr(1);
  const bool negative = !tail.empty() && tail[0] == '-';
  if (!tail.empty() && (tail[0] == '-' || tail[0] == '+')) tail.remove_prefix(1);
  std::string digits;
  if (!take_digits(tail, digits)) return;
  std::int64_t value = 0;
  for (const char c : digits) value = std::min<std::int64_t>(value * 10 + (c - '0'), 1'000'000);
  number.exponent += negative ? -value : value;
  text = tail;
}

Decimal parse_decimal(std::string_view text) {
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (!take_digits(text, number.digits)) {
    number.problem = "does not start with a number";
    return number;
  }
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    const std::size_t whole = number.digits.size();
    if (!take_digits(text, number.digits)) {
      number.problem = "has no digits after the decimal point";
      return number;
    }
    number.exponent = -static_cast<std::int64_t>(number.digits.size() - whole);
  }
  take_exponent(text, number);
  number.rest = text;
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  return number;
}

enum class Fit : std::uint8_t { Exact, TooLarge, TooFine };

// |number| * size, when that is an integer of at most 36 digits. All divisions come out even or the
// answer is TooFine: nothing is rounded.
Fit scaled(const Decimal& number, Int128 size, Int128& value) {
  value = 0;
  if (number.digits.empty()) return Fit::Exact;
  const auto digits = static_cast<std::int64_t>(number.digits.size());
  if (digits + number.exponent > 37) return Fit::TooLarge;
  if (digits > 37) return Fit::TooFine;
  for (const char c : number.digits) value = value * 10 + (c - '0');
  std::int64_t exponent = number.exponent;
  while (exponent < 0 && size % 10 == 0) {
    size /= 10;
    ++exponent;
  }
  // What is left of the size is 2^a * 3^b..., and the digits do not end in zero: five is the only
  // factor the digits can still give, two the only one the size can.
  while (exponent < 0) {
    const bool size_even = size % 2 == 0;
    const bool size_five = size % 5 == 0;
    if (size_even && value % 5 == 0) {
      size /= 2;
      value /= 5;
    } else if (size_five && value % 2 == 0) {
      size /= 5;
      value /= 2;
    } else {
      return Fit::TooFine;
    }
    ++exponent;
  }
  constexpr Int128 kLimit = kWeiMax * 10;
  for (; exponent > 0; --exponent) {
    if (value > kLimit / 10) return Fit::TooLarge;
    value *= 10;
  }
  if (value > kLimit / size) return Fit::TooLarge;
  value *= size;
  return Fit::Exact;
}

std::string with_units(Dimension dimension) {
  return "write a number and a unit (" + accepted_units(dimension) + "), for example \"" +
         std::string(dimension_example(dimension)) + "\"";
}

std::string unknown_unit(Dimension dimension, std::string_view unit) {
  std::vector<std::string_view> names;
  for (const Unit& known : units_of(dimension)) names.push_back(known.name);
  std::string text = "has the unknown unit '" + std::string(unit.substr(0, 30)) +
                     "'; units: " + accepted_units(dimension);
  for (const Alias& alias : kAliases) {
    if (alias.written != unit) continue;
    if (std::find(names.begin(), names.end(), alias.unit) == names.end()) continue;
    return text + "; did you mean '" + std::string(alias.unit) + "'?";
  }
  return text + did_you_mean(unit, names);
}

// The unit's size; 0 with a problem when there is none.
Int128 unit_size(Dimension dimension, std::string_view unit, std::string& problem) {
  if (unit.empty()) {
    if (dimension == Dimension::None) return 1;
    if (dimension == Dimension::Ratio) return Ratio::kScale;
    problem = "has no unit; " + with_units(dimension);
    return 0;
  }
  if (dimension == Dimension::None) {
    problem = "has " + quote(unit) + " after the number; a plain integer is needed";
    return 0;
  }
  for (const Unit& known : units_of(dimension)) {
    if (known.name == unit) return known.size;
  }
  problem = unknown_unit(dimension, unit);
  return 0;
}

std::string step_text(Dimension dimension) {
  if (dimension == Dimension::Ratio) return "0.001 ppm";
  if (dimension == Dimension::Money) return "0.000001 USD";
  return dimension == Dimension::None ? "1" : format_amount(dimension, 1);
}

std::string grouped(const std::string& digits) {
  if (digits.size() < 5) return digits;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += '_';
    out += digits[i];
  }
  return out;
}

// value / size as a decimal, or empty when it does not end within 18 places.
std::string decimal_text(Int128 value, Int128 size) {
  const bool negative = value < 0;
  const Int128 magnitude = negative ? -value : value;
  std::string out = grouped(integer_text(magnitude / size));
  Int128 rest = magnitude % size;
  std::string fraction;
  while (rest != 0) {
    if (fraction.size() == 18) return {};
    rest *= 10;
    fraction += static_cast<char>('0' + static_cast<int>(rest / size));
    rest %= size;
  }
  if (!fraction.empty()) out += "." + fraction;
  return negative ? "-" + out : out;
}

}  // namespace

std::span<const Unit> units_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::None:
      return {};
    case Dimension::Duration:
    case Dimension::Time:
      return kDurationUnits;
    case Dimension::Money:
      return kMoneyUnits;
    case Dimension::Ratio:
      return kRatioUnits;
    case Dimension::GasPrice:
      return kGasPriceUnits;
    case Dimension::Wei:
      return kWeiUnits;
    case Dimension::Gas:
      return kGasUnits;
    case Dimension::Quantity:
      return kQuantityUnits;
    case Dimension::Price:
      return kPriceUnits;
  }
  MEZZ_ASSERT(false && "every dimension is listed");
  return {};
}

std::string accepted_units(Dimension dimension) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units_of(dimension)) names.push_back(unit.name);
  if (dimension == Dimension::Ratio) names.emplace_back("or none");
  return joined(names);
}

std::string_view dimension_name(Dimension dimension) {
  static constexpr std::array<std::string_view, 10> kNames{
      "an integer",  "a duration",      "a time",           "an amount of money", "a ratio",
      "a gas price", "an ether amount", "an amount of gas", "a quantity",         "a price"};
  return kNames[static_cast<std::size_t>(dimension)];
}

std::string_view dimension_example(Dimension dimension) {
  static constexpr std::array<std::string_view, 10> kExamples{
      "5",       "250 ms",   "10 min",  "1_000_000 USD", "20 bp",
      "30 gwei", "0.08 ETH", "60 Mgas", "3 lots",        "1600 ticks"};
  return kExamples[static_cast<std::size_t>(dimension)];
}

Int128 lowest_of(Dimension dimension) {
  return dimension == Dimension::Wei ? -kWeiMax : Int128{INT64_MIN};
}
Int128 highest_of(Dimension dimension) {
  // A plain integer may be unsigned; its own type checks the rest.
  if (dimension == Dimension::None) return UINT64_MAX;
  return dimension == Dimension::Wei ? kWeiMax : Int128{INT64_MAX};
}

Amount parse_amount(Dimension dimension, std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (dimension == Dimension::Time && text == "never") return {Time::never().ns, {}};
  const Decimal number = parse_decimal(text);
  if (!number.problem.empty()) {
    const std::string remedy =
        dimension == Dimension::None ? "write an integer" : with_units(dimension);
    return {0, number.problem + "; " + remedy};
  }
  std::string_view unit = number.rest;
  while (!unit.empty() && is_space(unit.front())) unit.remove_prefix(1);
  Amount amount;
  const Int128 size = unit_size(dimension, unit, amount.problem);
  if (!amount.problem.empty()) return amount;
  const Fit fit = scaled(number, size, amount.value);
  if (number.negative) amount.value = -amount.value;
  if (fit == Fit::TooFine) {
    return {0, "has more digits than " + std::string(dimension_name(dimension)) +
                   " can hold; the smallest step is " + step_text(dimension)};
  }
  if (fit == Fit::TooLarge || amount.value > highest_of(dimension) ||
      amount.value < lowest_of(dimension)) {
    return {0, "is too large; " + std::string(dimension_name(dimension)) + " ends at " +
                   format_amount(dimension, highest_of(dimension))};
  }
  if (dimension == Dimension::Time && amount.value < 0) {
    return {0, "cannot be negative: a time counts from the start of the run; \"never\" is allowed"};
  }
  return amount;
}

std::string format_amount(Dimension dimension, Int128 value) {
  if (dimension == Dimension::None) return integer_text(value);
  if (dimension == Dimension::Time && value == Time::never().ns) return "never";
  const std::span<const Unit> units = units_of(dimension);
  MEZZ_ASSERT(!units.empty());
  if (value == 0 && (dimension == Dimension::Duration || dimension == Dimension::Time)) {
    return "0 s";
  }
  std::string best;
  for (std::size_t i = units.size(); i-- > 0;) {
    const Unit& unit = units[i];
    if (!unit.written) continue;
    const Int128 whole = value / unit.size;
    const bool round_number = value % unit.size == 0 && whole < 1'000'000 && whole > -1'000'000;
    const std::string number = decimal_text(value, unit.size);
    if (number.empty()) continue;
    const std::string text = number + " " + std::string(unit.name);
    if (round_number) return text;
    if (best.empty() || text.size() < best.size()) best = text;
  }
  MEZZ_ASSERT(!best.empty());  // the smallest unit always ends
  return best;
}

std::string integer_text(Int128 value) {
  if (value == 0) return "0";
  std::string digits;
  const bool negative = value < 0;
  // Digit by digit on the signed value: the most negative number has no positive counterpart.
  for (; value != 0; value /= 10) {
    const int digit = static_cast<int>(value % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

void reject_text(std::string_view text, const std::string& problem) {
  throw ScenarioError("", quote(text) + " " + problem);
}

}  // namespace mezz::config

#include "scenarios/vectors/fields.h"

#include <algorithm>
#include <charconv>

#include "sim/config/nearest.h"

namespace mezz::vectors {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

namespace {

// What follows the e of "-2.5e-05".
std::int32_t exponent_of(std::string_view digits, std::string_view text) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0 || value > 99) {
    throw InputError{"not a number: '" + std::string(text) + "'"};
  }
  return negative ? -value : value;
}

}  // namespace

Decimal decimal(std::string_view text) {
  std::string_view digits = trim(text);
  std::int32_t exponent = 0;
  if (const std::size_t e = digits.find_first_of("eE"); e != std::string_view::npos) {
    exponent = exponent_of(digits.substr(e + 1), text);
    digits = digits.substr(0, e);
  }
  const bool negative = digits.starts_with('-');
  Decimal number;
  bool point = false;
  bool any = false;
  for (std::size_t i = negative || digits.starts_with('+') ? 1 : 0; i < digits.size(); ++i) {
    const char c = digits[i];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    const bool overflow = c < '0' || c > '9' ||
                          __builtin_mul_overflow(number.value, Int128{10}, &number.value) ||
                          __builtin_add_overflow(number.value, Int128{c - '0'}, &number.value);
    if (overflow) throw InputError{"not a number of 128 bit: '" + std::string(text) + "'"};
    any = true;
    if (point) ++number.decimals;
  }
  if (!any) throw InputError{"not a number: '" + std::string(text) + "'"};
  if (negative) number.value = -number.value;
  number.decimals -= exponent;
  if (number.decimals < 0) number = {number.at(0), 0};
  return number;
}

bool same_number(std::string_view a, std::string_view b) {
  try {
    const Decimal x = decimal(a);
    const Decimal y = decimal(b);
    const std::int32_t places = std::max(x.decimals, y.decimals);
    return x.at(places) == y.at(places);
  } catch (const InputError&) {
    return false;
  }
}

Int128 Decimal::at(std::int32_t places) const {
  Int128 scaled = value;
  for (std::int32_t i = decimals; i < places; ++i) {
    if (__builtin_mul_overflow(scaled, Int128{10}, &scaled)) throw InputError{"number too large"};
  }
  for (std::int32_t i = places; i < decimals; ++i) {
    if (scaled % 10 != 0) throw InputError{"too many decimals"};
    scaled /= 10;
  }
  return scaled;
}

Int128 whole(std::string_view text) { return decimal(text).at(0); }

std::optional<Ratio128> fraction(std::string_view text) {
  try {
    const std::size_t slash = text.find('/');
    Int128 n = whole(text.substr(0, slash));
    Int128 d = slash == std::string_view::npos ? Int128{1} : whole(text.substr(slash + 1));
    if (d == 0) return {};
    if (d < 0) {
      n = -n;
      d = -d;
    }
    Int128 a = n < 0 ? -n : n;
    Int128 b = d;
    while (b != 0) {
      const Int128 rest = a % b;
      a = b;
      b = rest;
    }
    return Ratio128{n / a, d / a};
  } catch (const InputError&) {
    return {};
  }
}

std::string text_of(Int128 value) {
  if (value == 0) return "0";
  std::string digits;
  for (Int128 rest = value; rest != 0; rest /= 10) {
    const auto digit = static_cast<int>(rest % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (value < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

const std::string& Inputs::text(const char* name) const {
  const auto found = row_.inputs.find(name);
  if (found != row_.inputs.end()) return found->second;
  std::vector<std::string_view> given;
  for (const auto& [key, value] : row_.inputs) given.push_back(key);
  throw InputError{
      std::string("no input ") + name + config::did_you_mean(name, given) +
      (given.empty() ? "; the row has none" : "; the row has " + config::joined(given))};
}

std::int64_t Inputs::integer(const char* name) const {
  const Int128 value = big(name);
  if (value > INT64_MAX || value < INT64_MIN) throw InputError{std::string(name) + " is too large"};
  return static_cast<std::int64_t>(value);
}

}  // namespace mezz::vectors

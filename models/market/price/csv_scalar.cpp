#include "models/market/price/csv_scalar.h"

#include <string>

#include "sim/types/rounding.h"

namespace mezz::csv {

namespace {

constexpr std::int64_t kDayNs = 86'400LL * 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads exactly `count` digits at the front.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return {};
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::int64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  std::int64_t days = day - 1;
  for (std::int64_t y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (std::int64_t m = 1; m < month; ++m) days += days_in_month(year, m);
  return days;
}

std::optional<std::int64_t> parse_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || *year < 1970 || *year > 2200 || !take(text, '-')) return {};
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, '-')) return {};
  const auto day = take_digits(text, 2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) return {};
  return days_since_1970(*year, *month, *day);
}

std::optional<std::int64_t> parse_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return {};
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return {};
  std::int64_t second = 0;
  std::int64_t fraction = 0;
  if (take(text, ':')) {
    const auto whole = take_digits(text, 2);
    if (!whole || *whole > 59) return {};
    second = *whole;
    if (take(text, '.')) {
      std::int64_t unit = 100'000'000;
      while (!text.empty() && is_digit(text.front())) {
        fraction += (text.front() - '0') * unit;
        unit /= 10;
        text.remove_prefix(1);
      }
    }
  }
  return ((*hour * 60 + *minute) * 60 + second) * 1'000'000'000 + fraction;
}

std::optional<std::int64_t> parse_iso8601(std::string_view text) {
  const auto days = parse_date(text);
  if (!days) return {};
  std::int64_t of_day = 0;
  if (take(text, 'T') || take(text, ' ')) {
    const auto clock = parse_clock(text);
    if (!clock) return {};
    of_day = *clock;
    if (!take(text, 'Z') && text.starts_with("+00:00")) text.remove_prefix(6);
  }
  if (!text.empty()) return {};
  return *days * kDayNs + of_day;
}

// Digits of a decimal number without its point, and how many of them stood after it.
struct Digits {
  Int128 value = 0;
  std::int64_t decimals = 0;
  bool inexact = false;  // a non-zero digit beyond the 36th was dropped
};

bool take_decimal(std::string_view& text, Digits& out) {
  bool any = false;
  bool after_point = false;
  const Int128 limit = Int128{1'000'000'000'000'000'000} * 1'000'000'000'000'000'000;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !after_point) {
      after_point = true;
    } else if (is_digit(c)) {
      any = true;
      if (out.value >= limit / 10) {
        if (!after_point) return false;
        out.inexact = out.inexact || c != '0';
        continue;
      }
      out.value = out.value * 10 + (c - '0');
      out.decimals += after_point ? 1 : 0;
    } else {
      break;
    }
  }
  return any;
}

std::optional<std::int64_t> take_exponent(std::string_view& text) {
  if (!take(text, 'e') && !take(text, 'E')) return 0;
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  if (text.empty() || text.size() > 3) return {};
  const auto value = take_digits(text, text.size());
  if (!value) return {};
  return negative ? -*value : *value;
}

Int128 power_of_ten(std::int64_t exponent) {
  Int128 power = 1;
  for (std::int64_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

TimeFormat guess_time_format(std::string_view field) {
  if (field.find('-', 1) != std::string_view::npos) return TimeFormat::Iso8601;
  const std::size_t whole = std::min(field.find('.'), field.size());
  if (whole <= 11) return TimeFormat::UnixSeconds;
  return whole <= 14 ? TimeFormat::UnixMillis : TimeFormat::UnixMicros;
}

std::optional<std::int64_t> parse_time(std::string_view field, TimeFormat format) {
  std::optional<std::int64_t> ns;
  switch (format) {
    case TimeFormat::Auto:
      return parse_time(field, guess_time_format(field));
    case TimeFormat::Iso8601:
      return parse_iso8601(field);
    case TimeFormat::UnixSeconds:
      ns = parse_scaled(field, 9);
      break;
    case TimeFormat::UnixMillis:
      ns = parse_scaled(field, 6);
      break;
    case TimeFormat::UnixMicros:
      ns = parse_scaled(field, 3);
      break;
  }
  if (ns && *ns < 0) return {};
  return ns;
}

std::optional<Money> parse_money(std::string_view field) {
  const std::optional<std::int64_t> micros = parse_scaled(field, 6);
  if (!micros) return {};
  return Money{*micros};
}

std::optional<std::int64_t> parse_scaled(std::string_view field, int digits) {
  const bool negative = take(field, '-');
  if (!negative) take(field, '+');
  Digits number;
  if (!take_decimal(field, number)) return {};
  const std::optional<std::int64_t> exponent = take_exponent(field);
  if (!exponent || !field.empty()) return {};
  const std::int64_t shift = *exponent - number.decimals + digits;
  if (number.value == 0) return 0;
  Int128 scaled = 0;
  if (shift >= 0) {
    if (shift > 18 || number.value > INT64_MAX) return {};
    scaled = number.value * power_of_ten(shift);
  } else if (shift >= -37) {
    // A dropped digit breaks a tie upwards: double the number and add one unit below.
    const Int128 twice = number.value * 2 + (number.inexact ? 1 : 0);
    scaled = divide(twice, power_of_ten(-shift) * 2, Round::HalfEven);
  }
  if (scaled > INT64_MAX) return {};
  const auto value = static_cast<std::int64_t>(scaled);
  return negative ? -value : value;
}

}  // namespace mezz::csv

namespace mezz {

std::string to_iso8601(std::int64_t unix_ns) {
  std::int64_t days = unix_ns / csv::kDayNs;
  const std::int64_t seconds = unix_ns % csv::kDayNs / 1'000'000'000;
  std::int64_t year = 1970;
  while (days >= (csv::is_leap(year) ? 366 : 365)) days -= csv::is_leap(year++) ? 366 : 365;
  std::int64_t month = 1;
  while (days >= csv::days_in_month(year, month)) days -= csv::days_in_month(year, month++);
  const auto two = [](std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  return std::to_string(year) + "-" + two(month) + "-" + two(days + 1) + "T" +
         two(seconds / 3'600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60) + "Z";
}

}  // namespace mezz

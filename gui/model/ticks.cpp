#include "gui/model/ticks.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mezz::gui {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// Smallest of 1, 2, 5 times a power of ten that gives no more than `most` steps.
double nice_step(double length, int most) {
  const double raw = length / std::max(1, most);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

std::int64_t time_step(std::int64_t length, int most) {
  constexpr std::array<std::int64_t, 17> kSteps = {
      kSecond, 2 * kSecond, 5 * kSecond, 10 * kSecond, 15 * kSecond, 30 * kSecond,
      kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute,
      kHour,   2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour};
  const std::int64_t raw = std::max<std::int64_t>(1, length / std::max(1, most) + 1);
  if (raw <= kSecond) {
    const double step = nice_step(static_cast<double>(length), most);
    return std::max<std::int64_t>(1, std::llround(step));
  }
  for (const std::int64_t step : kSteps) {
    if (step >= raw) return step;
  }
  const double days = static_cast<double>(length) / static_cast<double>(kDay);
  return kDay * std::max<std::int64_t>(1, std::llround(nice_step(days, most)));
}

int decimals_of(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
}

}  // namespace

std::vector<Tick> log_duration_ticks(double low, double high) {
  constexpr std::array<double, 12> kMarks = {
      1e-3, 0.01, 0.1, 1.0, 10.0, 60.0, 600, 3600, 6 * 3600, 86'400, 7 * 86'400.0, 30 * 86'400.0};
  std::vector<Tick> ticks;
  for (const double mark : kMarks) {
    if (mark >= low && mark <= high)
      ticks.push_back({mark, duration_text(duration_from_seconds(mark))});
  }
  return ticks;
}

std::string short_number(double value) {
  if (std::isnan(value)) return "n/a";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  constexpr std::array<std::string_view, 5> kLetters = {"", " k", " M", " G", " T"};
  double scaled = value;
  std::size_t letter = 0;
  while (std::fabs(scaled) >= 999.95 && letter + 1 < kLetters.size()) {
    scaled /= 1'000.0;
    ++letter;
  }
  return fmt::format("{:.4g}{}", scaled, kLetters[letter]);
}

std::string long_number(double value, int decimals) {
  if (!std::isfinite(value)) return short_number(value);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = dot; at > first + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::vector<Tick> number_ticks(double low, double high, int most) {
  if (!std::isfinite(low) || !std::isfinite(high) || !(high > low)) return {};
  const double step = nice_step(high - low, most);
  if (!(step > 0.0) || !std::isfinite(step)) return {};
  std::vector<Tick> ticks;
  const double largest = std::max(std::fabs(low), std::fabs(high));
  // Short labels would repeat themselves where the range is small against the numbers.
  const bool crowded = step < largest * 5e-4;
  const double first = std::ceil(low / step - 1e-9);
  for (int i = 0; i <= 2 * most; ++i) {
    double at = (first + i) * step;
    if (at > high + step * 1e-9) break;
    if (std::fabs(at) < step * 1e-6) at = 0.0;
    ticks.push_back({at, crowded ? long_number(at, decimals_of(step)) : short_number(at)});
  }
  return ticks;
}

std::vector<Tick> log_ticks(double low, double high, int most) {
  if (!(low > 0.0) || !std::isfinite(high) || !(high > low)) return {};
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  const int every = std::max(1, (last - first) / std::max(1, most) + 1);
  const bool between = (last - first) * 3 <= most;
  std::vector<Tick> ticks;
  for (int power = first; power <= last; ++power) {
    if (power % every != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1.0 && !between) continue;
      const double at = factor * std::pow(10.0, power);
      if (at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9))
        ticks.push_back({at, short_number(at)});
    }
  }
  return ticks;
}

std::vector<TimeTick> time_ticks(TimeRange range, int most) {
  const std::int64_t length = range.length().ns;
  if (length <= 0) return {};
  const std::int64_t step = time_step(length, most);
  const std::int64_t rest = range.begin.ns % step;
  std::int64_t at = range.begin.ns - rest + (rest > 0 ? step : 0);
  std::vector<TimeTick> ticks;
  for (; at <= range.end.ns; at += step) ticks.push_back({Time{at}, clock_text({at}, {step})});
  return ticks;
}

std::string duration_text(Duration d) {
  if (d.ns < 0) return "-" + duration_text(-d);
  if (d.ns < 1'000) return fmt::format("{} ns", d.ns);
  if (d.ns < 1'000'000) return fmt::format("{:.4g} µs", static_cast<double>(d.ns) * 1e-3);
  if (d.ns < kSecond) return fmt::format("{:.4g} ms", static_cast<double>(d.ns) * 1e-6);
  if (d.ns < kMinute) return fmt::format("{:.4g} s", d.seconds());
  const std::int64_t tenths = (d.ns + kSecond / 20) / (kSecond / 10);
  if (tenths < 36'000) {
    const double seconds = static_cast<double>(tenths % 600) / 10.0;
    if (tenths % 600 == 0) return fmt::format("{} min", tenths / 600);
    return fmt::format("{} min {:.3g} s", tenths / 600, seconds);
  }
  const bool days = d.ns >= kDay;
  const std::int64_t whole = days ? kDay : kHour;
  const std::int64_t part = days ? d.ns % kDay / kHour : d.ns % kHour / kMinute;
  const char* const unit = days ? "d" : "h";
  if (part == 0) return fmt::format("{} {}", d.ns / whole, unit);
  return fmt::format("{} {} {} {}", d.ns / whole, unit, part, days ? "h" : "min");
}

std::string clock_text(Time t, Duration resolution) {
  const std::int64_t ns = t.ns < 0 ? -t.ns : t.ns;
  std::string text = t.ns < 0 ? "-" : "";
  if (ns >= kDay) text += fmt::format("{} d ", ns / kDay);
  text += fmt::format("{:02}:{:02}", ns % kDay / kHour, ns % kHour / kMinute);
  if (resolution.ns % kMinute == 0 && ns % kMinute == 0) return text;
  text += fmt::format(":{:02}", ns % kMinute / kSecond);
  if (resolution.ns % kSecond == 0 && ns % kSecond == 0) return text;
  int digits = 9;
  std::int64_t unit = std::max<std::int64_t>(1, resolution.ns);
  for (; digits > 1 && unit >= 10; unit /= 10) --digits;
  return text + fmt::format(".{:09}", ns % kSecond).substr(0, static_cast<std::size_t>(digits) + 1);
}

}  // namespace mezz::gui

#include "analysis/chart/scale.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "analysis/headline.h"

namespace mezz::chart {
namespace {

constexpr double kSecondsOf[] = {1.0, 60.0, 3'600.0, 86'400.0};

// Round steps above a second; below one, time is decimal.
constexpr std::array kTimeSteps{
    1.0,   2.0,     5.0,     10.0,    15.0,     30.0,     60.0,     120.0,    300.0,     600.0,
    900.0, 1'800.0, 3'600.0, 7'200.0, 10'800.0, 21'600.0, 43'200.0, 86'400.0, 172'800.0, 604'800.0};

double decimal_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

double linear_step(double width, std::string_view unit, int wanted) {
  const double rough = width / wanted;
  if (unit != "s" || rough < 1.0) return decimal_step(rough);
  for (const double step : kTimeSteps) {
    if (step >= rough) return step;
  }
  return decimal_step(rough / kSecondsOf[3]) * kSecondsOf[3];
}

std::vector<double> linear_values(const Span& span, std::string_view unit, int wanted) {
  const double step = linear_step(span.high - span.low, unit, wanted);
  std::vector<double> values;
  // Multiples of the step, not sums: no rounding adds up.
  for (double i = std::ceil(span.low / step - 1e-9); i * step <= span.high + step * 1e-9; ++i) {
    values.push_back(i * step);
    if (values.size() > 100) break;
  }
  return values;
}

// Round values of a logarithmic axis, densest first choice last.
std::vector<double> log_candidates(const Span& span, std::string_view unit, int fineness) {
  std::vector<double> values;
  const auto keep = [&](double value) {
    if (value >= span.low * (1 - 1e-9) && value <= span.high * (1 + 1e-9)) values.push_back(value);
  };
  if (unit == "s") {
    static constexpr std::array kCoarse{1.0, 60.0, 3'600.0, 86'400.0, 864'000.0, 8'640'000.0};
    static constexpr std::array kMedium{10.0, 600.0, 21'600.0, 604'800.0, 4.32e7};
    static constexpr std::array kFine{2.0,      5.0,       20.0,     30.0,    120.0,
                                      300.0,    1'200.0,   1'800.0,  7'200.0, 10'800.0,
                                      43'200.0, 172'800.0, 345'600.0};
    for (int power = -9; power < 0; ++power) {
      if (fineness > 0 || power % 3 == 0) keep(std::pow(10.0, power));
      if (fineness > 1) keep(2 * std::pow(10.0, power));
      if (fineness > 1) keep(5 * std::pow(10.0, power));
    }
    for (const double v : kCoarse) keep(v);
    if (fineness > 0) {
      for (const double v : kMedium) keep(v);
    }
    if (fineness > 1) {
      for (const double v : kFine) keep(v);
    }
    std::sort(values.begin(), values.end());
    return values;
  }
  const int first = static_cast<int>(std::floor(std::log10(span.low)));
  const int last = static_cast<int>(std::ceil(std::log10(span.high)));
  const int every = fineness > 0 ? 1 : std::max(1, (last - first) / 6 + 1);
  for (int power = first; power <= last; ++power) {
    if ((power - first) % every != 0) continue;
    keep(std::pow(10.0, power));
    if (fineness < 2) continue;
    keep(2 * std::pow(10.0, power));
    keep(5 * std::pow(10.0, power));
  }
  return values;
}

std::vector<double> log_values(const Span& span, std::string_view unit, int wanted) {
  std::vector<double> values;
  for (int fineness = 2; fineness >= 0; --fineness) {
    values = log_candidates(span, unit, fineness);
    if (values.size() <= static_cast<std::size_t>(wanted) + 2) break;
  }
  // Less than half a decade: the round values of a linear axis.
  if (values.size() < 2) return linear_values(span, unit, wanted);
  return values;
}

}  // namespace

double Scale::at(double value) const {
  const auto place = [&](double v) { return kind == ScaleKind::Log ? std::log10(v) : v; };
  const double clipped = std::clamp(value, values.low, values.high);
  const double share =
      (place(clipped) - place(values.low)) / (place(values.high) - place(values.low));
  return pixels.low + share * (pixels.high - pixels.low);
}

Span span_of(const std::vector<double>& values, ScaleKind kind) {
  const bool log = kind == ScaleKind::Log;
  bool any = false;
  Span span;
  for (const double value : values) {
    if (!std::isfinite(value) || (log && value <= 0.0)) continue;
    span = any ? Span{std::min(span.low, value), std::max(span.high, value)} : Span{value, value};
    any = true;
  }
  if (!any) return log ? Span{1.0, 10.0} : Span{0.0, 1.0};
  if (log) {
    const double room = span.low == span.high ? 2.0 : std::pow(span.high / span.low, 0.03);
    return {span.low / room, span.high * room};
  }
  if (span.low == span.high) {
    if (span.low == 0.0) return {0.0, 1.0};
    return {std::min(0.0, span.low * 1.25), std::max(0.0, span.high * 1.25)};
  }
  const double room = 0.04 * (span.high - span.low);
  const double width = span.high - span.low;
  // Zero belongs to the picture when it costs less than the data's own width.
  if (span.low >= 0.0 && span.low <= width) return {0.0, span.high + room};
  if (span.high <= 0.0 && -span.high <= width) return {span.low - room, 0.0};
  return {span.low - room, span.high + room};
}

namespace {

bool all_differ(const std::vector<Tick>& ticks) {
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    if (ticks[i].label == ticks[i - 1].label) return false;
  }
  return true;
}

// Steps too fine for short labels (2.915 min, 2.92 min): plain numbers with as many digits as it
// takes, a time in seconds.
void write_out(std::vector<Tick>& ticks, std::string_view unit) {
  for (int digits = 4; digits <= 15; ++digits) {
    for (Tick& tick : ticks) {
      tick.label = fmt::format("{:.{}g}", tick.value, digits) + (unit == "s" ? " s" : "");
    }
    if (all_differ(ticks)) return;
  }
}

}  // namespace

std::vector<Tick> ticks(const Span& span, ScaleKind kind, std::string_view unit, int wanted) {
  const std::vector<double> values =
      kind == ScaleKind::Log ? log_values(span, unit, wanted) : linear_values(span, unit, wanted);
  std::vector<Tick> out;
  for (const double value : values) out.push_back({value, short_label(value, unit)});
  if (!all_differ(out)) write_out(out, unit);
  return out;
}

std::string short_label(double value, std::string_view unit) {
  if (!std::isfinite(value)) return analysis::human(value, unit);
  if (unit == "s") return analysis::human(value, unit);
  struct Suffix {
    double size;
    const char* text;
  };
  constexpr std::array<Suffix, 4> kSuffixes{{{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
  const double size = std::fabs(value);
  if (size >= 1e15) return fmt::format("{:.3g}", value);
  for (const Suffix& suffix : kSuffixes) {
    // 999,999 would print as "1000 k".
    if (size >= suffix.size * 0.9995)
      return fmt::format("{:.4g}{}", value / suffix.size, suffix.text);
  }
  return fmt::format("{:.3g}", value + 0.0);
}

}  // namespace mezz::chart

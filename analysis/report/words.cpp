#include "analysis/report/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart/scale.h"
#include "analysis/headline.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

using analysis::human;

std::string counted(std::size_t number, std::string_view singular) {
  return fmt::format("{} {}{}", number, singular, number == 1 ? "" : "s");
}

std::string shown_of(std::size_t shown, std::size_t all) {
  if (shown == all) return {};
  return fmt::format(" The first {} of {} groups are shown.", shown, all);
}

std::size_t drawn(const ReportData& data) { return std::min(data.groups.size(), kGroupsDrawn); }

std::string tables_read(const ReportData& data) {
  std::size_t read = 0;
  std::size_t runs = 0;
  for (std::size_t g = 0; g < drawn(data); ++g) {
    read += data.groups[g].tables_read;
    runs += data.groups[g].runs.size();
  }
  if (read == runs) return {};
  return fmt::format(" Tables of {} of {} runs were read.", read, runs);
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:,@%";
  const bool plain = !word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos;
  if (plain) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

std::string compact(double value, std::string_view unit) {
  std::string text = chart::short_label(value, unit);
  if (!std::isfinite(value) || unit == "s" || unit == "1" || unit.empty()) return text;
  return text + " " + std::string(unit);
}

MeanText mean_text(const std::vector<double>& values, std::size_t runs, std::string_view unit) {
  MeanText out;
  if (values.size() < runs && !values.empty()) {
    out.missing = fmt::format("{} of {} runs", values.size(), runs);
  }
  const statistics::Estimate estimate = statistics::t_interval(values, kLevel);
  const bool varies = estimate.interval.low != estimate.interval.high;
  if (values.size() < 2 || !varies) {
    out.mean = human(estimate.value, unit);
    return out;
  }
  out.mean = compact(estimate.value, unit);
  out.interval = fmt::format("[{}, {}]", chart::short_label(estimate.interval.low, unit),
                             chart::short_label(estimate.interval.high, unit));
  return out;
}

std::string one_line(const MeanText& text) {
  std::string out = text.mean;
  if (!text.interval.empty()) out += " " + text.interval;
  if (!text.missing.empty()) out += " (" + text.missing + ")";
  return out;
}

}  // namespace mezz::report

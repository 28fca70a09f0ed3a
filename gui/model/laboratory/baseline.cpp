#include "gui/model/laboratory/baseline.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "gui/model/laboratory/message_text.h"

namespace mezz::lab {

namespace {

struct Telling {
  std::string_view name;
  std::string_view words;
};

// What a reader asks first, in this order.
constexpr Telling kTelling[] = {
    {"bad_debt.usd", "bad debt is"},
    {"withdrawal.delay.p50", "a withdrawal takes"},
    {"finality.settled.p50", "settlement takes"},
    {"liquidations.count", "the liquidations number"},
    {"withdrawal.stolen", "stolen withdrawals are"},
    {"insurance_fund.end", "the insurance fund ends at"},
    {"forced.delay.p50", "a forced transaction takes"},
    {"disputes.duration.p50", "a dispute takes"},
    {"finality.published.p99", "publication takes at worst (p99)"},
    {"liquidations.delay.p50", "a liquidation takes"},
    {"withdrawal.paid", "withdrawals paid number"},
    {"adl.notional", "deleveraged positions are"},
    {"l1.gas_cost", "layer-one gas costs"},
};

std::size_t rank(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kTelling); ++i) {
    if (kTelling[i].name == name) return i;
  }
  return std::size(kTelling);
}

const Metric* find(const std::vector<Metric>& metrics, std::string_view name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

std::string percent(const MetricChange& change) {
  const double share = change.share();
  if (!std::isfinite(share)) return "";
  return fmt::format(" ({}{:.0f} %)", share < 0 ? "−" : "+", std::abs(share) * 100);
}

std::string words_of(const MetricChange& change) {
  const std::size_t at = rank(change.name);
  return at == std::size(kTelling) ? change.name + " is" : std::string(kTelling[at].words);
}

}  // namespace

bool MetricChange::moved() const {
  if (std::isnan(base) && std::isnan(changed)) return false;
  return base != changed;
}

double MetricChange::share() const {
  if (!std::isfinite(base) || base == 0) return std::numeric_limits<double>::infinity();
  return (changed - base) / std::abs(base);
}

std::vector<MetricChange> changes(const std::vector<Metric>& base,
                                  const std::vector<Metric>& changed) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<MetricChange> out;
  for (const Metric& metric : base) {
    const Metric* other = find(changed, metric.name);
    out.push_back(
        {metric.name, metric.unit, metric.value, other == nullptr ? kNone : other->value});
  }
  for (const Metric& metric : changed) {
    if (find(base, metric.name) == nullptr) {
      out.push_back({metric.name, metric.unit, kNone, metric.value});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const MetricChange& a, const MetricChange& b) {
    if (a.moved() != b.moved()) return a.moved();
    return rank(a.name) < rank(b.name);
  });
  return out;
}

std::string value_text(double value, const std::string& unit) {
  if (std::isnan(value)) return "no value";
  if (unit == "s" && value >= 60) {
    return time_text(Time{static_cast<std::int64_t>(std::llround(value)) * 1'000'000'000});
  }
  return number_text(value) + (unit == "1" ? "" : " " + unit);
}

std::string summary(const std::vector<std::string>& what,
                    const std::vector<MetricChange>& changes) {
  std::string out = what.empty() ? "Without a change" : "With ";
  for (std::size_t i = 0; i < what.size(); ++i) out += (i > 0 ? " and " : "") + what[i];
  std::size_t told = 0;
  for (const MetricChange& change : changes) {
    if (!change.moved() || told == 3) break;
    if (told > 0 && rank(change.name) == std::size(kTelling)) break;
    out += fmt::format("{} {} {} instead of {}{}", told == 0 ? "," : ";", words_of(change),
                       value_text(change.changed, change.unit),
                       value_text(change.base, change.unit), percent(change));
    ++told;
  }
  if (told == 0) return out + ", no number of the run differs.";
  for (const MetricChange& change : changes) {
    if (change.name != "bad_debt.usd" || change.moved()) continue;
    out += "; bad debt stays " + value_text(change.base, change.unit);
  }
  return out + ".";
}

}  // namespace mezz::lab

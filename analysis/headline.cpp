#include "analysis/headline.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <span>

#include "analysis/text_table.h"

namespace mezz::analysis {
namespace {

// Three significant digits without trailing zeros: 6.90 -> "6.9", 1234 -> "1234".
std::string three_digits(double value) {
  const double size = std::fabs(value);
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string duration(double seconds) {
  struct Step {
    const char* name;
    double size;
    double limit;  // from here on the next unit reads better, rounding included
  };
  constexpr std::array<Step, 7> kSteps{{{"ns", 1e-9, 999.5},
                                        {"us", 1e-6, 999.5},
                                        {"ms", 1e-3, 999.5},
                                        {"s", 1.0, 59.95},
                                        {"min", 60.0, 59.95},
                                        {"h", 3'600.0, 23.95},
                                        {"d", 86'400.0, 0.0}}};
  if (seconds == 0.0) return "0 s";
  for (const Step& step : kSteps) {
    const double amount = seconds / step.size;
    if (step.limit == 0.0 || std::fabs(amount) < step.limit) {
      return three_digits(amount) + " " + step.name;
    }
  }
  return {};
}

// "1234567.5" -> "1,234,567.5"
std::string with_separators(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string money(double usd) {
  // A residual of a millionth must not look like zero.
  const bool tiny = usd != 0.0 && std::fabs(usd) < 0.01;
  return with_separators(fmt::format("{:.{}f}", usd, tiny ? 6 : 2)) + " USD";
}

std::string number(double value) {
  constexpr double kExact = 9e15;  // below 2^53
  const bool whole = value == std::trunc(value) || std::fabs(value) >= 1'000.0;
  if (std::fabs(value) < kExact && whole) {
    return with_separators(fmt::format("{:.0f}", value + 0.0));
  }
  return fmt::format("{:.4g}", value);
}

std::string bytes(double value) {
  constexpr std::array kNames{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t step = 0;
  while (std::fabs(value) >= 999.5 && step + 1 < kNames.size()) {
    value /= 1'024.0;
    ++step;
  }
  return three_digits(value) + " " + kNames[step];
}

class Lookup {
 public:
  explicit Lookup(const std::vector<Metric>& metrics) : metrics_(metrics) {}
  [[nodiscard]] const Metric* find(std::string_view name) const {
    for (const Metric& metric : metrics_) {
      if (metric.name == name) return &metric;
    }
    return nullptr;
  }
  // Empty when absent.
  [[nodiscard]] std::string text(std::string_view name) const {
    const Metric* metric = find(name);
    return metric == nullptr ? std::string() : human(metric->value, metric->unit);
  }
  [[nodiscard]] bool is_loss(std::string_view name) const {
    const Metric* metric = find(name);
    return metric != nullptr && metric->value != 0.0;
  }

 private:
  const std::vector<Metric>& metrics_;
};

void add_finality(const Lookup& of, std::vector<TextRow>& rows) {
  constexpr std::array kRungs{"preconfirmed", "published", "order_final", "asserted", "settled"};
  constexpr std::array kColumns{"p50", "p99", "p999", "never"};
  std::vector<TextRow> rungs;
  for (const char* rung : kRungs) {
    TextRow row{.cells = {fmt::format("  {}", rung)}};
    bool known = false;
    for (const char* column : kColumns) {
      const std::string text = of.text(fmt::format("finality.{}.{}", rung, column));
      known = known || !text.empty();
      row.cells.push_back(text.empty() ? "-" : text);
    }
    if (known) rungs.push_back(std::move(row));
  }
  if (rungs.empty()) return;
  rows.push_back({{"finality", "p50", "p99", "p99.9", "never"}, Style::Heading});
  rows.insert(rows.end(), rungs.begin(), rungs.end());
}

void add_delay(const Lookup& of, const char* title, const std::string& prefix,
               std::vector<TextRow>& rows) {
  const std::string p50 = of.text(prefix + ".p50");
  const std::string p99 = of.text(prefix + ".p99");
  if (p50.empty() && p99.empty()) return;
  rows.push_back({{title, p50.empty() ? "-" : p50, p99.empty() ? "-" : p99}});
}

struct Line {
  const char* title;
  const char* metric;
  bool alarm = false;
};
constexpr std::array kMarketLines{
    Line{"orders", "orders"},
    Line{"trades", "trades"},
    Line{"funding paid", "funding.paid"},
    Line{"liquidations", "liquidations.count"},
    Line{"  notional", "liquidations.notional"},
    Line{"insurance fund, start", "insurance_fund.start"},
    Line{"  lowest", "insurance_fund.min"},
    Line{"  end", "insurance_fund.end"},
    Line{"deleveraged notional", "adl.notional"},
    Line{"bad debt", "bad_debt.usd", true},
    Line{"  accounts", "bad_debt.accounts", true},
    Line{"  share of open interest", "bad_debt.share_of_oi", true},
};
constexpr std::array kRunLines{
    Line{"layer one gas", "l1.gas_cost"},
    Line{"layer one blobs", "l1.blob_cost"},
    Line{"cost of a transaction", "transaction.cost.mean"},
    Line{"events", "events"},
    Line{"  per second", "events_per_second"},
    Line{"peak memory", "memory.peak"},
    Line{"ledger residual", "ledger.residual", true},
};

void add_lines(const Lookup& of, std::span<const Line> lines, std::vector<TextRow>& rows) {
  for (const Line& line : lines) {
    const std::string text = of.text(line.metric);
    if (text.empty()) continue;
    const bool alarm = line.alarm && of.is_loss(line.metric);
    rows.push_back({{line.title, text}, alarm ? Style::Alarm : Style::Plain});
  }
}

// "pools.NAME.equity": one line a pool.
void add_pools(const std::vector<Metric>& metrics, std::vector<TextRow>& rows) {
  constexpr std::string_view kBegin = "pools.";
  constexpr std::string_view kEnd = ".equity";
  for (const Metric& metric : metrics) {
    std::string_view name = metric.name;
    if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) continue;
    if (name.size() <= kBegin.size() + kEnd.size()) continue;
    name = name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size());
    rows.push_back({{"equity of pool " + printable(name), human(metric.value, metric.unit)},
                    metric.value < 0.0 ? Style::Alarm : Style::Plain});
  }
}

}  // namespace

std::string human(double value, std::string_view unit) {
  if (std::isnan(value)) return "n/a";
  if (std::isinf(value)) return value < 0 ? "-infinite" : "infinite";
  if (unit == "s") return duration(value);
  if (unit == "USD") return money(value);
  if (unit == "1" || unit.empty()) return number(value);
  if (unit == "1/s")
    return (std::fabs(value) < 100 ? number(value) : number(std::round(value))) + " /s";
  if (unit == "B" || unit == "bytes") return bytes(value);
  return number(value) + " " + printable(unit);
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return clean;
}

std::string headline(const std::vector<Metric>& metrics, bool colour) {
  const Lookup of(metrics);
  std::vector<TextRow> ladder;
  add_finality(of, ladder);
  std::vector<TextRow> delays;
  add_delay(of, "withdrawal", "withdrawal.delay", delays);
  add_delay(of, "liquidation", "liquidations.delay", delays);
  if (!delays.empty()) delays.insert(delays.begin(), {{"delay", "p50", "p99"}, Style::Heading});
  std::vector<TextRow> rows;
  add_lines(of, kMarketLines, rows);
  add_pools(metrics, rows);
  add_lines(of, kRunLines, rows);
  std::string text;
  for (const std::vector<TextRow>* part : {&ladder, &delays, &rows}) {
    if (part->empty()) continue;
    if (!text.empty()) text += '\n';
    text += aligned(*part, colour);
  }
  return text;
}

}  // namespace mezz::analysis

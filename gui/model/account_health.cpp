#include "gui/model/account_health.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "gui/model/kept_rows.h"

namespace mezz::gui {

namespace {

constexpr const char* kTable = "tables/account_health";
constexpr int kBeyond = std::numeric_limits<int>::max();
constexpr int kShares[] = {100, 110, 150};  // percent

struct BinColumns {
  int to = 0;  // percent; kBeyond: no upper end
  const ColumnData* accounts = nullptr;
  const ColumnData* notional = nullptr;
};

std::optional<int> end_of(std::string_view name) {
  constexpr std::string_view kTo = "accounts_to_";
  if (name == "accounts_beyond") return kBeyond;
  if (!name.starts_with(kTo)) return std::nullopt;
  int value = 0;
  const auto [end, error] =
      std::from_chars(name.data() + kTo.size(), name.data() + name.size(), value);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return value;
}

std::vector<BinColumns> bins_of(const TableData& table) {
  std::vector<BinColumns> bins;
  for (const ColumnData& column : table.columns) {
    const std::optional<int> end = end_of(column.info.name);
    if (!end || whole_column(table, column.info.name) == nullptr) continue;
    const std::string notional = "notional" + column.info.name.substr(std::size("accounts") - 1);
    bins.push_back({*end, &column, whole_column(table, notional)});
  }
  std::sort(bins.begin(), bins.end(),
            [](const BinColumns& a, const BinColumns& b) { return a.to < b.to; });
  return bins;
}

std::string label_of(const std::vector<BinColumns>& bins, std::size_t i) {
  const auto from = [&] { return std::to_string(bins[i - 1].to); };
  if (bins[i].to == kBeyond) return i == 0 ? "all" : "> " + from() + " %";
  if (i == 0) return "<= " + std::to_string(bins[i].to) + " %";
  return from() + " to " + std::to_string(bins[i].to) + " %";
}

std::shared_ptr<const Series> share_below(const std::shared_ptr<const RunData>& rows,
                                          const std::vector<BinColumns>& bins, int percent) {
  auto series = std::make_shared<Series>();
  series->name = "accounts at or below " + std::to_string(percent) + " %";
  series->unit = "%";
  series->owner = rows;
  series->times = rows->tables[0].times();
  for (std::size_t row = 0; row < rows->tables[0].rows; ++row) {
    double all = 0.0;
    double below = 0.0;
    for (const BinColumns& bin : bins) {
      all += bin.accounts->number(row);
      if (bin.to <= percent) below += bin.accounts->number(row);
    }
    series->values.push_back(all > 0.0 ? 100.0 * below / all
                                       : std::numeric_limits<double>::quiet_NaN());
  }
  series->pyramid = MinMaxPyramid(series->values);
  return series;
}

}  // namespace

std::string why_no_health(const RunData& run) {
  const TableData* table = run.table(kTable);
  if (table == nullptr)
    return "The health of the accounts was not recorded. Run the scenario with\n"
           "--set market.health_every=1min\nto have its distribution every minute";
  const auto times = table->times();
  if (times.empty() || bins_of(*table).empty() || !std::is_sorted(times.begin(), times.end()))
    return "tables/account_health of this result has no rows: no block was sealed after the first "
           "market.health_every";
  return {};
}

Health health_of(const RunData& run) {
  Health health;
  if (!why_no_health(run).empty()) return health;
  const TableData& table = *run.table(kTable);
  health.rows = only_rows(table, kept_rows(run, table));
  const std::vector<BinColumns> bins = bins_of(health.rows->tables[0]);
  for (const int percent : kShares) {
    if (std::any_of(bins.begin(), bins.end(), [&](const auto& bin) { return bin.to == percent; }))
      health.shares.push_back({percent, share_below(health.rows, bins, percent)});
  }
  return health;
}

std::optional<HealthSample> health_at(const Health& health, Time t) {
  if (health.rows == nullptr) return std::nullopt;
  const TableData& table = health.rows->tables[0];
  const auto times = table.times();
  const auto after = std::upper_bound(times.begin(), times.end(), t.ns);
  if (after == times.begin()) return std::nullopt;
  const auto row = static_cast<std::size_t>(after - times.begin()) - 1;
  HealthSample sample{.at = Time{times[row]}};
  const std::vector<BinColumns> bins = bins_of(table);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const std::int64_t accounts = bins[i].accounts->stored[row];
    sample.accounts += accounts;
    sample.bins.push_back({.label = label_of(bins, i),
                           .accounts = accounts,
                           .usd = bins[i].notional ? bins[i].notional->number(row) : 0.0,
                           .liquidatable = bins[i].to <= 100});
  }
  return sample;
}

}  // namespace mezz::gui

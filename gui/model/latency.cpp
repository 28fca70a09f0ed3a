#include "gui/model/latency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "gui/model/kept_rows.h"

namespace mezz::gui {

namespace {

constexpr double kLeast = 1e-6;  // a microsecond: shorter is zero on a logarithmic axis

Latency withdrawals_of(const RunData& run) {
  Latency latency{.name = "withdrawal", .from_to = "from layer-two block to payment"};
  const TableData* table = run.table("tables/withdrawals");
  if (table == nullptr) return latency;
  const ColumnData* number = whole_column(*table, "withdrawal");
  const ColumnData* initiated = whole_column(*table, "initiated");
  const ColumnData* paid = whole_column(*table, "paid");
  const ColumnData* stage = table->column("stage");
  if (number == nullptr || initiated == nullptr || paid == nullptr) return latency;
  // A row for every stage: the last one of a withdrawal says how it ended.
  std::map<std::int64_t, std::size_t> last;
  for (std::size_t row = 0; row < table->rows; ++row) last[number->stored[row]] = row;
  for (const auto& [id, row] : last) {
    if (stage != nullptr && stage->text(row) == "void") continue;
    if (paid->stored[row] < 0)
      ++latency.never;
    else
      latency.sorted.push_back(Duration{paid->stored[row] - initiated->stored[row]}.seconds());
  }
  std::sort(latency.sorted.begin(), latency.sorted.end());
  return latency;
}

Latency liquidations_of(const RunData& run) {
  Latency latency{.name = "liquidation", .from_to = "from liquidatable to closed"};
  const TableData* table = run.table("tables/liquidations");
  if (table == nullptr) return latency;
  const ColumnData* since = whole_column(*table, "liquidatable_since");
  const ColumnData* account = whole_column(*table, "account");
  const ColumnData* block = whole_column(*table, "block");
  const ColumnData* quantity = whole_column(*table, "quantity");
  const auto times = table->times();
  if (since == nullptr || account == nullptr || block == nullptr || quantity == nullptr ||
      times.empty())
    return latency;
  const std::vector<bool> kept = kept_rows(run, *table);
  std::pair<std::int64_t, std::int64_t> before{-1, -1};
  for (std::size_t row = 0; row < table->rows; ++row) {
    if (!kept[row] || quantity->stored[row] == 0) continue;
    const std::pair now(block->stored[row], account->stored[row]);
    if (now == std::exchange(before, now)) continue;
    latency.sorted.push_back(Duration{times[row] - since->stored[row]}.seconds());
  }
  std::sort(latency.sorted.begin(), latency.sorted.end());
  return latency;
}

// Edges of steps of 1, 2 or 5 times a power of ten.
std::vector<double> linear_edges(double low, double high, int most) {
  double step = std::pow(10.0, std::floor(std::log10(std::max(high - low, 1e-9) / most)));
  const std::array<double, 3> grow = {2.0, 2.5, 2.0};
  const auto bins = [&] { return std::floor(high / step) - std::floor(low / step) + 1.0; };
  for (std::size_t i = 0; bins() > most; ++i) step *= grow[i % grow.size()];
  std::vector<double> edges;
  const double first = std::floor(low / step);
  for (int i = 0; i <= static_cast<int>(bins()); ++i) edges.push_back((first + i) * step);
  return edges;
}

std::vector<double> log_edges(double low, double high, int most) {
  const double first = std::floor(std::log10(low));
  const double decades = std::floor(std::log10(high)) + 1.0 - first;
  int parts = 1;
  for (const int more : {2, 5, 10, 20}) {
    if (decades * more <= most) parts = more;
  }
  std::vector<double> edges;
  for (int i = 0; i <= static_cast<int>(decades) * parts; ++i)
    edges.push_back(std::pow(10.0, first + static_cast<double>(i) / parts));
  return edges;
}

}  // namespace

double Latency::never_share() const {
  const auto all = static_cast<double>(sorted.size() + never);
  return all > 0.0 ? static_cast<double>(never) / all : 0.0;
}

std::vector<Latency> latencies_of(const RunData& run, const std::vector<RungStatistics>& rungs) {
  std::vector<Latency> all;
  for (const RungStatistics& rung : rungs)
    all.push_back({rung.rung, "from submission to " + rung.rung, rung.sorted, rung.never});
  for (Latency& one : std::array{withdrawals_of(run), liquidations_of(run)}) {
    if (!one.sorted.empty() || one.never > 0) all.push_back(std::move(one));
  }
  return all;
}

std::vector<HistogramBin> histogram(const std::vector<double>& sorted, AxisScale scale, int most) {
  if (sorted.empty()) return {};
  std::vector<double> edges;
  if (scale == AxisScale::Linear) {
    edges = linear_edges(sorted.front(), sorted.back(), most);
  } else {
    const auto positive = std::lower_bound(sorted.begin(), sorted.end(), kLeast);
    if (positive != sorted.end()) edges = log_edges(*positive, sorted.back(), most - 1);
    if (positive != sorted.begin()) {
      // Zero begins a bin of its own, which ends where the others begin.
      if (edges.empty()) edges.push_back(kLeast);
      edges.insert(edges.begin(), 0.0);
    }
  }
  std::vector<HistogramBin> bins;
  auto from = sorted.begin();
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const bool last = i + 2 == edges.size();  // rounding must not lose the largest
    const auto to = last ? sorted.end() : std::lower_bound(from, sorted.end(), edges[i + 1]);
    bins.push_back({edges[i], edges[i + 1], static_cast<std::size_t>(to - from)});
    from = to;
  }
  return bins;
}

}  // namespace mezz::gui

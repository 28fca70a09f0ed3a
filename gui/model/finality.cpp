#include "gui/model/finality.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mezz::gui {

namespace {
constexpr std::array<std::string_view, 5> kRungs = {"preconfirmed", "published", "order_final",
                                                    "asserted", "settled"};
}  // namespace

double quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = std::ceil(q * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(1.0, rank)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

std::vector<RungStatistics> rungs_of(const RunData& run) {
  std::vector<RungStatistics> rungs;
  const TableData* tx = run.table("tx");
  const ColumnData* submitted = tx == nullptr ? nullptr : tx->column("submitted");
  if (submitted == nullptr) return rungs;
  for (const std::string_view name : kRungs) {
    const ColumnData* column = tx->column(name);
    if (column == nullptr) continue;
    RungStatistics rung{.rung = std::string(name)};
    for (std::size_t row = 0; row < tx->rows; ++row) {
      if (column->stored[row] < 0) {
        ++rung.never;
        continue;
      }
      const Duration d{column->stored[row] - submitted->stored[row]};
      rung.sorted.push_back(d.seconds());
    }
    std::sort(rung.sorted.begin(), rung.sorted.end());
    rung.reached = rung.sorted.size();
    rung.p50 = quantile(rung.sorted, 0.5);
    rung.p99 = quantile(rung.sorted, 0.99);
    rung.p999 = quantile(rung.sorted, 0.999);
    rungs.push_back(std::move(rung));
  }
  return rungs;
}

Chain chain_of_row(const TableData& tx, std::size_t row) {
  Chain chain;
  const auto text = [&](const char* name) {
    const ColumnData* column = tx.column(name);
    return column == nullptr ? std::string("?") : column->text(row);
  };
  chain.title = fmt::format("transaction {}: {}, {}, account {}, block {}", text("transaction"),
                            text("kind"), text("status"), text("account"), text("block"));
  const ColumnData* submitted = tx.column("submitted");
  if (submitted == nullptr) return chain;
  const Time start{submitted->stored[row]};
  Time before = start;
  chain.legs.push_back({"submitted", start, {}, {}});
  for (const std::string_view name : kRungs) {
    const ColumnData* column = tx.column(name);
    if (column == nullptr) continue;
    ChainLeg leg{.rung = std::string(name), .at = {column->stored[row]}};
    if (leg.at.happened()) {
      leg.since_submitted = leg.at - start;
      leg.leg = leg.at - before;
      before = leg.at;
    }
    chain.legs.push_back(leg);
  }
  return chain;
}

std::optional<Chain> chain_of(const RunData& run, std::uint64_t transaction) {
  const TableData* tx = run.table("tx");
  if (tx == nullptr) return std::nullopt;
  const ColumnData* number = tx->column("transaction");
  if (number == nullptr) {
    if (transaction >= tx->rows) return std::nullopt;
    return chain_of_row(*tx, static_cast<std::size_t>(transaction));
  }
  const auto wanted = static_cast<std::int64_t>(transaction);
  const auto found = std::find(number->stored.begin(), number->stored.end(), wanted);
  if (found == number->stored.end()) return std::nullopt;
  return chain_of_row(*tx, static_cast<std::size_t>(found - number->stored.begin()));
}

}  // namespace mezz::gui

#include "gui/model/event_log.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace mezz::gui {

namespace {

// The rows of a table in the order of time, one at a time. Transactions are numbered, not sorted.
struct Head {
  const TableData* table = nullptr;
  std::vector<std::uint32_t> order = {};  // empty: the table is sorted
  std::size_t at = 0;

  [[nodiscard]] bool ended() const { return at == table->rows; }
  [[nodiscard]] std::uint32_t row() const {
    return order.empty() ? static_cast<std::uint32_t>(at) : order[at];
  }
  [[nodiscard]] std::int64_t time() const { return table->times()[row()]; }
};

std::vector<std::uint32_t> order_of(std::span<const std::int64_t> times) {
  if (std::is_sorted(times.begin(), times.end())) return {};
  std::vector<std::uint32_t> order(times.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return times[a] < times[b]; });
  return order;
}

}  // namespace

EventLog::EventLog(std::shared_ptr<const RunData> run) : run_(std::move(run)) {
  std::size_t all = 0;
  std::vector<Head> heads;
  for (const TableData& table : run_->tables) {
    const bool event = table.path.starts_with("tables/") || table.path == "tx";
    const bool fits = all + table.rows <= UINT32_MAX && tables_.size() < UINT8_MAX;
    if (!event || !fits || table.rows == 0 || table.times().size() != table.rows) continue;
    tables_.push_back(&table);
    heads.push_back({&table, order_of(table.times())});
    all += table.rows;
  }
  table_of_.reserve(all);
  rows_.reserve(all);
  // A merge of a dozen sorted lists, in stretches that end where another table's head comes first.
  while (rows_.size() < all) {
    std::size_t next = heads.size();
    std::size_t second = heads.size();
    for (std::size_t k = 0; k < heads.size(); ++k) {
      if (heads[k].ended()) continue;
      if (next == heads.size() || heads[k].time() < heads[next].time()) {
        second = next;
        next = k;
      } else if (second == heads.size() || heads[k].time() < heads[second].time()) {
        second = k;
      }
    }
    const bool alone = second == heads.size();
    const std::int64_t bound = alone ? INT64_MAX : heads[second].time();
    Head& head = heads[next];
    do {
      table_of_.push_back(static_cast<std::uint8_t>(next));
      rows_.push_back(head.row());
      ++head.at;
    } while (!head.ended() && (head.time() < bound || (head.time() == bound && next < second)));
  }
}

std::string EventLog::text(std::size_t event) const {
  const TableData& events = table(event);
  std::string text;
  for (const ColumnData& column : events.columns) {
    if (column.info.name == "time" || column.info.name == "account") continue;
    if (!text.empty()) text += "   ";
    text += column.info.name + " " + column.text(rows_[event]);
  }
  return text;
}

std::string EventLog::account(std::size_t event) const {
  for (const std::string_view name : {"account", "taker"}) {
    if (const ColumnData* column = table(event).column(name)) return column->text(rows_[event]);
  }
  return {};
}

std::optional<std::vector<std::uint32_t>> EventLog::matching(const EventFilter& filter,
                                                             const PassOptions& options) const {
  constexpr std::size_t kStretch =
      1U << 16;  // rows between two looks at the stop, which fit the cache
  const std::size_t steps = 2 * (rows_.size() / kStretch + 1) + tables_.size();
  std::size_t step = 0;
  const auto go_on = [&] {
    if (options.progress && step % 8 == 0)
      options.progress(static_cast<double>(step) / static_cast<double>(steps));
    ++step;
    return !options.stop.stop_requested();
  };
  std::vector<std::vector<std::uint8_t>> masks;
  for (const TableData* table : tables_) {
    std::vector<std::uint8_t>& mask = masks.emplace_back();
    mask.reserve(table->rows);
    for (std::size_t first = 0; first < table->rows; first += kStretch) {
      if (!go_on()) return std::nullopt;
      const auto part = filter.mask(*table, first, std::min(kStretch, table->rows - first));
      mask.insert(mask.end(), part.begin(), part.end());
    }
  }
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i % kStretch == 0 && !go_on()) return std::nullopt;
    if (masks[table_of_[i]][rows_[i]] != 0) found.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

}  // namespace mezz::gui

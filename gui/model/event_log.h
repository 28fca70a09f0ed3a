// All events of a run in the order of time: an index of (table, row) over the tables, so that ten
// million rows cost 5 bytes each and a filter is a pass over columns, not over objects.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gui/model/event_filter.h"
#include "gui/model/run_data.h"

namespace mezz::gui {

// For a pass that takes its time.
struct PassOptions {
  std::stop_token stop = {};
  std::function<void(double share)> progress = {};  // now and then, rising
};

class EventLog {
 public:
  EventLog() = default;
  // Tables under tables/ and tx. Events of one moment stand in the order of their tables.
  explicit EventLog(std::shared_ptr<const RunData> run);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const TableData& table(std::size_t event) const {
    return *tables_[table_of_[event]];
  }
  [[nodiscard]] std::size_t row(std::size_t event) const { return rows_[event]; }
  [[nodiscard]] Time time(std::size_t event) const { return {table(event).times()[rows_[event]]}; }
  // "account 42, quantity 7 lot, ...": all columns but the time.
  [[nodiscard]] std::string text(std::size_t event) const;
  [[nodiscard]] std::string account(std::size_t event) const;
  // The events that match, in order; nothing when it was stopped.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> matching(
      const EventFilter& filter, const PassOptions& options = {}) const;
  [[nodiscard]] const std::shared_ptr<const RunData>& run() const { return run_; }

 private:
  std::shared_ptr<const RunData> run_;
  std::vector<const TableData*> tables_;
  std::vector<std::uint8_t> table_of_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace mezz::gui

// Several quantities on one clock: /series/<clock>/{time, mid, mark, ...}. A Row as in
// event_table.h, one row per tick of the clock (every block, every second).
//   SampledSeries<MarketRow> per_block_;
//   per_block_.declare(recording, "l2_block", "The market at every block");
//   per_block_.append({ctx.now(), mid, mark, open_interest});
// A quantity with a rhythm of its own is a Probe with the recorder "vector" instead.
#pragma once

#include <string>
#include <string_view>

#include "sim/record/event_table.h"

namespace mezz {

template <class Row>
class SampledSeries {
 public:
  void declare(Recording& recording, std::string_view clock, std::string_view doc) {
    rows_.declare_at(recording, "series/" + std::string(clock), doc);
  }
  void append(const Row& row) { rows_.append(row); }
  [[nodiscard]] bool enabled() const { return rows_.enabled(); }

 private:
  EventTable<Row> rows_;
};

}  // namespace mezz

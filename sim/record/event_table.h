// A table of events of one kind (trades, liquidations, claims): a Row describes its fields once,
//   struct LiquidationRow {
//     Time time;  AccountId account;  Money notional;  LiquidationKind kind;
//     void visit(auto& v) { v("time", time); v("account", account, {.doc = "Who"}); ... }
//   };
//   EventTable<LiquidationRow> liquidations_;
//   liquidations_.declare(recording, "liquidations", "Forced closures");   // while building
//   liquidations_.append({ctx.now(), account, notional, kind});
// The first field is the dimension of the others; a field called `time` must not run backwards.
// append() copies into column buffers and nothing else: no lock, no allocation, no file. Off = one
// branch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "sim/check/assert.h"
#include "sim/config/visit.h"
#include "sim/record/recording.h"

namespace mezz {

namespace detail {

struct DescribeColumns {
  TableSpec& table;
  template <Recordable T>
  void operator()(std::string_view name, T&, const SpecOf<T>& spec = {}) {
    table.columns.push_back(column_spec<T>(name, spec.doc));
  }
};

struct StoreRow {
  std::byte* const* columns;
  std::size_t row;
  std::size_t column = 0;
  template <Recordable T>
  void operator()(std::string_view, T& field, const SpecOf<T>& = {}) {
    const auto raw = ColumnOf<T>::raw(field);
    std::memcpy(columns[column++] + row * sizeof raw, &raw, sizeof raw);
  }
};

}  // namespace detail

template <class Row>
class EventTable {
 public:
  // The table appears as /tables/<name>.
  void declare(Recording& recording, std::string_view name, std::string_view doc) {
    declare_at(recording, "tables/" + std::string(name), doc);
  }
  // The table appears at this path ("tx").
  void declare_at(Recording& recording, std::string path, std::string_view doc) {
    TableSpec spec{.path = std::move(path), .columns = {}, .description = std::string(doc)};
    detail::DescribeColumns describe{spec};
    Row{}.visit(describe);
    buffer_ = recording.declare(std::move(spec));
  }

  void append(const Row& row) {
    if (buffer_ == nullptr) return;
    MEZZ_ASSERT(buffer_->ready());
    if constexpr (requires { row.time.ns; }) {
      MEZZ_ASSERT(row.time.ns >= last_time_);
      last_time_ = row.time.ns;
    }
    detail::StoreRow store{.columns = buffer_->columns(), .row = buffer_->row()};
    Row copy = row;  // visit() is not const: the same description also reads parameters
    copy.visit(store);
    buffer_->row_done();
  }

  [[nodiscard]] bool enabled() const { return buffer_ != nullptr; }
  [[nodiscard]] std::uint64_t rows() const { return enabled() ? buffer_->rows_total() : 0; }

 private:
  TableBuffer* buffer_ = nullptr;
  std::int64_t last_time_ = INT64_MIN;
};

}  // namespace mezz

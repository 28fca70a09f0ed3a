// A run of a few rows, made by hand, for tests of the viewer's model.
#pragma once

#include <memory>
#include <utility>

#include "gui/model/run_data.h"

namespace mezz::gui {

constexpr std::int64_t kSecond = 1'000'000'000;

inline ColumnData whole(const char* name, std::vector<std::int64_t> values, const char* units = "1",
                        double scale = 0.0) {
  ColumnData column;
  column.info.name = name;
  column.info.units = units;
  column.info.scale_factor = scale;
  column.stored = std::move(values);
  return column;
}

inline ColumnData time_column(const char* name, std::vector<std::int64_t> seconds) {
  for (std::int64_t& s : seconds) {
    if (s >= 0) s *= kSecond;
  }
  return whole(name, std::move(seconds), "nanoseconds since 2026-01-01 00:00:00");
}

inline ColumnData category(const char* name, std::vector<std::int64_t> values,
                           std::vector<std::string> meanings) {
  ColumnData column = whole(name, std::move(values), "");
  column.info.type = analysis::StoredType::U8;
  for (std::size_t i = 0; i < meanings.size(); ++i)
    column.info.flag_values.push_back(static_cast<std::int64_t>(i));
  column.info.flag_meanings = std::move(meanings);
  return column;
}

// Three trades at 1, 2 and 3 s, three liquidations at 2, 2 and 4 s, and four transactions.
inline std::shared_ptr<const RunData> small_run() {
  auto run = std::make_shared<RunData>();
  run->tables.push_back({"tables/liquidations",
                         "liquidations",
                         3,
                         {time_column("time", {2, 2, 4}), whole("account", {42, 7, 42}),
                          whole("fund_paid", {0, 1'500'000, 2'000'000}, "USD", 1e-6),
                          whole("fee", {1'000'000, 0, 0}, "USD", 1e-6),
                          whole("notional", {5'000'000, 6'000'000, 7'000'000}, "USD", 1e-6),
                          whole("bad_debt", {0, 0, 3'000'000}, "USD", 1e-6),
                          category("step", {0, 1, 2}, {"book", "deleverage", "bad_debt"})}});
  run->tables.push_back({"tables/trades",
                         "trades",
                         3,
                         {time_column("time", {1, 2, 3}), whole("maker", {42, 1, 2}),
                          whole("taker", {3, 4, 42}), whole("price", {100, 101, 102}, "tick")}});
  run->tables.push_back(
      {"tx",
       "tx",
       4,
       {time_column("submitted", {3, 0, 1, 2}), time_column("preconfirmed", {5, 1, 2, 6}),
        time_column("published", {-1, 11, 21, 32}), time_column("settled", {-1, -1, -1, -1}),
        whole("transaction", {13, 10, 11, 12})}});
  run->range = {Time{0}, Time{4 * kSecond}};
  return run;
}

}  // namespace mezz::gui

// Recorded price series from comma-separated files, read while building. The header line names the
// columns; rows are `time, open, high, low, close` (bars, stamped with their OPEN time) or
// `time, price`; further columns are ignored. Any step; the step of the series is the commonest
// distance between rows, longer distances are gaps and are counted, never filled.
//   time    2021-05-12T00:00:00Z, 2021-05-12 00:00:00, 2021-05-12 (all UTC), or Unix seconds (with
//           decimals), milliseconds or microseconds, told apart by size unless configured
//   price   decimal, also 1.5e-4; kept in micro-dollars, half to even beyond six decimals
// Errors are ScenarioError with file:line: unknown column, bad number or date, time that does not
// increase, price <= 0, high below low, file too large. Left out: time zones, local decimal commas.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"
#include "sim/types/time.h"

namespace mezz {

enum class TimeFormat : std::uint8_t { Auto, Iso8601, UnixSeconds, UnixMillis, UnixMicros };
template <>
struct EnumNames<TimeFormat> {
  static constexpr std::string_view names[] = {"auto", "iso8601", "unix_s", "unix_ms", "unix_us"};
};

struct CsvColumns {
  std::string time = {};
  std::string open = "open";
  std::string high = "high";
  std::string low = "low";
  std::string close = "close";
  std::string price = {};
  void visit(auto& v) {
    v("time", time,
      {.doc = "Header of the time column; empty: the first of time, time_utc, timestamp, date, "
              "open_time, snapshot_utc that is there"});
    v("open", open, {.doc = "Header of the opening price"});
    v("high", high, {.doc = "Header of the highest price"});
    v("low", low, {.doc = "Header of the lowest price"});
    v("close", close, {.doc = "Header of the closing price"});
    v("price", price,
      {.doc = "Header of the only price; empty: bars, or else a column `price` or `close`"});
  }
};

struct Bar {
  Time time;  // since the first row
  Money open;
  Money high;
  Money low;
  Money close;
};

struct GapReport {
  std::int64_t count = 0;
  Duration longest;          // distance between the two rows around it
  std::string longest_from;  // the row before it, as ISO 8601
  std::int64_t missing = 0;  // rows that would fill all gaps
};

struct PriceSeries {
  std::vector<Bar> bars;  // of a `time, price` file all four are the price
  bool ohlc = false;
  Duration step;                   // the commonest distance; 0 with a single row
  std::int64_t first_unix_ns = 0;  // time of the first row since 1970
  GapReport gaps;

  [[nodiscard]] Duration span() const { return bars.back().time - bars.front().time; }
};

struct CsvOptions {
  CsvColumns columns = {};
  TimeFormat time_format = TimeFormat::Auto;
};

inline constexpr std::int64_t kCsvBytesMax = 512LL << 20;
inline constexpr std::int64_t kCsvRowsMax = 10'000'000;
inline constexpr std::size_t kCsvLineMax = 8'192;

// `path` names the scenario parameter in errors, e.g. "market.price".
PriceSeries read_price_csv(const std::string& file, const CsvOptions& options,
                           const std::string& path);
// The same from text; `file` is only a name.
PriceSeries parse_price_csv(std::string_view text, const std::string& file,
                            const CsvOptions& options, const std::string& path);

std::string to_iso8601(std::int64_t unix_ns);  // to the second

}  // namespace mezz

#include "gui/model/book_depth.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "gui/model/candles.h"
#include "gui/model/kept_rows.h"

namespace mezz::gui {

namespace {

constexpr const char* kTable = "tables/book_depth";

// "bid_25bp" -> 25.
std::optional<int> distance_of(std::string_view column, std::string_view side) {
  if (!column.starts_with(side) || !column.ends_with("bp")) return std::nullopt;
  const std::string_view digits = column.substr(side.size(), column.size() - side.size() - 2);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

double units_per_lot(const RunSummary& run, std::uint16_t instrument) {
  const std::string path = instrument == 0
                               ? std::string("market.contract")
                               : "market.listing[" + std::to_string(instrument - 1) + "]";
  return std::pow(10.0, -std::strtod(run.parameter(path + ".lot_decimals").c_str(), nullptr));
}

std::shared_ptr<const Series> series_of_column(const std::shared_ptr<const RunData>& rows,
                                               const ColumnData& column, double factor) {
  auto series = std::make_shared<Series>();
  series->name = column.info.name;
  series->owner = rows;
  series->times = rows->tables[0].times();
  for (std::size_t row = 0; row < rows->tables[0].rows; ++row)
    series->values.push_back(column.number(row) * factor);
  series->pyramid = MinMaxPyramid(series->values);
  return series;
}

}  // namespace

std::string why_no_depth(const RunData& run) {
  const TableData* table = run.table(kTable);
  if (table == nullptr)
    return "The depth of the books was not recorded. Run the scenario with\n"
           "--set market.depth_every=10s\nto have a sample of it every 10 s";
  if (depth_instruments(run).empty())
    return "tables/book_depth of this result has no rows: no block was sealed after the first "
           "market.depth_every";
  return {};
}

std::vector<std::uint16_t> depth_instruments(const RunData& run) {
  const TableData* table = run.table(kTable);
  if (table == nullptr) return {};
  const ColumnData* instrument = whole_column(*table, "instrument");
  const auto times = table->times();
  if (instrument == nullptr || !std::is_sorted(times.begin(), times.end())) return {};
  std::set<std::uint16_t> numbers;
  for (const std::int64_t number : instrument->stored) {
    if (number >= 0 && number < UINT16_MAX) numbers.insert(static_cast<std::uint16_t>(number));
  }
  return {numbers.begin(), numbers.end()};
}

Depth depth_of(const RunData& run, std::uint16_t instrument) {
  Depth depth{.instrument = instrument_name(run.summary, instrument),
              .unit = instrument == 0 ? run.summary.parameter("market.contract.underlying")
                                      : std::string("units")};
  if (!why_no_depth(run).empty()) return depth;
  const TableData& table = *run.table(kTable);
  std::vector<bool> keep = kept_rows(run, table);
  const ColumnData& numbers = *whole_column(table, "instrument");
  for (std::size_t row = 0; row < table.rows; ++row)
    keep[row] = keep[row] && numbers.stored[row] == instrument;
  const std::shared_ptr<const RunData> rows = only_rows(table, keep);
  const double factor = units_per_lot(run.summary, instrument);
  for (const ColumnData& column : rows->tables[0].columns) {
    const std::optional<int> distance = distance_of(column.info.name, "ask_");
    if (!distance) continue;
    const ColumnData* bids = rows->tables[0].column("bid_" + std::to_string(*distance) + "bp");
    if (bids == nullptr) continue;
    depth.bands.push_back({.basis_points = *distance,
                           .asks = series_of_column(rows, column, factor),
                           .bids = series_of_column(rows, *bids, -factor)});
  }
  std::sort(depth.bands.begin(), depth.bands.end(),
            [](const DepthBand& a, const DepthBand& b) { return a.basis_points < b.basis_points; });
  return depth;
}

std::vector<DepthAt> depth_at(const Depth& depth, Time t) {
  std::vector<DepthAt> at;
  for (const DepthBand& band : depth.bands) {
    const double asks = band.asks->at(t.ns);
    if (std::isnan(asks)) return {};
    at.push_back({band.basis_points, std::fabs(band.bids->at(t.ns)), asks});
  }
  return at;
}

}  // namespace mezz::gui

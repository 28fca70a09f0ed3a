#include "gui/model/candles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "gui/model/kept_rows.h"

namespace mezz::gui {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct PriceUnit {
  double of_tick = 1.0;
  std::string name = "tick";
};

std::string contract_path(std::uint16_t instrument) {
  if (instrument == 0) return "market.contract";
  return "market.listing[" + std::to_string(instrument - 1) + "]";
}

// A tick as the scenario wrote it: "0.5 USD".
PriceUnit price_unit(const RunSummary& run, std::uint16_t instrument) {
  const std::string text = run.parameter(contract_path(instrument) + ".tick");
  char* rest = nullptr;
  const double value = std::strtod(text.c_str(), &rest);
  const std::string_view unit = rest == nullptr ? std::string_view() : rest;
  if (unit.size() < 2 || unit[0] != ' ' || !(value > 0.0)) return {};
  return {value, std::string(unit.substr(1))};
}

bool in_order(const TableData* table) {
  return table != nullptr && table->rows > 0 && !table->times().empty() &&
         std::is_sorted(table->times().begin(), table->times().end());
}

// The rows of one instrument that count.
std::vector<std::size_t> rows_of(const RunData& run, const TableData& table,
                                 std::uint16_t instrument) {
  const ColumnData* instruments = whole_column(table, "instrument");
  const std::vector<bool> kept = kept_rows(run, table);
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const std::int64_t number = instruments == nullptr ? 0 : instruments->stored[row];
    if (kept[row] && number == instrument) rows.push_back(row);
  }
  return rows;
}

double number(const ColumnData* column, std::size_t row) {
  return column == nullptr ? 0.0 : column->number(row);
}

void add_forced(const TableData& table, std::size_t row, double tick, Tape& tape) {
  const ColumnData* step = table.column("step");
  const double price = number(table.column("price"), row);
  const double lots = std::abs(number(table.column("quantity"), row));
  ForcedClosure closure{.at = Time{table.times()[row]},
                        .kind = step != nullptr && step->text(row) == "deleverage"
                                    ? Forced::Deleveraged
                                    : Forced::Closed,
                        .price = price > 0.0 ? price * tick : kNaN,
                        .lots = lots,
                        .usd = number(table.column("notional"), row)};
  if (lots > 0.0) tape.forced.push_back(closure);
  const double debt =
      number(table.column("bad_debt"), row) + number(table.column("socialised"), row);
  if (!(debt > 0.0)) return;
  closure.kind = Forced::BadDebt;
  closure.lots = 0.0;
  closure.usd = debt;
  tape.forced.push_back(closure);
}

void add_marks(const RunData& run, std::uint16_t instrument, double tick, Tape& tape) {
  const TableData* table = run.table(instrument == 0 ? "tables/blocks" : "tables/listing_marks");
  if (!in_order(table)) return;
  const ColumnData* price = table->column(instrument == 0 ? "oracle" : "mark");
  if (price == nullptr) return;
  // Every block has the one index.
  const std::vector<std::size_t> rows = rows_of(run, *table, instrument);
  for (const std::size_t row : rows)
    tape.mark.push_back({Time{table->times()[row]}, price->number(row) * tick});
}

Time begin_of(Time at, Duration length) { return Time{at.ns - at.ns % length.ns}; }

}  // namespace

std::string_view name_of(Forced kind) {
  constexpr std::array<std::string_view, kForcedKinds> kNames = {"liquidated", "deleveraged",
                                                                 "bad debt"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<std::uint16_t> traded_instruments(const RunData& run) {
  const TableData* trades = run.table("tables/trades");
  if (!in_order(trades)) return {};
  const ColumnData* instruments = whole_column(*trades, "instrument");
  if (instruments == nullptr) return {0};
  std::set<std::uint16_t> found;
  for (const std::int64_t i : instruments->stored) found.insert(static_cast<std::uint16_t>(i));
  return {found.begin(), found.end()};
}

std::string instrument_name(const RunSummary& run, std::uint16_t instrument) {
  const std::string path = contract_path(instrument);
  if (instrument > 0) {
    const std::string name = run.parameter(path + ".name");
    return name.empty() ? "listing " + std::to_string(instrument) : name;
  }
  const std::string underlying = run.parameter(path + ".underlying");
  return underlying.empty() ? "perpetual" : underlying + " perpetual";
}

Tape tape_of(const RunData& run, std::uint16_t instrument) {
  const PriceUnit unit = price_unit(run.summary, instrument);
  Tape tape{.instrument = instrument_name(run.summary, instrument), .unit = unit.name};
  if (const TableData* trades = run.table("tables/trades"); in_order(trades)) {
    const ColumnData* price = trades->column("price");
    const ColumnData* quantity = trades->column("quantity");
    for (const std::size_t row : rows_of(run, *trades, instrument))
      tape.fills.push_back(
          {Time{trades->times()[row]}, number(price, row) * unit.of_tick, number(quantity, row)});
  }
  if (const TableData* table = run.table("tables/liquidations"); in_order(table)) {
    for (const std::size_t row : rows_of(run, *table, instrument))
      add_forced(*table, row, unit.of_tick, tape);
  }
  add_marks(run, instrument, unit.of_tick, tape);
  return tape;
}

Bars bars_of(const Tape& tape, Duration length) {
  Bars bars{.length = length, .candles = {}, .forced = {}};
  for (const Fill& fill : tape.fills) {
    const Time begin = begin_of(fill.at, length);
    if (bars.candles.empty() || bars.candles.back().begin != begin)
      bars.candles.push_back({begin, fill.price, fill.price, fill.price, fill.price, 0.0, 0});
    Candle& candle = bars.candles.back();
    candle.high = std::max(candle.high, fill.price);
    candle.low = std::min(candle.low, fill.price);
    candle.close = fill.price;
    candle.lots += std::abs(fill.lots);
    ++candle.fills;
  }
  std::map<std::pair<std::int64_t, Forced>, ForcedBar> forced;
  std::map<std::pair<std::int64_t, Forced>, double> priced;  // lots with a price
  for (const ForcedClosure& closure : tape.forced) {
    const Time begin = begin_of(closure.at, length);
    const std::pair key(begin.ns, closure.kind);
    ForcedBar& bar =
        forced.try_emplace(key, ForcedBar{.begin = begin, .kind = closure.kind}).first->second;
    bar.lots += closure.lots;
    bar.usd += closure.usd;
    ++bar.closures;
    if (std::isnan(closure.price)) continue;
    const double weight = std::max(closure.lots, 1.0);
    bar.price += closure.price * weight;
    priced[key] += weight;
  }
  for (auto& [key, bar] : forced) {
    const auto weight = priced.find(key);
    bar.price = weight == priced.end() ? kNaN : bar.price / weight->second;
    bars.forced.push_back(bar);
  }
  return bars;
}

Duration bar_length(Duration visible, int most) {
  constexpr std::int64_t kMs = 1'000'000;
  constexpr std::int64_t kS = 1'000 * kMs;
  constexpr std::int64_t kMin = 60 * kS;
  constexpr std::int64_t kH = 60 * kMin;
  constexpr std::int64_t kD = 24 * kH;
  constexpr std::array<std::int64_t, 30> kLengths = {
      kMs,       2 * kMs,  5 * kMs,   10 * kMs,  20 * kMs,  50 * kMs, 100 * kMs, 200 * kMs,
      500 * kMs, kS,       2 * kS,    5 * kS,    10 * kS,   15 * kS,  30 * kS,   kMin,
      2 * kMin,  5 * kMin, 10 * kMin, 15 * kMin, 30 * kMin, kH,       2 * kH,    3 * kH,
      6 * kH,    12 * kH,  kD,        2 * kD,    7 * kD,    30 * kD};
  for (const std::int64_t length : kLengths) {
    if (visible.ns <= length * std::max(1, most)) return Duration{length};
  }
  return Duration{kLengths.back()};
}

}  // namespace mezz::gui

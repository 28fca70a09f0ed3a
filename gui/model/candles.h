// The tape of one instrument, and its bars: open, high, low and close of the fills, what was
// traded, and what accounts were forced to close. Read from /tables/trades, /tables/liquidations
// and the marks; rows of blocks that a re-organisation replaced are left out. Bars begin at whole
// multiples of their length since the start of the run, so that panning never changes one; a bar
// without a fill is not there. Left out: fills against pools, which have no book.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gui/model/run_data.h"
#include "gui/model/time_range.h"

namespace mezz::gui {

struct Fill {
  Time at;
  double price = 0.0;
  double lots = 0.0;  // positive: the taker bought
};

// How an account was closed against its will.
enum class Forced : std::uint8_t { Closed, Deleveraged, BadDebt };
constexpr std::size_t kForcedKinds = 3;
std::string_view name_of(Forced kind);

struct ForcedClosure {
  Time at;
  Forced kind = Forced::Closed;
  double price = 0.0;  // NaN where the step has none
  double lots = 0.0;   // closed, not signed
  double usd = 0.0;    // notional closed, or the debt left over
};

struct MarkPoint {
  Time at;
  double price = 0.0;
};

struct Tape {
  std::string instrument;  // "BTC perpetual", "P-45000-7d"
  std::string unit;        // of prices: "USD", or "tick" where the file does not say what one is
  std::vector<Fill> fills = {};
  std::vector<ForcedClosure> forced = {};
  std::vector<MarkPoint> mark = {};  // the price the exchange used for margin
};

// Numbers of the instruments that have fills, ascending; empty without a table of trades in order
// of time.
std::vector<std::uint16_t> traded_instruments(const RunData& run);
std::string instrument_name(const RunSummary& run, std::uint16_t instrument);
Tape tape_of(const RunData& run, std::uint16_t instrument);

struct Candle {
  Time begin;
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
  double lots = 0.0;
  std::size_t fills = 0;
  [[nodiscard]] bool rose() const { return close >= open; }
};

// All closures of one kind in one bar.
struct ForcedBar {
  Time begin;
  Forced kind = Forced::Closed;
  double price = 0.0;  // mean by lots; NaN where no step has one
  double lots = 0.0;
  double usd = 0.0;
  std::size_t closures = 0;
};

struct Bars {
  Duration length;
  std::vector<Candle> candles;    // by begin
  std::vector<ForcedBar> forced;  // by begin, then kind
};
Bars bars_of(const Tape& tape, Duration length);

// The shortest round length (1, 2 or 5 times a power of ten of milliseconds; 1, 2, 5, 10, 15, 30 s
// or min; 1, 2, 3, 6, 12 h; 1, 2, 7, 30 d) of which no more than `most` fill `visible`.
Duration bar_length(Duration visible, int most);

}  // namespace mezz::gui

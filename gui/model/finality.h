// How long transactions took from being submitted to each rung of finality, from /tx: statistics
// for bars, the empirical distribution, and the chain of one transaction with the time of each leg.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

struct RungStatistics {
  std::string rung;  // "preconfirmed" ... "settled"
  std::size_t reached = 0;
  std::size_t never = 0;
  double p50 = 0.0;  // seconds; NaN when nothing reached it
  double p99 = 0.0;
  double p999 = 0.0;
  std::vector<double> sorted = {};  // seconds since submission, ascending: the ECDF
};

// Of the rungs that the design has; empty without a table /tx.
std::vector<RungStatistics> rungs_of(const RunData& run);
// The smallest value with at least the share `q` at or below it; NaN of nothing.
double quantile(const std::vector<double>& sorted, double q);

struct ChainLeg {
  std::string rung;
  Time at = Time::never();
  Duration since_submitted = {};
  Duration leg = {};  // since the rung before that was reached
};

struct Chain {
  std::string title;  // "transaction 42: place_order, executed"
  std::vector<ChainLeg> legs = {};
};

// By its number in the column `transaction`, or by row when there is no such column.
std::optional<Chain> chain_of(const RunData& run, std::uint64_t transaction);
Chain chain_of_row(const TableData& tx, std::size_t row);

}  // namespace mezz::gui

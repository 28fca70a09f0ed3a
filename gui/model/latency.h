// How long things took: transactions to each rung of finality, withdrawals to their money,
// liquidatable accounts to their first closure. Quantiles are those of `mezz info`: the smallest
// value with at least that share at or below it, of what arrived; what never did is a number of
// its own. Histograms have round bins, so that two runs can be laid side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gui/model/finality.h"
#include "gui/model/run_data.h"

namespace mezz::gui {

struct Latency {
  std::string name;                 // "published", "withdrawal", "liquidation"
  std::string from_to;              // what is measured, in words
  std::vector<double> sorted = {};  // seconds, ascending
  std::size_t never = 0;            // not by the end of the run

  [[nodiscard]] double never_share() const;  // 0 of nothing
};

// `rungs` is rungs_of(run). Withdrawals: from the seal of their layer-two block to the payment;
// those that a re-organisation dropped do not count. Liquidations: one for each account and block
// in which something of it was closed, as the metric liquidations.delay.
std::vector<Latency> latencies_of(const RunData& run, const std::vector<RungStatistics>& rungs);

struct HistogramBin {
  double low = 0.0;
  double high = 0.0;  // not in the bin
  std::size_t count = 0;
};

enum class AxisScale : std::uint8_t { Linear, Log };

// At most `most` (>= 8) bins that cover the values. Linear: steps of 1, 2 or 5 times a power of
// ten. Log: 1, 2, 5, 10 or 20 equal parts of a decade; zeros share the first bin, [0, 1 us).
std::vector<HistogramBin> histogram(const std::vector<double>& sorted, AxisScale scale, int most);

}  // namespace mezz::gui

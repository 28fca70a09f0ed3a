// Value at risk and expected shortfall of losses (positive = lost), one loss per independent run:
// the loss that a share `p` of the runs does not exceed, and the mean of what lies beyond it.
// Value at risk: the order statistic ceil(n p), interval from order statistics (quantile.h).
// Expected shortfall: Acerbi and Tasche 2002, (2.16), which is coherent also where losses share one
// value; interval from its asymptotic variance (Manistre and Hancock 2005), (var(tail) + p (ES -
// VaR)^2) / (n (1 - p)), with t at the number of losses in the tail less one. It is too short for
// few tail losses and heavy tails: of exponential losses with 25 in the tail, 95 % intervals cover
// 92 %. Liquidations at risk is the same of another number: the liquidated notional instead of the
// loss. Losses are finite (asserted). Left out: weights, dependence between runs, extrapolation
// beyond the largest loss (tail_fit.h).
#pragma once

#include <span>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct TailRisk {
  Estimate value_at_risk;
  Estimate expected_shortfall;  // n of both: all losses
  std::size_t in_tail = 0;      // losses at or beyond the value at risk
};

struct TailLevels {
  double p = 0.99;
  double confidence = 0.95;
};
TailRisk tail_risk(std::span<const double> losses, const TailLevels& levels);

}  // namespace mezz::statistics

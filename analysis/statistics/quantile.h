// Quantiles of independent values, with intervals that assume nothing about their law, and the
// empirical distribution function.
// quantile() interpolates as type 7 of Hyndman and Fan 1996 (R's default). The interval is between
// two order statistics (David and Nagaraja, Order Statistics, 7.1): how many values lie below the
// true quantile is binomial. It is never shorter than its level asks and, as ranks are whole
// numbers, mostly covers more. An end that n values cannot give is infinite: the 99 % quantile of
// 100 values has no upper end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

// p from 0 to 1; NaN of no values.
double quantile(std::span<const double> values, double p);
Estimate quantile_interval(std::span<const double> values, double p, double level);

// Ranks of the two order statistics, from 1; 0 and n + 1 stand for an end that is not there.
struct RankInterval {
  std::size_t low = 0;
  std::size_t high = 0;
};
RankInterval quantile_ranks(std::size_t n, double p, double level);

// The values in order and the share of all that is not larger: steps, one per distinct value.
struct EcdfStep {
  double value = 0;
  double share = 0;
};
std::vector<EcdfStep> ecdf(std::span<const double> values);
double share_at_most(std::span<const EcdfStep> steps, double value);
// Half the width of the band around the whole function (Dvoretzky, Kiefer, Wolfowitz 1956, with the
// constant of Massart 1990).
double ecdf_band(std::size_t n, double level);

}  // namespace mezz::statistics

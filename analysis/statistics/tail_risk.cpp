#include "analysis/statistics/tail_risk.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/statistics/moments.h"
#include "analysis/statistics/quantile.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

// ceil(n p), but 0.95 of 100 is the 95th although 0.95 * 100 is a little more than 95 in doubles.
std::size_t rank_of(std::size_t n, double p) {
  const double place = static_cast<double>(n) * p;
  const double whole = std::round(place);
  const double rank =
      std::abs(place - whole) < 1e-9 * static_cast<double>(n) ? whole : std::ceil(place);
  return std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, n);
}

Interval shortfall_interval(const TailRisk& risk, std::span<const double> tail,
                            const TailLevels& levels) {
  if (tail.size() < 2) return {};
  const double excess = risk.expected_shortfall.value - risk.value_at_risk.value;
  const double of_mean = (variance(tail) + levels.p * excess * excess) /
                         (static_cast<double>(risk.expected_shortfall.n) * (1 - levels.p));
  const double half =
      t_quantile((1 + levels.confidence) / 2, static_cast<double>(tail.size() - 1)) *
      std::sqrt(of_mean);
  return {risk.expected_shortfall.value - half, risk.expected_shortfall.value + half};
}

}  // namespace

TailRisk tail_risk(std::span<const double> losses, const TailLevels& levels) {
  MEZZ_ASSERT(levels.p > 0 && levels.p < 1);
  MEZZ_ASSERT(std::all_of(losses.begin(), losses.end(), [](double x) { return std::isfinite(x); }));
  TailRisk out;
  if (losses.empty()) return out;
  std::vector<double> in_order(losses.begin(), losses.end());
  std::sort(in_order.begin(), in_order.end());
  const std::size_t n = in_order.size();
  const std::size_t rank = rank_of(n, levels.p);
  const double at_risk = in_order[rank - 1];
  out.value_at_risk = quantile_interval(in_order, levels.p, levels.confidence);
  out.value_at_risk.value = at_risk;
  // The loss at the rank itself counts with the part of it that lies beyond n p.
  const std::span<const double> beyond = std::span(in_order).subspan(rank);
  const double expected = static_cast<double>(n) * (1 - levels.p);
  const double part = std::max(0.0, expected - static_cast<double>(beyond.size()));
  out.expected_shortfall.value = (sum(beyond) + part * at_risk) / expected;
  out.expected_shortfall.n = n;
  const std::span<const double> tail = std::span(in_order).subspan(rank - 1);
  out.in_tail = tail.size();
  out.expected_shortfall.interval = shortfall_interval(out, tail, levels);
  return out;
}

}  // namespace mezz::statistics

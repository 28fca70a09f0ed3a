#include "analysis/statistics/rank_tests.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

constexpr std::size_t kExactMax = 300;

// The differences that are not zero, by size.
std::vector<double> by_size(std::span<const double> differences) {
  std::vector<double> out;
  for (const double x : differences) {
    MEZZ_ASSERT(std::isfinite(x));
    if (x != 0) out.push_back(x);
  }
  std::sort(out.begin(), out.end(), [](double a, double b) {
    return std::abs(a) != std::abs(b) ? std::abs(a) < std::abs(b) : a < b;
  });
  return out;
}

// Twice the rank of each, so that shared ranks are whole numbers.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& in_order) {
  std::vector<std::size_t> ranks(in_order.size());
  for (std::size_t first = 0; first < in_order.size();) {
    std::size_t last = first;
    while (last + 1 < in_order.size() &&
           std::abs(in_order[last + 1]) == std::abs(in_order[first])) {
      ++last;
    }
    for (std::size_t i = first; i <= last; ++i) ranks[i] = first + last + 2;
    first = last + 1;
  }
  return ranks;
}

// P(sum of a random half of the ranks <= limit), every rank in or out with chance 1/2.
double chance_at_most(const std::vector<std::size_t>& ranks, std::size_t limit) {
  std::vector<double> chance(limit + 1, 0.0);
  chance[0] = 1;
  for (const std::size_t rank : ranks) {
    for (std::size_t sum = limit + 1; sum-- > 0;) {
      chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0.0)) / 2;
    }
  }
  return std::accumulate(chance.begin(), chance.end(), 0.0);
}

double exact_p(const std::vector<std::size_t>& ranks, std::size_t positive) {
  const std::size_t all = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  const std::size_t smaller = std::min(positive, all - positive);
  return std::min(1.0, 2 * chance_at_most(ranks, smaller));
}

double normal_p(const std::vector<std::size_t>& ranks, std::size_t positive) {
  double total = 0;
  double squares = 0;
  for (const std::size_t doubled : ranks) {
    const double rank = static_cast<double>(doubled) / 2;
    total += rank;
    squares += rank * rank;
  }
  // Half a rank towards the centre for continuity; the shared ranks carry the correction for ties.
  const double distance = std::abs(static_cast<double>(positive) / 2 - total / 2) - 0.5;
  return 2 * normal_cdf(-std::max(0.0, distance) / std::sqrt(squares / 4));
}

}  // namespace

double sign_test_p(std::span<const double> differences) {
  const std::vector<double> kept = by_size(differences);
  if (kept.empty()) return 1;
  const auto positive = std::count_if(kept.begin(), kept.end(), [](double x) { return x > 0; });
  const double n = static_cast<double>(kept.size());
  const double smaller = std::min(static_cast<double>(positive), n - static_cast<double>(positive));
  return std::min(1.0, 2 * boost::math::cdf(boost::math::binomial(n, 0.5), smaller));
}

double wilcoxon_p(std::span<const double> differences) {
  const std::vector<double> kept = by_size(differences);
  if (kept.empty()) return 1;
  const std::vector<std::size_t> ranks = doubled_ranks(kept);
  std::size_t positive = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) positive += kept[i] > 0 ? ranks[i] : 0;
  return kept.size() <= kExactMax ? exact_p(ranks, positive) : normal_p(ranks, positive);
}

double wilcoxon_table_p(std::size_t n, std::size_t rank_sum) {
  MEZZ_ASSERT(n <= kExactMax);
  MEZZ_ASSERT(rank_sum <= n * (n + 1) / 2);
  std::vector<std::size_t> ranks(n);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  return exact_p(ranks, rank_sum);
}

}  // namespace mezz::statistics

#include "analysis/statistics/multiple.h"

#include <algorithm>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

// Positions of the tests that count, smallest p-value first, ties by position.
std::vector<std::size_t> in_order(std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (std::isnan(p_values[i])) continue;
    MEZZ_ASSERT(p_values[i] >= 0 && p_values[i] <= 1);
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<double> out(p_values.begin(), p_values.end());
  const std::vector<std::size_t> order = in_order(p_values);
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double tests = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, tests * p_values[order[i]]));
    out[order[i]] = largest;
  }
  return out;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  std::vector<double> out(p_values.begin(), p_values.end());
  const std::vector<std::size_t> order = in_order(p_values);
  double smallest = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    const double ratio = static_cast<double>(order.size()) / static_cast<double>(i + 1);
    smallest = std::min(smallest, ratio * p_values[order[i]]);
    out[order[i]] = smallest;
  }
  return out;
}

}  // namespace mezz::statistics

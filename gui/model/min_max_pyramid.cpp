#include "gui/model/min_max_pyramid.h"

#include <algorithm>
#include <cmath>

namespace mezz::gui {

void Extremes::add(double value) {
  if (std::isnan(value)) return;
  low = any ? std::min(low, value) : value;
  high = any ? std::max(high, value) : value;
  any = true;
}

void Extremes::add(const Extremes& other) {
  if (!other.any) return;
  low = any ? std::min(low, other.low) : other.low;
  high = any ? std::max(high, other.high) : other.high;
  any = true;
}

MinMaxPyramid::MinMaxPyramid(std::span<const double> values) : values_(values) {
  std::size_t size = values.size() / kFactor;
  if (size == 0) return;
  std::vector<Extremes> level(size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < kFactor; ++k) level[i].add(values[i * kFactor + k]);
  }
  levels_.push_back(std::move(level));
  while (levels_.back().size() >= kFactor) {
    const std::vector<Extremes>& below = levels_.back();
    std::vector<Extremes> above(below.size() / kFactor);
    for (std::size_t i = 0; i < above.size(); ++i) {
      for (std::size_t k = 0; k < kFactor; ++k) above[i].add(below[i * kFactor + k]);
    }
    levels_.push_back(std::move(above));
  }
}

Extremes MinMaxPyramid::extremes(std::size_t first, std::size_t last) const {
  Extremes result;
  last = std::min(last, values_.size());
  const auto add_values = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) result.add(values_[i]);
  };
  // Both ends are rounded to whole nodes of the next level; what sticks out is added here.
  std::size_t level = 0;
  std::size_t a = (first + kFactor - 1) / kFactor;
  std::size_t b = last / kFactor;
  if (first >= last) return result;
  if (levels_.empty() || a >= b) {
    add_values(first, last);
    return result;
  }
  add_values(first, a * kFactor);
  add_values(b * kFactor, last);
  for (;;) {
    const std::vector<Extremes>& nodes = levels_[level];
    const std::size_t next_a = (a + kFactor - 1) / kFactor;
    const std::size_t next_b = b / kFactor;
    if (level + 1 >= levels_.size() || next_a >= next_b) {
      for (std::size_t i = a; i < b; ++i) result.add(nodes[i]);
      return result;
    }
    for (std::size_t i = a; i < next_a * kFactor; ++i) result.add(nodes[i]);
    for (std::size_t i = next_b * kFactor; i < b; ++i) result.add(nodes[i]);
    a = next_a;
    b = next_b;
    ++level;
  }
}

std::vector<PlotColumn> plot_columns(std::span<const std::int64_t> times,
                                     std::span<const double> values, const MinMaxPyramid& pyramid,
                                     std::int64_t begin, std::int64_t end, std::size_t columns) {
  std::vector<PlotColumn> result(columns);
  const double step = static_cast<double>(end - begin) / static_cast<double>(columns);
  auto from = std::lower_bound(times.begin(), times.end(), begin);
  for (std::size_t c = 0; c < columns; ++c) {
    const bool last_column = c + 1 == columns;
    const std::int64_t edge =
        last_column ? end : begin + std::llround(step * static_cast<double>(c + 1));
    const auto to = std::lower_bound(from, times.end(), edge);
    const auto first = static_cast<std::size_t>(from - times.begin());
    const auto last = static_cast<std::size_t>(to - times.begin());
    from = to;
    const Extremes extremes = pyramid.extremes(first, last);
    if (!extremes.any) continue;
    const double head = std::isnan(values[first]) ? extremes.low : values[first];
    const double tail = std::isnan(values[last - 1]) ? extremes.low : values[last - 1];
    result[c] = {head, extremes.low, extremes.high, tail, true};
  }
  return result;
}

}  // namespace mezz::gui

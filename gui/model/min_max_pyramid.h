// Exact minimum and maximum of any stretch of a series in O(log n): the plot draws ten million
// points without losing a single spike ("M4": Jugel et al., VLDB 2014 - first, min, max and last
// value of every pixel column give the same picture as all points). Level k holds the minimum and
// maximum of 16^(k+1) neighbours; built once, 4.5 % of the data's size per bound. A NaN is no
// value: it is skipped, and a stretch of nothing else has no extremes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mezz::gui {

struct Extremes {
  double low = 0.0;
  double high = 0.0;
  bool any = false;  // false: no value in the stretch

  void add(double value);
  void add(const Extremes& other);
};

class MinMaxPyramid {
 public:
  MinMaxPyramid() = default;
  // `values` must outlive this and not change.
  explicit MinMaxPyramid(std::span<const double> values);

  // Of values[first, last).
  [[nodiscard]] Extremes extremes(std::size_t first, std::size_t last) const;

 private:
  static constexpr std::size_t kFactor = 16;

  std::span<const double> values_;
  std::vector<std::vector<Extremes>> levels_;
};

// One pixel column of a plot.
struct PlotColumn {
  double first = 0.0;
  double low = 0.0;
  double high = 0.0;
  double last = 0.0;
  bool any = false;
};

// For each of `columns` equal parts of [begin, end) ns: what the points in it show. `times` is
// sorted.
std::vector<PlotColumn> plot_columns(std::span<const std::int64_t> times,
                                     std::span<const double> values, const MinMaxPyramid& pyramid,
                                     std::int64_t begin, std::int64_t end, std::size_t columns);

}  // namespace mezz::gui

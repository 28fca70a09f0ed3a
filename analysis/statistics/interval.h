// What an estimate is: a value, the interval that covers the truth in a given share of experiments,
// and how many independent values it stands on. Units are those of the values. An estimate that the
// values cannot give (none at all) is NaN; an interval that they cannot give (too few) is the whole
// line, never a point.
#pragma once

#include <cstddef>
#include <limits>

namespace mezz::statistics {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Interval {
  double low = -kInfinity;
  double high = kInfinity;
  [[nodiscard]] bool contains(double x) const { return low <= x && x <= high; }
  [[nodiscard]] double half_width() const { return (high - low) / 2; }
};

struct Estimate {
  double value = kNone;
  Interval interval;
  std::size_t n = 0;
};

}  // namespace mezz::statistics

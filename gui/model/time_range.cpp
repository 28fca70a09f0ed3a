#include "gui/model/time_range.h"

#include <algorithm>
#include <cmath>

namespace mezz::gui {

double TimeRange::fraction(Time t) const {
  const double whole = static_cast<double>(std::max<std::int64_t>(1, length().ns));
  return static_cast<double>((t - begin).ns) / whole;
}

Time TimeRange::at(double fraction) const {
  return {begin.ns + std::llround(fraction * static_cast<double>(length().ns))};
}

TimeRange clipped(TimeRange range, TimeRange limits) {
  const Duration whole = std::max(limits.length(), kShortestRange);
  const Duration length = std::clamp(range.length(), kShortestRange, whole);
  const Time last = limits.begin + (whole - length);
  const Time begin = std::clamp(range.begin, limits.begin, last);
  return {begin, begin + length};
}

TimeRange zoomed(TimeRange range, double factor, Time centre, TimeRange limits) {
  const double length = static_cast<double>(range.length().ns) * factor;
  const double longest = static_cast<double>(std::max(limits.length(), kShortestRange).ns);
  const std::int64_t ns =
      std::llround(std::clamp(length, static_cast<double>(kShortestRange.ns), longest));
  const Time begin{centre.ns - std::llround(range.fraction(centre) * static_cast<double>(ns))};
  return clipped({begin, begin + Duration{ns}}, limits);
}

TimeRange panned(TimeRange range, double share, TimeRange limits) {
  const Duration by{std::llround(share * static_cast<double>(range.length().ns))};
  return clipped({range.begin + by, range.end + by}, limits);
}

TimeRange showing(TimeRange range, Time t, TimeRange limits) {
  if (range.contains(t)) return range;
  const Duration half = range.length() / 2;
  return clipped({t - half, t - half + range.length()}, limits);
}

}  // namespace mezz::gui

// The stretch of simulated time that all views of a window show, and the moment they point at.
// Plain values: gui/widgets/time_context.h tells the views when they change. Zoom and pan never
// leave `limits` and never get shorter than a microsecond, so that no view has to guard against an
// empty or inverted axis.
#pragma once

#include <optional>

#include "sim/types/time.h"

namespace mezz::gui {

struct TimeRange {
  Time begin = {};
  Time end = {};

  [[nodiscard]] Duration length() const { return end - begin; }
  [[nodiscard]] bool contains(Time t) const { return begin <= t && t <= end; }
  // 0 at the begin, 1 at the end.
  [[nodiscard]] double fraction(Time t) const;
  [[nodiscard]] Time at(double fraction) const;
  bool operator==(const TimeRange&) const = default;
};

constexpr Duration kShortestRange{1'000};

// The part of `range` inside `limits`, with its length kept where that is possible.
TimeRange clipped(TimeRange range, TimeRange limits);
// `factor` < 1 shows less; the moment `centre` keeps its place on the screen.
TimeRange zoomed(TimeRange range, double factor, Time centre, TimeRange limits);
// By a share of what is shown: 0.1 = a tenth to the right.
TimeRange panned(TimeRange range, double share, TimeRange limits);
// Moved, not zoomed, so that `t` is shown.
TimeRange showing(TimeRange range, Time t, TimeRange limits);

// Where the user points: nothing, or a moment.
using TimeCursor = std::optional<Time>;

}  // namespace mezz::gui

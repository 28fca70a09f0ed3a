#include "gui/widgets/time_context.h"

namespace mezz::gui {

void TimeContext::set_limits(TimeRange limits) {
  const bool whole = range_ == limits_;
  limits_ = limits;
  const TimeRange next = whole ? clipped(limits, limits) : clipped(range_, limits_);
  if (next == range_) return;
  range_ = next;
  emit range_changed();
}

void TimeContext::set_range(TimeRange range) {
  const TimeRange next = clipped(range, limits_);
  if (next == range_) return;
  range_ = next;
  emit range_changed();
}

void TimeContext::set_cursor(TimeCursor cursor) {
  if (cursor == cursor_) return;
  cursor_ = cursor;
  emit cursor_changed();
}

void TimeContext::jump_to(Time t) {
  set_range(showing(range_, t, limits_));
  set_cursor(t);
}

}  // namespace mezz::gui

// The one TimeRange and TimeCursor of a perspective, shared by all its views. A view calls set_...
// when its user zooms, and repaints when the signal comes; equal values send no signal, so that
// linked views do not answer each other for ever.
#pragma once

#include <QObject>

#include "gui/model/time_range.h"

namespace mezz::gui {

class TimeContext final : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  [[nodiscard]] TimeRange limits() const { return limits_; }
  [[nodiscard]] TimeRange range() const { return range_; }
  [[nodiscard]] TimeCursor cursor() const { return cursor_; }

  // The whole of what there is to see. A range that showed all of it before still does.
  void set_limits(TimeRange limits);
  void set_range(TimeRange range);
  void set_cursor(TimeCursor cursor);
  // Sets the cursor and moves the range when the moment is outside it.
  void jump_to(Time t);

 signals:
  void range_changed();
  void cursor_changed();

 private:
  TimeRange limits_{Time{0}, Time{3'600'000'000'000}};
  TimeRange range_ = limits_;
  TimeCursor cursor_;
};

}  // namespace mezz::gui

#include "gui/model/time_range.h"

#include <gtest/gtest.h>

namespace mezz::gui {
namespace {

constexpr TimeRange kHour{Time{0}, Time{3'600'000'000'000}};

TEST(TimeRange, ZoomKeepsTheCentreWhereItIs) {
  const Time centre{900'000'000'000};  // a quarter of the hour
  const TimeRange half = zoomed(kHour, 0.5, centre, kHour);
  EXPECT_EQ(half.length(), Duration{1'800'000'000'000});
  EXPECT_DOUBLE_EQ(half.fraction(centre), 0.25);
}

TEST(TimeRange, ZoomOutStopsAtTheLimits) {
  const TimeRange part{Time{100}, Time{2'000'000}};
  EXPECT_EQ(zoomed(part, 1e30, Time{1'000}, kHour), kHour);
}

TEST(TimeRange, ZoomInStopsAtAMicrosecond) {
  EXPECT_EQ(zoomed(kHour, 1e-30, Time{5'000}, kHour).length(), kShortestRange);
}

TEST(TimeRange, PanKeepsItsLengthAtTheEdge) {
  const TimeRange minute{Time{0}, Time{60'000'000'000}};
  const TimeRange left = panned(minute, -3.0, kHour);
  EXPECT_EQ(left, minute);
  const TimeRange right = panned(minute, 1e6, kHour);
  EXPECT_EQ(right.end, kHour.end);
  EXPECT_EQ(right.length(), minute.length());
}

TEST(TimeRange, AMomentOutsideIsBroughtToTheMiddle) {
  const TimeRange minute{Time{0}, Time{60'000'000'000}};
  const Time t{1'800'000'000'000};
  EXPECT_DOUBLE_EQ(showing(minute, t, kHour).fraction(t), 0.5);
  EXPECT_EQ(showing(minute, Time{5}, kHour), minute);
}

TEST(TimeRange, EmptyLimitsGiveNoEmptyRange) {
  const TimeRange nothing{Time{7}, Time{7}};
  EXPECT_EQ(clipped(nothing, nothing).length(), kShortestRange);
}

}  // namespace
}  // namespace mezz::gui

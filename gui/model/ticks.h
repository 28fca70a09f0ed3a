// Where an axis has its marks and what is written beside them. Numbers step by 1, 2 or 5 times a
// power of ten; time by the round numbers of a clock (1, 2, 5, 10, 15, 30 s or min; 1, 2, 3, 6, 12
// h; days).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/time_range.h"

namespace mezz::gui {

struct Tick {
  double at = 0.0;
  std::string label;
};

struct TimeTick {
  Time at = {};
  std::string label;
};

// At most `most` marks inside [low, high]; empty when the range is empty or not finite.
std::vector<Tick> number_ticks(double low, double high, int most);
// Powers of ten (and 2 and 5 between them when there are few); low > 0.
std::vector<Tick> log_ticks(double low, double high, int most);
std::vector<TimeTick> time_ticks(TimeRange range, int most);
// Of lengths of time in seconds on a logarithmic axis: 1 ms, 10 ms, ... 1 min, 10 min, 1 h, 6 h,
// 1 d, 7 d, 30 d.
std::vector<Tick> log_duration_ticks(double low, double high);

// "1.08 M", "-12.5 k", "0.0031": four significant figures and the engineering letter.
std::string short_number(double value);
// All that a person can use: "1 234 567.89"; thin groups, no more than `decimals`.
std::string long_number(double value, int decimals);
// "7 d 3 h", "17 min 4.2 s", "250 ms", "1 h"; two parts, the second only when it is not zero.
std::string duration_text(Duration d);
// Since the start of the run: "01:17:04.250", with days in front when there are any. The fraction
// has as many digits as `resolution` needs.
std::string clock_text(Time t, Duration resolution = Duration{1'000'000});

}  // namespace mezz::gui

// Where values fall and how ticks read.
#include "analysis/chart/scale.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace mezz::chart {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  for (const Tick& tick : ticks) out.push_back(tick.label);
  return out;
}

TEST(Scale, LinearAndLogarithmicPlacesAreProportional) {
  const Scale linear{ScaleKind::Linear, {0.0, 10.0}, {100.0, 300.0}};
  EXPECT_DOUBLE_EQ(linear.at(2.5), 150.0);  // a quarter of the way
  const Scale log{ScaleKind::Log, {1.0, 10'000.0}, {0.0, 400.0}};
  EXPECT_DOUBLE_EQ(log.at(100.0), 200.0);  // two of four decades
}

TEST(Scale, ValuesBeyondTheSpanFallOnItsEnds) {
  const Scale scale{ScaleKind::Log, {1.0, 100.0}, {0.0, 10.0}};
  EXPECT_DOUBLE_EQ(scale.at(0.0), 0.0);
  EXPECT_DOUBLE_EQ(scale.at(1e9), 10.0);
}

TEST(Ticks, TimesHaveTheirUnits) {
  EXPECT_THAT(labels(ticks({0.0, 7'200.0}, ScaleKind::Linear, "s", 4)),
              ElementsAre("0 s", "30 min", "1 h", "1.5 h", "2 h"));
  EXPECT_THAT(labels(ticks({0.5, 700'000.0}, ScaleKind::Log, "s", 8)),
              ElementsAre("1 s", "10 s", "1 min", "10 min", "1 h", "6 h", "1 d", "7 d"));
}

TEST(Ticks, MoneyIsShort) {
  EXPECT_THAT(labels(ticks({0.0, 4e6}, ScaleKind::Linear, "USD", 4)),
              ElementsAre("0", "1 M", "2 M", "3 M", "4 M"));
}

TEST(Ticks, ALogAxisOfHalfADecadeStillHasTwo) {
  EXPECT_GE(ticks({10.1, 10.4}, ScaleKind::Log, "USD", 6).size(), 2U);
}

TEST(Ticks, OfFineStepsCanBeToldApart) {
  EXPECT_THAT(labels(ticks({174.9, 176.2}, ScaleKind::Linear, "s", 3)),
              ElementsAre("175 s", "175.5 s", "176 s"));
  EXPECT_THAT(labels(ticks({1000.1, 1000.5}, ScaleKind::Linear, "USD", 2)),
              ElementsAre("1000.2", "1000.4"));
}

TEST(Span, IncludesZeroWhenItIsNear) {
  EXPECT_EQ(span_of({5.0, 10.0}, ScaleKind::Linear).low, 0.0);
  EXPECT_GT(span_of({100.0, 101.0}, ScaleKind::Linear).low, 99.0);
  EXPECT_LT(span_of({-3.0, 4.0}, ScaleKind::Linear).low, -3.0);
}

TEST(Span, IsNeverOfNoWidth) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& values :
       {std::vector<double>{}, {0.0}, {7.0}, {-7.0}, {none, none}}) {
    for (const ScaleKind kind : {ScaleKind::Linear, ScaleKind::Log}) {
      const Span span = span_of(values, kind);
      EXPECT_LT(span.low, span.high);
    }
  }
}

}  // namespace
}  // namespace mezz::chart

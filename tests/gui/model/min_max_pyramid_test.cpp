#include "gui/model/min_max_pyramid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/check/fingerprint.h"

namespace mezz::gui {
namespace {

std::vector<double> noise(std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<double>(mix(i, 7) % 1'000'003) / 1'000.0;
  return values;
}

TEST(MinMaxPyramid, EveryStretchEqualsAScanOfAllValues) {
  std::vector<double> values = noise(5'000);
  values[1'234] = std::numeric_limits<double>::quiet_NaN();
  const MinMaxPyramid pyramid(values);
  for (std::uint64_t trial = 0; trial < 3'000; ++trial) {
    std::size_t first = mix(trial, 1) % 5'001;
    std::size_t last = mix(trial, 2) % 5'001;
    if (first > last) std::swap(first, last);
    Extremes scanned;
    for (std::size_t i = first; i < last; ++i) scanned.add(values[i]);
    const Extremes found = pyramid.extremes(first, last);
    ASSERT_EQ(found.any, scanned.any) << first << ".." << last;
    if (!found.any) continue;
    ASSERT_EQ(found.low, scanned.low) << first << ".." << last;
    ASSERT_EQ(found.high, scanned.high) << first << ".." << last;
  }
}

TEST(MinMaxPyramid, NothingButNaNHasNoExtremes) {
  const std::vector<double> values(100, std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(MinMaxPyramid(values).extremes(0, 100).any);
  EXPECT_FALSE(MinMaxPyramid().extremes(0, 5).any);
}

TEST(PlotColumns, ASingleSpikeOfAMillionIsInItsColumn) {
  std::vector<double> values(1'000'000, 1.0);
  std::vector<std::int64_t> times(values.size());
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<std::int64_t>(i) * 10;
  values[123'456] = 99.0;
  const MinMaxPyramid pyramid(values);
  // 1000 columns of 10 000 ns each: the spike at 1 234 560 ns lies in column 123.
  const auto columns = plot_columns(times, values, pyramid, 0, 10'000'000, 1'000);
  for (std::size_t c = 0; c < columns.size(); ++c)
    ASSERT_EQ(columns[c].high, c == 123 ? 99.0 : 1.0) << c;
}

TEST(PlotColumns, FirstAndLastAreThoseOfTheColumn) {
  const std::vector<std::int64_t> times = {0, 1, 2, 10, 11};
  const std::vector<double> values = {5.0, 9.0, 1.0, 4.0, 3.0};
  const MinMaxPyramid pyramid(values);
  const auto columns = plot_columns(times, values, pyramid, 0, 20, 4);
  EXPECT_EQ(columns[0].first, 5.0);
  EXPECT_EQ(columns[0].high, 9.0);
  EXPECT_EQ(columns[0].last, 1.0);
  EXPECT_FALSE(columns[1].any);
  EXPECT_EQ(columns[2].first, 4.0);
  EXPECT_EQ(columns[2].last, 3.0);
}

}  // namespace
}  // namespace mezz::gui

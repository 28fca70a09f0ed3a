// The drawings, read back as XML: what stands where, and how long it is.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "analysis/chart/bars.h"
#include "analysis/chart/heat_map.h"
#include "analysis/chart/plot.h"
#include "analysis/chart/style.h"
#include "tests/analysis/chart/markup.h"

namespace mezz::chart {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> texts(const Markup& drawing) {
  std::vector<std::string> out;
  for (const Element& text : drawing.all("text")) out.push_back(text.text);
  return out;
}

// The points of "M1 2L3 4".
std::vector<Point> points(const Element& path) {
  std::vector<Point> out;
  std::string d = path.attributes.at("d");
  for (char& c : d) c = c == 'M' || c == 'L' ? ' ' : c;
  const char* at = d.c_str();
  for (char* end = nullptr;; at = end) {
    const double x = std::strtod(at, &end);
    if (end == at) return out;
    at = end;
    out.push_back({x, std::strtod(at, &end)});
  }
}

BarChart money_bars() {
  BarChart chart{.caption = {"Losses", "By payer"}, .axis = {.title = "paid", .unit = "USD"}};
  chart.groups = {{.name = "plasma",
                   .bars = {{.name = "fund", .high = 250.0, .text = "250"},
                            {.name = "bad debt", .high = 1'000.0, .text = "1000"},
                            {.name = "nobody", .high = 0.0, .text = "0"}}}};
  return chart;
}

TEST(Bars, AreAsLongAsTheirNumbers) {
  const Markup drawing(draw(money_bars()));
  const std::vector<Element> bars = drawing.all("rect", "bar");
  ASSERT_THAT(bars, SizeIs(3));
  // 250 : 1000 : 0
  EXPECT_NEAR(bars[0].number("width") * 4, bars[1].number("width"), 0.05);
  EXPECT_EQ(bars[2].number("width"), 0.0);
  EXPECT_EQ(bars[0].number("x"), bars[1].number("x"));
}

TEST(Bars, TicksStandWhereTheirValuesAre) {
  const Markup drawing(draw(money_bars()));
  const Element bar = drawing.all("rect", "bar")[1];
  const double end = bar.number("x") + bar.number("width");
  for (const Element& tick : drawing.all("text", "tick")) {
    if (tick.text == "0") {
      EXPECT_NEAR(tick.number("x"), bar.number("x"), 0.01);
    }
    if (tick.text == "1 k") {
      EXPECT_NEAR(tick.number("x"), end, 0.01);
    }
  }
  EXPECT_THAT(texts(drawing), Contains("1 k"));
  EXPECT_THAT(texts(drawing), Contains("paid, USD"));
}

TEST(Bars, OnALogAxisReachFromQuantileToQuantile) {
  BarChart chart{.caption = {"Ladder", ""},
                 .axis = {.title = "time", .unit = "s", .kind = ScaleKind::Log}};
  chart.groups = {{.name = "",
                   .bars = {{.name = "a", .low = 1.0, .high = 10.0},
                            {.name = "b", .low = 10.0, .high = 1'000.0},
                            {.name = "c", .low = 5.0, .high = 5.0},
                            {.name = "d", .high = kNoValue, .text = "never"}}}};
  const Markup drawing(draw(chart));
  const std::vector<Element> bars = drawing.all("rect", "bar");
  ASSERT_THAT(bars, SizeIs(3));  // nothing is drawn for what has no value
  // One decade, two decades, a mark.
  EXPECT_NEAR(bars[0].number("width") * 2, bars[1].number("width"), 0.05);
  EXPECT_NEAR(bars[0].number("x") + bars[0].number("width"), bars[1].number("x"), 0.02);
  EXPECT_GT(bars[2].number("width"), 0.0);
  EXPECT_THAT(texts(drawing), Contains("never"));
}

TEST(Bars, BelowZeroReachLeft) {
  BarChart chart{.caption = {"Change", ""}, .axis = {.title = "change", .unit = "USD"}};
  chart.groups = {
      {.name = "", .bars = {{.name = "up", .high = 50.0}, {.name = "down", .high = -100.0}}}};
  const std::vector<Element> bars = Markup(draw(chart)).all("rect", "bar");
  ASSERT_THAT(bars, SizeIs(2));
  EXPECT_NEAR(bars[1].number("x") + bars[1].number("width"), bars[0].number("x"), 0.02);
  EXPECT_NEAR(bars[0].number("width") * 2, bars[1].number("width"), 0.05);
}

Plot steps() {
  Plot plot{.caption = {"ECDF", ""}, .x = {.title = "x"}, .y = {.title = "share"}};
  plot.y_span = Span{0.0, 1.0};
  plot.series = {{.name = "all", .shape = Shape::Step, .points = {{0, 0.25}, {10, 0.5}, {20, 1}}}};
  return plot;
}

TEST(Plot, StepsHoldTheirValueAndEndAtTheTop) {
  const Markup drawing(draw(steps()));
  const std::vector<Element> paths = drawing.all("path", "s0");
  ASSERT_THAT(paths, SizeIs(1));
  const std::vector<Point> at = points(paths.front());
  ASSERT_THAT(at, SizeIs(5));  // three values, two corners
  EXPECT_EQ(at[1].y, at[0].y);
  EXPECT_EQ(at[1].x, at[2].x);
  // Shares 1/4, 1/2, 1 of the height, from below: the last step is twice the first.
  EXPECT_NEAR(at[2].y - at[4].y, 2 * (at[0].y - at[2].y), 0.03);
  double top = 1e9;
  for (const Element& line : drawing.all("line", "axis")) top = std::min(top, line.number("y1"));
  EXPECT_NEAR(at[4].y, top, 0.01);
}

TEST(Plot, NothingIsDrawnWhereAValueIsMissing) {
  Plot plot = steps();
  plot.series[0].shape = Shape::Line;
  plot.series[0].points = {{0, 0.1}, {1, 0.2}, {2, kNoValue}, {3, 0.4}, {4, 0.5}};
  EXPECT_THAT(Markup(draw(plot)).all("path", "s0"), SizeIs(2));
}

TEST(Plot, IntervalsAreDrawnAroundTheirPoints) {
  Plot plot{.caption = {"Over", ""}, .x = {.title = "x"}, .y = {.title = "y"}};
  plot.series = {{.name = "",
                  .shape = Shape::Points,
                  .points = {{1, 10}, {2, 20}},
                  .intervals = {{8, 12}, {kNoValue, kNoValue}}}};
  const Markup drawing(draw(plot));
  EXPECT_THAT(drawing.all("circle", "f0"), SizeIs(2));
  const std::vector<Element> lines = drawing.all("line", "s0");  // no legend, for it has no name
  ASSERT_THAT(lines, SizeIs(3));  // one bar with two ends, for the first point alone
  const double y = drawing.all("circle", "f0").front().number("cy");
  EXPECT_NEAR(y - lines[0].number("y2"), lines[0].number("y1") - y, 0.02);
}

TEST(HeatMap, EveryCellHasItsNumberAndItsShade) {
  HeatMap map{.caption = {"Map", ""}, .x_title = "fund", .y_title = "accounts"};
  map.columns = {"1 MUSD", "2 MUSD"};
  map.rows = {"1000", "2000"};
  map.values = {0.0, 5e6, 1e7, kNoValue};
  map.unit = "USD";
  const Markup drawing(draw(map));
  const std::vector<Element> cells = drawing.all("rect", "cell");
  ASSERT_THAT(cells, SizeIs(3));
  EXPECT_EQ(cells[0].attributes.at("fill"), cell_colour(0.0).fill);
  EXPECT_EQ(cells[1].attributes.at("fill"), cell_colour(0.5).fill);
  EXPECT_EQ(cells[2].attributes.at("fill"), cell_colour(1.0).fill);
  for (const char* text : {"0", "5 M", "10 M", "1 MUSD", "2000", "fund"}) {
    EXPECT_THAT(texts(drawing), Contains(text));
  }
  EXPECT_THAT(drawing.all("rect", "none"), SizeIs(1));
}

TEST(Charts, EscapeWhateverAFileSays) {
  const std::string hostile = "</text><script>alert('1')</script>&\x01\xff\"";
  BarChart chart = money_bars();
  chart.caption = {hostile, hostile};
  chart.groups[0].name = hostile;
  chart.groups[0].bars[0].name = hostile;
  chart.groups[0].bars[0].text = hostile;
  chart.legend = {hostile};
  const std::string text = draw(chart);
  EXPECT_THAT(Markup(text).all("script"), IsEmpty());
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)"));
  EXPECT_EQ(text.find('\x01'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
}

TEST(Charts, SayToAScreenReaderWhatTheyShow) {
  const Markup drawing(draw(steps()));
  EXPECT_EQ(drawing.elements.front().attributes.at("role"), "img");
  EXPECT_EQ(drawing.all("title").front().text, "ECDF");
}

TEST(Charts, OfNothingAreStillDrawings) {
  for (const std::string& text : {draw(Plot{}), draw(BarChart{}), draw(HeatMap{})}) {
    EXPECT_THAT(Markup(text).all("svg"), SizeIs(1));
    EXPECT_EQ(text.find("nan"), std::string::npos);
    EXPECT_EQ(text.find("inf"), std::string::npos);
  }
}

TEST(Svg, CoordinatesHaveTwoDecimalsAtMost) {
  EXPECT_EQ(coordinate(1.0), "1");
  EXPECT_EQ(coordinate(-0.001), "0");
  EXPECT_EQ(coordinate(12.3456), "12.35");
  EXPECT_EQ(coordinate(100.5), "100.5");
}

TEST(Svg, LongTextsAreCutWithAnEllipsis) {
  const std::string name(200, 'n');
  const std::string cut = fitted(name, 100.0);
  EXPECT_LE(text_width(cut), 100.0);
  EXPECT_TRUE(cut.ends_with("\u2026"));
  EXPECT_EQ(fitted("short", 100.0), "short");
}

TEST(Style, HasDarkAndPrint) {
  EXPECT_THAT(style_sheet(), HasSubstr("@media (prefers-color-scheme:dark)"));
  EXPECT_THAT(style_sheet(), HasSubstr("@media print"));
}

}  // namespace
}  // namespace mezz::chart

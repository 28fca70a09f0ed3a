// The pictures of the results browser that are more than a curve: what they show, and that they
// paint in both themes.
#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QTableWidget>
#include <QWheelEvent>
#include <cmath>
#include <set>

#include "gui/results/candle_chart.h"
#include "gui/results/latency_view.h"
#include "gui/results/rosette_view.h"
#include "gui/widgets/theme.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr QSize kSize(700, 420);

QImage picture_of(const Drawing& drawing, ThemeName theme) {
  Theme::instance().apply(theme);
  QImage image(kSize, QImage::Format_RGB32);
  image.fill(qt(Theme::instance().colours().base));
  QPainter painter(&image);
  drawing.draw(painter, QRectF(image.rect()));
  return image;
}

std::set<QRgb> colours_in(const QImage& image) {
  std::set<QRgb> all;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) all.insert(image.pixel(x, y));
  }
  return all;
}

class ResultViews : public ::testing::Test {
 protected:
  void SetUp() override { Offscreen::start(); }
};

// An hour with a fill a second, up for half an hour, then down, and a closure in the middle.
std::shared_ptr<const Tape> hour() {
  auto tape = std::make_shared<Tape>();
  tape->instrument = "BTC perpetual";
  tape->unit = "USD";
  for (std::int64_t s = 0; s < 3'600; ++s) {
    const double price = 100.0 + static_cast<double>(s < 1'800 ? s : 3'600 - s);
    tape->fills.push_back({Time{s * kSecond}, price, s % 2 == 0 ? 1.0 : -1.0});
  }
  tape->forced.push_back({Time{1'800 * kSecond}, Forced::Closed, 1'900.0, 5.0, 9'500.0});
  tape->mark.push_back({Time{0}, 1'000.0});
  return tape;
}

TEST_F(ResultViews, BarsFollowTheZoom) {
  TimeContext time;
  time.set_limits({Time{0}, Time{3'600 * kSecond}});
  CandleChart chart(time, hour());
  // 640 pixels hold 80 bars of 8: an hour in minutes.
  EXPECT_EQ(chart.bars(640.0).length, Duration{60 * kSecond});
  EXPECT_EQ(chart.bars(640.0).candles.size(), 60U);
  time.set_range({Time{0}, Time{60 * kSecond}});
  EXPECT_EQ(chart.bars(640.0).length, Duration{kSecond});
}

TEST_F(ResultViews, CandlesPaintBothWaysAndTheLiquidation) {
  TimeContext time;
  time.set_limits({Time{0}, Time{3'600 * kSecond}});
  const CandleChart chart(time, hour());
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    const auto colours = colours_in(picture_of(chart, theme));
    const ThemeColours& c = Theme::instance().colours();
    for (const Colour wanted : {c.good, c.bad, series_colour(c, 0), series_colour(c, 1)})
      EXPECT_TRUE(colours.contains(qt(wanted).rgb())) << name_of(theme);
  }
}

TEST_F(ResultViews, HandsOfACandleChartAreThoseOfAPlot) {
  TimeContext time;
  time.set_limits({Time{0}, Time{3'600 * kSecond}});
  CandleChart chart(time, hour());
  chart.resize(kSize);
  const QPointF middle = chart.plot_area(QRectF(chart.rect())).center();
  QWheelEvent wheel(middle, chart.mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&chart, &wheel);
  EXPECT_NEAR(time.range().length().seconds(), 3'600 * 0.8, 0.001);
}

Latency latency_of(std::vector<double> sorted, std::size_t never) {
  return {.name = "settled",
          .from_to = "from here to there",
          .sorted = std::move(sorted),
          .never = never};
}

TEST_F(ResultViews, TheTableOfLatenciesHasQuantilesAndWhatNeverCame) {
  LatencyView view;
  std::vector<double> values;
  for (int i = 1; i <= 1'000; ++i) values.push_back(6 * i);
  view.set_latencies({latency_of({}, 3), latency_of(values, 1'000)});
  ASSERT_EQ(view.table().rowCount(), 2);
  EXPECT_EQ(view.table().item(0, 0)->text(), QStringLiteral("n/a"));
  EXPECT_EQ(view.table().item(1, 0)->text(), QStringLiteral("50 min"));  // the 500th: 3000 s
  EXPECT_EQ(view.table().item(1, 2)->text(), QStringLiteral("1.65 h"));  // the 990th: 5940 s
  EXPECT_EQ(view.table().item(1, 4)->text(), QStringLiteral("50.0 %"));
  EXPECT_EQ(view.table().item(1, 5)->text(), QStringLiteral("1.67 h"));  // 6000 s
  EXPECT_EQ(view.table().item(1, 7)->text(), QStringLiteral("1,000"));
  view.table().setCurrentCell(1, 0);
  EXPECT_TRUE(view.histogram().accessibleDescription().contains(QStringLiteral("1000 values")));
}

TEST_F(ResultViews, ANarrowTableHidesWhatMattersLeastAndTellsItBelow) {
  LatencyView view;
  std::vector<double> values;
  for (int i = 1; i <= 1'000; ++i) values.push_back(6 * i);
  view.set_latencies({latency_of(values, 1'000)});
  const auto* rest = view.findChild<QLabel*>(QStringLiteral("rest"));
  ASSERT_NE(rest, nullptr);
  view.resize(1'200, 500);
  view.show();
  QApplication::processEvents();
  for (int column = 0; column < 8; ++column) EXPECT_FALSE(view.table().isColumnHidden(column));
  EXPECT_TRUE(rest->isHidden());
  view.resize(340, 500);
  QApplication::processEvents();
  EXPECT_EQ(view.table().horizontalScrollBar()->maximum(), 0);
  EXPECT_FALSE(view.table().isColumnHidden(0));  // p50
  EXPECT_FALSE(view.table().isColumnHidden(2));  // p99
  EXPECT_FALSE(view.table().isColumnHidden(4));  // never
  EXPECT_TRUE(view.table().isColumnHidden(6));   // arrived
  EXPECT_FALSE(rest->isHidden());
  EXPECT_TRUE(rest->text().contains(QStringLiteral("arrived 1,000"))) << qPrintable(rest->text());
  view.resize(1'200, 500);
  QApplication::processEvents();
  EXPECT_FALSE(view.table().isColumnHidden(6));
  EXPECT_TRUE(rest->isHidden());
}

TEST_F(ResultViews, HistogramsPaintOnEveryScale) {
  LatencyHistogram histogram;
  for (const Latency& latency : {latency_of({}, 0), latency_of({}, 5), latency_of({0.0}, 0),
                                 latency_of({0.0, 0.5, 0.5, 7.0, 90'000.0}, 2)}) {
    histogram.set_latency(latency);
    for (const AxisScale time : {AxisScale::Linear, AxisScale::Log}) {
      for (const AxisScale count : {AxisScale::Linear, AxisScale::Log}) {
        histogram.set_scales(time, count);
        const auto colours = colours_in(picture_of(histogram, ThemeName::Light));
        const QRgb bars = qt(series_colour(Theme::instance().colours(), 0)).rgb();
        EXPECT_EQ(colours.contains(bars), !latency.sorted.empty());
      }
    }
  }
}

TEST_F(ResultViews, TheRosetteShowsAndReadsOutEverySlice) {
  RosetteView view;
  view.set_design(QStringLiteral("zk rollup"),
                  {{"Sequencer failure", Trust::Warning, "Enqueue via L1", "Because."},
                   {"State validation", Trust::Good, "Validity proofs", "So."},
                   {"Proposer failure", Trust::Bad, "Cannot withdraw", "Thus."}});
  EXPECT_TRUE(view.accessibleDescription().contains(
      QStringLiteral("Proposer failure: Cannot withdraw (bad). Thus.")));
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    const auto colours = colours_in(picture_of(view, theme));
    const ThemeColours& c = Theme::instance().colours();
    for (const Colour wanted : {c.good, c.bad, series_colour(c, 1)})
      EXPECT_TRUE(colours.contains(qt(wanted).rgb())) << name_of(theme);
  }
}

}  // namespace
}  // namespace mezz::gui

// Depth and health of a run: what the views show, and that they paint in both themes.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QImage>
#include <QPainter>

#include "gui/results/depth_view.h"
#include "gui/results/health_view.h"
#include "gui/widgets/plot_widget.h"
#include "gui/widgets/theme.h"
#include "tests/gui/model/small_run.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {
namespace {

constexpr QSize kSize(700, 300);

// 2 lots of bids and 1 of asks within 5 bp, 4 of each within 25 bp; 3 of 10 accounts below 100 %.
std::shared_ptr<const RunData> sampled() {
  auto run = std::make_shared<RunData>();
  run->summary.parameters = {{"market.contract.underlying", "BTC"},
                             {"market.contract.lot_decimals", "0"}};
  run->tables.push_back({"tables/book_depth",
                         "book_depth",
                         2,
                         {time_column("time", {0, 10}), whole("instrument", {0, 0}),
                          whole("bid_5bp", {2, 2}, "lot"), whole("bid_25bp", {4, 4}, "lot"),
                          whole("ask_5bp", {1, 1}, "lot"), whole("ask_25bp", {4, 4}, "lot")}});
  run->tables.push_back(
      {"tables/account_health",
       "account_health",
       2,
       {time_column("time", {0, 10}), whole("accounts_to_100", {3, 3}),
        whole("accounts_to_110", {5, 5}), whole("accounts_beyond", {2, 2}),
        whole("notional_to_100", {3, 3}, "USD"), whole("notional_to_110", {5, 5}, "USD"),
        whole("notional_beyond", {2, 2}, "USD")}});
  return run;
}

QImage picture_of(const Drawing& drawing, ThemeName theme) {
  Theme::instance().apply(theme);
  QImage image(kSize, QImage::Format_RGB32);
  image.fill(qt(Theme::instance().colours().base));
  QPainter painter(&image);
  drawing.draw(painter, QRectF(image.rect()));
  return image;
}

int pixels(const QImage& image, int x, QRgb colour) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) count += image.pixel(x, y) == colour ? 1 : 0;
  return count;
}
int pixels(const QImage& image, QRgb colour) {
  int count = 0;
  for (int x = 0; x < image.width(); ++x) count += pixels(image, x, colour);
  return count;
}

class MarketViews : public ::testing::Test {
 protected:
  void SetUp() override {
    Offscreen::start();
    time_.set_limits({Time{0}, Time{20 * kSecond}});
  }
  TimeContext time_;
};

// In a column the near band covers 2 + 1 lots and the far one what is left of 4 + 4: 3 to 5.
TEST_F(MarketViews, BandsAreAsHighAsWhatRests) {
  DepthView view(time_);
  view.set_run(sampled());
  ASSERT_EQ(view.plot().curves().size(), 4U);
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    const QImage image = picture_of(view.plot(), theme);
    const ThemeColours& c = Theme::instance().colours();
    const int x = static_cast<int>(view.plot().plot_area(QRectF(image.rect())).center().x()) + 40;
    const double near = pixels(image, x, qt(series_colour(c, 0)).rgb());
    const double far = pixels(image, x, qt(series_colour(c, 1)).rgb());
    ASSERT_GT(near, 20.0) << name_of(theme);
    EXPECT_NEAR(far / near, 5.0 / 3.0, 0.1) << name_of(theme);
  }
}

TEST_F(MarketViews, DepthIsReadAtTheCursor) {
  DepthView view(time_);
  EXPECT_TRUE(view.reading().contains(QStringLiteral("Open a result")));
  view.set_run(std::make_shared<RunData>());
  EXPECT_TRUE(view.reading().contains(QStringLiteral("market.depth_every")));
  EXPECT_TRUE(view.plot().isHidden());
  view.set_run(sampled());
  time_.set_cursor(Time{5 * kSecond});
  EXPECT_TRUE(view.reading().contains(QStringLiteral("00:00:05")));
  EXPECT_TRUE(view.reading().contains(QStringLiteral("&nbsp;25")));
  EXPECT_TRUE(view.instruments().isHidden());  // one book
}

// Bars have the height of their row, so areas are as the counts: 3 below 100 %, 5 + 2 above.
TEST_F(MarketViews, BarsAreAsLongAsTheAccountsTheyCount) {
  HealthView view(time_);
  view.set_run(sampled());
  ASSERT_TRUE(view.bars().sample().has_value());
  EXPECT_EQ(view.bars().sample()->accounts, 10);
  EXPECT_EQ(view.plot().curves().size(), 2U);
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    const QImage image = picture_of(view.bars(), theme);
    const ThemeColours& c = Theme::instance().colours();
    const double bad = pixels(image, qt(c.bad).rgb());
    const double good = pixels(image, qt(series_colour(c, 0)).rgb());
    ASSERT_GT(bad, 1'000.0) << name_of(theme);
    EXPECT_NEAR(good / bad, 7.0 / 3.0, 0.12) << name_of(theme);
  }
}

TEST_F(MarketViews, WithoutHealthTheViewSaysHowToRecordIt) {
  HealthView view(time_);
  view.set_run(std::make_shared<RunData>());
  EXPECT_FALSE(view.bars().sample().has_value());
  EXPECT_TRUE(view.bars().why().contains(QStringLiteral("market.health_every")));
  EXPECT_TRUE(view.plot().isHidden());
}

}  // namespace
}  // namespace mezz::gui

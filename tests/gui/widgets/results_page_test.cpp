// The results browser on real files, as its users go through it.
#include "gui/results/results_page.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFile>
#include <QImage>
#include <QWheelEvent>
#include <filesystem>

#include "gui/app/main_window.h"
#include "gui/results/event_view.h"
#include "gui/results/finality_charts.h"
#include "gui/results/run_table.h"
#include "gui/results/sweep_view.h"
#include "gui/widgets/theme.h"
#include "tests/analysis/hostile.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {
namespace {

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    Offscreen::start();
    Theme::instance().apply(ThemeName::Light);
    window_ = std::make_unique<MainWindow>();
    page().set_reader(MEZZ_H5READ);
    window_->resize(1'300, 850);
    window_->show();
  }
  std::string market(const std::string& name, std::uint64_t seed = 42,
                     const std::string& window = "7 d") {
    analysis::MarketFile file{
        .rows = 2'000, .samples = {{{5'000'000'000}, 10, seed}, {{9'000'000'000}, 20, seed}}};
    file.metadata.seed = seed;
    file.metadata.parameters = {{"run.seed", std::to_string(seed)},
                                {"settlement.challenge_window", window}};
    const std::string path = folder_.file(name);
    analysis::write_market(path, file);
    return path;
  }
  void open(const QStringList& paths) {
    window_->open(paths);
    page().wait_until_opened();
  }
  void filter(const char* text) {
    page().events().set_filter(QString::fromLatin1(text));
    page().wait_until_opened();
  }
  [[nodiscard]] ResultsPage& page() { return window_->results(); }

  ScratchFolder folder_;
  std::unique_ptr<MainWindow> window_;
};

TEST_F(Browser, ARunIsShownInEveryView) {
  open({QString::fromStdString(market("one.h5"))});
  EXPECT_EQ(page().runs().rowCount(), 1);
  EXPECT_EQ(page().runs().ticked().size(), 1U);
  page().choose_series({QStringLiteral("l2_block.mid"), QStringLiteral("l2_block.open_interest")});
  EXPECT_EQ(page().plots().plots().size(), 2U);  // ticks and USD
  EXPECT_EQ(page().events().table().rowCount(), 2'000);
  EXPECT_TRUE(page().provenance().contains(QStringLiteral("mezz reproduce")));
}

TEST_F(Browser, ModelsKeepTheRulesOfQt) {
  const QAbstractItemModelTester runs(&page().runs(),
                                      QAbstractItemModelTester::FailureReportingMode::Fatal);
  const QAbstractItemModelTester events(&page().events().table(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  open({QString::fromStdString(market("one.h5")), QString::fromStdString(market("two.h5", 43))});
  filter("account=7");
  EXPECT_EQ(page().events().table().rowCount(), 2);  // accounts are row % 1000
  page().runs().set_ticked(page().runs().ticked()[0], false);
  EXPECT_EQ(page().runs().ticked().size(), 1U);
}

TEST_F(Browser, TheFilterSaysWhatIsWrongAndKeepsTheRows) {
  open({QString::fromStdString(market("one.h5"))});
  filter("reason=expiry");
  const int rows = page().events().table().rowCount();
  EXPECT_EQ(rows, 667);  // row % 3 == 1 of 0..1999
  filter("reson=expiry");
  EXPECT_EQ(page().events().table().rowCount(), rows);
  EXPECT_TRUE(page().events().complaint().contains(QStringLiteral("did you mean 'reason'")))
      << qPrintable(page().events().complaint());
}

TEST_F(Browser, AFilterRunsInTheBackgroundAndCanBeStopped) {
  open({QString::fromStdString(market("one.h5"))});
  EventView& events = page().events();
  events.set_filter(QStringLiteral("reason=expiry"));
  EXPECT_TRUE(events.filtering());  // the answer comes with the event loop, which has not run
  EXPECT_EQ(events.table().rowCount(), 2'000);
  window_->actions_of_window().find(QStringLiteral("results.cancel"))->trigger();
  EXPECT_FALSE(events.filtering());
  page().wait_until_opened();
  EXPECT_EQ(events.table().rowCount(), 2'000);
  EXPECT_TRUE(events.complaint().contains(QStringLiteral("Stopped")));
  // The last of several is the one that counts.
  events.set_filter(QStringLiteral("account=7"));
  events.set_filter(QStringLiteral("reason=expiry"));
  page().wait_until_opened();
  EXPECT_EQ(events.table().rowCount(), 667);
  events.set_filter(QString());
  EXPECT_FALSE(events.filtering());
  EXPECT_EQ(events.table().rowCount(), 2'000);
}

TEST_F(Browser, ZoomInOnePlotIsZoomInAll) {
  open({QString::fromStdString(market("one.h5"))});
  page().choose_series({QStringLiteral("l2_block.mid"), QStringLiteral("l2_block.open_interest")});
  const auto& plots = page().plots().plots();
  ASSERT_EQ(plots.size(), 2U);
  const TimeRange before = page().time().range();
  QApplication::processEvents();
  const QPointF middle = plots[0]->plot_area(QRectF(plots[0]->rect())).center();
  QWheelEvent wheel(middle, plots[0]->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton,
                    Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(plots[0], &wheel);
  const TimeRange after = page().time().range();
  EXPECT_NEAR(after.length().seconds(), before.length().seconds() * 0.8, 0.001);
  window_->actions_of_window().find(QStringLiteral("results.whole"))->trigger();
  EXPECT_EQ(page().time().range(), before);
}

TEST_F(Browser, TheLogMovesTheCursorAndTheCursorTheLog) {
  open({QString::fromStdString(market("one.h5"))});
  page().time().set_range({Time{0}, Time{1'000'000}});
  page().events().next(1);
  page().events().next(500);
  ASSERT_TRUE(page().time().cursor().has_value());
  EXPECT_TRUE(page().time().range().contains(*page().time().cursor()));
  EXPECT_EQ(page().events().table().row_at(close_row(1'000).time), 1'000);
}

TEST_F(Browser, TheSpikeIsInItsColumnOfPixels) {
  open({QString::fromStdString(market("one.h5"))});
  auto data = std::make_shared<RunData>();
  ColumnData time;
  time.info.name = "time";
  for (std::int64_t i = 0; i < 200'000; ++i) time.stored.push_back(i * 1'000);
  data->tables.push_back({"series/x", "x", time.stored.size(), {time}});
  auto series = std::make_shared<Series>();
  series->owner = data;
  series->times = data->tables[0].columns[0].stored;
  series->values.assign(series->times.size(), 0.0);
  series->values[50'000] = 1.0;  // a quarter of the way
  series->pyramid = MinMaxPyramid(series->values);
  TimeContext context;
  context.set_limits({Time{0}, Time{200'000'000}});
  PlotWidget plot(context);
  plot.set_curves(QStringLiteral("spike"), {{series, QStringLiteral("x"), 0}});
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    Theme::instance().apply(theme);
    QImage image(900, 300, QImage::Format_RGB32);
    image.fill(qt(Theme::instance().colours().base));
    QPainter painter(&image);
    plot.draw(painter, QRectF(image.rect()));
    painter.end();
    const QRectF area = plot.plot_area(QRectF(image.rect()));
    const QRgb colour = qt(series_colour(Theme::instance().colours(), 0)).rgb();
    const int y = static_cast<int>(area.center().y());
    std::vector<int> columns;
    for (int x = static_cast<int>(area.left()) + 1; x < static_cast<int>(area.right()); ++x) {
      if (image.pixel(x, y) == colour) columns.push_back(x);
    }
    ASSERT_EQ(columns.size(), 1U);
    EXPECT_NEAR(columns[0], area.left() + area.width() / 4.0, 1.5);
  }
}

TEST_F(Browser, TwoRunsAreComparedAndTheirDifferenceDrawn) {
  open({QString::fromStdString(market("one.h5")), QString::fromStdString(market("two.h5", 43))});
  page().choose_series({QStringLiteral("l2_block.mid")});
  ASSERT_EQ(page().plots().plots().size(), 1U);
  EXPECT_EQ(page().plots().plots()[0]->curves().size(), 2U);
  window_->actions_of_window().find(QStringLiteral("results.difference"))->trigger();
  ASSERT_EQ(page().plots().plots().size(), 2U);
  EXPECT_EQ(page().plots().plots()[1]->shown().high, 0.0);  // the rows are equal
  EXPECT_TRUE(page().comparison().contains(QStringLiteral("First difference between 00:00")))
      << qPrintable(page().comparison());
}

TEST_F(Browser, EveryActionWorksWithARunOpen) {
  open({QString::fromStdString(market("one.h5"))});
  int triggered = 0;
  for (QAction* action : window_->actions_of_window().all()) {
    if (action->objectName() == QLatin1String("file.quit")) continue;
    action->trigger();
    QApplication::processEvents();
    for (QWidget* widget : QApplication::topLevelWidgets()) {
      if (auto* dialog = qobject_cast<QDialog*>(widget)) dialog->close();
    }
    ++triggered;
  }
  EXPECT_GE(triggered, 40);
}

// Every write beyond 200 bytes fails, as on a full disk.
TEST_F(Browser, AnExportThatDoesNotFitSaysSoAndLeavesTheEarlierFile) {
  open({QString::fromStdString(market("one.h5"))});
  page().choose_series({QStringLiteral("l2_block.mid")});
  std::vector<std::string> files;
  for (const char* ending : {"png", "svg", "pdf", "csv"}) {
    files.push_back(folder_.write(std::string("earlier.") + ending, "earlier"));
  }
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{200, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  for (const std::string& file : files) {
    const QString name = QString::fromStdString(file);
    const bool written = name.endsWith(QLatin1String(".csv"))
                             ? page().export_csv(name)
                             : page().export_picture(name, QSize(640, 300));
    EXPECT_FALSE(written) << file;
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  for (const std::string& file : files) EXPECT_EQ(std::filesystem::file_size(file), 7U) << file;
}

TEST_F(Browser, ExportsWriteWhatTheyPromise) {
  open({QString::fromStdString(market("one.h5"))});
  page().choose_series({QStringLiteral("l2_block.mid")});
  for (const char* ending : {"png", "svg", "pdf"}) {
    const QString file = QString::fromStdString(folder_.file(std::string("plot.") + ending));
    EXPECT_TRUE(page().export_picture(file, QSize(640, 300))) << ending;
    EXPECT_GT(QFile(file).size(), 500) << ending;
  }
  EXPECT_FALSE(page().export_picture(QString::fromStdString(folder_.file("plot.bmp")), {9, 9}));
  const QString csv = QString::fromStdString(folder_.file("range.csv"));
  ASSERT_TRUE(page().export_csv(csv));
  QFile file(csv);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.readAll().count('\n'), 11);  // a head and ten blocks
  window_->actions_of_window().find(QStringLiteral("results.copy_command"))->trigger();
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("--table series/l2_block")))
      << qPrintable(QApplication::clipboard()->text());
}

TEST_F(Browser, ASessionComesBack) {
  open({QString::fromStdString(market("one.h5"))});
  page().choose_series({QStringLiteral("l2_block.mid")});
  page().time().set_range({Time{1'000'000'000}, Time{5'000'000'000}});
  filter("reason=expiry");
  page().time().set_cursor(Time{2'000'000'000});
  window_->actions_of_window().find(QStringLiteral("results.bookmark"))->trigger();
  const Session before = page().session();
  ASSERT_EQ(before.bookmarks.size(), 1U);
  window_->actions_of_window().find(QStringLiteral("results.close_all"))->trigger();
  EXPECT_EQ(page().runs().rowCount(), 0);
  page().restore(before);
  page().wait_until_opened();
  EXPECT_EQ(page().session(), before);
}

TEST_F(Browser, DamagedFilesAreALineInTheTableAndNothingElse) {
  const std::string good = analysis::content_of(market("good.h5"));
  constexpr std::uint64_t kMutations = 200;
  QStringList paths;
  for (std::uint64_t i = 0; i < kMutations; ++i) {
    const std::string path = folder_.file("bad" + std::to_string(i) + ".h5");
    analysis::store(path, analysis::mutant_of(good, i).bytes);
    paths << QString::fromStdString(path);
  }
  for (const char* text : {"", "no HDF5", "\x89HDF\r\n\x1a\n"}) {
    const std::string path = folder_.file("foreign" + std::to_string(paths.size()) + ".h5");
    analysis::store(path, text);
    paths << QString::fromStdString(path);
  }
  open(paths);
  ASSERT_EQ(page().runs().rowCount(), static_cast<int>(paths.size()));
  int refused = 0;
  for (const RunSummary& run : page().runs().runs()) refused += run.error.empty() ? 0 : 1;
  EXPECT_GT(refused, 3);  // more than the foreign ones
  // What was accepted is loaded as well; a refusal then is a message.
  window_->actions_of_window().find(QStringLiteral("results.tick_all"))->trigger();
  page().wait_until_opened();
  open({QString::fromStdString(market("after.h5"))});
  EXPECT_TRUE(page().runs().runs().back().error.empty());
}

TEST_F(Browser, ASweepOfOneParameterIsALine) {
  QStringList paths;
  for (const char* window : {"1 d", "7 d", "14 d"})
    paths << QString::fromStdString(market(std::string(window) + ".h5", 42, window));
  open(paths);
  EXPECT_FALSE(page().sweep().shows_map());
  EXPECT_EQ(page().sweep().line().line().points.size(), 3U);
  QImage image(420, 260, QImage::Format_RGB32);
  QPainter painter(&image);
  page().sweep().line().draw(painter, QRectF(image.rect()));
}

TEST_F(Browser, AFolderIsASweepAndAMissingFileIsNamed) {
  std::filesystem::create_directory(folder_.path() / "runs");
  market("runs/000000.h5", 1);
  market("runs/000001.h5", 2);
  open({QString::fromStdString(folder_.path().string()), QStringLiteral("/nowhere/x.h5")});
  ASSERT_EQ(page().runs().rowCount(), 3);
  EXPECT_FALSE(page().runs().runs()[2].error.empty());
}

}  // namespace
}  // namespace mezz::gui

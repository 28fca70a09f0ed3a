// Ticks, finality, losses, comparison, session and snippets: what the smaller views show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "gui/model/compare_series.h"
#include "gui/model/finality.h"
#include "gui/model/losses.h"
#include "gui/model/session.h"
#include "gui/model/snippets.h"
#include "gui/model/sweep_line.h"
#include "gui/model/ticks.h"
#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> all;
  for (const Tick& tick : ticks) all.push_back(tick.label);
  return all;
}

TEST(Ticks, StepByOneTwoOrFive) {
  EXPECT_THAT(labels(number_ticks(0.0, 1e6, 5)),
              ElementsAre("0", "200 k", "400 k", "600 k", "800 k", "1 M"));
  EXPECT_THAT(labels(number_ticks(1'800.2, 1'800.9, 4)),
              ElementsAre("1,800.2", "1,800.4", "1,800.6", "1,800.8"));
  EXPECT_TRUE(number_ticks(1.0, 1.0, 5).empty());
  EXPECT_TRUE(number_ticks(NAN, 1.0, 5).empty());
}

TEST(Ticks, TimeStepsAreThoseOfAClock) {
  const TimeRange hour{Time{0}, Time{3'600 * kSecond}};
  std::vector<std::string> all;
  for (const TimeTick& tick : time_ticks(hour, 5)) all.push_back(tick.label);
  EXPECT_THAT(all, ElementsAre("00:00", "00:15", "00:30", "00:45", "01:00"));
}

TEST(Ticks, PowersOfTenOnALogarithmicAxis) {
  EXPECT_THAT(labels(log_ticks(0.5, 2e6, 4)), ElementsAre("1", "1 k", "1 M"));
  EXPECT_TRUE(log_ticks(0.0, 10.0, 4).empty());
}

TEST(Ticks, DurationsAndClocks) {
  EXPECT_EQ(duration_text(Duration{250'000'000}), "250 ms");
  EXPECT_EQ(duration_text(Duration{(7 * 24 + 3) * 3'600 * kSecond}), "7 d 3 h");
  EXPECT_EQ(duration_text(Duration{2 * 3'600 * kSecond}), "2 h");
  EXPECT_EQ(duration_text(Duration{600 * kSecond}), "10 min");
  EXPECT_EQ(duration_text(Duration{64 * kSecond + 200'000'000}), "1 min 4.2 s");
  EXPECT_EQ(clock_text({4'624'250'000'000}), "01:17:04.250");
  EXPECT_EQ(long_number(-1234567.891, 2), "-1,234,567.89");
}

TEST(Finality, QuantilesCountOnlyWhatArrived) {
  const auto rungs = rungs_of(*small_run());
  ASSERT_EQ(rungs.size(), 3U);
  // submitted 3 0 1 2, published never 11 21 32: 11, 20 and 30 s; the median is the second of
  // three.
  EXPECT_EQ(rungs[1].rung, "published");
  EXPECT_EQ(rungs[1].reached, 3U);
  EXPECT_EQ(rungs[1].never, 1U);
  EXPECT_DOUBLE_EQ(rungs[1].p50, 20.0);
  EXPECT_DOUBLE_EQ(rungs[1].p999, 30.0);
  EXPECT_TRUE(std::isnan(rungs[2].p50));
}

TEST(Finality, TheChainHasTheTimeOfEachLeg) {
  const auto chain = chain_of(*small_run(), 11);
  ASSERT_TRUE(chain.has_value());
  ASSERT_EQ(chain->legs.size(), 4U);
  EXPECT_EQ(chain->legs[1].leg, Duration{1 * kSecond});   // submitted 1, preconfirmed 2
  EXPECT_EQ(chain->legs[2].leg, Duration{19 * kSecond});  // published 21
  EXPECT_EQ(chain->legs[2].since_submitted, Duration{20 * kSecond});
  EXPECT_FALSE(chain->legs[3].at.happened());
  EXPECT_FALSE(chain_of(*small_run(), 99).has_value());
}

TEST(Losses, TheWaterfallAddsUpByWhoPaid) {
  const auto steps = loss_waterfall(*small_run());
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_DOUBLE_EQ(steps[0].usd, 1.0);
  EXPECT_DOUBLE_EQ(steps[1].usd, 3.5);
  EXPECT_DOUBLE_EQ(steps[2].usd, 6.0);
  EXPECT_DOUBLE_EQ(steps[3].usd, 3.0);
}

RunSummary run_with(const char* fund, const char* volatility, double bad_debt) {
  RunSummary run;
  run.parameters = {{"fund", fund}, {"volatility", volatility}, {"run.seed", fund}};
  run.metrics = {{"bad_debt.usd", bad_debt, "USD"}};
  return run;
}

TEST(Sweep, TheGridHoldsMeansInTheOrderOfTheValues) {
  const std::vector<RunSummary> runs = {
      run_with("16 MUSD", "0.3", 1.0), run_with("1 MUSD", "0.3", 4.0),
      run_with("1 MUSD", "0.3", 6.0), run_with("1 MUSD", "1.0", 9.0)};
  EXPECT_THAT(varying_parameters(runs), ElementsAre("fund", "volatility"));
  const SweepGrid grid = sweep_grid(runs, "fund", "volatility", "bad_debt.usd");
  EXPECT_THAT(grid.columns, ElementsAre("1 MUSD", "16 MUSD"));
  EXPECT_DOUBLE_EQ(grid.cells[0].value(), 5.0);
  EXPECT_EQ(grid.runs[0], 2U);
  EXPECT_DOUBLE_EQ(grid.cells[2].value(), 9.0);
  EXPECT_FALSE(grid.cells[3].has_value());
}

TEST(Sweep, ALineHasTheMeanAndItsIntervalAtEachValue) {
  std::vector<RunSummary> runs = {run_with("16 MUSD", "0.3", 1.0), run_with("1 MUSD", "0.3", 1.0),
                                  run_with("1 MUSD", "0.3", 2.0), run_with("1 MUSD", "0.3", 3.0)};
  runs.push_back({.path = "bad.h5", .error = "damaged"});
  const SweepLine line = sweep_line(runs, "fund", "bad_debt.usd");
  EXPECT_EQ(line.unit, "USD");
  ASSERT_EQ(line.points.size(), 2U);
  EXPECT_EQ(line.points[0].value, "1 MUSD");
  EXPECT_EQ(line.points[0].runs, 3U);
  EXPECT_DOUBLE_EQ(line.points[0].mean, 2.0);
  // Standard deviation 1, n = 3: t(0.975; 2) / sqrt(3) = 4.302653 / 1.732051 = 2.484138.
  EXPECT_NEAR(line.points[0].low, 2.0 - 2.484138, 1e-6);
  EXPECT_NEAR(line.points[0].high, 2.0 + 2.484138, 1e-6);
  EXPECT_FALSE(line.points[1].has_interval());
  EXPECT_DOUBLE_EQ(line.points[1].low, 1.0);
  EXPECT_TRUE(sweep_line(runs, "fund", "no.such").points.empty());
}

TEST(Compare, TheDifferenceIsTakenOnBothClocks) {
  const auto run = small_run();
  const auto prices = make_series(run, "trades.price");
  const auto paid = make_series(run, "liquidations.fund_paid");
  ASSERT_NE(prices, nullptr);
  ASSERT_NE(paid, nullptr);
  const auto d = difference(*prices, *paid);
  // Prices 100 101 102 at 1 2 3 s; paid 0 then 1.5 at 2 s, 2 at 4 s. At 2 s the last of both
  // counts.
  EXPECT_TRUE(std::isnan(d->at(1 * kSecond)));
  EXPECT_DOUBLE_EQ(d->at(2 * kSecond), 1.5 - 101.0);
  EXPECT_DOUBLE_EQ(d->at(3 * kSecond), 1.5 - 102.0);
  EXPECT_DOUBLE_EQ(d->at(4 * kSecond), 2.0 - 102.0);
}

TEST(Compare, TheBandSpansTheRuns) {
  const auto run = small_run();
  const auto band =
      ensemble_band({make_series(run, "trades.price"), make_series(run, "trades.price"),
                     make_series(run, "liquidations.fund_paid")},
                    {Time{0}, Time{4 * kSecond}}, 5);
  EXPECT_TRUE(std::isnan(band.middle[0]));
  EXPECT_DOUBLE_EQ(band.low[4], 2.0);
  EXPECT_DOUBLE_EQ(band.middle[4], 102.0);
  EXPECT_DOUBLE_EQ(band.high[4], 102.0);
}

TEST(Session, ComesBackAsItWas) {
  const Session session{.files = {"a \"b\".h5"},
                        .series = {"price"},
                        .range = {Time{5}, Time{9'007'199'254'740'993}},
                        .filter = "kind=tx",
                        .bookmarks = {{Time{7}, "here\nit broke"}}};
  EXPECT_EQ(session_from_json(to_json(session)), session);
}

TEST(Session, AnotherFileIsRefused) {
  for (const char* text : {"", "{}", "[]", "{\"mezz_session\": 2}", "{\"mezz_session\": \"1\"}"})
    EXPECT_THROW(static_cast<void>(session_from_json(text)), std::runtime_error) << text;
}

TEST(Snippets, WordsAreQuotedForTheShell) {
  EXPECT_EQ(shell_word("runs/a.h5"), "runs/a.h5");
  EXPECT_EQ(shell_word("it's here.h5"), "'it'\\''s here.h5'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Snippets, AScenarioWithoutItsDefaultsKeepsWhatWasDecided) {
  EXPECT_EQ(without_defaults("title = \"a \\\" # default\"  # x.toml:1  One line\n"
                             "link = []  # default  Wires\n\n"
                             "[run]  # x.toml:2  Length\n"
                             "seed = 7  # command line  Key\n"
                             "epoch = \"2026\"  # default  Date\n\n"
                             "[layer1]  # default  Chain\n"
                             "slot = \"12 s\"  # default  Slots\n\n"
                             "[[leverage]]  # default  A list nobody wrote\n"
                             "from = 1  # default  Tier\n\n"
                             "[[segment]]  # x.toml:8  Moves\n"
                             "length = 1  # default  Length\n\n"
                             "[[agent]]  # default  Who\n"
                             "kind = \"a\"  # x.toml:9  Which\n"
                             "count = 1  # default  How many\n"),
            "title = \"a \\\" # default\"  # x.toml:1  One line\n\n"
            "[run]  # x.toml:2  Length\n"
            "seed = 7  # command line  Key\n\n"
            "[[segment]]  # x.toml:8  Moves\n\n"
            "[[agent]]  # default  Who\n"
            "kind = \"a\"  # x.toml:9  Which\n");
}

TEST(Snippets, CsvHasTheVisibleRangeAndNoLocale) {
  const auto series = make_series(small_run(), "trades.price");
  EXPECT_EQ(csv_of({series}, {Time{2 * kSecond}, Time{2'500'000'000}}),
            "run,series,unit,time_ns,value\n,trades.price,tick,2000000000,101\n");
  EXPECT_THAT(python_of({series}, {Time{0}, Time{1}}), HasSubstr("run.table(\"tables/trades\""));
}

}  // namespace
}  // namespace mezz::gui

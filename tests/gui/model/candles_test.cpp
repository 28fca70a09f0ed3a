#include "gui/model/candles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "gui/model/kept_rows.h"
#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

using ::testing::ElementsAre;

constexpr Duration kTwoSeconds{2 * kSecond};

Tape small_tape() {
  return {.instrument = "x",
          .unit = "USD",
          .fills = {{Time{0}, 10.0, 3.0},
                    {Time{1 * kSecond}, 12.0, -1.0},
                    {Time{2 * kSecond - 1}, 11.0, 2.0},
                    {Time{2 * kSecond}, 9.0, -5.0},
                    {Time{8 * kSecond}, 9.5, 1.0}},
          .forced = {{Time{1 * kSecond}, Forced::Closed, 12.0, 1.0, 12.0},
                     {Time{1 * kSecond}, Forced::Closed, 8.0, 3.0, 24.0},
                     {Time{1 * kSecond}, Forced::BadDebt, NAN, 0.0, 7.0}},
          .mark = {}};
}

TEST(Candles, HoldOpenHighLowCloseAndVolume) {
  const Bars bars = bars_of(small_tape(), kTwoSeconds);
  // 0 to 2 s: 10, 12, 11; 2 to 4 s: 9; nothing from 4 to 8 s, so no bar there.
  ASSERT_EQ(bars.candles.size(), 3U);
  const Candle& first = bars.candles[0];
  EXPECT_THAT((std::vector{first.open, first.high, first.low, first.close, first.lots}),
              ElementsAre(10.0, 12.0, 10.0, 11.0, 6.0));
  EXPECT_EQ(first.fills, 3U);
  EXPECT_TRUE(first.rose());
  EXPECT_EQ(bars.candles[1].begin, Time{2 * kSecond});
  EXPECT_EQ(bars.candles[2].begin, Time{8 * kSecond});
}

TEST(Candles, ForcedClosuresOfABarAreOneMarkOfEachKind) {
  const Bars bars = bars_of(small_tape(), kTwoSeconds);
  ASSERT_EQ(bars.forced.size(), 2U);
  EXPECT_EQ(bars.forced[0].kind, Forced::Closed);
  EXPECT_EQ(bars.forced[0].closures, 2U);
  EXPECT_DOUBLE_EQ(bars.forced[0].usd, 36.0);
  EXPECT_DOUBLE_EQ(bars.forced[0].price, 9.0);  // (1 x 12 + 3 x 8) / 4
  EXPECT_EQ(bars.forced[1].kind, Forced::BadDebt);
  EXPECT_TRUE(std::isnan(bars.forced[1].price));
}

TEST(Candles, TheLengthOfABarIsRoundAndFollowsTheZoom) {
  EXPECT_EQ(bar_length(Duration{7'200 * kSecond}, 120), Duration{60 * kSecond});
  EXPECT_EQ(bar_length(Duration{7'200 * kSecond}, 119), Duration{120 * kSecond});
  EXPECT_EQ(bar_length(Duration{90 * kSecond}, 100), Duration{kSecond});
  EXPECT_EQ(bar_length(Duration{1}, 100), Duration{1'000'000});
  EXPECT_EQ(bar_length(Duration{86'400 * kSecond}, 0), Duration{86'400 * kSecond});
}

RunData run_with_two_instruments() {
  RunData run = *small_run();
  run.summary.parameters = {{"market.contract.tick", "0.5 USD"},
                            {"market.contract.underlying", "ETH"},
                            {"market.listing[0].name", "C-60"}};
  for (TableData& table : run.tables) {
    if (table.name == "trades") table.columns.push_back(whole("instrument", {0, 1, 0}));
    if (table.name == "trades") table.columns.push_back(whole("quantity", {5, 6, -7}, "lot"));
    if (table.name == "liquidations") {
      table.columns.push_back(whole("price", {100, 0, 90}, "tick"));
      table.columns.push_back(whole("quantity", {-4, 8, 2}, "lot"));
    }
  }
  return run;
}

TEST(Candles, ATapeHasOneInstrumentInTheUnitOfTheScenario) {
  const RunData run = run_with_two_instruments();
  EXPECT_THAT(traded_instruments(run), ElementsAre(0, 1));
  const Tape tape = tape_of(run, 0);
  EXPECT_EQ(tape.instrument, "ETH perpetual");
  EXPECT_EQ(tape.unit, "USD");
  ASSERT_EQ(tape.fills.size(), 2U);  // at 100 and 102 ticks of half a dollar
  EXPECT_DOUBLE_EQ(tape.fills[0].price, 50.0);
  EXPECT_DOUBLE_EQ(tape.fills[1].price, 51.0);
  EXPECT_DOUBLE_EQ(tape.fills[1].lots, -7.0);
  EXPECT_EQ(tape_of(run, 1).instrument, "C-60");
  EXPECT_EQ(tape_of(run, 1).unit, "tick");  // the listing's tick is not said
  EXPECT_EQ(tape_of(run, 1).fills.size(), 1U);
}

TEST(Candles, StepsOfALiquidationAreToldApart) {
  const Tape tape = tape_of(run_with_two_instruments(), 0);
  // book 4 lots at 100, deleverage 8 lots without a price, bad_debt 2 lots that leave 3 USD.
  ASSERT_EQ(tape.forced.size(), 4U);
  EXPECT_EQ(tape.forced[0].kind, Forced::Closed);
  EXPECT_DOUBLE_EQ(tape.forced[0].price, 50.0);
  EXPECT_DOUBLE_EQ(tape.forced[0].lots, 4.0);
  EXPECT_EQ(tape.forced[1].kind, Forced::Deleveraged);
  EXPECT_TRUE(std::isnan(tape.forced[1].price));
  EXPECT_EQ(tape.forced[3].kind, Forced::BadDebt);
  EXPECT_DOUBLE_EQ(tape.forced[3].usd, 3.0);
}

TEST(Candles, BlocksThatWereReplacedDoNotCount) {
  RunData run = *small_run();
  run.tables.push_back({"tables/blocks",
                        "blocks",
                        3,
                        {time_column("time", {1, 2, 3}), whole("block", {1, 2, 2}),
                         whole("incarnation", {0, 0, 1}), whole("oracle", {7, 8, 9}, "tick")}});
  for (TableData& table : run.tables) {
    if (table.name != "trades") continue;
    table.columns.push_back(whole("block", {1, 2, 2}));
    table.columns.push_back(whole("incarnation", {0, 0, 1}));
  }
  EXPECT_THAT(kept_rows(run, *run.table("trades")), ElementsAre(true, false, true));
  const Tape tape = tape_of(run, 0);
  EXPECT_EQ(tape.fills.size(), 2U);
  ASSERT_EQ(tape.mark.size(), 2U);
  EXPECT_DOUBLE_EQ(tape.mark[1].price, 9.0);
}

TEST(Candles, AResultWithoutFillsHasNone) {
  RunData run;
  EXPECT_TRUE(traded_instruments(run).empty());
  EXPECT_TRUE(bars_of(tape_of(run, 0), kTwoSeconds).candles.empty());
}

TEST(Candles, ColumnsOfAnotherTypeAreNotRead) {
  RunData run = *small_run();
  ColumnData real;
  real.info.name = "instrument";
  real.info.type = analysis::StoredType::F64;
  real.real = {0.0, 1.0, 2.0};
  for (TableData& table : run.tables) {
    if (table.name == "trades") table.columns.push_back(real);
  }
  EXPECT_THAT(traded_instruments(run), ElementsAre(0));
  EXPECT_EQ(tape_of(run, 0).fills.size(), 3U);
}

}  // namespace
}  // namespace mezz::gui

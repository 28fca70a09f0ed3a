#include "gui/model/latency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

using ::testing::ElementsAre;

std::vector<std::size_t> counts(const std::vector<HistogramBin>& bins) {
  std::vector<std::size_t> all;
  for (const HistogramBin& bin : bins) all.push_back(bin.count);
  return all;
}

TEST(Histogram, LinearBinsAreRoundAndHoldAll) {
  // From 3 to 41 in at most 10 bins: steps of 5, from 0 to 45.
  const auto bins = histogram({3.0, 4.9, 5.0, 12.0, 41.0}, AxisScale::Linear, 10);
  EXPECT_THAT(counts(bins), ElementsAre(2, 1, 1, 0, 0, 0, 0, 0, 1));
  EXPECT_DOUBLE_EQ(bins[1].low, 5.0);
  EXPECT_DOUBLE_EQ(bins[8].high, 45.0);
}

TEST(Histogram, LogarithmicBinsAreEqualPartsOfADecade) {
  // 1 to 100: three decades (1, 10, 100 to 1000) fit ten bins in two parts each, sqrt(10) = 3.16.
  const auto bins = histogram({1.0, 3.0, 3.2, 50.0, 100.0}, AxisScale::Log, 10);
  EXPECT_THAT(counts(bins), ElementsAre(2, 1, 0, 1, 1, 0));
  EXPECT_NEAR(bins[1].low, 3.1623, 1e-4);
}

TEST(Histogram, ZerosHaveTheirOwnBin) {
  const auto bins = histogram({0.0, 0.0, 2.0}, AxisScale::Log, 8);
  ASSERT_GE(bins.size(), 2U);
  EXPECT_EQ(bins[0].low, 0.0);
  EXPECT_EQ(bins[0].count, 2U);
  EXPECT_THAT(counts(histogram({0.0, 0.0}, AxisScale::Log, 8)), ElementsAre(2));
  EXPECT_THAT(counts(histogram({0.0, 0.0}, AxisScale::Linear, 8)), ElementsAre(2));
  EXPECT_TRUE(histogram({}, AxisScale::Log, 8).empty());
}

TEST(Histogram, OneValueIsOneBinOfAnyScale) {
  for (const AxisScale scale : {AxisScale::Linear, AxisScale::Log}) {
    std::size_t all = 0;
    for (const std::size_t n : counts(histogram({604'800.0}, scale, 100))) all += n;
    EXPECT_EQ(all, 1U);
  }
}

RunData run_with_delays() {
  RunData run = *small_run();
  // Withdrawal 1 is paid after 9 s, 2 is not, 3 was dropped by a re-organisation.
  run.tables.push_back(
      {"tables/withdrawals",
       "withdrawals",
       5,
       {time_column("time", {1, 1, 2, 10, 11}), whole("withdrawal", {1, 2, 3, 1, 3}),
        category("stage", {0, 0, 0, 2, 3}, {"initiated", "proven", "paid", "void"}),
        time_column("initiated", {1, 1, 2, 1, 2}), time_column("paid", {-1, -1, -1, 10, -1})}});
  for (TableData& table : run.tables) {
    if (table.name != "liquidations") continue;
    // At 2, 2 and 4 s; the third row closes nothing.
    table.columns.push_back(time_column("liquidatable_since", {1, 2, 1}));
    table.columns.push_back(whole("block", {1, 1, 2}));
    table.columns.push_back(whole("quantity", {-5, 3, 0}, "lot"));
  }
  return run;
}

TEST(Latency, RungsWithdrawalsAndLiquidations) {
  const RunData run = run_with_delays();
  const auto all = latencies_of(run, rungs_of(run));
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[1].name, "published");
  EXPECT_DOUBLE_EQ(all[1].never_share(), 0.25);
  EXPECT_EQ(all[3].name, "withdrawal");
  EXPECT_THAT(all[3].sorted, ElementsAre(9.0));
  EXPECT_EQ(all[3].never, 1U);
  EXPECT_EQ(all[4].name, "liquidation");
  EXPECT_THAT(all[4].sorted, ElementsAre(0.0, 1.0));
}

TEST(Latency, StepsOfOneAccountInOneBlockAreOneDelay) {
  RunData run = run_with_delays();
  for (TableData& table : run.tables) {
    if (table.name != "liquidations") continue;
    for (ColumnData& column : table.columns) {
      if (column.info.name == "account") column.stored = {42, 42, 42};
    }
  }
  EXPECT_THAT(latencies_of(run, {}).back().sorted, ElementsAre(1.0));
}

TEST(Latency, NothingMeasuredIsNoRow) {
  RunData run;
  EXPECT_TRUE(latencies_of(run, {}).empty());
}

}  // namespace
}  // namespace mezz::gui

// Probes, tables, the plan and the memory sink; allocation and the cost of what is off.
#include "sim/record/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "sim/check/error.h"
#include "sim/record/hdf5_sink.h"
#include "sim/record/memory_sink.h"
#include "tests/sim/record/fixture.h"

namespace {
thread_local std::uint64_t allocations = 0;  // of the simulation thread; the writer has its own
}
// Not inlined: g++ 12 otherwise sees free() without the malloc() and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mezz {
namespace {

double metric(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return metric.value;
  }
  ADD_FAILURE() << "no metric " << name;
  return 0.0;
}

TEST(Recording, DoesNotAllocatePerRow) {
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"), {.ballast_bytes = 0});
  Recording recording;
  recording.add_sink(sink);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "Forced closures");
  Probe<Money> fund{{.name = "balance", .recorders = "vector mean timeavg last"}};
  fund.bind(recording, "fund");
  ASSERT_TRUE(recording.start(market_metadata()));
  std::int64_t row = 0;
  const auto append = [&](std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i, ++row) {
      closes.append(close_row(row));
      fund.record({row}, Money{row});
    }
  };
  append(1'000);
  std::uint64_t before = allocations;
  append(kChunkRows - 1'001);
  EXPECT_EQ(allocations, before) << "inside a chunk";
  before = allocations;
  append(20 * std::int64_t{kChunkRows});
  // 2 tables x 20 full chunks: spare buffers (8 for each table, 8 for packed blocks) and now and
  // then a node of the queue.
  EXPECT_LE(allocations - before, 50U);
  ASSERT_TRUE(recording.finish({.end = close_row(row).time})) << recording.error();
}

TEST(Recording, WithoutSinkTablesAreOffAndScalarsWork) {
  Recording recording;
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "Forced closures");
  Probe<Duration> delay{{.name = "delay", .recorders = "vector mean"}};
  delay.bind(recording, "l2");
  EXPECT_FALSE(closes.enabled());
  EXPECT_TRUE(delay.enabled());
  ASSERT_TRUE(recording.start({}));
  closes.append(close_row(1));
  delay.record({1}, 1_s);
  delay.record({2}, 2_s);
  EXPECT_DOUBLE_EQ(metric(recording.metrics({3}), "l2.delay.mean"), 1.5);
}

TEST(Recording, APartialBlockIsDeliveredOnceAtEachCommit) {
  MemorySink memory;
  Recording recording;
  recording.add_sink(memory);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "");
  ASSERT_TRUE(recording.start({}));
  closes.append(close_row(0));
  recording.commit({1}, 11);
  recording.commit({2}, 12);
  closes.append(close_row(1));
  EXPECT_EQ(memory.rows("tables/liquidations"), 1U);
  ASSERT_TRUE(recording.finish({.end = close_row(2).time, .fingerprint = 13}));
  EXPECT_THAT(memory.column<std::int64_t>("tables/liquidations", "time"),
              ::testing::ElementsAre(1, 1'000'000'008));
  ASSERT_EQ(memory.commits().size(), 3U);
  EXPECT_EQ(memory.commits()[1].rows[0], 1U);
  EXPECT_EQ(memory.commits()[2].fingerprint, 13U);
}

TEST(Recording, ATableMayNotRunBackwardsInTime) {
  MemorySink memory;
  Recording recording;
  recording.add_sink(memory);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "");
  EXPECT_THROW(closes.declare(recording, "liquidations", "again"), AssertionFailure);
  EXPECT_THROW(closes.append(close_row(1)), AssertionFailure) << "before start";
  ASSERT_TRUE(recording.start({}));
  closes.append(close_row(2));
  EXPECT_THROW(closes.append(close_row(1)), AssertionFailure);
}

TEST(Probe, EachRecorderGivesItsNumber) {
  RecorderPlan plan;
  plan.add("fund/*", "last mean timeavg quantiles histogram vector");
  MemorySink memory;
  Recording recording(plan);
  recording.add_sink(memory);
  Probe<Money> balance{{.name = "balance"}};
  balance.bind(recording, "fund");
  ASSERT_TRUE(recording.start({}));
  // 10 USD for 1 s, 40 USD for 2 s, 4 USD for 7 s until the end: (10 + 80 + 28) / 10 s = 11.8 USD.
  balance.record({0}, 10_usd);
  balance.record({1'000'000'000}, 40_usd);
  balance.record({3'000'000'000}, 4_usd);
  ASSERT_TRUE(recording.finish({.end = {10'000'000'000}}));
  const std::vector<Metric>& metrics = memory.result().metrics;
  EXPECT_DOUBLE_EQ(metric(metrics, "fund.balance.last"), 4.0);
  EXPECT_DOUBLE_EQ(metric(metrics, "fund.balance.mean"), 18.0);
  EXPECT_DOUBLE_EQ(metric(metrics, "fund.balance.timeavg"), 11.8);
  EXPECT_NEAR(metric(metrics, "fund.balance.p50"), 10.0, 10.0 / 512);
  EXPECT_DOUBLE_EQ(metric(metrics, "fund.balance.p99"), 40.0);
  EXPECT_EQ(metrics[0].unit, "USD");
  ASSERT_EQ(memory.result().histograms.size(), 1U);
  std::uint64_t counted = 0;
  for (const std::uint64_t count : memory.result().histograms[0].counts) counted += count;
  EXPECT_EQ(counted, 3U);
  EXPECT_THAT(memory.column<std::int64_t>("series/fund/balance", "value"),
              ::testing::ElementsAre(10'000'000, 40'000'000, 4'000'000));
}

TEST(Probe, NarrowTypesKeepTheirColumnType) {
  MemorySink memory;
  Recording recording;
  recording.add_sink(memory);
  Probe<CloseReason> phase{{.name = "phase", .recorders = "vector"}};
  Probe<double> volatility{{.name = "volatility", .recorders = "vector timeavg"}};
  phase.bind(recording, "game");
  volatility.bind(recording, "game");
  ASSERT_TRUE(recording.start({}));
  phase.record({1}, CloseReason::Delisting);
  phase.record({2}, CloseReason::Expiry);
  volatility.record({0}, -1.5);
  ASSERT_TRUE(recording.finish({.end = {4}}));
  EXPECT_THAT(memory.column<std::uint8_t>("series/game/phase", "value"),
              ::testing::ElementsAre(2, 1));
  EXPECT_THAT(memory.column<double>("series/game/volatility", "value"),
              ::testing::ElementsAre(-1.5));
  EXPECT_EQ(memory.tables()[0].columns[1].flag_names.size(), 3U);
}

TEST(Probe, OffRecordsNothing) {
  RecorderPlan plan;
  plan.add("*", "off");
  MemorySink memory;
  Recording recording(plan);
  recording.add_sink(memory);
  Probe<Money> balance{{.name = "balance", .recorders = "vector mean"}};
  balance.bind(recording, "fund");
  EXPECT_FALSE(balance.enabled());
  ASSERT_TRUE(recording.start({}));
  const std::uint64_t before = allocations;
  for (std::int64_t i = 0; i < 100'000; ++i) balance.record({i}, Money{i});
  EXPECT_EQ(allocations, before);
  ASSERT_TRUE(recording.finish({}));
  EXPECT_TRUE(memory.tables().empty());
  EXPECT_TRUE(memory.result().metrics.empty());
}

TEST(RecorderPlan, TheLastMatchingRuleWins) {
  RecorderPlan plan;
  plan.add("*", "off");
  plan.add("layer2/*/delay", "mean vector");
  EXPECT_EQ(plan.choose("layer2/a/b/delay", 0), 1 + 4);
  EXPECT_EQ(plan.choose("layer2/delay", 8), 0);
  EXPECT_EQ(RecorderPlan{}.choose("anything", 8), 8);
}

TEST(RecorderPlan, KnowsThePatternsThatMatchedNothing) {
  RecorderPlan plan;
  plan.add("*/delay", "mean");
  plan.add("tables/trade", "off");
  static_cast<void>(plan.choose("layer2/delay", 0));
  static_cast<void>(plan.choose("tables/trades", 1));
  EXPECT_EQ(plan.unmatched(), std::vector<std::string>{"tables/trade"});
  EXPECT_EQ(plan.names(), (std::vector<std::string>{"layer2/delay", "tables/trades"}));
}

TEST(RecorderPlan, AnUnknownRecorderIsAScenarioErrorWithTheChoices) {
  RecorderPlan plan;
  try {
    plan.add("layer2/*", "mean median");
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), "record.layer2/*");
    EXPECT_THAT(error.problem(), ::testing::HasSubstr("'median'"));
    EXPECT_THAT(error.problem(), ::testing::HasSubstr("quantiles"));
  }
}

}  // namespace
}  // namespace mezz

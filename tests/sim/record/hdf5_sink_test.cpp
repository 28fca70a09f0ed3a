#include "sim/record/hdf5_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/record/memory_sink.h"
#include "sim/record/sampled_series.h"
#include "tests/sim/record/fixture.h"
#include "tests/sim/record/read_back.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;

// Full chunks and a part of another, so that full, partial and rewritten chunks all occur.
constexpr std::int64_t kRows = 32 * kChunkRows + 777;
static_assert(kRows > 2 * 50'000 && 50'000 % kChunkRows != 0);  // the commits of run_market()

struct Market {
  EventTable<CloseRow> closes;
  EventTable<CloseRow> empty;
  SampledSeries<BlockSample> blocks;
  Probe<Money> fund{{.name = "balance", .doc = "Insurance fund", .recorders = "vector last"}};
  Probe<Duration> delay{
      {.name = "delay", .doc = "Inclusion delay", .recorders = "quantiles histogram"}};

  explicit Market(Recording& recording) {
    closes.declare(recording, "liquidations", "Forced closures");
    empty.declare(recording, "disputes", "Never any");
    blocks.declare(recording, "l2_block", "At every block");
    fund.bind(recording, "clearing/fund");
    delay.bind(recording, "layer2/sequencer");
  }
  void step(std::int64_t i) {
    closes.append(close_row(i));
    if (i % 100 == 0) blocks.append(block_sample(i));
    if (i % 1'000 == 0) fund.record({i}, Money{i * 1'000'003});
    delay.record({i}, Duration{i % 2'000 + 1});
  }
};

bool run_market(Recording& recording, std::int64_t rows, RunStatus status = RunStatus::Complete) {
  Market market(recording);
  if (!recording.start(market_metadata())) return false;
  for (std::int64_t i = 0; i < rows; ++i) {
    market.step(i);
    if (i % 50'000 == 49'999) recording.commit(close_row(i).time, static_cast<std::uint64_t>(i));
  }
  RunResult result{
      .status = status, .end = close_row(rows).time, .fingerprint = 0x00c0ffee12345678};
  result.metrics = {{"trades", 12.0, "1"}, {"bad_debt.usd", 1.5, "USD"}};
  result.fingerprints = {{Time{10}, 1, 2}, {Time{20}, 3, 0xffffffffffffffff}};
  result.profile = {{"wall_time", 0.5, "s"}};
  return recording.finish(result);
}

TEST(Hdf5Sink, RowsWrittenAreRowsReadBack) {
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"));
  Recording recording;
  recording.add_sink(sink);
  ASSERT_TRUE(run_market(recording, kRows)) << recording.error();
  EXPECT_FALSE(std::filesystem::exists(sink.part_path()));
  EXPECT_FALSE(std::filesystem::exists(folder.file("run.h5.lock")));

  const ResultFile file(folder.file("run.h5"));
  EXPECT_EQ(file.text("/", "Conventions"), "CF-1.8");
  EXPECT_EQ(file.text("/", "status"), "complete");
  EXPECT_EQ(file.text("/", "fingerprint"), "00c0ffee12345678");
  const std::string at = "tables/liquidations/";
  const auto time = file.column<std::int64_t>(at + "time");
  const auto notional = file.column<std::int64_t>(at + "notional");
  const auto account = file.column<std::uint32_t>(at + "account");
  const auto settled = file.column<std::int64_t>(at + "settled");
  const auto reason = file.column<std::uint8_t>(at + "reason");
  const auto maker = file.column<std::uint8_t>(at + "maker");
  const auto volatility = file.column<double>(at + "volatility");
  const auto sequence = file.column<std::uint64_t>(at + "sequence");
  ASSERT_EQ(time.size(), static_cast<std::size_t>(kRows));
  for (std::int64_t i = 0; i < kRows; ++i) {
    const CloseRow row = close_row(i);
    const auto r = static_cast<std::size_t>(i);
    ASSERT_EQ(time[r], row.time.ns);
    ASSERT_EQ(notional[r], row.notional.micros);
    ASSERT_EQ(account[r], row.account.value);
    ASSERT_EQ(settled[r], row.settled.ns);
    ASSERT_EQ(reason[r], static_cast<std::uint8_t>(row.reason));
    ASSERT_EQ(maker[r], row.maker ? 1 : 0);
    ASSERT_EQ(volatility[r], row.volatility);
    ASSERT_EQ(sequence[r], row.sequence);
  }
  EXPECT_EQ(file.column<std::int64_t>("tables/disputes/time").size(), 0U);
  EXPECT_EQ(file.text("tables/liquidations/notional", "units"), "USD");
  EXPECT_EQ(file.text("tables/liquidations/reason", "flag_meanings"), "margin expiry delisting");
  EXPECT_EQ(file.text("tables/liquidations/time", "units"),
            "nanoseconds since 2026-01-01 00:00:00");
}

TEST(Hdf5Sink, HoldsExactlyWhatTheMemorySinkHolds) {
  const ScratchFolder folder;
  MemorySink memory;
  Hdf5Sink sink(folder.file("run.h5"));
  Recording recording;
  recording.add_sink(memory);
  recording.add_sink(sink);
  ASSERT_TRUE(run_market(recording, kRows)) << recording.error();

  const ResultFile file(folder.file("run.h5"));
  ASSERT_EQ(memory.tables().size(), 4U);
  for (const TableSpec& table : memory.tables()) {
    for (const ColumnSpec& column : table.columns) {
      const std::string path = table.path + "/" + column.name;
      if (column.type == ColumnType::I64) {
        EXPECT_EQ(file.column<std::int64_t>(path),
                  memory.column<std::int64_t>(table.path, column.name));
      } else if (column.type == ColumnType::U8) {
        EXPECT_EQ(file.column<std::uint8_t>(path),
                  memory.column<std::uint8_t>(table.path, column.name));
      } else if (column.type == ColumnType::F64) {
        EXPECT_EQ(file.column<double>(path), memory.column<double>(table.path, column.name));
      }
    }
  }
  EXPECT_EQ(memory.rows("tables/liquidations"), static_cast<std::uint64_t>(kRows));
  EXPECT_EQ(memory.rows("series/clearing/fund/balance"), 132U);  // ceil(131849 / 1000)
}

TEST(Hdf5Sink, TwoRunsGiveIdenticalFiles) {
  const ScratchFolder folder;
  for (const char* name : {"a.h5", "b.h5"}) {
    Hdf5Sink sink(folder.file(name));
    Recording recording;
    recording.add_sink(sink);
    ASSERT_TRUE(run_market(recording, kRows)) << recording.error();
  }
  const auto bytes = [&](const char* name) {
    std::FILE* file = std::fopen(folder.file(name).c_str(), "rb");
    std::string content(std::filesystem::file_size(folder.file(name)), '\0');
    EXPECT_EQ(std::fread(content.data(), 1, content.size(), file), content.size());
    std::fclose(file);
    return content;
  };
  EXPECT_TRUE(bytes("a.h5") == bytes("b.h5"));
}

TEST(Hdf5Sink, OpensInPythonWithoutHelperCode) {
  const std::string python = "/usr/bin/python3";
  if (std::system((python + " -c 'import h5py, xarray, netCDF4, h5netcdf' 2>/dev/null").c_str())) {
    GTEST_SKIP() << "python3 with h5py, xarray, netCDF4 and h5netcdf is not installed";
  }
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"));
  Recording recording;
  recording.add_sink(sink);
  ASSERT_TRUE(run_market(recording, kRows)) << recording.error();
  const std::string script = std::string(MEZZ_SOURCE_DIR) + "/tests/sim/record/open_result.py";
  EXPECT_EQ(std::system(
                (python + " " + script + " " + folder.file("run.h5") + " " + std::to_string(kRows))
                    .c_str()),
            0);
}

TEST(Hdf5Sink, TablesThatAreOffLeaveNoTrace) {
  const ScratchFolder folder;
  RecorderPlan plan;
  plan.add("tables/*", "off");
  plan.add("clearing/*", "off");
  Hdf5Sink sink(folder.file("run.h5"));
  Recording recording(plan);
  recording.add_sink(sink);
  ASSERT_TRUE(run_market(recording, 1'000)) << recording.error();
  const ResultFile file(folder.file("run.h5"));
  EXPECT_FALSE(file.has("tables/liquidations"));
  EXPECT_FALSE(file.has("series/clearing"));
  EXPECT_TRUE(file.has("series/l2_block/mid"));
}

TEST(Hdf5Sink, FailedAndInterruptedRunsAreMarked) {
  const ScratchFolder folder;
  for (const RunStatus status : {RunStatus::Failed, RunStatus::Interrupted}) {
    Hdf5Sink sink(folder.file("run.h5"));
    Recording recording;
    recording.add_sink(sink);
    ASSERT_TRUE(run_market(recording, 10, status)) << recording.error();
    EXPECT_EQ(ResultFile(folder.file("run.h5")).text("/", "status"), enum_name(status));
  }
}

TEST(Hdf5Sink, AnImpossibleFolderIsNamedWithItsReason) {
  const ScratchFolder folder;
  std::fclose(std::fopen(folder.file("plain").c_str(), "w"));
  const std::pair<std::string, std::string> cases[] = {
      {folder.file("absent/run.h5"), "No such file or directory"},
      {folder.file("plain/run.h5"), "Not a directory"}};
  for (const auto& [path, reason] : cases) {
    Hdf5Sink sink(path);
    Recording recording;
    recording.add_sink(sink);
    EXPECT_FALSE(run_market(recording, 10));
    EXPECT_TRUE(recording.failed());
    EXPECT_THAT(recording.error(), HasSubstr(path));
    EXPECT_THAT(recording.error(), HasSubstr(reason));
  }
}

TEST(Hdf5Sink, MoreThanTheFreeSpaceIsRefusedBeforeTheRun) {
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"), {.expected_bytes = std::uint64_t{1} << 60});
  Recording recording;
  recording.add_sink(sink);
  EXPECT_FALSE(run_market(recording, 10));
  EXPECT_THAT(recording.error(), HasSubstr("not enough space"));
}

TEST(Hdf5Sink, TwoRunsCannotWriteTheSameResult) {
  const ScratchFolder folder;
  Hdf5Sink first(folder.file("run.h5"));
  Recording holding;
  holding.add_sink(first);
  Market market(holding);
  ASSERT_TRUE(holding.start(market_metadata()));
  Hdf5Sink second(folder.file("run.h5"));
  Recording refused;
  refused.add_sink(second);
  EXPECT_FALSE(run_market(refused, 10));
  EXPECT_THAT(refused.error(), HasSubstr("another run"));
  EXPECT_TRUE(holding.finish({.end = Time{1}})) << holding.error();
}

// HDF5 readers (h5py, h5dump) take a shared lock; whoever watches a run must not end it. The lock
// is held from before the file is created until after it is complete.
TEST(Hdf5Sink, AReadersLockStopsNeitherTheBeginningNorTheEndOfARun) {
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"));
  const int reader = ::open(sink.part_path().c_str(), O_RDONLY | O_CREAT, 0600);
  ASSERT_GE(reader, 0);
  ASSERT_EQ(::flock(reader, LOCK_SH | LOCK_NB), 0);
  Recording recording;
  recording.add_sink(sink);
  EXPECT_TRUE(run_market(recording, 10)) << recording.error();
  EXPECT_TRUE(std::filesystem::exists(folder.file("run.h5")));
  ::close(reader);
}

// A commit is due 20 ms after the last request, and later on a busy machine; never before.
TEST(Hdf5Sink, AsksForACommitNowAndThen) {
  using Clock = std::chrono::steady_clock;
  const ScratchFolder folder;
  Hdf5Sink sink(folder.file("run.h5"), {.flush_seconds = 0.02});
  Recording recording;
  recording.add_sink(sink);
  Market market(recording);
  ASSERT_TRUE(recording.start(market_metadata()));
  for (int round = 0; round < 30; ++round) {
    const Clock::time_point before = Clock::now();
    recording.commit({round}, 0);
    while (!recording.commit_due()) ::usleep(1'000);
    EXPECT_GE(Clock::now() - before, std::chrono::milliseconds(20)) << round;
  }
  EXPECT_TRUE(recording.finish({.end = Time{30}}));
}

}  // namespace
}  // namespace mezz

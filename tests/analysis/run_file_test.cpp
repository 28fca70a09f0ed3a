#include "analysis/run_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::HasSubstr;

// Runs `change` on the file, opened for writing by the plain library.
void edit(const std::string& path, const std::function<void(hid_t)>& change) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  change(file);
  ASSERT_GE(H5Fclose(file), 0);
}

std::string reason_to_refuse(const std::string& path) {
  try {
    const RunFile run(path);
    for (const TableInfo& table : run.tables()) {
      for (const ColumnInfo& column : table.columns) {
        static_cast<void>(run.doubles(table.path, column.name));
      }
    }
    static_cast<void>(run.metrics());
  } catch (const RunFileError& error) {
    EXPECT_EQ(error.path(), path);
    EXPECT_EQ(std::string(error.what()), path + ": " + error.reason());
    return error.reason();
  }
  return "accepted";
}

TEST(RunFile, GivesBackWhatTheRunWrote) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 70'000, .samples = {{{5}, 2, 3}, {{9}, 4, ~0ULL}}});
  const RunFile run(folder.file("a.h5"));
  EXPECT_FALSE(run.is_part());
  EXPECT_EQ(run.header().title, "A market of functions");
  EXPECT_EQ(run.header().seed, 42U);
  EXPECT_EQ(run.header().status, "complete");
  EXPECT_EQ(run.header().fingerprint, "0123456789abcdef");
  EXPECT_EQ(run.header().git_commit, "0123456789abcdef");
  EXPECT_EQ(run.header().compiler, "g++ 12");
  EXPECT_EQ(run.header().flags, "-O2");
  EXPECT_EQ(run.header().creator, "mezz 0.1.0");
  EXPECT_EQ(run.header().epoch, "2026-01-01 00:00:00");
  EXPECT_EQ(run.scenario().source, market_metadata().scenario_source);
  EXPECT_EQ(run.scenario().resolved, "run.seed = 42\n");
  ASSERT_EQ(run.parameters().size(), 2U);
  EXPECT_EQ(run.parameters()[1].name, "settlement.challenge_window");
  EXPECT_EQ(run.parameters()[1].value, "7 d");
  ASSERT_EQ(run.metrics().size(), 3U);
  EXPECT_EQ(run.metrics()[1].name, "bad_debt.usd");
  EXPECT_EQ(run.metrics()[1].value, 1'234.5);
  EXPECT_EQ(run.metrics()[1].unit, "USD");
  ASSERT_EQ(run.profile().size(), 1U);
  EXPECT_EQ(run.profile()[0].name, "wall_time");
  ASSERT_EQ(run.fingerprints().size(), 2U);
  EXPECT_EQ(run.fingerprints()[1].time, Time{9});
  EXPECT_EQ(run.fingerprints()[1].events, 4U);
  EXPECT_EQ(run.fingerprints()[1].fingerprint, ~0ULL);
  EXPECT_EQ(run.committed(), Time{7'200'000'000'000});
}

TEST(RunFile, TellsTheOutcomeWithoutItsTables) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  write_market(path, {.rows = 12});
  const RunOutcome outcome = read_outcome(path);
  EXPECT_EQ(outcome.header.fingerprint, "0123456789abcdef");
  EXPECT_EQ(outcome.header.seed, 42U);
  ASSERT_EQ(outcome.metrics.size(), 3U);
  EXPECT_EQ(outcome.metrics[1].name, "bad_debt.usd");
  EXPECT_EQ(outcome.metrics[1].value, 1'234.5);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THROW(read_outcome(path), RunFileError);
  EXPECT_THROW(read_outcome(folder.file("none.h5")), RunFileError);
}

// While a run is created or completed nobody can read its .part. Here the result appears as soon as
// the reader has opened the .part.
TEST(RunFile, ARunAtItsEndIsLookedAtAgain) {
  const ScratchFolder folder;
  write_market(folder.file("good.h5"), {.rows = 12});
  const std::string part = folder.file("a.h5.part");
  std::filesystem::copy_file(folder.file("good.h5"), part);
  std::filesystem::resize_file(part, 48);
  std::ofstream(folder.file("a.h5.lock"));
  const int watch = ::inotify_init1(IN_CLOEXEC);
  ASSERT_GE(::inotify_add_watch(watch, part.c_str(), IN_OPEN), 0);
  std::thread end([&] {
    char event[256];
    EXPECT_GT(::read(watch, event, sizeof event), 0);
    std::filesystem::rename(folder.file("good.h5"), folder.file("a.h5"));
  });
  EXPECT_EQ(reason_to_refuse(folder.file("a.h5")), "accepted");
  end.join();
  ::close(watch);
  EXPECT_FALSE(RunFile(folder.file("a.h5")).is_part());
}

TEST(RunFile, DescribesTheColumnsOfEveryTable) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 12});
  const RunFile run(folder.file("a.h5"));
  ASSERT_EQ(run.tables().size(), 2U);
  const TableInfo* table = run.table("tables/liquidations");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(run.table("tables/trades"), nullptr);
  EXPECT_EQ(table->description, "Forced closures");
  EXPECT_EQ(table->rows, 12U);
  EXPECT_EQ(table->columns.size(), 12U);
  EXPECT_EQ(table->columns.front().name, "time");
  EXPECT_TRUE(table->columns.front().is_point_in_time());
  EXPECT_EQ(table->column("notional")->units, "USD");
  EXPECT_EQ(table->column("notional")->scale_factor, 1e-6);
  EXPECT_EQ(table->column("notional")->description, "Size at the mark price");
  EXPECT_EQ(table->column("account")->type, StoredType::U32);
  EXPECT_EQ(table->column("volatility")->type, StoredType::F64);
  EXPECT_THAT(table->column("reason")->flag_meanings,
              ::testing::ElementsAre("margin", "expiry", "delisting"));
  EXPECT_THAT(table->column("reason")->flag_values, ::testing::ElementsAre(0, 1, 2));
  EXPECT_EQ(run.table("series/l2_block")->rows, 10U);
}

TEST(RunFile, ReadsExactIntegersAndScaledValuesOfAnyRange) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 70'000});
  const RunFile run(folder.file("a.h5"));
  const auto notional = run.integers("tables/liquidations", "notional");
  const auto volatility = run.doubles("tables/liquidations", "volatility");
  ASSERT_EQ(notional.size(), 70'000U);
  for (std::int64_t i = 0; i < 70'000; ++i) {
    ASSERT_EQ(notional[static_cast<std::size_t>(i)], close_row(i).notional.micros);
    ASSERT_EQ(volatility[static_cast<std::size_t>(i)], close_row(i).volatility);
  }
  // Across the border of two chunks (65 536 rows are 16 of them).
  const auto some = run.integers("tables/liquidations", "time", {.first = 65'530, .count = 10});
  ASSERT_EQ(some.size(), 10U);
  EXPECT_EQ(some.front(), close_row(65'530).time.ns);
  EXPECT_EQ(some.back(), close_row(65'539).time.ns);
  EXPECT_EQ(run.integers("tables/liquidations", "time", {.first = 69'999}).size(), 1U);
  EXPECT_TRUE(run.integers("tables/liquidations", "time", {.first = 80'000}).empty());
  const auto oi = run.doubles("series/l2_block", "open_interest");
  EXPECT_DOUBLE_EQ(oi[3], 3.000003);  // 3 * 1 000 001 millionths of a dollar
  EXPECT_THROW(static_cast<void>(run.integers("tables/liquidations", "volatility")), RunFileError);
  EXPECT_THROW(static_cast<void>(run.integers("tables/liquidations", "size_")), RunFileError);
  EXPECT_THROW(static_cast<void>(run.doubles("tables/none", "time")), RunFileError);
}

TEST(RunFile, RefusesMissingEmptyAndForeignFiles) {
  const ScratchFolder folder;
  EXPECT_THAT(reason_to_refuse(folder.file("none.h5")), HasSubstr("No such file"));
  EXPECT_THAT(reason_to_refuse(folder.path().string()), HasSubstr("not a regular file"));
  std::ofstream(folder.file("empty.h5")).flush();
  EXPECT_THAT(reason_to_refuse(folder.file("empty.h5")), HasSubstr("not a readable HDF5 file"));
  std::ofstream(folder.file("text.h5")) << "title = \"a scenario, not a result\"\n";
  EXPECT_THAT(reason_to_refuse(folder.file("text.h5")), HasSubstr("not a readable HDF5 file"));
  const hid_t other = H5Fcreate(folder.file("other.h5").c_str(), H5F_ACC_TRUNC, 0, 0);
  H5Fclose(other);
  EXPECT_THAT(reason_to_refuse(folder.file("other.h5")), HasSubstr("mezz_format"));
}

TEST(RunFile, RefusesAnotherMajorFormat) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  write_market(path, {.rows = 3});
  edit(path, [](hid_t file) {
    const std::int64_t format[] = {2, 7};
    const hid_t attribute = H5Aopen(file, "mezz_format", H5P_DEFAULT);
    ASSERT_GE(H5Awrite(attribute, H5T_NATIVE_INT64, format), 0);
    H5Aclose(attribute);
  });
  EXPECT_EQ(reason_to_refuse(path), "format 2.7; this program reads format 1.x");
}

TEST(RunFile, RefusesRowCountsThatDisagreeWithTheCommit) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  write_market(path, {.rows = 30});
  edit(path, [](hid_t file) {
    const hid_t dataset = H5Dopen2(file, "tables/liquidations/fee", H5P_DEFAULT);
    const hsize_t extent = 31;
    ASSERT_GE(H5Dset_extent(dataset, &extent), 0);
    H5Dclose(dataset);
  });
  EXPECT_EQ(reason_to_refuse(path),
            "the column tables/liquidations/fee has 31 rows, /commit says 30");
}

TEST(RunFile, RefusesLinksToOtherPlaces) {
  const ScratchFolder folder;
  write_market(folder.file("secret.h5"), {.rows = 3});
  for (const bool external : {true, false}) {
    const std::string path = folder.file(external ? "external.h5" : "soft.h5");
    write_market(path, {.rows = 3});
    edit(path, [&](hid_t file) {
      ASSERT_GE(H5Ldelete(file, "metrics", H5P_DEFAULT), 0);
      ASSERT_GE(external ? H5Lcreate_external("secret.h5", "/metrics", file, "metrics", 0, 0)
                         : H5Lcreate_soft("/profile", file, "metrics", 0, 0),
                0);
    });
    EXPECT_THAT(reason_to_refuse(path), HasSubstr("a link to another place: metrics"));
  }
}

TEST(RunFile, RefusesDataInOtherFilesAndOddChunks) {
  const ScratchFolder folder;
  std::ofstream(folder.file("secret.bin")) << std::string(1'000, 's');
  const auto replace_fee = [](hid_t file, hid_t properties, hsize_t extent, hid_t type) {
    ASSERT_GE(H5Ldelete(file, "tables/liquidations/fee", H5P_DEFAULT), 0);
    // Chunks larger than the extent are allowed only when it can grow.
    const hsize_t unlimited = H5S_UNLIMITED;
    const bool grows = H5Pget_layout(properties) == H5D_CHUNKED;
    const hid_t space = H5Screate_simple(1, &extent, grows ? &unlimited : nullptr);
    const hid_t dataset = H5Dcreate2(file, "tables/liquidations/fee", type, space, H5P_DEFAULT,
                                     properties, H5P_DEFAULT);
    ASSERT_GE(dataset, 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(properties);
  };
  const MarketFile small{.rows = 3};
  const auto refused = [&](const char* name, auto&& set, hid_t type) {
    const std::string path = folder.file(name);
    write_market(path, small);
    edit(path, [&](hid_t file) {
      const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
      ASSERT_GE(set(properties), 0);
      replace_fee(file, properties, 3, type);
    });
    return reason_to_refuse(path);
  };
  const std::string secret = folder.file("secret.bin");
  EXPECT_THAT(refused(
                  "external.h5", [&](hid_t p) { return H5Pset_external(p, secret.c_str(), 0, 24); },
                  H5T_STD_I64LE),
              HasSubstr("data in other files"));
  EXPECT_THAT(refused(
                  "chunk.h5",
                  [](hid_t p) {
                    const hsize_t chunk = hsize_t{1} << 24;  // 128 MiB of int64
                    return H5Pset_chunk(p, 1, &chunk);
                  },
                  H5T_STD_I64LE),
              HasSubstr("chunks of a strange size"));
  EXPECT_THAT(refused(
                  "filter.h5",
                  [](hid_t p) {
                    const hsize_t chunk = 16;
                    H5Pset_chunk(p, 1, &chunk);
                    return H5Pset_nbit(p);
                  },
                  H5T_STD_I64LE),
              HasSubstr("unknown filter"));
  const auto chunked = [](hid_t p) {
    const hsize_t chunk = 16;
    return H5Pset_chunk(p, 1, &chunk);
  };
  EXPECT_THAT(refused("type.h5", chunked, H5T_STD_I64BE), HasSubstr("a type that no run writes"));
  EXPECT_THAT(refused("missing.h5", chunked, H5T_STD_I64LE), HasSubstr("chunks are missing"));
}

TEST(RunFile, AnswersFromALiveFileUpToItsLastCommit) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Hdf5Sink sink(path, {.flush_seconds = 0.01, .ballast_bytes = 0});
    Recording recording;
    recording.add_sink(sink);
    EventTable<CloseRow> closes;
    closes.declare(recording, "liquidations", "Forced closures");
    if (!recording.start(market_metadata())) ::_exit(1);
    for (std::int64_t row = 0; row < 40'000;) {
      for (int i = 0; i < 5'000; ++i) closes.append(close_row(row++));
      recording.commit(close_row(row - 1).time, static_cast<std::uint64_t>(row));
    }
    // At most a few commits wait for the disk; after the eighth at least one is on it.
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  ::close(ready[1]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const auto expect_committed_rows = [&] {
    const RunFile run(path);  // there is no a.h5 yet
    EXPECT_TRUE(run.is_part());
    EXPECT_EQ(run.path(), path + ".part");
    EXPECT_EQ(run.header().status, "running");
    EXPECT_TRUE(run.metrics().empty());
    const std::uint64_t rows = run.table("tables/liquidations")->rows;
    EXPECT_EQ(rows % 5'000, 0U);
    EXPECT_GT(rows, 0U);
    EXPECT_EQ(std::stoull(run.header().fingerprint, nullptr, 16), rows);
    EXPECT_EQ(run.committed(), close_row(static_cast<std::int64_t>(rows) - 1).time);
    const auto sequence = run.integers("tables/liquidations", "sequence");
    ASSERT_EQ(sequence.size(), rows);
    for (std::size_t i = 0; i < rows; ++i) {
      ASSERT_EQ(sequence[i], static_cast<std::int64_t>(i) << 40);
    }
  };
  expect_committed_rows();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  expect_committed_rows();
}

}  // namespace
}  // namespace mezz::analysis

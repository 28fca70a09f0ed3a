// What is left after kill -9 and after a full disk, and what recover() makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/record/hdf5_sink.h"
#include "sim/record/recover.h"
#include "tests/sim/record/fixture.h"
#include "tests/sim/record/read_back.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Writes rows and commits until killed; the pipe carries the rows of each commit requested.
[[noreturn]] void write_until_killed(const std::string& path, int pipe) {
  Hdf5Sink sink(path, {.flush_seconds = 0.01, .ballast_bytes = 0});
  Recording recording;
  recording.add_sink(sink);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "Forced closures");
  if (!recording.start(market_metadata())) ::_exit(1);
  for (std::int64_t row = 0;;) {
    for (int i = 0; i < 5'000; ++i) closes.append(close_row(row++));
    recording.commit(close_row(row - 1).time, static_cast<std::uint64_t>(row));
    if (::write(pipe, &row, sizeof row) != sizeof row) ::_exit(1);
  }
}

void expect_rows_of_function(const ResultFile& file, std::uint64_t rows) {
  const auto time = file.column<std::int64_t>("tables/liquidations/time");
  const auto notional = file.column<std::int64_t>("tables/liquidations/notional");
  const auto sequence = file.column<std::uint64_t>("tables/liquidations/sequence");
  ASSERT_EQ(time.size(), rows);
  ASSERT_EQ(sequence.size(), rows);
  for (std::uint64_t r = 0; r < rows; ++r) {
    const CloseRow row = close_row(static_cast<std::int64_t>(r));
    ASSERT_EQ(time[r], row.time.ns);
    ASSERT_EQ(notional[r], row.notional.micros);
    ASSERT_EQ(sequence[r], row.sequence);
  }
}

TEST(Recover, GivesEveryRowUpToTheLastCommitAfterKill) {
  std::uint64_t most = 0;
  for (int round = 0; round < 6; ++round) {
    const ScratchFolder folder;
    const std::string part = folder.file("run.h5.part");
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(folder.file("run.h5"), ends[1]);
    ::close(ends[1]);
    std::int64_t requested = 0;
    // Different moments. A commit follows two blocks, and back-pressure lets at most 16 blocks wait
    // for the disk, so that after the tenth request at least one commit must have been written.
    for (int commits = 0; commits < 10 + 7 * round; ++commits) {
      ASSERT_EQ(::read(ends[0], &requested, sizeof requested),
                static_cast<ssize_t>(sizeof requested));
    }
    ::usleep(static_cast<useconds_t>(round * 7'370));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &requested, sizeof requested) > 0) {
    }
    ::close(ends[0]);

    const std::string before = content_of(part);
    const RecoverReport report = recover(part, folder.file("out.h5"));
    ASSERT_TRUE(report.recovered) << report.error;
    EXPECT_TRUE(content_of(part) == before) << "the input was changed";
    ASSERT_EQ(report.tables.size(), 1U);
    const std::uint64_t rows = report.tables[0].rows;
    EXPECT_EQ(rows % 5'000, 0U);  // a commit, not a moment between two
    EXPECT_EQ(report.fingerprint, rows);
    EXPECT_EQ(report.commits, rows / 5'000) << "a commit in the middle was lost";
    EXPECT_LE(rows, static_cast<std::uint64_t>(requested) + 5'000);
    EXPECT_GE(rows + 9 * 5'000, static_cast<std::uint64_t>(requested));
    const ResultFile file(folder.file("out.h5"));
    EXPECT_EQ(file.text("/", "status"), "interrupted");
    EXPECT_EQ(file.column<std::int64_t>("fingerprints/time").size(), report.commits);
    expect_rows_of_function(file, rows);
    most = std::max(most, rows);
  }
  EXPECT_GT(most, kChunkRows) << "the test never left the first chunk";
}

TEST(Recover, DamageAfterAnEarlierCommitFallsBackToIt) {
  const ScratchFolder folder;
  {
    Hdf5Sink sink(folder.file("run.h5"));
    Recording recording;
    recording.add_sink(sink);
    EventTable<CloseRow> closes;
    closes.declare(recording, "liquidations", "Forced closures");
    ASSERT_TRUE(recording.start(market_metadata()));
    std::int64_t row = 0;
    for (const std::int64_t rows : {std::int64_t{kChunkRows}, std::int64_t{kChunkRows} + 500}) {
      while (row < rows) closes.append(close_row(row++));
      recording.commit(close_row(row).time, static_cast<std::uint64_t>(row));
    }
  }  // the sink goes without finish(): the .part stays
  // A deflate stream begins with 78 01; the last one belongs to the second chunk of a column.
  std::string bytes = content_of(folder.file("run.h5.part"));
  const std::size_t at = bytes.rfind(std::string("\x78\x01", 2));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 20] = static_cast<char>(bytes[at + 20] ^ 0x55);
  std::ofstream(folder.file("torn.h5.part"), std::ios::binary) << bytes;
  const RecoverReport report = recover(folder.file("torn.h5.part"), folder.file("out.h5"));
  ASSERT_TRUE(report.recovered) << report.error;
  EXPECT_EQ(report.discarded, 1U);
  EXPECT_EQ(report.tables[0].rows, kChunkRows);
  expect_rows_of_function(ResultFile(folder.file("out.h5")), kChunkRows);
}

TEST(Recover, AFileThatDiedWhileBeingCompletedIsReadable) {
  const ScratchFolder folder;
  {
    Hdf5Sink sink(folder.file("run.h5"));
    Recording recording;
    recording.add_sink(sink);
    EventTable<CloseRow> closes;
    closes.declare(recording, "liquidations", "Forced closures");
    ASSERT_TRUE(recording.start(market_metadata()));
    for (std::int64_t row = 0; row < 300; ++row) closes.append(close_row(row));
    ASSERT_TRUE(recording.finish({.end = close_row(300).time, .fingerprint = 9}));
  }
  const std::string part = folder.file("run.h5.part");
  std::filesystem::rename(folder.file("run.h5"), part);
  const pid_t child = ::fork();
  if (child == 0) {  // opened for writing as complete_file() does, then gone
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    ::_exit(H5Fopen(part.c_str(), H5F_ACC_RDWR, access) >= 0 ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  const RecoverReport report = recover(part, folder.file("out.h5"));
  ASSERT_TRUE(report.recovered) << report.error;
  expect_rows_of_function(ResultFile(folder.file("out.h5")), 300);
}

TEST(Recover, RefusesWhatIsNotAResultAndNeverOverwrites) {
  const ScratchFolder folder;
  std::ofstream(folder.file("text.h5.part"))
      << "not HDF5 at all, only some text of a certain length";
  EXPECT_THAT(recover(folder.file("text.h5.part"), folder.file("out.h5")).error,
              HasSubstr("not a result file"));
  EXPECT_EQ(recover(folder.file("absent.h5.part"), folder.file("out.h5")).error,
            "cannot open " + folder.file("absent.h5.part") + ": No such file or directory");
  EXPECT_FALSE(std::filesystem::exists(folder.file("out.h5")));
  EXPECT_THAT(recover(folder.file("text.h5.part"), folder.file("text.h5.part")).error,
              HasSubstr("exists already"));
}

// Returns through the exit code what happened in a process that ran out of disk: 0 = as promised.
int run_out_of_disk(const std::string& path) {
  Hdf5Sink sink(path, {.ballast_bytes = 1 << 20});
  Recording recording;
  recording.add_sink(sink);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "Forced closures");
  if (!recording.start(market_metadata())) return 1;
  std::int64_t row = 0;
  while (!recording.failed() && row < 20'000'000) {
    for (int i = 0; i < 50'000; ++i) closes.append(close_row(row++));
    recording.commit(close_row(row - 1).time, static_cast<std::uint64_t>(row));
  }
  if (!recording.failed()) return 2;
  if (recording.finish({.end = close_row(row).time})) return 3;
  if (recording.error().find("No space left") == std::string::npos &&
      recording.error().find("File too large") == std::string::npos) {
    std::fprintf(stderr, "error text: %s\n", recording.error().c_str());
    return 4;
  }
  return 0;
}

void expect_full_disk_is_survived(const ScratchFolder& folder, const std::string& path,
                                  rlim_t file_limit) {
  std::ofstream(path) << "an earlier result";
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{file_limit, file_limit};
    if (file_limit != RLIM_INFINITY && ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(9);
    ::_exit(run_out_of_disk(path));
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(content_of(path), "an earlier result");
  ASSERT_TRUE(std::filesystem::exists(path + ".part"));
  const RecoverReport report = recover(path + ".part", folder.file("recovered.h5"));
  ASSERT_TRUE(report.recovered) << report.error;
  EXPECT_GE(report.tables[0].rows, 50'000U);

  expect_rows_of_function(ResultFile(folder.file("recovered.h5")), report.tables[0].rows);
}

TEST(FullDisk, TheRunFailsAndKeepsItsCommitsWhenTheFileMayNotGrow) {
  const ScratchFolder folder;
  expect_full_disk_is_survived(folder, folder.file("run.h5"), 6 << 20);
}

TEST(FullDisk, TheRunFailsAndKeepsItsCommitsOnAFullFileSystem) {
  const ScratchFolder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=8m") != 0) {
    GTEST_SKIP() << "only root can mount a small file system";
  }
  expect_full_disk_is_survived(folder, disk + "/run.h5", RLIM_INFINITY);
  EXPECT_EQ(::umount(disk.c_str()), 0);
}

}  // namespace
}  // namespace mezz

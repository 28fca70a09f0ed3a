// Damaged files, each opened in a child process: libhdf5 1.10.8 itself crashes on some of them
// whatever its caller checks. What is claimed here is about our code: no hang, no other exception
// than RunFileError, and never rows that differ from those written. Crashes are counted,
// shown and bounded.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "analysis/info.h"
#include "analysis/run_file.h"
#include "sim/check/fingerprint.h"
#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

constexpr std::int64_t kRows = 500;

enum Outcome : int { Accepted = 0, Refused = 10, WrongRows = 11, OtherException = 12 };

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void store(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

Outcome read_everything(const std::string& path) {
  try {
    const RunFile run(path);
    static_cast<void>(info_text(run));
    static_cast<void>(info_json(run));
    static_cast<void>(run.fingerprints());
    static_cast<void>(run.scenario());
    if (run.tables().size() != 2) return WrongRows;
    for (const TableInfo& table : run.tables()) {
      const std::uint64_t expected = table.path == "series/l2_block" ? 10 : kRows;
      if (table.rows != expected) return WrongRows;
      for (const ColumnInfo& column : table.columns) {
        if (run.doubles(table.path, column.name).size() != expected) return WrongRows;
      }
    }
    const auto notional = run.integers("tables/liquidations", "notional");
    for (std::int64_t i = 0; i < kRows; ++i) {
      if (notional[static_cast<std::size_t>(i)] != close_row(i).notional.micros) return WrongRows;
    }
  } catch (const RunFileError&) {
    return Refused;
  } catch (...) {
    return OtherException;
  }
  return Accepted;
}

struct Tally {
  int accepted = 0;
  int refused = 0;
  int crashed = 0;
};

#ifdef __SANITIZE_ADDRESS__
constexpr int kSanitizerExit = 1;
#else
constexpr int kSanitizerExit = -1;  // no such exit code: an ordinary build ends by the signal
#endif

// Reads the file in a child with limits on time and memory, and adds to the tally.
void try_file(const std::string& path, const std::string& what, Tally& tally) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit cpu{5, 5};
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CPU, &cpu);
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::alarm(10);  // wall time, generous for a busy machine; a loop is caught by the CPU limit
    ::_exit(read_everything(path));
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    EXPECT_TRUE(signal != SIGXCPU && signal != SIGALRM && signal != SIGKILL) << "hangs: " << what;
    ++tally.crashed;
    std::printf("libhdf5 crashed (signal %d) on %s\n", signal, what.c_str());
    return;
  }
  const int outcome = WEXITSTATUS(status);
  if (outcome == kSanitizerExit) {  // AddressSanitizer turns the same signal into an exit code
    ++tally.crashed;
    std::printf("libhdf5 crashed on %s\n", what.c_str());
    return;
  }
  EXPECT_NE(outcome, WrongRows) << "success with wrong rows: " << what;
  EXPECT_NE(outcome, OtherException) << "not a RunFileError: " << what;
  EXPECT_TRUE(outcome == Accepted || outcome == Refused) << outcome << ": " << what;
  ++(outcome == Accepted ? tally.accepted : tally.refused);
}

void report(const char* test, const Tally& tally) {
  std::printf("%s: accepted %d, refused %d, crashed in libhdf5 %d\n", test, tally.accepted,
              tally.refused, tally.crashed);
  ::testing::Test::RecordProperty("crashed", tally.crashed);
}

class HostileFile : public ::testing::Test {
 protected:
  void SetUp() override {
    write_market(folder_.file("good.h5"), {.rows = kRows, .samples = {{{5}, 2, 3}, {{9}, 4, 5}}});
    good_ = content_of(folder_.file("good.h5"));
    ASSERT_GT(good_.size(), 1'000U);
  }
  void try_bytes(const std::string& bytes, const std::string& what) {
    store(folder_.file("bad.h5"), bytes);
    try_file(folder_.file("bad.h5"), what, tally_);
  }

  ScratchFolder folder_{"analysis_hostile"};
  std::string good_;
  Tally tally_;
};

TEST_F(HostileFile, TheUndamagedFileIsAccepted) {
  try_bytes(good_, "the good file");
  EXPECT_EQ(tally_.accepted, 1);
}

TEST_F(HostileFile, ATruncatedFileIsRefused) {
  for (std::size_t i = 0; i < 40; ++i) {
    const std::size_t size = good_.size() * i / 40;
    try_bytes(good_.substr(0, size), "cut to " + std::to_string(size) + " bytes");
  }
  report("truncated", tally_);
  EXPECT_EQ(tally_.accepted, 0);
  EXPECT_EQ(tally_.refused, 40);
}

TEST_F(HostileFile, GarbageIsRefused) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    std::string bytes = i % 2 == 0 ? std::string() : good_.substr(0, 48);  // with a superblock
    for (std::uint64_t word = 0; word < 2'000; ++word) {
      const std::uint64_t noise = mix(word, i + 1);
      bytes.append(reinterpret_cast<const char*>(&noise), sizeof noise);
    }
    try_bytes(bytes, "garbage " + std::to_string(i));
  }
  report("garbage", tally_);
  EXPECT_EQ(tally_.accepted, 0);
}

TEST_F(HostileFile, MutationsNeverGiveWrongRowCounts) {
  constexpr std::uint64_t kMutations = 200;
  for (std::uint64_t i = 0; i < kMutations; ++i) {
    std::string bytes = good_;
    std::string what = "mutation " + std::to_string(i) + ":";
    for (std::uint64_t change = 0; change <= i % 4; ++change) {
      const std::uint64_t draw = mix(i * 8 + change, 0x5EED);
      const std::size_t at = draw % bytes.size();
      const auto value = static_cast<char>(draw >> 48);
      what += " [" + std::to_string(at) + "]=" + std::to_string(value);
      bytes[at] = value;
    }
    try_bytes(bytes, what);
  }
  report("mutated", tally_);
  EXPECT_EQ(tally_.accepted + tally_.refused + tally_.crashed, static_cast<int>(kMutations));
  EXPECT_GT(tally_.refused, 0);
  // Measured for this library: 1 to 2 in 100. More would be a fault of ours.
  EXPECT_LE(tally_.crashed, static_cast<int>(kMutations / 20));
}

}  // namespace
}  // namespace mezz::analysis

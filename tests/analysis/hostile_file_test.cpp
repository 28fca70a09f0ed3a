// Damaged files, each opened in a child process: libhdf5 1.10.8 itself crashes on some of them
// whatever its caller checks. What is claimed here is about our code: no hang, no other exception
// than RunFileError, and never rows that differ from those written. Crashes are counted,
// shown and bounded. Programs open such files in a process of its own:
// reader/hostile_reader_test.cpp.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "sim/check/sanitized.h"
#include "tests/analysis/hostile.h"

namespace mezz::analysis {
namespace {

Outcome read_directly(const std::string& path) {
  std::string reason;
  return read_everything([&] { return RunFile(path); }, reason);
}

struct Tally {
  int accepted = 0;
  int refused = 0;
  int crashed = 0;
};

// Without sanitizer no such exit code: an ordinary build ends by the signal.
constexpr int kSanitizerExit = kSanitized ? 1 : -1;

// Reads the file in a child with limits on time and memory, and adds to the tally.
void try_file(const std::string& path, const std::string& what, Tally& tally) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit cpu{5, 5};
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CPU, &cpu);
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::alarm(300);  // wall time: only what sleeps gets there; a loop is caught by the CPU limit
    ::_exit(read_directly(path));
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
    write_market(folder_.file("good.h5"), undamaged_market());
    good_ = content_of(folder_.file("good.h5"));
    ASSERT_GT(good_.size(), 1'000U);
  }
  void try_bytes(const std::string& bytes, const std::string& what) {
    store(folder_.file("bad.h5"), bytes);
    try_file(folder_.file("bad.h5"), what, tally_);
  }

  ScratchFolder folder_;
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
    const Mutant mutant = mutant_of(good_, i);
    try_bytes(mutant.bytes, mutant.what);
  }
  report("mutated", tally_);
  EXPECT_EQ(tally_.accepted + tally_.refused + tally_.crashed, static_cast<int>(kMutations));
  EXPECT_GT(tally_.refused, 0);
  // Measured for this library: 1 to 2 in 100. More would be a fault of ours.
  EXPECT_LE(tally_.crashed, static_cast<int>(kMutations / 20));
}

}  // namespace
}  // namespace mezz::analysis

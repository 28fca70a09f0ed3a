// The damaged files of tests/analysis/hostile_file_test.cpp, read through mezz-h5read by this very
// process: whatever libhdf5 does with them, it goes on.
#include <gtest/gtest.h>

#include <cstdio>

#include "analysis/reader/reader_process.h"
#include "tests/analysis/hostile.h"

namespace mezz::analysis {
namespace {

struct Tally {
  int accepted = 0;
  int refused = 0;
  int crashed = 0;  // the reader, of which the refusal tells
};

class HostileReader : public ::testing::Test {
 protected:
  void SetUp() override {
    write_market(folder_.file("good.h5"), undamaged_market());
    good_ = content_of(folder_.file("good.h5"));
    ASSERT_GT(good_.size(), 1'000U);
  }
  void try_bytes(const std::string& bytes, const std::string& what) {
    const std::string path = folder_.file("bad.h5");
    store(path, bytes);
    std::string reason;
    const Outcome outcome =
        read_everything([&] { return open_in_reader(path, {.program = MEZZ_H5READ}); }, reason);
    EXPECT_NE(outcome, WrongRows) << "success with wrong rows: " << what;
    EXPECT_NE(outcome, OtherException) << "not a RunFileError: " << what;
    EXPECT_EQ(reason.find("takes longer"), std::string::npos) << "hangs: " << what;
    const bool died = reason.find("crashed libhdf5") != std::string::npos ||
                      reason.find("without an answer") != std::string::npos;
    if (died) std::printf("%s: %s\n", what.c_str(), reason.c_str());
    ++(died ? tally_.crashed : outcome == Accepted ? tally_.accepted : tally_.refused);
  }
  void report(const char* test) const {
    std::printf("%s: accepted %d, refused %d, of the reader's crashes told %d\n", test,
                tally_.accepted, tally_.refused, tally_.crashed);
  }

  ScratchFolder folder_;
  std::string good_;
  Tally tally_;
};

TEST_F(HostileReader, TheUndamagedFileIsAccepted) {
  try_bytes(good_, "the good file");
  EXPECT_EQ(tally_.accepted, 1);
}

TEST_F(HostileReader, NoTruncatedFileIsAcceptedOrEndsTheProgram) {
  for (std::size_t i = 0; i < 20; ++i) {
    const std::size_t size = good_.size() * i / 20;
    try_bytes(good_.substr(0, size), "cut to " + std::to_string(size) + " bytes");
  }
  report("truncated");
  EXPECT_EQ(tally_.accepted, 0);
}

TEST_F(HostileReader, NoMutationEndsTheProgram) {
  constexpr int kMutations = 200;
  for (int i = 0; i < kMutations; ++i) {
    const Mutant mutant = mutant_of(good_, static_cast<std::uint64_t>(i));
    try_bytes(mutant.bytes, mutant.what);
  }
  report("mutated");
  EXPECT_EQ(tally_.accepted + tally_.refused + tally_.crashed, kMutations);
  EXPECT_GT(tally_.refused, 0);
}

}  // namespace
}  // namespace mezz::analysis

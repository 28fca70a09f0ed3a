// What happens to result files when the disk, the operator or the kernel interferes.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

const Program::Words kShort{"--until", "30 s", "--quiet"};
// Long enough never to end by itself while the test looks.
const Program::Words kLong{"--set", "run.duration=300 h", "--quiet"};

TEST(ResultFile, FolderThatDoesNotExistIsAnIoError) {
  const Program mezz;
  const Finished run = mezz.run(small("calm_market") + kShort + Program::Words{"--out", "no/r.h5"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("no/r.h5"));
}

TEST(ResultFile, FolderInPlaceOfTheFileIsAnIoErrorBeforeTheRun) {
  const Program mezz;
  std::filesystem::create_directory(mezz.path("r.h5"));
  const Finished run = mezz.run(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("r.h5 is a folder"));
}

TEST(ResultFile, ReadOnlyFolderIsAnIoError) {
  const Program mezz;  // /proc refuses new files even for root
  const Finished run =
      mezz.run(small("calm_market") + kShort + Program::Words{"--out", "/proc/r.h5"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("/proc/r.h5"));
}

TEST(ResultFile, UnreadableFileIsAnIoError) {
  const Program mezz;
  mezz.write("junk.h5", "not HDF5");
  for (const char* command : {"info", "reproduce"}) {
    EXPECT_EQ(mezz.run({command, "none.h5"}).code, 3) << command;
    const Finished run = mezz.run({command, "junk.h5"});
    EXPECT_EQ(run.code, 3) << command;
    EXPECT_THAT(run.err, HasSubstr("junk.h5"));
    EXPECT_EQ(run.out, "");
  }
  EXPECT_EQ(mezz.run({"diff", "none.h5", "junk.h5"}).code, 3);
  EXPECT_EQ(mezz.run({"recover", "none.h5.part"}).code, 3);
}

TEST(ResultFile, FullDiskIsAnIoErrorAndLeavesTheEarlierFile) {
  Program mezz;
  mezz.run_json(small("calm_market") + kShort + Program::Words{"--out", "r.h5"});
  const std::string before = mezz.read("r.h5");
  ASSERT_GT(before.size(), 10'000U);
  mezz.limit_file_bytes(100'000);  // every write beyond fails, as on a full disk
  const Finished run =
      mezz.run(small("calm_market") + kShort + Program::Words{"--seed", "9", "--out", "r.h5"});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err, "");
  EXPECT_EQ(mezz.read("r.h5"), before);
}

TEST(ResultFile, FullDiskUnderTheSnapshotIsAnIoErrorAndLeavesTheEarlierOne) {
  Program mezz;
  mezz.write("s.snap", "earlier");
  mezz.limit_file_bytes(100'000);
  const Finished run = mezz.run(small("calm_market") + kShort +
                                Program::Words{"--out", "none", "--snapshot", "s.snap"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("s.snap"));
  EXPECT_EQ(mezz.read("s.snap"), "earlier");
  EXPECT_FALSE(mezz.exists("s.snap.part"));
}

TEST(ResultFile, KilledRunIsRecoverableAndLeavesTheEarlierFile) {
  const Program mezz;
  mezz.write("r.h5", "an earlier result");
  const pid_t child = mezz.start(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  const bool committed = eventually([&] {
    if (!mezz.exists("r.h5.part")) return false;
    const Program looker;
    const Finished info = looker.run({"info", mezz.path("r.h5.part").string()});
    return info.code == 0 && info.out.find("up to 0 s") == std::string::npos;
  });
  ::kill(child, SIGKILL);
  EXPECT_EQ(mezz.wait(child).code, 1'000 + SIGKILL);
  ASSERT_TRUE(committed);
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");

  const Finished refused = mezz.run({"recover", "r.h5.part"});
  EXPECT_EQ(refused.code, 3);  // never over an existing file
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");
  const Finished recovered = mezz.run({"recover", "r.h5.part", "--out", "saved.h5"});
  EXPECT_EQ(recovered.code, 0) << recovered.err;
  EXPECT_THAT(recovered.out, HasSubstr("tables/trades"));
  const auto info = mezz.run_json({"info", "saved.h5"});
  EXPECT_EQ(info["status"], "interrupted");
  EXPECT_EQ(mezz.run({"reproduce", "saved.h5"}).code, 0);
}

class Signal : public ::testing::TestWithParam<int> {};

TEST_P(Signal, EndsTheRunSoonWithAValidFile) {
  const Program mezz;
  const pid_t child = mezz.start(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  ASSERT_TRUE(eventually([&] { return mezz.exists("r.h5.part"); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));

  const Program other;  // a second run to the same name, while the first one writes
  const Finished second = other.run(small("calm_market") + kShort +
                                    Program::Words{"--out", mezz.path("r.h5").string()});
  EXPECT_EQ(second.code, 3);
  EXPECT_THAT(second.err, HasSubstr("r.h5"));

  const auto sent = Clock::now();
  ::kill(child, GetParam());
  const Finished run = mezz.wait(child);
  // Far below a second in practice; the bound is for a run that would not stop, under any
  // sanitizer.
  EXPECT_LT(Clock::now() - sent, std::chrono::seconds(20));
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_FALSE(mezz.exists("r.h5.part"));
  const auto info = mezz.run_json({"info", "r.h5"});
  EXPECT_EQ(info["status"], "interrupted");
  EXPECT_GT(info["metrics"]["orders"]["value"], 0);
  EXPECT_EQ(info["metrics"]["ledger.residual"]["value"], 0);
  const Finished again = mezz.run({"reproduce", "r.h5"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
}
INSTANTIATE_TEST_SUITE_P(Both, Signal, ::testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace mezz

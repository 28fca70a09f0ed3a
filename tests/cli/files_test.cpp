// What happens to result files when the disk, the operator or the kernel interferes.
#include <gmock/gmock.h>
#include <signal.h>

#include <cmath>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;

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

TEST(ResultFile, NoFileIsBothReadAndWritten) {
  const Program mezz;
  const std::string scenario =
      "[run]\nduration = \"10 s\"\n[price]\nkind = \"replay\"\nfile = \"p.csv\"\n";
  const std::string prices = "time,price\n2020-01-01T00:00:00Z,100\n2020-01-01T00:10:00Z,101\n";
  mezz.write("s.toml", scenario);
  mezz.write("p.csv", prices);
  std::filesystem::create_symlink("s.toml", mezz.path("link"));
  struct Case {
    Program::Words words;
    const char* said;
  };
  for (const Case& one : {Case{{"--out", "s.toml"}, "--out: s.toml is the scenario"},
                          Case{{"--out", "./link"}, "--out: ./link is the scenario"},
                          Case{{"--out", "p.csv"}, "--out: p.csv is price.file"},
                          Case{{"--out", "none", "--snapshot", "s.toml"}, "--snapshot: s.toml is"},
                          Case{{"--out", "x", "--snapshot", "./x"}, "--out: x is the file of"},
                          Case{{"--out", "x", "--restore", "x"}, "--out: x is the file of"}}) {
    const Finished run = mezz.run(Program::Words{"run", "s.toml"} + one.words);
    EXPECT_EQ(run.code, 2) << one.said;
    EXPECT_THAT(run.err, HasSubstr(one.said));
    EXPECT_EQ(run.out, "");
  }
  EXPECT_EQ(mezz.read("s.toml"), scenario);
  EXPECT_EQ(mezz.read("p.csv"), prices);
  EXPECT_FALSE(mezz.exists("x"));
  EXPECT_EQ(mezz.run({"run", "s.toml", "--out", "s.h5", "--snapshot", "s.snap"}).code, 0);
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

// Of a run to r.h5 of this folder: something is on the disk that can be recovered.
bool has_committed(const Program& mezz) {
  if (!mezz.exists("r.h5.part")) return false;
  const Program looker;
  const Finished info = looker.run({"info", mezz.path("r.h5.part").string()});
  return info.code == 0 && info.out.find("up to 0 s") == std::string::npos;
}

// Seconds of simulated time that "everything up to N s" or "up to N s" speaks of.
double seconds_after(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  return at == std::string::npos ? NAN : std::strtod(text.c_str() + at + words.size(), nullptr);
}

// What is left of the run to r.h5 is whole up to its last commit, says so, and is the run it was.
void expect_recoverable(const Program& mezz, double seconds_min) {
  const Finished recovered = mezz.run({"recover", "r.h5.part", "--out", "saved.h5"});
  ASSERT_EQ(recovered.code, 0) << recovered.err;
  EXPECT_THAT(recovered.out, HasSubstr("tables/trades"));
  EXPECT_GE(seconds_after(recovered.out, "everything up to "), seconds_min);
  const auto info = mezz.run_json({"info", "saved.h5"});
  EXPECT_EQ(info["status"], "interrupted");
  EXPECT_TRUE(info["metrics"].empty());  // known only at the end of a run
  EXPECT_THAT(mezz.run({"info", "saved.h5"}).out, HasSubstr("recovered from a .part"));
  EXPECT_GT(mezz.run({"export", "saved.h5", "--table", "trades"}).out.size(), 1'000U);
  const Finished again = mezz.run({"reproduce", "saved.h5"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
}

TEST(ResultFile, DiskFullInTheMiddleOfARunIsAnIoErrorAndWhatWasCommittedIsRecoverable) {
  const Program mezz;
  mezz.write("r.h5", "an earlier result");
  const pid_t child = mezz.start(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  const bool committed = eventually(child, [&] { return has_committed(mezz); });
  // From here on every write that makes the file longer fails, as on a full disk.
  const rlimit full{std::filesystem::file_size(mezz.path("r.h5.part")), RLIM_INFINITY};
  ASSERT_EQ(::prlimit(child, RLIMIT_FSIZE, &full, nullptr), 0);
  const Finished run = mezz.wait(child);
  ASSERT_TRUE(committed);
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("mezz: "));
  EXPECT_THAT(run.err, HasSubstr("r.h5.part"));
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");
  expect_recoverable(mezz, 0.001);
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");
}

// The same on a real file system of 512 MiB that something else fills up: room for the estimate of
// twelve hours, which no machine simulates before the test has looked.
TEST(ResultFile, SmallDiskFilledByOthersIsAnIoErrorAndWhatWasCommittedIsRecoverable) {
  const Program mezz;
  const std::string enter = "mkdir -p disk && mount -t tmpfs -o size=512m tmpfs disk";
  if (mezz.shell({"unshare", "-rm", "sh"}, enter).code != 0) {
    GTEST_SKIP() << "no file system can be mounted in a user namespace here";
  }
  const Finished run = mezz.shell({"unshare", "-rm", "bash"}, enter + R"( && cd disk || exit 90
echo 'an earlier result' > r.h5
mezz run calm_market --set 'agent[0].accounts=200' --set 'run.duration="12 h"' --quiet \
  --out r.h5 2> ../run.err &
child=$!
until mezz info r.h5.part 2>/dev/null | grep -q 'up to [0-9.]*[1-9]'; do
  kill -0 $child 2>/dev/null || { echo 'ended too soon'; cat ../run.err; exit 91; }
done
kill -STOP $child  # so that it does not end before the disk is full
cat /dev/zero > filler 2>/dev/null
kill -CONT $child
wait $child
echo "code $?"
cat r.h5
rm filler
cp r.h5.part ..
)");
  ASSERT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(run.out, "code 3\nan earlier result\n") << mezz.read("run.err");
  EXPECT_THAT(mezz.read("run.err"), HasSubstr("mezz: "));
  expect_recoverable(mezz, 0.001);
}

TEST(ResultFile, DiskTooSmallForTheEstimateIsRefusedBeforeTheRun) {
  const Program mezz;
  const std::string enter = "mkdir -p disk && mount -t tmpfs -o size=24m tmpfs disk";
  if (mezz.shell({"unshare", "-rm", "sh"}, enter).code != 0) {
    GTEST_SKIP() << "no file system can be mounted in a user namespace here";
  }
  const Finished run = mezz.shell({"unshare", "-rm", "sh"}, enter + R"( && cd disk || exit 90
mezz run calm_market --set 'agent[0].accounts=2000' --quiet --out r.h5
echo "code $?"
ls
)");
  EXPECT_THAT(run.out, ::testing::StartsWith("code 3\n"));
  EXPECT_THAT(run.err, HasSubstr("MiB needed"));
  EXPECT_THAT(run.out, ::testing::Not(HasSubstr("r.h5\n")));
}

TEST(ResultFile, KilledRunIsRecoverableAndLeavesTheEarlierFile) {
  const Program mezz;
  mezz.write("r.h5", "an earlier result");
  const pid_t child = mezz.start(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  const bool committed = eventually(child, [&] { return has_committed(mezz); });
  ::kill(child, SIGKILL);
  EXPECT_EQ(mezz.wait(child).code, 1'000 + SIGKILL);
  ASSERT_TRUE(committed);
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");

  const Finished refused = mezz.run({"recover", "r.h5.part"});
  EXPECT_EQ(refused.code, 3);  // never over an existing file
  EXPECT_EQ(mezz.read("r.h5"), "an earlier result");
  expect_recoverable(mezz, 0.001);
}

class Signal : public ::testing::TestWithParam<int> {};

TEST_P(Signal, EndsTheRunWithAValidFile) {
  const Program mezz;
  const pid_t child = mezz.start(small("calm_market") + kLong + Program::Words{"--out", "r.h5"});
  ASSERT_TRUE(eventually(child, [&] { return has_committed(mezz); }));

  const Program other;  // a second run to the same name, while the first one writes
  const Finished second = other.run(small("calm_market") + kShort +
                                    Program::Words{"--out", mezz.path("r.h5").string()});
  EXPECT_EQ(second.code, 3);
  EXPECT_THAT(second.err, HasSubstr("r.h5"));

  ::kill(child, GetParam());
  const Finished run = mezz.wait(child);
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

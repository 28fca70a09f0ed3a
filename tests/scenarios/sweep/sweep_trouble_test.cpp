// What goes wrong between sweep, resume, compare and report: clear words, exit code 2 or 3, and
// nothing is lost.
#include <gmock/gmock.h>
#include <hdf5.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = Program::Words;

const std::string kTiny =
    "[run]\nduration = \"10 s\"\n[sweep]\n\"layer2.design\" = [\"plasma\", \"sidechain\"]\n"
    "\"run.seed\" = [1, 2]\n";

void sweep(const Program& mezz, const std::string& text = kTiny) {
  mezz.write("s.toml", text);
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
}

// The commands that read many runs.
std::vector<Words> readers(const std::string& folder) {
  return {{"compare", folder},
          {"analyse", folder, "--metric", "events"},
          {"report", folder, "-o", "a.html"}};
}

// Another first digit of the commit, as of a file that another version of the program has written.
void change_version(const std::string& path) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  const hid_t attribute = H5Aopen(file, "git_commit", H5P_DEFAULT);
  ASSERT_GE(attribute, 0);
  const hid_t type = H5Aget_type(attribute);
  std::string text(H5Tget_size(type), '\0');
  ASSERT_GE(H5Aread(attribute, type, text.data()), 0);
  text[0] = text[0] == '0' ? '1' : '0';
  ASSERT_GE(H5Awrite(attribute, type, text.data()), 0);
  H5Tclose(type);
  H5Aclose(attribute);
  ASSERT_GE(H5Fclose(file), 0);
}

TEST(SweepTrouble, ResultsOfTwoVersionsInOneFolderAreRefusedByAllThatCompare) {
  const Program mezz;
  sweep(mezz);
  change_version(mezz.path("d/runs/000001.h5"));
  std::filesystem::create_directories(mezz.path("files"));
  for (const char* name : {"000000.h5", "000001.h5"}) {
    std::filesystem::copy_file(mezz.path(std::string("d/runs/") + name),
                               mezz.path(std::string("files/") + name));
  }
  for (const char* folder : {"d", "files"}) {
    for (const Words& words : readers(folder)) {
      const Finished run = mezz.run(words);
      EXPECT_EQ(run.code, 3) << words[0];
      EXPECT_EQ(run.out, "") << words[0];
      EXPECT_THAT(run.err, HasSubstr("000001.h5: was written by mezz")) << words[0];
      EXPECT_THAT(run.err, HasSubstr("results of one folder must be of one version")) << words[0];
    }
  }
  EXPECT_FALSE(mezz.exists("a.html"));
  // Files that are named one by one may be of two versions.
  EXPECT_EQ(mezz.run({"compare", "files/000000.h5", "files/000001.h5"}).code, 0);
}

TEST(SweepTrouble, AForeignOrTruncatedFileInAFolderIsNamed) {
  const Program mezz;
  sweep(mezz);
  std::filesystem::create_directories(mezz.path("files"));
  std::filesystem::copy_file(mezz.path("d/runs/000000.h5"), mezz.path("files/a.h5"));
  mezz.write("files/b.h5", "not HDF5");
  for (const Words& words : readers("files")) {
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 3) << words[0];
    EXPECT_THAT(run.err, HasSubstr("files/b.h5")) << words[0];
  }
  std::filesystem::copy_file(mezz.path("d/runs/000001.h5"), mezz.path("files/b.h5"),
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(mezz.path("files/b.h5"), 2'000);
  for (const Words& words : readers("files")) {
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 3) << words[0];
    EXPECT_THAT(run.err, HasSubstr("files/b.h5")) << words[0];
  }
  EXPECT_FALSE(mezz.exists("a.html"));
}

TEST(SweepTrouble, ASweepWithoutARunSaysWhatToDo) {
  const Program mezz;
  mezz.write("s.toml", kTiny);
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "d", "--prepare"}).code, 0);
  for (const Words& words : readers("d")) {
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 3) << words[0];
    EXPECT_THAT(run.err, HasSubstr("no finished run yet; mezz resume continues it")) << words[0];
  }
}

// The price of run 1 comes from a file that is not there when the run begins.
TEST(SweepTrouble, AFailedRunIsRepeatedOnRequestAndNothingElseIs) {
  const Program mezz;
  const std::string prices = "time,price\n2020-01-01T00:00:00Z,100\n2020-01-01T00:10:00Z,101\n";
  mezz.write("a.csv", prices);
  mezz.write("b.csv", prices);
  mezz.write("s.toml",
             "[run]\nduration = \"10 s\"\n[price]\nkind = \"replay\"\n[sweep]\n"
             "\"price.file\" = [\"a.csv\", \"b.csv\"]\n");
  const Finished prepared = mezz.run({"sweep", "s.toml", "--out", "d", "--prepare"});
  ASSERT_EQ(prepared.code, 0) << prepared.err;
  std::filesystem::remove(mezz.path("b.csv"));
  const Finished failed = mezz.run({"resume", "d", "--quiet"});
  EXPECT_EQ(failed.code, 1) << failed.err;
  EXPECT_THAT(failed.out + failed.err, HasSubstr("b.csv"));
  EXPECT_TRUE(mezz.exists("d/failed/000001.json"));
  const auto before = std::filesystem::last_write_time(mezz.path("d/runs/000000.h5"));

  // The report of what there is names the failure.
  EXPECT_EQ(mezz.run({"report", "d", "-o", "a.html"}).code, 0);
  EXPECT_THAT(mezz.read("a.html"), HasSubstr("b.csv"));

  mezz.write("b.csv", prices);
  EXPECT_EQ(mezz.run({"resume", "d", "--quiet"}).code, 1);  // it would fail again, says the note
  EXPECT_FALSE(mezz.exists("d/runs/000001.h5"));
  const Finished retried = mezz.run({"resume", "d", "--quiet", "--retry-failed"});
  EXPECT_EQ(retried.code, 0) << retried.err;
  EXPECT_TRUE(mezz.exists("d/runs/000001.h5"));
  EXPECT_FALSE(mezz.exists("d/failed/000001.json"));
  EXPECT_EQ(std::filesystem::last_write_time(mezz.path("d/runs/000000.h5")), before);
}

// Its pilot takes two seconds.
const std::string kEndless = "[run]\nduration = \"3000 h\"\n";

TEST(SweepTrouble, ASweepThatBeganDuringThePilotOfAnotherIsNotOverwritten) {
  Program slow;
  std::filesystem::create_directories(slow.path("temporary"));
  slow.set_environment("TMPDIR", slow.path("temporary"));
  slow.write("s.toml", kEndless + "[sweep]\n\"run.seed\" = [3, 4]\n");
  const std::string folder = slow.path("d");
  const pid_t child = slow.start({"sweep", "s.toml", "--out", folder, "--quiet"});
  // It has looked for a sweep in the folder before it makes a place for the pilot.
  ASSERT_TRUE(
      eventually(child, [&] { return !std::filesystem::is_empty(slow.path("temporary")); }));
  ::kill(child, SIGSTOP);
  const Program fast;
  fast.write("s.toml", kTiny);
  const Finished first = fast.run({"sweep", "s.toml", "--out", folder, "--quiet"});
  ::kill(child, SIGCONT);
  const Finished second = slow.wait(child);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.err, HasSubstr("d holds a sweep already"));
  EXPECT_EQ(fast.run({"resume", folder, "--quiet"}).code, 0);  // complete, and still its own
  EXPECT_TRUE(std::filesystem::is_empty(slow.path("temporary")));
}

TEST(SweepTrouble, OneRunOfAJobArrayIsMadeByOneProcessAtATime) {
  const Program mezz;
  mezz.write("s.toml", kEndless + "[sweep]\n\"run.seed\" = [3, 4]\n");
  const Finished prepared = mezz.run({"sweep", "s.toml", "--out", "d", "--prepare"});
  ASSERT_EQ(prepared.code, 0) << prepared.err;
  const std::string folder = mezz.path("d");
  const pid_t child = mezz.start({"sweep", folder, "--index", "1"});
  ASSERT_TRUE(eventually(child, [&] { return mezz.exists("d/work/000001.h5.part"); }));
  const Program other;
  const Finished second = other.run({"sweep", folder, "--index", "1"});
  EXPECT_EQ(second.code, 3);
  EXPECT_THAT(second.err, HasSubstr("run 1 of " + folder + " is on its way"));
  EXPECT_TRUE(mezz.exists("d/work/000001.h5.part"));
  ::kill(child, SIGINT);
  EXPECT_EQ(mezz.wait(child).code, 130);
  EXPECT_FALSE(mezz.exists("d/work/000001.h5.part"));
}

TEST(SweepTrouble, AMissingFolderForThePilotIsNamed) {
  Program mezz;
  mezz.set_environment("TMPDIR", "/nonexistent/folder");
  mezz.write("s.toml", kTiny);
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("pilot run in /nonexistent/folder: No such file or directory"));
  EXPECT_FALSE(mezz.exists("d"));
}

TEST(SweepTrouble, ADiskTooSmallForTheSweepIsRefusedBeforeTheFirstRun) {
  const Program mezz;
  mezz.write("s.toml",
             "[run]\nduration = \"10 s\"\n[sweep]\n\"run.seed\" = { from = 1, to = 1000 }\n");
  const std::string enter = "mkdir -p disk && mount -t tmpfs -o size=8m tmpfs disk";
  if (mezz.shell({"unshare", "-rm", "sh"}, enter).code != 0) {
    GTEST_SKIP() << "no file system can be mounted in a user namespace here";
  }
  const Finished run = mezz.shell({"unshare", "-rm", "sh"}, enter + R"(
mezz sweep s.toml --out disk/d --quiet > plan.txt
echo "code $?"
ls disk
)");
  EXPECT_EQ(run.out, "code 3\n") << run.err;
  EXPECT_THAT(run.err, HasSubstr("1000 runs may need"));
  EXPECT_THAT(run.err, HasSubstr("are free in disk/d"));
}

}  // namespace
}  // namespace mezz

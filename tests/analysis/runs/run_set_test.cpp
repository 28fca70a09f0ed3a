// Folders and lists of results become one value; what is no result is an error that names the file.
#include "analysis/runs/run_set.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunSet read(const std::vector<std::string>& paths) {
  return read_run_set(paths, {.program = MEZZ_H5READ});
}

std::string refusal(const std::vector<std::string>& paths) {
  try {
    read(paths);
  } catch (const RunFileError& error) {
    return error.what();
  }
  return "accepted";
}

struct Run {
  std::uint64_t seed = 1;
  std::string design = "zk_rollup";
  double bad_debt = 0;
  std::string commit = "0123456789ab";
};

void write_run(const std::string& path, const Run& run) {
  MarketFile file{.rows = 3, .metrics = {{"bad_debt.usd", run.bad_debt, "USD"}}};
  file.metadata.seed = run.seed;
  file.metadata.git_commit = run.commit;
  file.metadata.parameters = {{"name", "crash"},
                              {"layer2.design", run.design},
                              {"run.seed", std::to_string(run.seed)},
                              {"layer1.slot_time", "12 s"}};
  write_market(path, file);
}

void write_text(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// Two designs, two seeds: run 2 failed and run 3 has not been run.
class SweepFolder : public ::testing::Test {
 protected:
  SweepFolder() {
    write_text(path("sweep.json"),
               R"({"mezz_sweep": 1, "name": "crash", "title": "A crash",
                   "keys": ["layer2.design", "run.seed"], "scenario": {"run": {"duration": "1 h"}},
                   "runs": [["zk_rollup", 1], ["zk_rollup", 2], ["plasma", 1], ["plasma", 2]]})");
    std::filesystem::create_directories(path("runs"));
    write_run(path("runs/000000.h5"), {.seed = 1, .bad_debt = 10});
    write_run(path("runs/000001.h5"), {.seed = 2, .bad_debt = 20});
    write_text(path("failed/000002.json"),
               R"({"run": 2, "message": "money is not conserved", "event": "Exit"})");
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.file(name); }
  [[nodiscard]] std::string folder() const { return folder_.file(""); }

 private:
  ScratchFolder folder_;
};

TEST_F(SweepFolder, HasFinishedRunsAndFailedOnesInOrder) {
  const RunSet set = read({folder()});
  EXPECT_TRUE(set.sweep);
  EXPECT_EQ(set.title, "A crash");
  EXPECT_EQ(set.planned, 4U);
  EXPECT_THAT(set.keys, ElementsAre("layer2.design", "run.seed"));
  ASSERT_EQ(set.runs.size(), 3U);
  EXPECT_EQ(set.runs[1].path, path("runs/000001.h5"));
  EXPECT_EQ(set.runs[1].status, "complete");
  EXPECT_EQ(set.runs[1].scenario, "crash");
  EXPECT_EQ(set.runs[1].design, "zk_rollup");
  EXPECT_EQ(set.runs[1].seed, 2U);
  EXPECT_EQ(set.runs[1].fingerprint, "0123456789abcdef");
  EXPECT_EQ(set.runs[1].values[0].text, "zk_rollup");
  EXPECT_FALSE(set.runs[1].values[0].number);
  EXPECT_EQ(set.runs[1].values[1].number, 2.0);
  ASSERT_NE(set.runs[1].metric("bad_debt.usd"), nullptr);
  EXPECT_EQ(set.runs[1].metric("bad_debt.usd")->value, 20.0);
  EXPECT_EQ(set.runs[1].metric("bad_debt.usd")->unit, "USD");
  EXPECT_EQ(set.runs[1].metric("trades"), nullptr);
  EXPECT_THAT(set.metric_names(), ElementsAre("bad_debt.usd"));

  EXPECT_TRUE(set.runs[2].failed());
  EXPECT_EQ(set.runs[2].message, "money is not conserved");
  EXPECT_EQ(set.runs[2].path, path("failed/000002.json"));
  EXPECT_EQ(set.runs[2].design, "plasma");
  EXPECT_EQ(set.runs[2].seed, 1U);
  EXPECT_TRUE(set.runs[2].metrics.empty());
}

TEST_F(SweepFolder, AFailedRunThatLeftAFileIsNamedByIt) {
  write_run(path("failed/000002.h5"), {.seed = 1, .design = "plasma", .bad_debt = 5});
  const RunSet set = read({folder()});
  EXPECT_EQ(set.runs[2].path, path("failed/000002.h5"));
  EXPECT_EQ(set.runs[2].status, "failed");
  EXPECT_EQ(set.runs[2].fingerprint, "0123456789abcdef");
  EXPECT_TRUE(set.runs[2].metrics.empty());
  // Even when that file is torn, the failure is what counts.
  std::filesystem::resize_file(path("failed/000002.h5"), 700);
  EXPECT_THAT(read({folder()}).runs[2].message, HasSubstr("money is not conserved (its file: "));
}

TEST_F(SweepFolder, ATruncatedResultIsAnErrorThatNamesTheFile) {
  std::filesystem::resize_file(path("runs/000001.h5"), 900);
  EXPECT_THAT(refusal({folder()}), HasSubstr("runs/000001.h5: "));
}

TEST_F(SweepFolder, AFileThatIsNotThePlannedRunIsRefused) {
  std::filesystem::copy_file(path("runs/000000.h5"), path("runs/000003.h5"));
  EXPECT_THAT(refusal({folder()}), HasSubstr("runs/000003.h5: is not run 3 of this sweep"));
}

TEST_F(SweepFolder, ResultsOfTwoVersionsAreRefused) {
  write_run(path("runs/000001.h5"), {.seed = 2, .commit = "fedcba987654"});
  const std::string said = refusal({folder()});
  EXPECT_THAT(said, HasSubstr("runs/000001.h5: was written by mezz 0.1.0 fedcba987654"));
  EXPECT_THAT(said, HasSubstr("runs/000000.h5 by mezz 0.1.0 0123456789ab"));
}

TEST_F(SweepFolder, ADamagedPlanIsRefused) {
  write_text(path("sweep.json"), "{\"mezz_sweep\": 1, \"name\"");
  EXPECT_THAT(refusal({folder()}), HasSubstr("sweep.json: is no plan of a sweep, or damaged"));
  write_text(path("sweep.json"), "{\"mezz_sweep\": 2}");
  EXPECT_THAT(refusal({folder()}), HasSubstr("has format 2, this program reads 1"));
  write_text(path("sweep.json"), R"({"mezz_sweep": 1, "name": "x", "title": "", "keys": ["a.b"],
                                     "scenario": {}, "runs": [[1, 2]]})");
  EXPECT_THAT(refusal({folder()}), HasSubstr("damaged: a run lacks values"));
}

TEST_F(SweepFolder, ADamagedNoteOfAFailureIsRefused) {
  write_text(path("failed/000002.json"), "[]");
  EXPECT_THAT(refusal({folder()}), HasSubstr("failed/000002.json: is no note of a failed run"));
}

TEST_F(SweepFolder, WithoutAFinishedRunSaysWhatToDo) {
  for (const char* name : {"runs/000000.h5", "runs/000001.h5", "failed/000002.json"}) {
    std::filesystem::remove(path(name));
  }
  EXPECT_THAT(refusal({folder()}), HasSubstr("no finished run yet; mezz resume continues it"));
}

TEST(RunSet, OfFilesHasTheParametersThatDifferAsKeys) {
  const ScratchFolder folder;
  write_run(folder.file("a.h5"), {.seed = 7, .design = "zk_rollup"});
  write_run(folder.file("b.h5"), {.seed = 7, .design = "plasma", .commit = "fedcba987654"});
  const RunSet set = read({folder.file("b.h5"), folder.file("a.h5")});
  EXPECT_FALSE(set.sweep);
  EXPECT_THAT(set.keys, ElementsAre("layer2.design"));
  ASSERT_EQ(set.runs.size(), 2U);
  EXPECT_EQ(set.runs[0].values[0].text, "plasma");
  EXPECT_EQ(set.runs[1].values[0].text, "zk_rollup");
  // The folder of the two is read by name, and its versions must agree.
  EXPECT_THAT(refusal({folder.file("")}), HasSubstr("b.h5: was written by"));
  write_run(folder.file("b.h5"), {.seed = 9});
  const RunSet both = read({folder.file("")});
  EXPECT_THAT(both.keys, ElementsAre("run.seed"));
  EXPECT_EQ(both.runs[0].seed, 7U);
}

TEST(RunSet, OfOneFileHasNoKeys) {
  const ScratchFolder folder;
  write_run(folder.file("a.h5"), {.seed = 7});
  const RunSet set = read({folder.file("a.h5")});
  EXPECT_TRUE(set.keys.empty());
  ASSERT_EQ(set.runs.size(), 1U);
  EXPECT_EQ(set.runs[0].seed, 7U);
}

TEST(RunSet, WhatIsNoResultIsRefused) {
  const ScratchFolder folder;
  EXPECT_THAT(refusal({folder.file("none.h5")}), HasSubstr("none.h5: No such file"));
  EXPECT_THAT(refusal({folder.file("")}), HasSubstr("holds neither a sweep nor a result file"));
  write_text(folder.file("text.h5"), "no HDF5");
  EXPECT_THAT(refusal({folder.file("text.h5")}), HasSubstr("text.h5: "));
  EXPECT_THAT(refusal({folder.file("text.h5"), folder.file("")}),
              HasSubstr("is a folder; give one folder alone, or result files"));
}

TEST(KeyValue, AmountsHaveNumbersInOneUnit) {
  const auto is = [](const char* text, double number, const char* unit) {
    const KeyValue value = key_value(text);
    ASSERT_TRUE(value.number) << text;
    EXPECT_DOUBLE_EQ(*value.number, number) << text;
    EXPECT_EQ(value.unit, unit) << text;
    EXPECT_EQ(value.text, text);
  };
  is("42", 42, "1");
  is("-1.5e-3", -0.0015, "1");
  is("250 ms", 0.25, "s");
  is("1.5 h", 5'400, "s");
  is("7d", 604'800, "s");
  is("1_000_000 USD", 1e6, "USD");
  is("2 MUSD", 2e6, "USD");
  is("20 bp", 0.002, "1");
  is("110 %", 1.1, "1");
  is("30 gwei", 30, "gwei");
}

TEST(KeyValue, NamesHaveNone) {
  for (const char* text : {"zk_rollup", "", "never", "true", "7 d or so", "2026-01-01 00:00:00",
                           "-", "1e", "eager", "[1, 2]"}) {
    EXPECT_FALSE(key_value(text).number) << text;
  }
}

}  // namespace
}  // namespace mezz::analysis

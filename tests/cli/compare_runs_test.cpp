// mezz compare on real sweeps and files. What it computes is tested in tests/analysis.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// Tiny runs: no agents, some blocks.
void sweep(const Program& mezz, const std::string& text = {}) {
  mezz.write("s.toml", text.empty() ? "title = \"Tiny\"\n[run]\nduration = \"10 s\"\n[sweep]\n"
                                      "\"layer2.design\" = [\"optimistic_rollup\", \"sidechain\"]\n"
                                      "\"run.seed\" = { from = 1, to = 2 }\n"
                                    : text);
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
}

TEST(CompareRuns, ASweepIsComparedByItsDesign) {
  const Program mezz;
  sweep(mezz);
  const Json out = mezz.run_json({"compare", "d", "--metric", "events", "--metric", "trades"});
  EXPECT_EQ(out["by"], "layer2.design");
  EXPECT_EQ(out["baseline"], "optimistic_rollup");
  EXPECT_EQ(out["title"], "Tiny");
  const Json& groups = out["metrics"]["events"]["groups"];
  EXPECT_EQ(groups[1]["group"], "sidechain");
  EXPECT_EQ(groups[1]["pairs"], 2);
  // The difference is the mean of the differences of the files' own numbers.
  double difference = 0;
  for (int i = 0; i < 2; ++i) {
    const auto events = [&](int run) {
      const Json info = mezz.run_json({"info", "d/runs/00000" + std::to_string(run) + ".h5"});
      return info["metrics"]["events"]["value"].get<double>();
    };
    difference += events(2 + i) - events(i);
  }
  EXPECT_NEAR(groups[1]["difference"].get<double>(), difference / 2, 1e-9);

  const Finished text = mezz.run({"compare", "d/", "--baseline", "sidechain"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("by layer2.design"));
  EXPECT_THAT(text.out, HasSubstr("95 % interval"));
  EXPECT_THAT(text.out, HasSubstr("more numbers are the same in every group"));
  EXPECT_THAT(text.out, Not(HasSubstr("\033")));
}

// The shipped example, smaller and shorter. Measured with these 8 seeds: ten times narrower.
TEST(CompareRuns, PairsNarrowTheIntervalOfTheExample) {
  const Program mezz;
  sweep(mezz,
        "extends = [\"paired_oracles\"]\n[run]\nduration = \"5 min\"\n"
        "[price]\nsegments = [{ duration = \"1 min\", change = \"0 %\" },\n"
        "                    { duration = \"4 min\", change = \"-12 %\" }]\n"
        "[[agent]]\nkind = \"leveraged_population\"\naccounts = 500\n"
        "[[agent]]\nkind = \"market_maker\"\ncount = 3\nclip = \"5_000 lots\"\n"
        "capital = \"50_000_000 USD\"\n"
        "[[agent]]\nkind = \"liquidator\"\ncount = 3\nbatch = 300\ngas = \"500 gas\"\n"
        "[[limit]]\nmetric = \"ledger.residual\"\nmin = 0.0\nmax = 0.0\n"
        "[sweep]\n\"run.seed\" = { from = 1, to = 8 }\n");
  const Json out = mezz.run_json({"compare", "d", "--metric", "liquidations.notional"});
  const Json& coarse = out["metrics"]["liquidations.notional"]["groups"][1];
  EXPECT_EQ(coarse["group"], "100 bp");
  EXPECT_EQ(coarse["pairs"], 8);
  const auto width = [&](const char* name) {
    return coarse[name][1].get<double>() - coarse[name][0].get<double>();
  };
  EXPECT_GT(width("difference_interval"), 0);
  EXPECT_GE(width("unpaired_interval"), 3 * width("difference_interval"));
  EXPECT_GE(coarse["variance_reduction"].get<double>(), 9);
  // A coarser oracle sees less of the fall, and only pairs show it.
  EXPECT_LT(coarse["difference_interval"][1].get<double>(), 0);
  EXPECT_GT(coarse["unpaired_interval"][1].get<double>(), 0);
}

TEST(CompareRuns, TwoFilesShowWhereTheyPart) {
  const Program mezz;
  sweep(mezz);
  const Finished run = mezz.run({"compare", "d/runs/000000.h5", "d/runs/000002.h5"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("difference"));
  EXPECT_THAT(run.out, HasSubstr("mezz diff d/runs/000000.h5 d/runs/000002.h5 shows the event"));
  // Files of several seeds are a sweep like any other.
  const Json files = mezz.run_json(
      {"compare", "d/runs/000000.h5", "d/runs/000001.h5", "d/runs/000002.h5", "d/runs/000003.h5"});
  EXPECT_EQ(files["by"], "layer2.design");
  EXPECT_EQ(files["metrics"]["events"]["groups"][1]["pairs"], 2);
}

TEST(CompareRuns, EqualFilesAreEqual) {
  const Program mezz;
  sweep(mezz);
  std::filesystem::copy_file(mezz.path("d/runs/000000.h5"), mezz.path("copy.h5"));
  const Finished run = mezz.run({"compare", "d/runs/000000.h5", "copy.h5"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("more numbers are the same in every group"));
  EXPECT_THAT(run.out, HasSubstr("the final fingerprint agree"));
}

TEST(CompareRuns, ARunThatIsNotThereYetIsLeftOut) {
  const Program mezz;
  sweep(mezz);
  std::filesystem::remove(mezz.path("d/runs/000003.h5"));
  const Finished run = mezz.run({"compare", "d", "--metric", "events"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("left out: 1 of 2 runs of optimistic_rollup have no partner in "
                                 "sidechain (run.seed 2)"));
}

TEST(CompareRuns, WrongNamesAreExplainedWithTheNearest) {
  const Program mezz;
  sweep(mezz);
  const auto said = [&](Program::Words words) {
    words.insert(words.begin(), {"compare", "d"});
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 2);
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_THAT(said({"--by", "layer2.desing"}), HasSubstr("did you mean 'layer2.design'?"));
  EXPECT_THAT(said({"--metric", "event"}), HasSubstr("did you mean 'events'?"));
  EXPECT_THAT(said({"--baseline", "side_chain"}), HasSubstr("did you mean 'sidechain'?"));
  EXPECT_THAT(said({"--paired-on", "run.sed"}), HasSubstr("did you mean 'run.seed'?"));
  EXPECT_THAT(said({"--by", "run.seed"}), HasSubstr("is the key that groups"));
  EXPECT_THAT(said({"--by", "scenario"}), HasSubstr("all runs have scenario = s"));
  EXPECT_THAT(said({"--level", "95"}), HasSubstr("must lie between 0.5 and 0.9999, got 95"));
  EXPECT_THAT(said({"--metrics", "events"}), HasSubstr("did you mean '--metric'?"));
}

TEST(CompareRuns, OneRunIsNoComparison) {
  const Program mezz;
  sweep(mezz, "[run]\nduration = \"10 s\"\n[sweep]\n\"run.seed\" = [1]\n");
  const Finished run = mezz.run({"compare", "d"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("it takes two to compare"));
}

TEST(CompareRuns, SeedsAloneAreNothingToCompare) {
  const Program mezz;
  sweep(mezz, "[run]\nduration = \"10 s\"\n[sweep]\n\"run.seed\" = [1, 2]\n");
  const Finished run = mezz.run({"compare", "d"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("--by: is needed: these runs can be grouped by run.seed, file"));
}

TEST(CompareRuns, WhatCannotBeReadIsExitCodeThree) {
  const Program mezz;
  sweep(mezz);
  mezz.write("empty/none.txt", "");
  mezz.write("foreign.h5", "not HDF5");
  std::filesystem::resize_file(mezz.path("d/runs/000002.h5"), 1'000);
  for (const Program::Words& words :
       {Program::Words{"compare", "d"}, Program::Words{"compare", "empty"},
        Program::Words{"compare", "nowhere"}, Program::Words{"compare", "d/runs/000000.h5", "d"},
        Program::Words{"compare", "d/runs/000000.h5", "foreign.h5"},
        Program::Words{"compare", "d/runs/000000.h5", "d/sweep.h5"}}) {
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 3) << words[1];
    EXPECT_EQ(run.out, "");
    EXPECT_THAT(run.err, HasSubstr(words.back()));
  }
}

}  // namespace
}  // namespace mezz

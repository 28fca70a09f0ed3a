// A limit may name the designs that it speaks of; run with another one it is not asked.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;

TEST(Limits, SpeakOfTheDesignsTheyName) {
  const Program mezz;
  mezz.write("s.toml",
             "[[limit]]\nmetric = \"l1.blocks\"\nmin = 1000.0\ndesigns = [\"zk_rollup\", "
             "\"validium\"]\n");
  const Program::Words run{"run",   "s.toml", "--set",  "run.duration=\"1 min\"",
                           "--out", "none",   "--quiet"};
  EXPECT_EQ(mezz.run(run).code, 0);
  const Finished broken = mezz.run(run + Program::Words{"--set", "layer2.design=\"validium\""});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("limit broken: l1.blocks"));
}

// Two designs under one condition, some blocks each.
std::string comparison(const std::string& limit) {
  return "[run]\nduration = \"1 min\"\n"
         "[[compare.design]]\nname = \"zk\"\nset = 'layer2.design = \"zk_rollup\"'\n"
         "[[compare.design]]\nname = \"chain\"\nset = 'layer2.design = \"sidechain\"'\n"
         "[[compare.condition]]\nname = \"calm\"\n" +
         limit;
}

TEST(Limits, OfAComparisonAreCheckedBeforeItRuns) {
  const Program mezz;
  mezz.write("s.toml", comparison("[[limit]]\nmetric = \"calm.chain.l1.blokcs\"\nmin = 1.0\n"));
  for (const Program::Words& words :
       {Program::Words{"resolve", "s.toml"}, Program::Words{"check", "s.toml"},
        Program::Words{"run", "s.toml", "--out", "r.h5"}}) {
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 2) << words[0];
    EXPECT_EQ(run.out, "") << words[0];
    EXPECT_THAT(run.err, HasSubstr("s.toml:12:")) << words[0];
    EXPECT_THAT(run.err, HasSubstr("did you mean 'calm.chain.l1.blocks'")) << words[0];
    EXPECT_FALSE(mezz.exists("r.h5"));
  }
  // Without condition and design it is the number of no run.
  mezz.write("s.toml", comparison("[limits]\n\"l1.blocks\" = { min = 1 }\n"));
  EXPECT_THAT(mezz.run({"run", "s.toml"}).err, HasSubstr("CONDITION.DESIGN.METRIC"));
  mezz.write("s.toml", comparison("[limits]\n\"calm.chain.l1.blocks\" = { min = \"1 d\" }\n"));
  EXPECT_THAT(mezz.run({"run", "s.toml"}).err, HasSubstr("is measured in plain numbers"));
  mezz.write("s.toml", comparison("[limits]\n\"calm.chain.l1.blocks\" = { min = 1000 }\n"));
  const Finished broken = mezz.run({"run", "s.toml", "--out", "none", "--quiet"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("calm.chain.l1.blocks = "));
}

TEST(Limits, AreCheckedWhereverAScenarioIsRead) {
  const Program mezz;
  mezz.write("s.toml",
             "[run]\nduration = \"1 min\"\n[limits]\n\"l1.blokcs\" = { max = 9 }\n"
             "[sweep]\n\"run.seed\" = [1, 2]\n");
  for (const char* command : {"resolve", "check", "run", "sweep"}) {
    const Finished run = mezz.run({command, "s.toml"});
    EXPECT_EQ(run.code, 2) << command;
    EXPECT_EQ(run.out, "") << command;
    EXPECT_THAT(run.err, HasSubstr("did you mean 'l1.blocks'")) << command;
    EXPECT_FALSE(mezz.exists("runs")) << command;
  }
}

}  // namespace
}  // namespace mezz

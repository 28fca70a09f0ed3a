// mezz analyse on a real sweep. What it computes is tested in tests/analysis/response.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using Words = Program::Words;

// Runs without agents: the number of layer-two blocks is the duration over the block time, whatever
// the seed and the slot time of layer one.
void sweep(const Program& mezz) {
  mezz.write("s.toml",
             "title = \"Tiny\"\n[run]\nduration = \"1 min\"\n[sweep]\n"
             "\"sequencing.block_time\" = [\"1 s\", \"2 s\", \"4 s\"]\n"
             "\"layer1.slot_time\" = [\"6 s\", \"12 s\", \"20 s\"]\n"
             "\"run.seed\" = [1, 2]\n");
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
}

TEST(Analyse, ASweepNamesTheParameterThatMatters) {
  const Program mezz;
  sweep(mezz);
  const Json out = mezz.run_json({"analyse", "d", "--metric", "blocks", "--metric", "l1.blocks"});
  EXPECT_EQ(out["title"], "Tiny");
  const Json& blocks = out["metrics"]["blocks"];
  EXPECT_EQ(blocks["sensitivity"]["runs"], 18);
  const Json& first = blocks["sensitivity"]["parameters"][0];
  EXPECT_EQ(first["parameter"], "sequencing.block_time");
  EXPECT_GT(first["value"].get<double>(), 0.99);
  EXPECT_EQ(out["metrics"]["l1.blocks"]["sensitivity"]["parameters"][0]["parameter"],
            "layer1.slot_time");
  EXPECT_EQ(blocks["surface"]["combinations"].size(), 9U);
  EXPECT_EQ(blocks["surface"]["x"]["parameter"], "layer1.slot_time");
  EXPECT_FALSE(blocks["surface"]["x"]["logarithmic"].get<bool>());
  EXPECT_TRUE(blocks["surface"]["y"]["logarithmic"].get<bool>());
  // 60, 30 and 15 blocks a minute: 30 - 22.5 v + 7.5 v^2 with v = -1, 0, 1 for 1, 2, 4 s.
  const Json& terms = blocks["surface"]["terms"];
  EXPECT_NEAR(terms[0]["value"].get<double>(), 30, 1e-9);
  EXPECT_NEAR(terms[2]["value"].get<double>(), -22.5, 1e-9);
  EXPECT_NEAR(terms[5]["value"].get<double>(), 7.5, 1e-9);
  EXPECT_EQ(blocks["tails"].size(), 9U);
  EXPECT_THAT(blocks["tails"][0]["problem"].get<std::string>(), HasSubstr("2 values"));

  const Finished text = mezz.run({"analyse", "d", "--metric", "blocks", "--sensitivity"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("where the variation comes from, 95 % intervals"));
  EXPECT_THAT(text.out, HasSubstr("18 runs, 2 seeds"));
  EXPECT_EQ(text.out.find("surface"), std::string::npos);
  EXPECT_EQ(text.out.find("tail"), std::string::npos);

  const Finished surface = mezz.run({"analyse", "d", "--metric", "blocks", "--surface",
                                     "layer1.slot_time", "sequencing.block_time"});
  EXPECT_EQ(surface.code, 0) << surface.err;
  EXPECT_THAT(surface.out, HasSubstr("x is layer1.slot_time, -1 at 6 s, 1 at 20 s\n"));
  EXPECT_THAT(surface.out, HasSubstr("Student's t over 2 seeds"));
}

// Two runs, since every word that is wrong only for these runs has them read again.
TEST(Analyse, WrongWordsAreExplained) {
  const Program mezz;
  mezz.write("s.toml",
             "[run]\nduration = \"1 s\"\n[[sweep.zip]]\n"
             "\"sequencing.block_time\" = [\"1 s\", \"2 s\"]\n"
             "\"layer1.slot_time\" = [\"6 s\", \"12 s\"]\n"
             "\"run.seed\" = [1, 2]\n");
  const Finished swept = mezz.run({"sweep", "s.toml", "--out", "d", "--quiet"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  const auto said = [&](Words words) {
    words.insert(words.begin(), {"analyse", "d"});
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 2) << run.err;
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_THAT(said({}), HasSubstr("--metric: is needed; there are "));
  EXPECT_THAT(said({"--metric", "block"}), HasSubstr("did you mean 'blocks'?"));
  const Words blocks{"--metric", "blocks"};
  EXPECT_THAT(said(blocks + Words{"--surface", "layer1.slot_tim", "sequencing.block_time"}),
              HasSubstr("did you mean 'layer1.slot_time'?"));
  EXPECT_THAT(said(blocks + Words{"--surface", "run.seed", "sequencing.block_time"}),
              HasSubstr("\"run.seed\" is no parameter that varies in these runs"));
  EXPECT_THAT(said(blocks + Words{"--surface", "layer1.slot_time", "layer1.slot_time"}),
              HasSubstr("takes two different parameters"));
  EXPECT_THAT(said(blocks + Words{"--surface", "layer1.slot_time"}), HasSubstr("--surface"));
  EXPECT_THAT(said(blocks + Words{"--level", "95"}), HasSubstr("between 0.5 and 0.9999, got 95"));
  EXPECT_THAT(said(blocks + Words{"--tail", "--share", "0.9"}), HasSubstr("--share"));
  EXPECT_THAT(said(blocks + Words{"--tail", "--var", "1"}), HasSubstr("--var"));
  EXPECT_THAT(said(blocks + Words{"--tial"}), HasSubstr("did you mean '--tail'?"));
  const Finished one = mezz.run({"analyse", "d/runs/000000.h5", "--metric", "blocks"});
  EXPECT_EQ(one.code, 2);
  EXPECT_THAT(one.err, HasSubstr("it takes a sweep or several results"));
  EXPECT_EQ(mezz.run({"analyse", "nowhere", "--metric", "blocks"}).code, 3);
}

TEST(Analyse, ItsFindingsAreOnTheReport) {
  const Program mezz;
  sweep(mezz);
  const Finished made = mezz.run({"report", "d", "-o", "a.html"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("a.html: 18 runs in 9 groups"));
  const std::string page = mezz.read("a.html");
  for (const char* text : {"Which parameter matters", "sequencing.block_time", "layer1.slot_time",
                           "surface by least squares", "mezz analyse has the coefficients"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace mezz

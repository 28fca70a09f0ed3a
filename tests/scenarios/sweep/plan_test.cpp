// Which runs a [sweep] means. The expected lists are written out by hand.
#include "scenarios/sweep/plan.h"

#include <gmock/gmock.h>

#include "scenarios/sweep/manifest.h"
#include "sim/config/document.h"

namespace mezz::sweep {
namespace {

using ::testing::ElementsAre;

Plan plan_from(const std::string& text) {
  return make_plan(config::load_text(text, "s.toml"), "s.toml");
}

std::vector<std::string> texts(const Plan& plan) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < plan.runs.size(); ++i) out.push_back(run_text(plan, i));
  return out;
}

TEST(SweepPlan, AxesAreCombinedAndTheLastRunsFastest) {
  EXPECT_THAT(
      texts(plan_from("[sweep]\n\"run.seed\" = { from = 3, to = 4 }\n"
                      "\"layer2.design\" = [\"plasma\", \"zk_rollup\"]\n")),
      ElementsAre("layer2.design = plasma, run.seed = 3", "layer2.design = plasma, run.seed = 4",
                  "layer2.design = zk_rollup, run.seed = 3",
                  "layer2.design = zk_rollup, run.seed = 4"));
}

TEST(SweepPlan, RangesOfIntegersAmountsAndRealsAreExact) {
  EXPECT_THAT(texts(plan_from("[sweep]\n\"run.seed\" = { from = 1, to = 8, step = 3 }\n")),
              ElementsAre("run.seed = 1", "run.seed = 4", "run.seed = 7"));
  EXPECT_THAT(
      texts(plan_from(
          "[sweep]\n\"run.duration\" = { from = \"1 h\", to = \"2 h\", step = \"30 min\" }\n")),
      ElementsAre("run.duration = 1 h", "run.duration = 90 min", "run.duration = 2 h"));
  // 0.1 + 2 * 0.1 is 0.30000000000000004 in doubles.
  EXPECT_THAT(
      texts(plan_from("[sweep]\n\"price.volatility\" = { from = 0.1, to = 0.3, step = 0.1 }\n")),
      ElementsAre("price.volatility = 0.1", "price.volatility = 0.2", "price.volatility = 0.3"));
}

TEST(SweepPlan, ZippedValuesGoTogether) {
  EXPECT_THAT(texts(plan_from("[sweep]\n\"run.seed\" = [1, 2]\n[[sweep.zip]]\n"
                              "\"layer2.design\" = [\"plasma\", \"zk_rollup\"]\n"
                              "\"run.duration\" = [\"1 s\", \"2 s\"]\n")),
              ElementsAre("run.seed = 1, layer2.design = plasma, run.duration = 1 s",
                          "run.seed = 1, layer2.design = zk_rollup, run.duration = 2 s",
                          "run.seed = 2, layer2.design = plasma, run.duration = 1 s",
                          "run.seed = 2, layer2.design = zk_rollup, run.duration = 2 s"));
}

TEST(SweepPlan, SkippedCombinationsAreLeftOut) {
  const Plan plan = plan_from(
      "[sweep]\n\"run.seed\" = [1, 2, 3]\n\"layer2.design\" = [\"plasma\", \"zk_rollup\"]\n"
      "[[sweep.skip]]\n\"layer2.design\" = \"plasma\"\n\"run.seed\" = [2, 3]\n"
      "[[sweep.skip]]\n\"layer2.design\" = \"zk_rollup\"\n\"run.seed\" = 1\n");
  EXPECT_THAT(texts(plan), ElementsAre("layer2.design = plasma, run.seed = 1",
                                       "layer2.design = zk_rollup, run.seed = 2",
                                       "layer2.design = zk_rollup, run.seed = 3"));
  EXPECT_EQ(plan.left_out, 3U);
}

TEST(SweepPlan, ValuesReachTheScenario) {
  const Plan plan = plan_from(
      "[settlement]\nchallenge_window = \"7 d\"\n[sweep]\n"
      "\"settlement.challenge_window\" = [\"7 d\", \"14 d\"]\n\"run.seed\" = [5]\n");
  const Scenario first = run_scenario(plan, 0);
  const Scenario second = run_scenario(plan, 1);
  EXPECT_EQ(first.run.seed, 5);
  EXPECT_EQ(second.layer2.challenge_window, 14_d);
  // A swept window scales what hangs on it, as a written one does: 3.5 d at 7 d, 7 d at 14 d.
  EXPECT_EQ(first.layer2.settlement.air_gap.ns * 2, second.layer2.settlement.air_gap.ns);
}

TEST(SweepPlan, SeedsOfUntilBeginAtTheScenarios) {
  const Plan plan = plan_from(
      "[run]\nseed = 11\n[sweep]\n\"layer2.design\" = [\"plasma\", \"zk_rollup\"]\n"
      "[sweep.until]\nmetric = \"orders\"\nrelative = 0.1\nmin = 2\nmax = 3\n");
  EXPECT_THAT(texts(plan), ElementsAre("layer2.design = plasma, run.seed = 11",
                                       "layer2.design = plasma, run.seed = 12",
                                       "layer2.design = plasma, run.seed = 13",
                                       "layer2.design = zk_rollup, run.seed = 11",
                                       "layer2.design = zk_rollup, run.seed = 12",
                                       "layer2.design = zk_rollup, run.seed = 13"));
  EXPECT_EQ(count_of(plan).least, 4U);
  EXPECT_EQ(count_of(plan).most, 6U);
}

TEST(SweepManifest, HoldsTheWholePlan) {
  const Plan plan = plan_from(
      "title = \"A \\\"title\\\"\"\n[price]\nvolatility = 0.25\n[[shock]]\nat = \"1 s\"\n"
      "kind = \"sequencer_down\"\nduration = \"1 s\"\n[sweep]\n\"run.seed\" = [1, "
      "9007199254740993]\n"
      "\"price.volatility\" = [1.0, 0.1]\n");
  const Manifest manifest{.plan = plan, .needs = {1.5, 2.5, 3, 4}, .git_commit = "abc"};
  const Manifest again = manifest_from_text(manifest_text(manifest), "m.json");
  EXPECT_EQ(texts(again.plan), texts(plan));
  EXPECT_EQ(again.needs.run_bytes, 3U);
  EXPECT_EQ(again.git_commit, "abc");
  for (std::size_t i = 0; i < plan.runs.size(); ++i) {
    const auto a = flat_parameters(run_scenario(plan, i));
    const auto b = flat_parameters(run_scenario(again.plan, i));
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t p = 0; p < a.size(); ++p) EXPECT_EQ(a[p].value, b[p].value) << a[p].name;
  }
}

TEST(SweepManifest, DamageIsAnErrorThatNamesTheFile) {
  const Manifest manifest{
      .plan = plan_from("[sweep]\n\"run.seed\" = [1, 2]\n"), .needs = {}, .git_commit = "abc"};
  const std::string text = manifest_text(manifest);
  for (std::size_t cut = 0; cut + 2 < text.size(); cut += 7) {
    EXPECT_THROW(static_cast<void>(manifest_from_text(text.substr(0, cut), "m.json")),
                 std::runtime_error);
  }
  try {
    static_cast<void>(manifest_from_text("{}", "m.json"));
    FAIL() << "an empty object is no manifest";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("m.json"));
  }
}

}  // namespace
}  // namespace mezz::sweep

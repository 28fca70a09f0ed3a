// Groups, pairs and what is left out, on runs that are made up.
#include "analysis/compare/compare.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace mezz::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

RunRecord run(const std::vector<std::string>& values, double debt) {
  RunRecord out;
  for (const std::string& value : values) {
    out.path += (out.path.empty() ? "" : "_") + value;
    out.values.push_back(key_value(value));
  }
  out.path += ".h5";
  out.scenario = "crash";
  out.status = "complete";
  out.metrics = {{"bad_debt.usd", debt, "USD"}, {"trades", 7, "1"}};
  return out;
}

// Seeds shake both designs by the same 100, 200, 300, 400; zk is worse by 1, 2, 3, 4.
RunSet two_designs() {
  RunSet set{
      .title = "A crash", .sweep = true, .planned = 8, .keys = {"layer2.design", "run.seed"}};
  for (int seed = 1; seed <= 4; ++seed) {
    set.runs.push_back(run({"plasma", std::to_string(seed)}, 100.0 * seed));
  }
  for (int seed = 1; seed <= 4; ++seed) {
    set.runs.push_back(run({"zk_rollup", std::to_string(seed)}, 100.0 * seed + seed));
  }
  return set;
}

const ComparedMetric& metric(const Comparison& comparison, const std::string& name) {
  for (const ComparedMetric& one : comparison.metrics) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << "no " << name;
  return comparison.metrics.front();
}

TEST(Compare, PairsAreMadeOfEqualSeeds) {
  const Comparison out = compare(two_designs(), {.by = "layer2.design", .metrics = {}});
  EXPECT_THAT(out.groups, ElementsAre("plasma", "zk_rollup"));
  EXPECT_TRUE(out.left_out.empty());
  // The trades are the same everywhere.
  EXPECT_EQ(out.metrics.size(), 1U);
  EXPECT_EQ(out.equal_metrics, 1U);
  const GroupResult& zk = metric(out, "bad_debt.usd").groups[1];
  EXPECT_EQ(zk.mean.value, 252.5);
  EXPECT_EQ(zk.paired.difference.n, 4U);
  EXPECT_EQ(zk.paired.difference.value, 2.5);
  // Differences 1, 2, 3, 4: deviation sqrt(5/3), t = 3.182446 at three degrees.
  EXPECT_NEAR(zk.paired.difference.interval.half_width(), 3.182446 * std::sqrt(5.0 / 3 / 4), 1e-5);
  // Variances 50000/3, its 1.0201-fold, and 5/3.
  EXPECT_NEAR(zk.paired.variance_reduction, 10'000 * 2.0201, 1e-6);
  EXPECT_DOUBLE_EQ(zk.paired.wilcoxon_p, 2.0 / 16);
  EXPECT_DOUBLE_EQ(zk.holm_p, 2.0 / 16);
}

TEST(Compare, TheBaselineCanBeAnyGroup) {
  const Comparison out =
      compare(two_designs(), {.by = "layer2.design", .baseline = "zk_rollup", .metrics = {}});
  EXPECT_EQ(out.baseline, 1U);
  EXPECT_EQ(metric(out, "bad_debt.usd").groups[0].paired.difference.value, -2.5);
}

TEST(Compare, ARunWithoutAPartnerIsLeftOutAndListed) {
  RunSet set = two_designs();
  set.runs.erase(set.runs.begin() + 1);  // plasma with seed 2
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_THAT(out.left_out,
              ElementsAre("1 of 4 runs of zk_rollup have no partner in plasma (run.seed 2)"));
  const GroupResult& zk = metric(out, "bad_debt.usd").groups[1];
  EXPECT_EQ(zk.mean.n, 4U);
  EXPECT_EQ(zk.paired.difference.n, 3U);
  EXPECT_DOUBLE_EQ(zk.paired.difference.value, (1.0 + 3 + 4) / 3);
}

TEST(Compare, FailedAndInterruptedRunsAreLeftOutWithTheReason) {
  RunSet set = two_designs();
  set.runs[4].status = "failed";
  set.runs[4].message = "money is not conserved";
  set.runs[5].status = "interrupted";
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_THAT(out.left_out,
              ElementsAre("zk_rollup_1.h5 (zk_rollup) failed: money is not conserved",
                          "zk_rollup_2.h5 (zk_rollup) interrupted",
                          "2 of 4 runs of plasma have no partner in zk_rollup (run.seed 1, 2)"));
  EXPECT_EQ(metric(out, "bad_debt.usd").groups[1].paired.difference.value, 3.5);
}

TEST(Compare, ANumberThatARunHasNotIsMissingNotZero) {
  RunSet set = two_designs();
  set.runs[4].metrics[0].value = NAN;
  set.runs[5].metrics.clear();
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {"bad_debt.usd"}});
  const GroupResult& zk = metric(out, "bad_debt.usd").groups[1];
  EXPECT_EQ(zk.missing, 2U);
  EXPECT_EQ(zk.mean.n, 2U);
  EXPECT_EQ(zk.paired.difference.value, 3.5);
  EXPECT_THAT(comparison_text(out), HasSubstr("2 (2 missing)"));
}

TEST(Compare, NumbersThatOnlyOneGroupHasAreCountedOnly) {
  RunSet set = two_designs();
  for (std::size_t i = 0; i < 4; ++i) set.runs[i].metrics.push_back({"exits", 5, "1"});
  const Comparison all = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_EQ(all.partial_metrics, 1U);
  EXPECT_EQ(all.metrics.size(), 1U);
  const Comparison chosen = compare(set, {.by = "layer2.design", .metrics = {"exits"}});
  EXPECT_EQ(metric(chosen, "exits").groups[1].paired.difference.n, 0U);
}

// Two slot times: per seed the average over both, where both designs have both.
TEST(Compare, OneSeedIsOneObservation) {
  RunSet set{.sweep = true, .keys = {"layer1.slot_time", "layer2.design", "run.seed"}};
  for (const char* slot : {"6 s", "12 s"}) {
    for (const char* seed : {"1", "2"}) {
      const double base = *key_value(slot).number * *key_value(seed).number;
      set.runs.push_back(run({slot, "plasma", seed}, base));
      set.runs.push_back(run({slot, "zk_rollup", seed}, 3 * base));
    }
  }
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  const GroupResult& zk = metric(out, "bad_debt.usd").groups[1];
  EXPECT_EQ(zk.paired.difference.n, 2U);
  // Twice (6 + 12) / 2 for seed 1, twice that for seed 2.
  EXPECT_EQ(zk.paired.difference.value, (18.0 + 36.0) / 2);
  // Without one of the slot times its partner does not count either.
  set.runs.erase(set.runs.begin());  // 6 s, plasma, seed 1
  const Comparison less =
      compare(set, {.by = "layer2.design", .baseline = "plasma", .metrics = {}});
  EXPECT_THAT(less.groups, ElementsAre("zk_rollup", "plasma"));
  EXPECT_EQ(metric(less, "bad_debt.usd").groups[0].paired.difference.value, (24.0 + 36.0) / 2);
  EXPECT_THAT(less.left_out, ElementsAre(HasSubstr("(run.seed 1 with layer1.slot_time = 6 s)")));
}

TEST(Compare, AKeyThatGoesWithTheGroupIsNotCompared) {
  RunSet set = two_designs();
  set.keys.emplace_back("settlement.window");
  for (RunRecord& one : set.runs) {
    one.values.push_back(key_value(one.values[0].text == "plasma" ? "7 d" : "1 h"));
  }
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_TRUE(out.left_out.empty());
  EXPECT_EQ(metric(out, "bad_debt.usd").groups[1].paired.difference.n, 4U);
}

TEST(Compare, EqualRunsHaveNoDifference) {
  RunSet set = two_designs();
  for (RunRecord& one : set.runs) one.metrics[0].value = 5;
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {"bad_debt.usd"}});
  const GroupResult& zk = metric(out, "bad_debt.usd").groups[1];
  EXPECT_EQ(zk.paired.difference.value, 0);
  EXPECT_EQ(zk.paired.difference.interval.half_width(), 0);
  EXPECT_EQ(zk.holm_p, 1);
  EXPECT_THAT(comparison_text(out), HasSubstr("[0.00 USD, 0.00 USD]"));
}

TEST(Compare, OneSeedHasADifferenceAndNoInterval) {
  RunSet set = two_designs();
  set.runs = {set.runs[0], set.runs[4]};
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_TRUE(out.single_runs);
  EXPECT_EQ(metric(out, "bad_debt.usd").groups[1].paired.difference.value, 1);
  EXPECT_TRUE(std::isinf(metric(out, "bad_debt.usd").groups[1].paired.difference.interval.high));
  EXPECT_THAT(comparison_text(out), Not(HasSubstr("interval")));
  const Json json = Json::parse(comparison_json(out));
  EXPECT_EQ(json["metrics"]["bad_debt.usd"]["groups"][1]["difference"], 1.0);
  EXPECT_TRUE(json["metrics"]["bad_debt.usd"]["groups"][1]["difference_interval"][0].is_null());
  EXPECT_TRUE(json["metrics"]["bad_debt.usd"]["groups"][1]["p"]["wilcoxon"].is_null());
}

TEST(Compare, TwoFilesOfDifferentSeedsAreComparedWithAWarning) {
  RunSet set = two_designs();
  set.sweep = false;
  set.runs = {set.runs[0], set.runs[5]};
  set.runs[0].seed = 1;
  set.runs[1].seed = 2;
  EXPECT_EQ(default_group_key(set, "run.seed"), "file");
  const Comparison out = compare(set, {.by = "file", .metrics = {}});
  EXPECT_EQ(metric(out, "bad_debt.usd").groups[1].paired.difference.value, 102);
  EXPECT_THAT(out.notes, ElementsAre(HasSubstr("the seeds differ")));
}

TEST(Compare, TheSameRunTwiceCountsOnce) {
  RunSet set = two_designs();
  set.runs.push_back(set.runs[4]);
  set.runs.back().path = "copy.h5";
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  EXPECT_THAT(out.left_out, ElementsAre("copy.h5 is the same run as zk_rollup_1.h5"));
}

TEST(Compare, TheKeyIsChosenWhenThereIsNoDoubt) {
  RunSet set = two_designs();
  EXPECT_EQ(default_group_key(set, "run.seed"), "layer2.design");
  set.keys = {"market.margin", "run.seed"};
  EXPECT_EQ(default_group_key(set, "run.seed"), "market.margin");
  set.keys = {"a.b", "c.d", "run.seed"};
  EXPECT_EQ(default_group_key(set, "run.seed"), std::nullopt);
}

// p-values 2/16 of two differences: Holm doubles both.
TEST(Compare, PValuesAreAdjustedForAllDifferencesShown) {
  RunSet set = two_designs();
  for (std::size_t i = 0; i < 8; ++i) {
    set.runs[i].metrics[1].value = i < 4 ? 1.0 : 2.0 + static_cast<double>(i);
  }
  const Comparison out = compare(set, {.by = "layer2.design", .metrics = {}});
  ASSERT_EQ(out.metrics.size(), 2U);
  EXPECT_DOUBLE_EQ(out.metrics[0].groups[1].holm_p, 4.0 / 16);
  EXPECT_DOUBLE_EQ(out.metrics[0].groups[1].rate_p, 2.0 / 16);
}

TEST(Compare, TextHasARowForEveryGroup) {
  const std::string text =
      comparison_text(compare(two_designs(), {.by = "layer2.design", .metrics = {}}));
  EXPECT_THAT(text, HasSubstr("by layer2.design  n        mean  difference         95 % interval"));
  EXPECT_THAT(text, HasSubstr("  plasma          4  250.00 USD    baseline\n"));
  EXPECT_THAT(text,
              HasSubstr("  zk_rollup       4  252.50 USD    2.50 USD  [0.45 USD, 4.55 USD]    "
                        "20201x  0.125\n"));
  EXPECT_THAT(text, HasSubstr("1 more numbers are the same in every group\n"));
}

}  // namespace
}  // namespace mezz::analysis

// Which runs are handed out, and when seeds are enough.
#include "scenarios/sweep/schedule.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "scenarios/sweep/run_one.h"
#include "sim/check/error.h"
#include "tests/scratch_folder.h"

namespace mezz::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Plan plan_from(const std::string& text) {
  return make_plan(config::load_text(text, "s.toml"), "s.toml");
}

double no_value(std::size_t) { return std::numeric_limits<double>::quiet_NaN(); }

TEST(Precision, HalfWidthIsStudents) {
  // 1 2 3 4 5: mean 3, s = sqrt(2.5), t(4, 0.975) = 2.776445 (tables); half = t s / sqrt(5)
  // = 1.963243.
  const Until until{.metric = "x", .half_width = 2.0, .relative = {}, .place = {}};
  const Precision precision = precision_of({1, 2, 3, 4, 5}, until);
  EXPECT_EQ(precision.runs, 5U);
  EXPECT_DOUBLE_EQ(precision.mean, 3.0);
  EXPECT_NEAR(precision.half_width, 1.963243, 1e-6);
  EXPECT_TRUE(precision.narrow);
  const Until tighter{.metric = "x", .half_width = 1.96, .relative = {}, .place = {}};
  EXPECT_FALSE(precision_of({1, 2, 3, 4, 5}, tighter).narrow);
  const Until share{.metric = "x", .half_width = {}, .relative = 0.66, .place = {}};  // of 3: 1.98
  EXPECT_TRUE(precision_of({1, 2, 3, 4, 5}, share).narrow);
}

TEST(Precision, RunsWithoutTheNumberDoNotCount) {
  const Until until{.metric = "x", .half_width = 1e9, .relative = {}, .place = {}};
  const double none = std::nan("");
  EXPECT_FALSE(precision_of({none, 1.0, none}, until).narrow);
  EXPECT_EQ(precision_of({none, 1.0, 2.0}, until).runs, 2U);
}

TEST(Schedule, WhatIsDoneIsNotHandedOutAgain) {
  const Plan plan = plan_from("[sweep]\n\"run.seed\" = { from = 1, to = 5 }\n");
  Schedule schedule(
      plan,
      {RunState::Finished, RunState::Left, RunState::Failed, RunState::Left, RunState::Finished},
      no_value);
  EXPECT_EQ(schedule.next(), 1U);
  EXPECT_EQ(schedule.next(), 3U);
  EXPECT_EQ(schedule.next(), std::nullopt);
  EXPECT_FALSE(schedule.over());
  schedule.give_back(1);
  EXPECT_EQ(schedule.next(), 1U);
  schedule.done(3, RunState::Finished, 0);
  schedule.done(1, RunState::Failed, 0);
  EXPECT_TRUE(schedule.over());
}

constexpr const char* kUntil =
    "[sweep.until]\nmetric = \"orders\"\nhalf_width = 1.963244\nmin = 3\nmax = 9\nbatch = 2\n";

TEST(Schedule, SeedsGoOnUntilTheIntervalIsNarrow) {
  // 1 2 3: half = 4.302653 * 1 / sqrt(3) = 2.484; with 4 5 it is 1.963243, narrow enough.
  Schedule schedule(plan_from(kUntil), std::vector<RunState>(9, RunState::Left), no_value);
  for (const std::size_t run : {0U, 1U, 2U}) EXPECT_EQ(schedule.next(), run);
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.done(2, RunState::Finished, 3);  // the order of the ends does not matter
  schedule.done(0, RunState::Finished, 1);
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.done(1, RunState::Finished, 2);
  EXPECT_EQ(schedule.next(), 3U);
  EXPECT_EQ(schedule.next(), 4U);
  schedule.done(4, RunState::Finished, 5);
  schedule.done(3, RunState::Finished, 4);
  EXPECT_TRUE(schedule.over());
  EXPECT_THAT(schedule.opened(), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_TRUE(schedule.blocks().front().precision.narrow);
}

TEST(Schedule, AResumedOneOpensTheSameRuns) {
  std::vector<RunState> states(9, RunState::Left);
  for (const std::size_t run : {0U, 1U, 2U, 4U}) states[run] = RunState::Finished;
  Schedule schedule(plan_from(kUntil), states,
                    [](std::size_t run) { return static_cast<double>(run) + 1; });
  EXPECT_EQ(schedule.next(), 3U);
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.done(3, RunState::Finished, 4);
  EXPECT_TRUE(schedule.over());
  EXPECT_THAT(schedule.opened(), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Schedule, SeedsEndAtTheMaximum) {
  Schedule schedule(plan_from(kUntil), std::vector<RunState>(9, RunState::Left), no_value);
  for (std::size_t i = 0; i < 9; ++i) {
    const std::optional<std::size_t> run = schedule.next();
    ASSERT_TRUE(run.has_value());
    schedule.done(*run, RunState::Finished, i % 2 == 0 ? 1e6 : -1e6);
  }
  EXPECT_TRUE(schedule.over());
  EXPECT_FALSE(schedule.blocks().front().precision.narrow);
}

class RunOne : public ::testing::Test {
 protected:
  ScratchFolder folder_;
  Plan plan_ = plan_from("[run]\nduration = \"1 s\"\n[sweep]\n\"run.seed\" = [1, 2]\n");
};

TEST_F(RunOne, AFailedInvariantIsRecordedWithMessageAndEvent) {
  const Store store(folder_.path().string());
  const RunReport report = run_one(plan_, store, 1, [](const Scenario&, const ExecuteOptions&) {
    ExecuteOutcome outcome;
    outcome.exit_code = 1;
    outcome.status = RunStatus::Failed;
    outcome.error = "balance is negative";
    outcome.event = "Deposit to l2/bridge";
    return outcome;
  });
  EXPECT_EQ(report.end, RunEnd::Failed);
  EXPECT_EQ(store.state(1), RunState::Failed);
  EXPECT_EQ(store.read_failure(1).message, "balance is negative");
  EXPECT_EQ(store.read_failure(1).event, "Deposit to l2/bridge");
  EXPECT_EQ(store.state(0), RunState::Left);
}

TEST_F(RunOne, AValueThatOnlyTheBuilderRefusesIsAFailedRun) {
  const Store store(folder_.path().string());
  const RunReport report =
      run_one(plan_, store, 0, [](const Scenario&, const ExecuteOptions&) -> ExecuteOutcome {
        throw ScenarioError("market.tick", "does not fit");
      });
  EXPECT_EQ(report.end, RunEnd::Failed);
  EXPECT_THAT(store.read_failure(0).message, HasSubstr("market.tick"));
}

TEST_F(RunOne, AFullDiskLeavesTheRunToBeRepeated) {
  const Store store(folder_.path().string());
  const RunReport report = run_one(plan_, store, 0, [](const Scenario&, const ExecuteOptions&) {
    ExecuteOutcome outcome;
    outcome.exit_code = 3;
    outcome.status = RunStatus::Failed;
    outcome.error = "no space left";
    return outcome;
  });
  EXPECT_EQ(report.end, RunEnd::Broken);
  EXPECT_EQ(store.state(0), RunState::Left);
}

TEST_F(RunOne, AnInterruptedRunLeavesNothing) {
  const Store store(folder_.path().string());
  const RunReport report =
      run_one(plan_, store, 0, [](const Scenario& scenario, const ExecuteOptions& options) {
        ExecuteOutcome outcome = execute(scenario, options);
        outcome.exit_code = 130;
        outcome.status = RunStatus::Interrupted;
        return outcome;
      });
  EXPECT_EQ(report.end, RunEnd::Abandoned);
  EXPECT_EQ(store.state(0), RunState::Left);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.file("work")));
}

TEST_F(RunOne, OnlyOneSweepWorksInAFolder) {
  const Store store(folder_.path().string());
  const FolderLock first(folder_.path().string(), FolderLock::Kind::Shared);
  const FolderLock second(folder_.path().string(), FolderLock::Kind::Shared);
  EXPECT_THROW(FolderLock(folder_.path().string(), FolderLock::Kind::Alone), std::runtime_error);
}

}  // namespace
}  // namespace mezz::sweep

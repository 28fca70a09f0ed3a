// Every row of the table of withdrawals, while layer one reorganises again and again: money that
// was taken back by a reorganisation may be paid again, money that was not may not.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "models/layer2/bridge/canonical_bridge.h"
#include "sim/record/memory_sink.h"
#include "tests/conformance/inspector.h"

namespace mezz::conformance {
namespace {

class Payments : public testing::TestWithParam<std::size_t> {};

TEST_P(Payments, AreNotMadeTwice) {
  SmallWorld world{.design = static_cast<Design>(GetParam()), .shocks = {}};
  for (Duration at = 50_min; at < world.length; at = at + 4_min) {
    world.shocks.push_back(
        {.kind = ShockKind::L1Reorg, .at = at, .duration = {}, .magnitude = Ratio::one() * 5});
  }
  MemorySink sink;
  Recording recording{RecorderPlan{}};
  recording.add_sink(sink);
  Study study(scenario_of(world), &recording);
  ASSERT_TRUE(recording.start({}));
  study.world().run(Time::zero() + world.length);
  study.check_conservation();
  study.finish();
  ASSERT_TRUE(recording.finish({.end = Time::zero() + world.length}));

  const Inspector inspector(world, study);
  const auto paid = inspector.bridge().withdrawal_summary().paid.size();
  EXPECT_GT(paid, 10u);
  if (!sink.has("withdrawals")) return;  // exits and channels keep books of their own
  const auto ids = sink.column<std::uint64_t>("withdrawals", "withdrawal");
  const auto stages = sink.column<std::uint8_t>("withdrawals", "stage");
  std::map<std::uint64_t, bool> is_paid;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const bool pays = static_cast<WithdrawalStage>(stages[row]) == WithdrawalStage::Paid;
    bool& before = is_paid[ids[row]];
    EXPECT_FALSE(pays && before) << "withdrawal " << ids[row] << " in row " << row;
    before = pays;
  }
  std::size_t standing = 0;
  for (const auto& [id, pays] : is_paid) standing += pays ? 1 : 0;
  EXPECT_EQ(standing, paid);
}

INSTANTIATE_TEST_SUITE_P(All, Payments,
                         testing::Range(std::size_t{0}, std::size(EnumNames<Design>::names)),
                         [](const auto& info) {
                           return std::string(EnumNames<Design>::names[info.param]);
                         });

}  // namespace
}  // namespace mezz::conformance

// The promise of this folder for every design, new ones included: two runs, a run cut in half, and
// all designs at once on threads of their own give the fingerprint of one run alone.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/study.h"
#include "tests/conformance/small_world.h"

namespace mezz {
namespace {

constexpr std::size_t kDesigns = std::size(EnumNames<Design>::names);

// The small world of tests/conformance with a bad hour: outage, reorganisation, congestion, crash.
Scenario busy(std::size_t design) {
  using conformance::SmallWorld;
  SmallWorld world{.design = static_cast<Design>(design), .length = 2_h, .shocks = {}};
  world.shocks = {
      {.kind = ShockKind::SequencerDown, .at = 20_min, .duration = 10_min},
      {.kind = ShockKind::L1Reorg, .at = 35_min, .duration = {}, .magnitude = Ratio::one() * 3},
      {.kind = ShockKind::GasSpike,
       .at = 50_min,
       .duration = 20_min,
       .magnitude = Ratio::one() * 5},
      {.kind = ShockKind::PriceJump, .at = 55_min, .duration = {}, .magnitude = 90_percent},
  };
  return conformance::scenario_of(world);
}

std::uint64_t fingerprint_of(std::size_t design) {
  const Scenario scenario = busy(design);
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  return study.world().engine().fingerprint();
}

class EveryDesign : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryDesign, RunsTheSameTwice) {
  EXPECT_EQ(fingerprint_of(GetParam()), fingerprint_of(GetParam()));
}

TEST_P(EveryDesign, GoesOnFromASnapshotAsIfNothingHadHappened) {
  const Scenario scenario = busy(GetParam());
  const std::uint64_t whole = fingerprint_of(GetParam());
  // In the outage, and at half time in the congestion.
  for (const Duration cut : {25_min, scenario.run.duration / 2}) {
    Study first(scenario, nullptr);
    first.world().run(Time::zero() + cut);
    const std::vector<std::byte> snapshot = first.world().save();
    Study second(scenario, nullptr);
    second.world().restore(snapshot);
    EXPECT_EQ(second.world().save(), snapshot) << "cut at " << cut.seconds() << " s";
    second.world().run(Time::zero() + scenario.run.duration);
    EXPECT_EQ(second.world().engine().fingerprint(), whole) << "cut at " << cut.seconds() << " s";
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryDesign, testing::Range(std::size_t{0}, kDesigns),
                         [](const auto& info) {
                           return std::string(EnumNames<Design>::names[info.param]);
                         });

TEST(EveryDesignTogether, GivesTheFingerprintsOfEachAlone) {
  std::array<std::uint64_t, kDesigns> alone{};
  for (std::size_t d = 0; d < kDesigns; ++d) alone[d] = fingerprint_of(d);
  std::array<std::uint64_t, 2 * kDesigns> together{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < together.size(); ++i) {
    threads.emplace_back([&, i] { together[i] = fingerprint_of(i % kDesigns); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < together.size(); ++i) EXPECT_EQ(together[i], alone[i % kDesigns]);
  for (std::size_t d = 1; d < kDesigns; ++d) EXPECT_NE(alone[d], alone[0]);  // designs differ
}

}  // namespace
}  // namespace mezz

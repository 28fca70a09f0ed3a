#include "analysis/compare_fingerprints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::HasSubstr;

// A sample every 1000 events and 10 ns; the running hash is wrong from `first_wrong` on.
MarketFile run_of(std::size_t samples, std::size_t first_wrong = SIZE_MAX) {
  MarketFile market{.rows = 2};
  for (std::size_t i = 0; i < samples; ++i) {
    const std::uint64_t hash = 1'000 + i + (i >= first_wrong ? 7 : 0);
    market.samples.push_back({{static_cast<std::int64_t>(i + 1) * 10}, (i + 1) * 1'000, hash});
    market.fingerprint = hash;
  }
  return market;
}

FingerprintComparison compared(const MarketFile& a, const MarketFile& b) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), a);
  write_market(folder.file("b.h5"), b);
  return compare_fingerprints(RunFile(folder.file("a.h5")), RunFile(folder.file("b.h5")));
}

TEST(CompareFingerprints, EqualRunsAreEqual) {
  const auto result = compared(run_of(100), run_of(100));
  EXPECT_TRUE(result.equal);
  EXPECT_EQ(result.reason, "100 samples and the final fingerprint agree");
}

TEST(CompareFingerprints, FindsTheWindowWhereverTheRunsPart) {
  for (const std::size_t first_wrong : {0U, 1U, 37U, 98U, 99U}) {
    const auto result = compared(run_of(100), run_of(100, first_wrong));
    EXPECT_FALSE(result.equal);
    EXPECT_EQ(result.events_from, first_wrong * 1'000);
    EXPECT_EQ(result.events_to, (first_wrong + 1) * 1'000);
    EXPECT_EQ(result.time_from.ns, static_cast<std::int64_t>(first_wrong) * 10);
    EXPECT_EQ(result.time_to.ns, static_cast<std::int64_t>(first_wrong + 1) * 10);
  }
}

TEST(CompareFingerprints, SamplesOfDifferentSpacingAreComparedWhereTheyMeet) {
  MarketFile sparse = run_of(100, 50);
  std::vector<FingerprintSample> kept;
  for (std::size_t i = 3; i < sparse.samples.size(); i += 4) kept.push_back(sparse.samples[i]);
  sparse.samples = kept;  // events 4000, 8000, ...
  const auto result = compared(run_of(100), sparse);
  EXPECT_EQ(result.events_from, 48'000U);  // the hash is wrong from event 51 000 on
  EXPECT_EQ(result.events_to, 52'000U);
}

TEST(CompareFingerprints, TheWindowCoversBothCountsWhenTheyPartToo) {
  MarketFile other = run_of(100, 40);
  for (std::size_t i = 40; i < 100; ++i) other.samples[i].events += 3;
  const auto result = compared(run_of(100), other);
  EXPECT_EQ(result.events_from, 40'000U);
  EXPECT_EQ(result.events_to, 41'003U);
  EXPECT_EQ(result.time_to.ns, 410);
}

TEST(CompareFingerprints, ALongerRunGoesOnWhereTheShorterEnds) {
  const auto result = compared(run_of(60), run_of(100));
  EXPECT_FALSE(result.equal);
  EXPECT_EQ(result.events_from, 60'000U);
  EXPECT_EQ(result.events_to, 61'000U);
  EXPECT_THAT(result.reason, HasSubstr("one ends and the other goes on"));
}

TEST(CompareFingerprints, ADifferenceAfterTheLastSampleIsFound) {
  MarketFile other = run_of(10);
  other.fingerprint += 1;
  const auto result = compared(run_of(10), other);
  EXPECT_FALSE(result.equal);
  EXPECT_EQ(result.events_from, 10'000U);
  EXPECT_EQ(result.events_to, UINT64_MAX);
  EXPECT_EQ(result.time_to.ns, 7'200'000'000'000);  // the end of the run in the fixture
}

TEST(CompareFingerprints, NamesTheInputsThatDiffer) {
  MarketFile other = run_of(10, 0);
  other.metadata.seed = 43;
  other.metadata.scenario_resolved = "run.seed = 43\n";
  const auto result = compared(run_of(10), other);
  EXPECT_EQ(result.reason,
            "the runs part between events 0 and 1000; seeds 42 and 43; the scenarios differ");
}

TEST(CompareFingerprints, SamplesOutOfOrderAreADamagedFile) {
  MarketFile other = run_of(10);
  std::swap(other.samples[3], other.samples[4]);
  EXPECT_THROW(compared(run_of(10), other), RunFileError);
}

}  // namespace
}  // namespace mezz::analysis

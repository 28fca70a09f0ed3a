#include "scenarios/liquidation_races.h"

#include <gtest/gtest.h>

#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

LiquidationAttempt attempt(std::uint32_t target, std::uint32_t keeper, std::int64_t second,
                           bool won) {
  return {AccountId{target}, AccountId{keeper}, Time::zero() + 1_s * second, won};
}

TEST(LiquidationRaces, ARivalWithinTheWindowContestsOnTheSameAccountOnly) {
  const LiquidationRaces races = count_races(
      {
          attempt(1, 100, 10, true), attempt(1, 101, 10, false),  // a race
          attempt(2, 100, 10, true), attempt(3, 101, 10, true),   // two, each alone
          attempt(4, 100, 10, true), attempt(4, 101, 40, false),  // 30 s later: still a race
          attempt(5, 100, 10, true), attempt(5, 101, 41, false),  // too late
          attempt(6, 100, 10, true), attempt(6, 100, 12, true),   // one keeper twice
          attempt(7, 101, 10, false), attempt(7, 100, 39, true),  // the rival came before
      },
      30_s);
  EXPECT_EQ(races.attempts, 12U);
  EXPECT_EQ(races.won, 8U);
  EXPECT_EQ(races.uncontested, 5U);  // of accounts 2, 3, 5, 6, 6
}

TEST(LiquidationRaces, NobodyRanInAnEmptyRun) { EXPECT_EQ(count_races({}, 30_s).won, 0U); }

// Two keepers see the same accounts; the first needs 20 ms, the second 500 ms and offers eight
// levels of tip. In the order of arrival the quick one wins what both want, in the order of tips
// the other: both are well within a block of 2 s.
TEST(KeeperRace, TheQuickOneWinsInTheOrderOfArrival) {
  const CatalogueRun run = run_catalogue("keeper_race");
  expect_limits(run);
  EXPECT_GT(run.number("agents.quick.won"), 5.0 * run.number("agents.generous.won"));
}

TEST(KeeperRace, TheHigherTipWinsInTheOrderOfTips) {
  const CatalogueRun run = run_catalogue("keeper_race", {"sequencing.order=\"priority_fee\""},
                                         {"agents.quick.won.share", "agents.generous.won.share"});
  expect_limits(run);
  EXPECT_GT(run.number("agents.generous.won"), 5.0 * run.number("agents.quick.won"));
}

// Every attempt costs the same gas at nearly the same base fee, so the ether wasted is the share of
// attempts that were lost.
TEST(KeeperRace, LosersPayForFailedAttempts) {
  const CatalogueRun run = run_catalogue("keeper_race");
  const double lost = run.number("agents.generous.lost");
  const double answered = lost + run.number("agents.generous.won");
  const double wasted =
      run.number("agents.generous.gas_wasted") / run.number("agents.generous.gas_spent");
  EXPECT_GT(lost, 1'000.0);
  EXPECT_NEAR(wasted, lost / answered, 0.05);
  EXPECT_LT(run.number("agents.quick.gas_wasted"), run.number("agents.generous.gas_wasted") / 2.0);
}

// Exponential times of work, means 100 and 300 ms: the first of two is the quick one with
// probability (1/100) / (1/100 + 1/300) = 3/4. Some 900 blocks have a race; five deviations of
// sqrt(3/16/900), doubled for blocks that decide more accounts than others, are 0.14.
TEST(KeeperRace, TheOddsAreThoseOfTheirRates) {
  const CatalogueRun run = run_catalogue(
      "keeper_race",
      {"agent[3].processing={ kind = \"exponential\", mean = \"100 ms\" }",
       "agent[4].processing={ kind = \"exponential\", mean = \"300 ms\" }"},
      {"agents.quick.won.share", "agents.generous.won.share", "liquidations.uncontested.share"});
  expect_limits(run);
  const double quick = run.number("agents.quick.won");
  EXPECT_NEAR(quick / (quick + run.number("agents.generous.won")), 0.75, 0.14);
}

TEST(KeeperRace, AloneNobodyIsContested) {
  const CatalogueRun run = run_catalogue(
      "keeper_race", {"agent[4].fee_cap=\"0 gwei\""},
      {"agents.quick.won.share", "agents.generous.won.share", "liquidations.uncontested.share"});
  expect_limits(run);
  EXPECT_EQ(run.number("liquidations.uncontested.share"), 1.0);
  EXPECT_EQ(run.number("agents.generous.sent"), 0.0);
}

}  // namespace
}  // namespace mezz

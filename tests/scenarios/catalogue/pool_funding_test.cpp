#include <gtest/gtest.h>

#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

const std::string kOneDay = "run.duration=\"1 d\"";
const std::string kWatches = "agent[2].enter=\"100_000 %\"";
const std::vector<std::string> kOfThreeDays{"pools.OPERP.skew", "funding.paid"};

// Half of what the crowd alone would buy; 10 to 20 % a year on the longs that the scenario counts.
TEST(PoolFunding, KeepsTheSkewWithinWhatTheFundingTraderTakes) {
  const CatalogueRun run = run_catalogue("pool_funding");
  expect_limits(run);
  EXPECT_LT(run.number("pools.OPERP.skew"), 3.2e6);
  EXPECT_GT(run.number("funding.paid"), 2'000.0);
}

// 864 orders a day, each of a size that is exponential around 3 coins, seven of ten bought: 1 037
// coins, standard deviation sqrt(864 x (18 - 1.2^2)) = 120. Three of them.
TEST(PoolFunding, WithoutARuleTheSkewGrowsAndNobodyPays) {
  const CatalogueRun run =
      run_catalogue("pool_funding", {kOneDay, "market.funding_rule=\"dydx_v4\""}, kOfThreeDays);
  EXPECT_NEAR(run.number("pools.OPERP.skew"), 2.07e6, 3 * 0.24e6);
  EXPECT_EQ(run.number("funding.paid"), 0.0);
}

// The rate of a day is 3 x 1 037 / 10^6 x t^2 / 2, its mean over the day 0.000518, 18.9 % a year;
// the skew is a random walk, whose integrals deviate by less than its end, 12 %: within a third.
TEST(PoolFunding, SynthetixsRateIsTheIntegralOfTheSkew) {
  const CatalogueRun run = run_catalogue("pool_funding", {kOneDay, kWatches}, kOfThreeDays);
  EXPECT_NEAR(run.number("agents.funding_trader.rate.mean"), 0.189, 0.063);
}

// The price stands still: what the pool has beyond its cash and its fees is funding. GMX's rule
// leaves it nothing; Synthetix's gives it what the net of its traders pays.
TEST(PoolFunding, ThePoolIsPaidUnderSynthetixsRuleOnly) {
  for (const std::string rule : {"gmx_v2", "synthetix_v3"}) {
    const CatalogueRun run = run_catalogue(
        "pool_funding", {kOneDay, kWatches, "market.funding_rule=\"" + rule + "\""}, kOfThreeDays);
    const double received =
        run.number("pools.OPERP.equity") - 10e6 - run.number("pools.OPERP.fees");
    EXPECT_GT(run.number("funding.paid"), 500.0);
    if (rule == "gmx_v2") {
      EXPECT_NEAR(received, 0.0, 1e-6);
    } else {
      EXPECT_GT(received, 100.0);
      EXPECT_LT(received, run.number("funding.paid"));
    }
  }
}

}  // namespace
}  // namespace mezz

#include <gtest/gtest.h>

#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

// The rise of the file is 150 % in half an hour.
const std::string kRisesByHalf =
    "price.segments=[{duration=\"10 min\",change=\"0 %\"},{duration=\"30 min\",change=\"50 %\"},"
    "{duration=\"10 min\",change=\"0 %\"}]";
const std::vector<std::string> kNever{"market.pool[0].rule.deleverage_above=\"0 %\"",
                                      "market.pool[0].rule.deleverage_until=\"0 %\""};

TEST(PoolDeleveraging, KeepsAPoolAbleToPay) { expect_limits(run_catalogue("pool_deleveraging")); }

// 4 M USD are long against 5 M USD from 2,000. At g = 1.375 their profits, 4 M (g - 1) = 1.5 M, are
// 30 % of the pool; 0.625 M of them, 5 / 12, are realised: 4 M x 1.375 x 5 / 12 = 2.292 M USD
// closed. At g = 1.5 the rest has won 4 M x 7 / 12 x 0.5 = 1.167 M, 27 % of 4.375 M: no more, and
// 3.208 M are the pool's. Its fee of 5 bp on 6.3 M comes to 3 k. The oracle moves by 10 bp and the
// last order does not fit under the cap: within a hundredth.
TEST(PoolDeleveraging, ClosesAtTheUpperThresholdDownToTheLower) {
  const CatalogueRun run =
      run_catalogue("pool_deleveraging", {kRisesByHalf}, {"pools.OPERP.equity"});
  expect_limits(run);
  EXPECT_NEAR(run.number("adl.notional"), 2.292e6, 0.023e6);
  EXPECT_NEAR(run.number("pools.OPERP.equity"), 3.211e6, 0.010e6);
  EXPECT_NEAR(run.number("pools.OPERP.fees"), 3.15e3, 0.03e3);
  EXPECT_EQ(run.number("liquidations.count"), 0.0);
}

// 5 M - 4 M x 1.5 and a fee of 2 k.
TEST(PoolDeleveraging, WithoutItThePoolOwesWhatItDoesNotHave) {
  const CatalogueRun run =
      run_catalogue("pool_deleveraging", kNever, {"adl.notional", "pools.OPERP.equity"});
  expect_limits(run);
  EXPECT_EQ(run.number("adl.notional"), 0.0);
  EXPECT_NEAR(run.number("pools.OPERP.equity"), -0.998e6, 0.010e6);
}

}  // namespace
}  // namespace mezz

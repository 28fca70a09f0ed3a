#include <gtest/gtest.h>

#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

constexpr const char* kBasisWatches = "agent[2].enter=\"100_000 %\"";
constexpr const char* kFundingWatches = "agent[3].enter=\"100_000 %\"";

struct Effect {
  double basis = 0;    // mean, share of the outside price
  double funding = 0;  // paid by longs, USD
};

// In pairs: the same seed, prices and orders of the crowd; who only watches reports all the same.
Effect effect(int seed, std::vector<std::string> set) {
  set.push_back("run.seed=" + std::to_string(seed));
  set.push_back("run.duration=\"90 min\"");
  const CatalogueRun run = run_catalogue("carry_traders", set, {"agents.basis_trader.basis.mean"});
  return {.basis = run.number("agents.basis_trader.basis.mean"),
          .funding = run.number("funding.paid")};
}

TEST(CarryTraders, TogetherTheyLeaveThePremiumThatTheirCostsExplain) {
  expect_limits(run_catalogue("carry_traders"));
}

TEST(CarryTraders, EitherOfThemBringsThePremiumDown) {
  for (const int seed : {1, 2, 3}) {
    const Effect none = effect(seed, {kBasisWatches, kFundingWatches});
    const Effect basis = effect(seed, {kFundingWatches});
    const Effect funding = effect(seed, {kBasisWatches});
    EXPECT_GT(none.basis, 0.0);
    EXPECT_LT(basis.basis, none.basis) << seed;
    EXPECT_LT(basis.funding, none.funding) << seed;
    EXPECT_LT(funding.basis, none.basis) << seed;
    EXPECT_LT(funding.funding, none.funding) << seed;
  }
}

}  // namespace
}  // namespace mezz

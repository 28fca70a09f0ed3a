#include "models/margin/hyperliquid.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::margin {
namespace {

const std::vector<LeverageTier> kTiers{{0_usd, 40}, {150'000'000_usd, 20}};

// 1.25 % up to 150 M, 2.5 % of what is above: 1.875 M and 1.25 M at 200 M. The documentation's
// form: 200 M x 2.5 % less a deduction of 150 M x (2.5 % - 1.25 %) = 5 M - 1.875 M = 3.125 M.
TEST(Hyperliquid, MaintenanceIsMarginalByTier) {
  EXPECT_EQ(maintenance_margin(kTiers, 1'000'000_usd), 12'500_usd);
  EXPECT_EQ(maintenance_margin(kTiers, 150'000'000_usd), 1'875'000_usd);
  EXPECT_EQ(maintenance_margin(kTiers, 200'000'000_usd), 3'125'000_usd);
  EXPECT_EQ(maintenance_margin(kTiers, 0_usd), 0_usd);
  EXPECT_EQ(maintenance_margin(kTiers, Money{1}), Money{1});  // up
}

TEST(Hyperliquid, InitialAtTheChosenLeverageWithinTheTier) {
  EXPECT_EQ(initial_margin(kTiers, 1'000'000_usd, 10), 100'000_usd);
  EXPECT_EQ(initial_margin(kTiers, 1'000'000_usd, 100), 25'000_usd);
  EXPECT_EQ(initial_margin(kTiers, 200'000'000_usd, 40), 10'000'000_usd);
  EXPECT_EQ(transfer_requirement(25'000_usd, 1'000'000_usd), 100'000_usd);
  EXPECT_EQ(transfer_requirement(200'000_usd, 1'000'000_usd), 200'000_usd);
}

TEST(Hyperliquid, WrongTiersAreRefused) {
  using Tiers = std::vector<LeverageTier>;
  for (const Tiers& wrong :
       {Tiers{}, Tiers{{1_usd, 40}}, Tiers{{0_usd, 0}}, Tiers{{0_usd, 40}, {0_usd, 20}},
        Tiers{{0_usd, 20}, {5_usd, 40}}, Tiers{{0_usd, 40}, {9_usd, 20}, {7_usd, 10}}}) {
    EXPECT_THROW(check_tiers(wrong, "margin.tiers"), ScenarioError);
  }
  EXPECT_NO_THROW(check_tiers(kTiers, "margin.tiers"));
}

}  // namespace
}  // namespace mezz::margin

#include "models/layer2/bridge/key_compromise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/layer2/bridge/quorum_bridge.h"

namespace mezz {
namespace {

TEST(KeyCompromise, IndependentKeysFollowTheBinomial) {
  // 2 of 3 at p = 0.1: 3 x 0.01 x 0.9 + 0.001 = 0.028.
  EXPECT_NEAR(keys::independent(2, 3, 0.1), 0.028, 1e-15);
  // 5 of 9 at p = 0.01: 126 x 1e-10 x 0.99^4 + 84 x 1e-12 x 0.99^3 + 36 x 1e-14 x 0.99^2
  // = 1.21035e-8 + 8.1505e-11 + 3.528e-13 = 1.21854e-8; seven and more add less than 1e-15.
  EXPECT_NEAR(keys::independent(5, 9, 0.01), 1.21854e-8, 1e-12);
}

TEST(KeyCompromise, BetaBinomialHasTheCorrelationAskedFor) {
  // Two of two: p^2 + rho p (1 - p) = 0.01 + 0.5 x 0.09 = 0.055.
  EXPECT_NEAR(keys::beta_binomial(2, 2, 0.1, 0.5), 0.055, 1e-12);
  // alpha = beta = 1 (p = 1/2, rho = 1/3): every number of keys equally likely; 5 of 9 or more:
  // 1/2.
  EXPECT_NEAR(keys::beta_binomial(5, 9, 0.5, 1.0 / 3.0), 0.5, 1e-12);
  EXPECT_NEAR(keys::beta_binomial(5, 9, 0.01, 0.0), keys::independent(5, 9, 0.01), 1e-20);
  EXPECT_EQ(keys::beta_binomial(5, 9, 0.01, 1.0), 0.01);
  EXPECT_NEAR(keys::beta_binomial(0, 9, 0.2, 0.3), 1.0, 1e-12);
}

TEST(KeyCompromise, OneOperatorWithAQuorumIsOneKey) {
  // Ronin 2022: four keys and a delegated fifth with one operator: P(>= 5 of 9) = p, and the four
  // others alone never suffice.
  const std::int64_t ronin[] = {5, 1, 1, 1, 1};
  EXPECT_NEAR(keys::by_operator(5, ronin, 0.01), 0.01, 1e-15);
  // Without the delegation: p (1 - (1-p)^5) + (1-p) p^5 = 0.01 x 0.0490099501 + 0.99e-10.
  const std::int64_t before[] = {4, 1, 1, 1, 1, 1};
  EXPECT_NEAR(keys::by_operator(5, before, 0.01), 0.01 * 0.0490099501 + 0.99e-10, 1e-13);
}

TEST(KeyCompromise, BridgeReportsOperatorAndCorrelation) {
  QuorumBridgeParams p{
      .keys = 9, .threshold = 5, .largest_operator = 5, .key_compromise_per_year = 0.01};
  EXPECT_NEAR(theft_probability(p), 0.01, 1e-12);
  p = {.keys = 2, .threshold = 2, .key_compromise_per_year = 0.1, .key_correlation = 0.5};
  EXPECT_NEAR(theft_probability(p), 0.055, 1e-12);
}

TEST(QuorumBridge, RoomIsTheRestOfTheDayAndTheEscrow) {
  EXPECT_EQ(room_today(Money{0}, 30_usd, 500_usd), Money{500_usd});
  EXPECT_EQ(room_today(100_usd, 30_usd, 500_usd), Money{70_usd});
  EXPECT_EQ(room_today(100_usd, 30_usd, 50_usd), Money{50_usd});
  EXPECT_EQ(room_today(100_usd, 130_usd, 50_usd), Money{0});
}

}  // namespace
}  // namespace mezz

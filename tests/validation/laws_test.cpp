// The closed forms against the published digits (reference sheet, sections A1 to A9).
#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/validation/barrier_laws.h"
#include "scenarios/validation/fee_laws.h"
#include "scenarios/validation/queue_laws.h"
#include "scenarios/validation/statistics.h"

namespace mezz::validation {
namespace {

constexpr double kYear = 365.0 * 86'400.0;

TEST(Laws, ErlangCAgreesWithThePublishedDigits) {  // A-Q-5
  EXPECT_NEAR(erlang_c(2, 0.8).waiting_share, 0.7111111111, 1e-9);
  EXPECT_NEAR(erlang_c(2, 0.8).wait_in_services, 1.7777777778, 1e-9);
  EXPECT_NEAR(erlang_c(4, 0.8).waiting_share, 0.5964324718, 1e-9);
  EXPECT_NEAR(erlang_c(4, 0.8).wait_in_services, 0.7455405897, 1e-9);
}

TEST(Laws, PollaczekKhinchine) {  // A-Q-1 to 4
  EXPECT_NEAR(pollaczek_khinchine(0.8, 1, 1), 4.0, 1e-12);
  EXPECT_NEAR(pollaczek_khinchine(0.8, 1, 0), 2.0, 1e-12);
  EXPECT_NEAR(pollaczek_khinchine(0.8, 1, 0.5), 3.0, 1e-12);
  EXPECT_NEAR(pollaczek_khinchine(0.5, 1, 4), 2.5, 1e-12);
}

TEST(Laws, HybridBatch) {  // A-Q-9, 10
  const HybridBatch batch = hybrid_batch(5, 40, 10);
  EXPECT_NEAR(batch.mean_wait, 3.886784, 1e-6);
  EXPECT_NEAR(batch.mean_count, 39.850289, 1e-6);
  EXPECT_NEAR(batch.mean_open, 7.770058, 1e-6);
  const HybridBatch idle = hybrid_batch(1, 20, 60);
  EXPECT_NEAR(idle.mean_wait, 9.5, 1e-4);
  EXPECT_NEAR(idle.mean_count, 20, 1e-4);
}

TEST(Laws, OptimalBatch) {  // A-Q-12
  const OptimalBatch batch = optimal_batch(5, 50, 0.001);
  EXPECT_NEAR(batch.size, 707.107, 1e-3);
  EXPECT_NEAR(batch.size / 5, 141.42, 5e-3);
  EXPECT_NEAR(batch.cost_rate, 0.70711, 5e-6);
}

TEST(Laws, FeeRecurrences) {  // A-F-1, 2, 4, 5
  std::int64_t full = 1'000'000'000;
  std::int64_t empty = full;
  for (int i = 0; i < 50; ++i) {
    full = base_fee_after(full, 30'000'000, 30'000'000);
    empty = base_fee_after(empty, 0, 30'000'000);
  }
  EXPECT_EQ(full, 361'098'863'481);
  EXPECT_EQ(empty, 1'260'097);
  EXPECT_EQ(blob_fee_at(13'107'200, 3'338'477), 50);
  EXPECT_EQ(blob_fee_at(39'321'600, 3'338'477), 130'392);
  EXPECT_EQ(blob_fee_at(100'000'000, 3'338'477), 10'203'769'476'395);
  EXPECT_EQ(blob_fee_at(69'206'016, 3'338'477), 1'006'572'285);
}

TEST(Laws, BarrierAndPut) {  // A-L-1 to 9
  const double ten = liquidation_price(10, 0.05);
  EXPECT_NEAR(ten, 0.947368, 1e-6);
  EXPECT_NEAR(hit_probability(ten, 0.8, 1 / 365.0), 0.20199880, 1e-7);
  EXPECT_NEAR(hit_probability(liquidation_price(20, 0.025), 1.0, 1 / 365.0), 0.62774293, 1e-7);
  const double hourly = shifted_barrier(ten, 0.8, 3'600 / kYear);
  EXPECT_NEAR(hit_probability(hourly, 0.8, 1 / 365.0), 0.163233, 2e-6);
  const Shortfall crash = shortfall(0.95, {.volatility = 3}, 3'600 / kYear);
  EXPECT_NEAR(crash.probability, 0.05656995, 1e-8);
  EXPECT_NEAR(crash.expected, 7.255934e-4, 1e-9);
  const Shortfall week = shortfall(0.975, {.volatility = 0.8}, 7 / 365.0);
  EXPECT_NEAR(week.probability, 0.4312743, 1e-7);
  EXPECT_NEAR(week.expected, 0.03225613, 1e-8);
  const Shortfall uniform = shortfall_uniform(0.95, {.volatility = 3}, 0, 3'600 / kYear);
  EXPECT_NEAR(uniform.probability, 0.018156, 1e-6);
  EXPECT_NEAR(uniform.expected, 1.90460e-4, 1e-8);
  const JumpLaw jumps{0.8, 100, -0.05, 0.10};
  EXPECT_NEAR(shortfall(0.95, jumps, 12 / kYear).probability, 1.882906e-5, 1e-10);
  EXPECT_NEAR(shortfall(0.95, jumps, 3'600 / kYear).expected, 3.996935e-4, 1e-9);
}

TEST(Statistics, IntervalsAgreeWithTables) {
  // Garwood: 0 seen -> [0, 3.689], 10 seen -> [4.795, 18.39].
  EXPECT_NEAR(poisson_interval(0, 0.95).high, 3.6889, 1e-3);
  EXPECT_NEAR(poisson_interval(10, 0.95).low, 4.7954, 1e-3);
  EXPECT_NEAR(poisson_interval(10, 0.95).high, 18.3904, 1e-3);
  EXPECT_NEAR(chi_square_p({60, 40}, {50, 50}), 0.0455, 1e-4);  // chi2 = 4, 1 degree of freedom
}

}  // namespace
}  // namespace mezz::validation

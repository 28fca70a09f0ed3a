#include "models/layer2/proving/job_pool.h"

#include <gtest/gtest.h>

namespace mezz {
namespace {

Time at(Duration d) { return Time::zero() + d; }

TEST(JobPool, ServesFirstComeFirstServedOnItsMachines) {
  JobPool pool(2);
  for (std::uint64_t b = 0; b < 3; ++b) pool.push({.batch = b});
  const std::uint64_t first = pool.start(at(0_s)).number;
  EXPECT_EQ(pool.start(at(0_s)).job.batch, 1U);
  EXPECT_FALSE(pool.can_start());
  EXPECT_EQ(pool.finish(first, at(5_s)).job.batch, 0U);
  ASSERT_TRUE(pool.can_start());
  EXPECT_EQ(pool.start(at(5_s)).job.batch, 2U);
  EXPECT_EQ(pool.waiting(), 0U);
}

TEST(JobPool, OldestBatchGoesFirstAndWithinItFirstComeFirstServed) {
  JobPool pool(4);
  pool.push({.batch = 7});
  pool.push({.batch = 3, .attempt = 1});
  pool.push({.batch = 3, .attempt = 2});
  EXPECT_EQ(pool.start(at(0_s)).job.attempt, 1U);
  EXPECT_EQ(pool.start(at(0_s)).job.attempt, 2U);
  EXPECT_EQ(pool.start(at(0_s)).job.batch, 7U);
}

TEST(JobPool, UtilisationIsMachineTimeUsedOverMachineTime) {
  JobPool pool(4);
  pool.push({.batch = 0});
  pool.push({.batch = 0});
  const std::uint64_t one = pool.start(at(10_s)).number;
  const std::uint64_t two = pool.start(at(10_s)).number;
  pool.finish(two, at(20_s));
  pool.finish(one, at(30_s));
  pool.measure(at(50_s));
  EXPECT_DOUBLE_EQ(pool.utilisation(), 30.0 / 200.0);  // 20 s + 10 s of 4 x 50 s
}

TEST(JobPool, InterruptedJobsComeFirstAgainInTheirOrder) {
  JobPool pool(2);
  for (std::uint64_t b = 0; b < 3; ++b) pool.push({.batch = b, .attempt = b + 1});
  pool.start(at(0_s));
  pool.start(at(0_s));
  pool.set_share(Ratio::zero(), at(1_s));
  EXPECT_EQ(pool.interrupt(at(1_s)).size(), 2U);
  EXPECT_FALSE(pool.can_start());
  pool.set_share(Ratio::one(), at(2_s));
  const RunningJob& again = pool.start(at(2_s));
  EXPECT_EQ(again.job.batch, 0U);
  EXPECT_EQ(again.job.attempt, 1U);  // an outage is no attempt
  EXPECT_EQ(pool.start(at(2_s)).job.batch, 1U);
}

TEST(JobPool, FewerMachinesLetTheRunningJobsFinish) {
  JobPool pool(4);
  for (std::uint64_t b = 0; b < 6; ++b) pool.push({.batch = b});
  std::uint64_t last = 0;
  for (int i = 0; i < 4; ++i) last = pool.start(at(0_s)).number;
  pool.set_share(50_percent, at(1_s));
  EXPECT_EQ(pool.busy(), 4U);
  pool.finish(last, at(2_s));
  EXPECT_FALSE(pool.can_start());  // three still run, two machines are left
  pool.set_share(Ratio{1}, at(3_s));
  EXPECT_EQ(pool.busy(), 3U);
}

TEST(JobPool, ForgetsBatchesFromOneOn) {
  JobPool pool(2);
  for (std::uint64_t b = 0; b < 4; ++b) pool.push({.batch = b});
  pool.start(at(0_s));
  pool.start(at(0_s));
  const auto stopped = pool.forget_from(1, at(1_s));
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped[0].job.batch, 1U);
  EXPECT_EQ(pool.busy(), 1U);
  EXPECT_EQ(pool.waiting(), 0U);
}

}  // namespace
}  // namespace mezz

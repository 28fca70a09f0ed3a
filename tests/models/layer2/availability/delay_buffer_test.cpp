#include "models/layer2/availability/delay_buffer.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr double kBlocksPerDay = 7'200;  // of 12 s

// Reference sheet "layer-two protocols", section 2.2: three consecutive fully censored messages see
// windows of 7200, 7200 and 300 blocks, then 150. By hand: 14 400 - 7 050 = 7 350, - 7 050 = 300.
TEST(DelayBuffer, SustainedCensorshipCollapsesTheWindowTo150Blocks) {
  DelayBuffer buffer{DelayBufferParams{}};
  std::uint64_t height = 1'000'000;
  buffer.read(height, height);  // a message in time
  for (const std::int64_t window : {7'200, 7'200, 300, 150}) {
    ASSERT_EQ(buffer.window(height), window);
    buffer.read(height, buffer.deadline(height));
    height += static_cast<std::uint64_t>(window);  // the next one is sent when this one is read
  }
}

// The reason the buffer exists (docs.arbitrum.io): 50 sequential moves of a dispute, each delayed.
TEST(DelayBuffer, FiftySequentialMovesTakeFiftyDaysWithoutItAndThreeWithIt) {
  for (const bool buffered : {false, true}) {
    DelayBufferParams params;
    if (!buffered) params.buffer_max = 0;
    DelayBuffer buffer{params};
    std::uint64_t height = 20'000;
    for (int move = 0; move < 50; ++move) {
      const std::uint64_t forced = buffer.deadline(height);
      buffer.read(height, forced);
      height = forced;
    }
    const double days = static_cast<double>(height - 20'000) / kBlocksPerDay;
    // 7 200 + 7 200 + 300, then 150 and 157 in turn: a delay of the threshold costs nothing, and
    // 150 blocks give 7 back. 14 700 + 24 x 150 + 23 x 157 = 21 911 blocks.
    EXPECT_DOUBLE_EQ(days, buffered ? 21'911 / kBlocksPerDay : 50.0);
  }
}

TEST(DelayBuffer, RecoveryTakesTwentyTimesTheDelay) {
  DelayBuffer buffer{DelayBufferParams{}};
  buffer.read(10'000, 11'150);  // 1 150 late: 1 000 over the threshold
  buffer.read(11'200, 11'200);
  EXPECT_EQ(buffer.pending(11'200), 13'400);
  EXPECT_EQ(buffer.pending(11'219), 13'400);
  EXPECT_EQ(buffer.pending(11'220), 13'401);
  EXPECT_EQ(buffer.pending(11'200 + 20 * 1'000 - 1), 14'399);
  EXPECT_EQ(buffer.pending(11'200 + 20 * 1'000), 14'400);
  EXPECT_EQ(buffer.pending(11'200 + 20 * 5'000), 14'400);  // full
}

TEST(DelayBuffer, FrequentMessagesDoNotLoseTheReplenishment) {
  DelayBuffer buffer{DelayBufferParams{}};
  buffer.read(10'000, 11'150);
  for (std::uint64_t height = 11'200; height <= 11'200 + 2'000; ++height) {
    buffer.read(height, height + 1);
  }
  EXPECT_EQ(buffer.pending(13'200), 13'400 + 100);
}

TEST(DelayBuffer, ParallelMessagesDoNotCountDouble) {
  DelayBuffer buffer{DelayBufferParams{}};
  for (std::uint64_t i = 0; i < 10; ++i) buffer.read(10'000 + i, 15'000);
  // Nine blocks between ten messages, whatever their delays; the last one counts with the next.
  EXPECT_EQ(buffer.pending(10'009), 14'400 - 9);
  EXPECT_EQ(buffer.pending(30'000), 14'400 - 9 - (15'000 - 10'009 - 150));
}

TEST(DelayBuffer, DelayUpToTheThresholdIsFree) {
  DelayBuffer buffer{DelayBufferParams{}};
  buffer.read(10'000, 10'150);
  EXPECT_EQ(buffer.pending(20'000), 14'400);
  buffer.read(20'000, 20'151);
  EXPECT_EQ(buffer.pending(30'000), 14'399);
}

TEST(DelayBuffer, RefusesContradictions) {
  DelayBufferParams params;
  params.buffer_max = 149;
  EXPECT_THROW(params.check("delay"), ScenarioError);
  params = {};
  params.delay_blocks = 100;
  EXPECT_THROW(params.check("delay"), ScenarioError);
  EXPECT_NO_THROW(DelayBufferParams{}.check("delay"));
}

}  // namespace
}  // namespace mezz

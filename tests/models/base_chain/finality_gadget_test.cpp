#include "models/base_chain/finality_gadget.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::base_chain {
namespace {

constexpr EpochVotes kAll{.attesting = 100, .total = 100};
constexpr EpochVotes kTooFew{.attesting = 66, .total = 100};

// The slot at whose start the gadget first calls the block final, all epochs having these votes.
std::uint64_t finality_slot(std::uint64_t slot, EpochVotes votes) {
  FinalityGadget gadget;
  while (!gadget.is_final(slot)) gadget.end_epoch(votes);
  return first_slot(gadget.epoch());
}

// A-T-5: 64 to 95 slots after inclusion.
TEST(FinalityGadget, BlockIsFinal64To95SlotsAfterInclusion) {
  for (std::uint64_t slot = first_slot(10); slot < first_slot(11); ++slot) {
    const std::uint64_t delay = finality_slot(slot, kAll) - slot;
    EXPECT_GE(delay, 64U);
    EXPECT_LE(delay, 95U);
    EXPECT_EQ(finality_slot(slot, kAll), final_at_best(slot));
  }
  EXPECT_EQ(final_at_best(320) - 320, 64U);  // the checkpoint itself
  EXPECT_EQ(final_at_best(321) - 321, 95U);
  EXPECT_EQ(final_at_best(351) - 351, 65U);
}

// A-T-5: mean 16.0 min for a transaction that arrives uniformly in time: it waits half a slot on
// average for its block, and the block 79.5 slots: 80 slots of 12 s = 960 s.
TEST(FinalityGadget, MeanDelayIsEightySlots) {
  std::uint64_t sum = 0;
  for (std::uint64_t slot = 320; slot < 352; ++slot) sum += finality_slot(slot, kAll) - slot;
  const double mean_slots = static_cast<double>(sum) / 32.0 + 0.5;
  EXPECT_DOUBLE_EQ(mean_slots * 12.0 / 60.0, 16.0);
}

TEST(FinalityGadget, TwoThirdsIsEnoughAndOneVoteLessIsNot) {
  EXPECT_TRUE(is_supermajority({.attesting = 2, .total = 3}));
  EXPECT_FALSE(is_supermajority({.attesting = 1'999'999, .total = 3'000'000}));
  EXPECT_TRUE(is_supermajority({.attesting = 2'000'000, .total = 3'000'000}));
}

TEST(FinalityGadget, NonFinalityEpisodeStopsFinalityAndTwoGoodEpochsResumeIt) {
  FinalityGadget gadget;
  for (int epoch = 0; epoch < 5; ++epoch) gadget.end_epoch(kAll);
  EXPECT_EQ(gadget.justified_epoch(), 4U);
  EXPECT_EQ(gadget.finalised_epoch(), 3U);
  for (int epoch = 5; epoch < 9; ++epoch) {
    EXPECT_FALSE(gadget.end_epoch(kTooFew));
    EXPECT_EQ(gadget.phase(), FinalityPhase::NonFinalising);
  }
  EXPECT_EQ(gadget.finalised_epoch(), 3U);
  EXPECT_FALSE(
      gadget.end_epoch(kAll));  // epoch 9 is justified, but 8 is not: nothing becomes final
  EXPECT_EQ(gadget.justified_epoch(), 9U);
  EXPECT_EQ(gadget.phase(), FinalityPhase::Finalising);
  EXPECT_TRUE(
      gadget.end_epoch(kAll));  // 9 and 10 justified: 9 final, and with it everything since 3
  EXPECT_EQ(gadget.finalised_epoch(), 9U);
  EXPECT_TRUE(gadget.is_final(first_slot(9)));
  EXPECT_FALSE(gadget.is_final(first_slot(9) + 1));
}

TEST(FinalityGadget, AlternatingParticipationNeverFinalises) {
  FinalityGadget gadget;
  gadget.end_epoch(kTooFew);  // epoch 0 is genesis; from here every second epoch fails
  for (int epoch = 1; epoch < 41; ++epoch) gadget.end_epoch(epoch % 2 == 0 ? kAll : kTooFew);
  EXPECT_EQ(gadget.finalised_epoch(), 0U);
  EXPECT_EQ(gadget.justified_epoch(), 40U);
}

TEST(FinalityGadget, MoreVotesThanStakeIsOurBug) {
  FinalityGadget gadget;
  EXPECT_THROW(gadget.end_epoch({.attesting = 4, .total = 3}), AssertionFailure);
}

}  // namespace
}  // namespace mezz::base_chain

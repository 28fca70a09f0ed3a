#include "models/layer2/availability/l1_view.h"

#include <gtest/gtest.h>

namespace mezz {
namespace {

L1Head head(std::uint64_t height, std::uint64_t id) {
  return {.height = height, .block = L1BlockId{id}, .base_fee = 1_gwei, .blob_fee = GasPrice{1}};
}
Time at(std::int64_t seconds) { return Time::zero() + seconds * 1_s; }

TEST(L1View, KnowsGenesisAndGrows) {
  L1View view;
  EXPECT_EQ(view.height(), 0U);
  EXPECT_EQ(view.hear_head(head(1, 1), at(12)), L1View::kNothingLost);
  EXPECT_EQ(view.hear_head(head(2, 2), at(24)), L1View::kNothingLost);
  EXPECT_EQ(view.height(), 2U);
  EXPECT_EQ(view.heard(1), at(12));
  EXPECT_EQ(view.block(2), L1BlockId{2});
}

TEST(L1View, ReorgTakesBackTheHeightsAbove) {
  L1View view;
  for (std::uint64_t h = 1; h <= 5; ++h) view.hear_head(head(h, h), at(12));
  EXPECT_EQ(view.hear_reorg({.kept = 3, .depth = 2}), 3U);
  EXPECT_EQ(view.height(), 3U);
  EXPECT_EQ(view.hear_head(head(4, 6), at(72)), L1View::kNothingLost);
  EXPECT_EQ(view.block(4), L1BlockId{6});
}

TEST(L1View, HeadThatOvertakesItsReorgIsThatReorg) {
  L1View view;
  for (std::uint64_t h = 1; h <= 5; ++h) view.hear_head(head(h, h), at(12));
  EXPECT_EQ(view.hear_head(head(4, 6), at(72)), 3U);
  EXPECT_EQ(view.hear_reorg({.kept = 3, .depth = 2}), L1View::kNothingLost);
  EXPECT_EQ(view.height(), 4U);
  EXPECT_EQ(view.block(4), L1BlockId{6});
  EXPECT_EQ(view.hear_reorg({.kept = 3, .depth = 1}), 3U);  // a second one counts
}

TEST(L1View, HeadOvertakenByItsSuccessorFillsTheGap) {
  L1View view;
  view.hear_head(head(1, 1), at(12));
  EXPECT_EQ(view.hear_head(head(3, 3), at(36)), L1View::kNothingLost);
  EXPECT_FALSE(view.block(2).exists());
  EXPECT_EQ(view.hear_head(head(2, 2), at(37)), L1View::kNothingLost);
  EXPECT_EQ(view.block(2), L1BlockId{2});
  EXPECT_EQ(view.height(), 3U);
}

}  // namespace
}  // namespace mezz

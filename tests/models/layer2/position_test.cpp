#include "models/layer2/settlement/position.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::layer2 {
namespace {

Position at(std::int64_t gindex) { return {gindex}; }

// Specification: gindex = 2^depth + index at depth.
TEST(Position, DepthAndIndexComeFromTheGeneralisedIndex) {
  EXPECT_EQ(at(1).depth(), 0U);
  EXPECT_EQ(at(2).depth(), 1U);
  EXPECT_EQ(at(3).depth(), 1U);
  EXPECT_TRUE(at(11).index_at_depth() == 3);
  EXPECT_TRUE(Position::at(3, 3) == at(11));
  EXPECT_EQ((Position{Int128{1} << 73}).depth(), 73U);
  EXPECT_EQ((Position{(Int128{1} << 74) - 1}).depth(), 73U);
  EXPECT_TRUE(Position::at(73, 5).index_at_depth() == 5);
}

TEST(Position, AttackDoublesAndDefenceMovesRightThenDoubles) {
  EXPECT_TRUE(at(1).moved(MoveKind::Attack) == at(2));
  EXPECT_TRUE(at(2).moved(MoveKind::Attack) == at(4));
  EXPECT_TRUE(at(2).moved(MoveKind::Defend) == at(6));
  EXPECT_TRUE(at(4).moved(MoveKind::Defend) == at(10));
}

TEST(Position, EveryNonRootClaimSitsAtAnEvenIndex) {
  for (int path = 0; path < 64; ++path) {
    Position position = Position::root().moved(MoveKind::Attack);
    for (int level = 0; level < 6; ++level) {
      position = position.moved((path >> level) % 2 == 0 ? MoveKind::Attack : MoveKind::Defend);
      EXPECT_TRUE(position.gindex % 2 == 0);
      EXPECT_EQ(position.depth(), static_cast<std::uint32_t>(level + 2));
    }
  }
}

// Depth 4, leaves 0..15: gindex 2 covers leaves 0..7, so its trace index is 7; 6 covers 8..11; 10
// covers 4..5.
TEST(Position, TraceIndexIsTheRightMostLeafBelow) {
  EXPECT_TRUE(at(1).trace_index(4) == 15);
  EXPECT_TRUE(at(2).trace_index(4) == 7);
  EXPECT_TRUE(at(6).trace_index(4) == 11);
  EXPECT_TRUE(at(10).trace_index(4) == 5);
  EXPECT_TRUE(at(16).trace_index(4) == 0);
  EXPECT_TRUE(Position::root().trace_index(73) == (Int128{1} << 73) - 1);
}

TEST(Position, AttackClaimsAnEarlierAndDefenceALaterTraceIndex) {
  const Position claim = at(10);  // commits to leaf 5 of 0..15
  EXPECT_TRUE(claim.moved(MoveKind::Attack).trace_index(4) == 4);
  EXPECT_TRUE(claim.moved(MoveKind::Defend).trace_index(4) == 6);
}

// 23 = 0b10111 climbs over its set bits to 2 = 0b10; all of them end at leaf 7 of 0..15.
TEST(Position, TraceAncestorIsTheHighestWithTheSameTraceIndex) {
  EXPECT_TRUE(at(23).trace_ancestor() == at(2));
  EXPECT_TRUE(at(23).trace_index(4) == at(2).trace_index(4));
  EXPECT_TRUE(at(22).trace_ancestor() == at(22));
  EXPECT_TRUE(at(15).trace_ancestor() == at(1));
}

TEST(Position, BoundedTraceAncestorStaysBelowTheBound) {
  EXPECT_TRUE(at(23).trace_ancestor_below(2) ==
              at(11));  // 2 lies above; 11 is its right-most at depth 3
  EXPECT_TRUE(at(22).trace_ancestor_below(2) == at(22));
  EXPECT_THROW((void)at(2).trace_ancestor_below(1), AssertionFailure);
}

}  // namespace
}  // namespace mezz::layer2

#include "models/layer2/sampling/erasure_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr ErasureGrid square(std::uint32_t k) { return {ErasureCode::Square, k}; }

// All shares but the first `rows` x `columns`.
ShareSet without(const ErasureGrid& grid, std::uint32_t rows, std::uint32_t columns) {
  ShareSet set(grid);
  for (std::uint32_t share = 0; share < grid.shares(); ++share) {
    const bool gone = share / grid.columns() < rows && share % grid.columns() < columns;
    if (!gone) set.add(share);
  }
  return set;
}

TEST(ErasureGrid, CodingDoublesRowsAndColumns) {
  EXPECT_EQ(square(128).shares(), 65'536U);
  EXPECT_EQ((ErasureGrid{ErasureCode::Line, 64}).shares(), 128U);
  EXPECT_EQ(square(128).corner(129), 16'641U);
  EXPECT_EQ((ErasureGrid{ErasureCode::Line, 64}).corner(65), 65U);
}

TEST(ErasureGrid, HalfOfALineGivesAllAndLessDoesNot) {
  ShareSet set({ErasureCode::Line, 4});
  for (const std::uint32_t share : {7U, 0U, 3U, 3U}) set.add(share);
  EXPECT_EQ(set.count(), 3U);
  EXPECT_FALSE(set.gives_all());
  set.add(5);
  EXPECT_TRUE(set.gives_all());
}

// k x k shares are the data itself: k rows become whole, then every column.
TEST(ErasureGrid, AQuarterOfASquareGivesAllWhenItIsASquare) {
  ShareSet set(square(4));
  for (std::uint32_t row = 2; row < 6; ++row) {
    for (std::uint32_t column = 1; column < 5; ++column) set.add(row * 8 + column);
  }
  EXPECT_EQ(set.count(), 16U);
  EXPECT_TRUE(set.gives_all());
}

// Rows and columns of the hole have k - 1 shares each: nothing can begin. One share more, and the
// row that has it has k.
TEST(ErasureGrid, KPlusOneSquaredIsTheLeastThatMakesTheRestUseless) {
  for (const std::uint32_t k : {1U, 2U, 4U, 16U}) {
    ShareSet set = without(square(k), k + 1, k + 1);
    EXPECT_FALSE(set.gives_all()) << k;
    set.add(0);
    EXPECT_TRUE(set.gives_all()) << k;
    EXPECT_TRUE(without(square(k), k, 2 * k).gives_all()) << k;
  }
}

// 4 x 4, k = 2; x is known. The first row gives itself, then columns 2 and 3 (two each), then rows.
//   x x . .
//   . . x .
//   . . . x
//   . . . .
TEST(ErasureGrid, DecodingGoesOnFromWhatWasDecoded) {
  ShareSet set(square(2));
  for (const std::uint32_t share : {0U, 1U, 6U, 11U}) set.add(share);
  EXPECT_TRUE(set.gives_all());
  ShareSet less(square(2));
  for (const std::uint32_t share : {0U, 1U, 6U}) less.add(share);
  EXPECT_FALSE(less.gives_all());  // row 0 and column 2 become whole, the others have one or two
}

TEST(ErasureGrid, AShareOutsideIsOurBug) {
  ShareSet set(square(2));
  EXPECT_THROW(set.add(16), AssertionFailure);
}

TEST(DrawDistinct, NeverRepeatsAndReachesEverything) {
  Stream rng(1, 0, "test", "draw");
  std::vector<std::uint32_t> out;
  draw_distinct(rng, 10, 10, out);
  EXPECT_EQ(std::set<std::uint32_t>(out.begin(), out.end()).size(), 10U);
  draw_distinct(rng, 5, 3, out);  // appends
  EXPECT_EQ(out.size(), 13U);
  EXPECT_EQ(std::set<std::uint32_t>(out.begin() + 10, out.end()).size(), 3U);
}

// Each of 6 is among 2 with probability 1/3, and each of the 15 pairs as often as any other: 2 000
// of 30 000, deviation 43.
TEST(DrawDistinct, EverySetIsEquallyLikely) {
  Stream rng(2, 0, "test", "draw");
  std::vector<int> pairs(36);
  for (int i = 0; i < 30'000; ++i) {
    std::vector<std::uint32_t> out;
    draw_distinct(rng, 6, 2, out);
    ++pairs[std::min(out[0], out[1]) * 6 + std::max(out[0], out[1])];
  }
  for (std::uint32_t a = 0; a < 6; ++a) {
    for (std::uint32_t b = a + 1; b < 6; ++b) EXPECT_NEAR(pairs[a * 6 + b], 2'000, 180);
  }
}

}  // namespace
}  // namespace mezz

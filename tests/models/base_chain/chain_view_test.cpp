#include "models/base_chain/chain_view.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::base_chain {
namespace {

ChainView chain_of(std::uint64_t blocks) {
  ChainView chain;
  for (std::uint64_t slot = 0; slot < blocks; ++slot) chain.append(slot);
  return chain;
}

TEST(ChainView, AppendExtendsTheHeadAcrossMissedSlots) {
  ChainView chain;
  const ChainBlock first = chain.append(5);
  const ChainBlock second = chain.append(9);
  EXPECT_FALSE(first.parent.exists());
  EXPECT_EQ(second.parent, first.id);
  EXPECT_EQ(second.height, 1U);
  EXPECT_EQ(chain.head(), second);
}

TEST(ChainView, ReorgOrphansTheNewestBlocksNewestFirst) {
  ChainView chain = chain_of(5);
  const auto orphans = chain.undo(2);
  ASSERT_EQ(orphans.size(), 2U);
  EXPECT_EQ(orphans[0].height, 4U);
  EXPECT_EQ(orphans[1].height, 3U);
  const ChainBlock other = chain.append(5);
  EXPECT_EQ(other.height, 3U);
  EXPECT_EQ(other.parent, chain.canonical_at(2).id);
  EXPECT_FALSE(chain.is_canonical(orphans[0].id));
  EXPECT_FALSE(chain.is_canonical(orphans[1].id));
  EXPECT_TRUE(chain.is_canonical(other.id));
}

TEST(ChainView, IdsOfOrphansAreNeverReused) {
  ChainView chain = chain_of(3);
  const auto orphans = chain.undo(1);
  const ChainBlock replacement = chain.append(3);
  EXPECT_NE(replacement.id, orphans[0].id);
  EXPECT_EQ(chain.created(), 4U);
  EXPECT_EQ(chain.length(), 3U);
  EXPECT_EQ(chain.block(orphans[0].id), orphans[0]);
}

TEST(ChainView, FinalBlocksCannotBeUndone) {
  ChainView chain = chain_of(5);
  chain.finalise(2);
  EXPECT_EQ(chain.depth_above_final(), 2U);
  EXPECT_THROW(chain.undo(3), AssertionFailure);
  EXPECT_EQ(chain.undo(2).size(), 2U);
}

TEST(ChainView, ParentsLeadFromTheHeadToTheFirstBlock) {
  ChainView chain = chain_of(10);
  chain.undo(4);
  for (std::uint64_t slot = 20; slot < 25; ++slot) chain.append(slot);
  std::uint64_t steps = 0;
  for (ChainBlock block = chain.head(); block.parent.exists(); block = chain.block(block.parent)) {
    EXPECT_EQ(chain.canonical_at(block.height), block);
    ++steps;
  }
  EXPECT_EQ(steps, chain.length() - 1);
}

}  // namespace
}  // namespace mezz::base_chain

#include "models/layer2/chain.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "sim/engine/archive.h"

namespace mezz {
namespace {

constexpr Time at(Duration d) { return Time::zero() + d; }

Transaction order(std::uint64_t number) {
  return {.account = AccountId{1}, .amount = 5, .reference = number, .submitted = Time::zero()};
}

// Blocks 1..n with two transactions each, numbered from 0.
Layer2Chain chain_of(std::uint64_t blocks) {
  Layer2Chain chain;
  for (std::uint64_t b = 1; b <= blocks; ++b) {
    chain.append(order(2 * b - 2), TxStatus::Executed);
    chain.append(order(2 * b - 1), TxStatus::Rejected);
    chain.seal(at(Duration{static_cast<std::int64_t>(b)}), 100 + b, 60, 1'000 + b);
  }
  return chain;
}

TEST(Layer2Chain, GenesisHasReachedEveryRung) {
  const Layer2Chain chain;
  EXPECT_EQ(chain.head(), BlockId{0});
  EXPECT_EQ(chain.reached(Rung::Settled), BlockId{0});
  EXPECT_TRUE(chain.block(BlockId{0}).ladder[Rung::Settled].happened());
}

TEST(Layer2Chain, SealedBlockOwnsTheTransactionsAppendedSinceTheLast) {
  const Layer2Chain chain = chain_of(3);
  EXPECT_EQ(chain.transactions(), 6U);
  const Layer2Block& second = chain.block(BlockId{2});
  EXPECT_EQ(second.first, 2U);
  EXPECT_EQ(second.count, 2U);
  EXPECT_EQ(second.root, 1'002U);
  EXPECT_EQ(second.l1_origin, 102U);
  EXPECT_EQ(chain.transaction(3).transaction.reference, 3U);
  EXPECT_EQ(chain.transaction(3).status, TxStatus::Rejected);
}

TEST(Layer2Chain, EmptyBlockIsABlock) {
  Layer2Chain chain = chain_of(1);
  const Layer2Block& empty = chain.seal(at(9_s), 7, 0, 5);
  EXPECT_EQ(empty.count, 0U);
  EXPECT_EQ(empty.first, 2U);
  EXPECT_EQ(chain.head(), BlockId{2});
}

TEST(Layer2Chain, ReachedStopsAtTheFirstGap) {
  Layer2Chain chain = chain_of(5);
  chain.reach(Rung::Published, BlockId{1}, BlockId{2}, at(10_s));
  chain.reach(Rung::Published, BlockId{4}, BlockId{5}, at(11_s));
  EXPECT_EQ(chain.reached(Rung::Published), BlockId{2});
  chain.reach(Rung::Published, BlockId{3}, BlockId{3}, at(12_s));
  EXPECT_EQ(chain.reached(Rung::Published), BlockId{5});
}

TEST(Layer2Chain, ARungIsSetOnceUntilCleared) {
  Layer2Chain chain = chain_of(3);
  chain.reach(Rung::Published, BlockId{1}, BlockId{3}, at(10_s));
  chain.reach(Rung::Published, BlockId{2}, BlockId{3}, at(20_s));
  EXPECT_EQ(chain.block(BlockId{2}).ladder[Rung::Published], at(10_s));
  chain.clear(Rung::Published, BlockId{2}, BlockId{3});
  EXPECT_EQ(chain.reached(Rung::Published), BlockId{1});
  EXPECT_FALSE(chain.block(BlockId{3}).ladder[Rung::Published].happened());
  chain.reach(Rung::Published, BlockId{2}, BlockId{3}, at(30_s));
  EXPECT_EQ(chain.block(BlockId{2}).ladder[Rung::Published], at(30_s));
  EXPECT_EQ(chain.reached(Rung::Published), BlockId{3});
}

TEST(Layer2Chain, RollbackReturnsWhatItForgetsOldestFirst) {
  Layer2Chain chain = chain_of(4);
  chain.reach(Rung::Published, BlockId{1}, BlockId{4}, at(10_s));
  const std::vector<ChainTransaction> dropped = chain.rollback(BlockId{2});
  ASSERT_EQ(dropped.size(), 4U);
  EXPECT_EQ(dropped.front().transaction.reference, 4U);
  EXPECT_EQ(dropped.back().transaction.reference, 7U);
  EXPECT_EQ(chain.head(), BlockId{2});
  EXPECT_EQ(chain.transactions(), 4U);
  EXPECT_EQ(chain.reached(Rung::Published), BlockId{2});
}

TEST(Layer2Chain, NumbersAreUsedAgainUnderANewIncarnation) {
  Layer2Chain chain = chain_of(3);
  EXPECT_EQ(chain.block(BlockId{3}).incarnation, 0U);
  chain.rollback(BlockId{2});
  const Layer2Block& again = chain.seal(at(20_s), 9, 0, 77);
  EXPECT_EQ(again.number, BlockId{3});
  EXPECT_EQ(again.incarnation, 1U);
  EXPECT_FALSE(again.ladder[Rung::Published].happened());
}

TEST(Layer2Chain, RollbackToTheHeadChangesNothing) {
  Layer2Chain chain = chain_of(2);
  EXPECT_TRUE(chain.rollback(BlockId{2}).empty());
  EXPECT_EQ(chain.seal(at(20_s), 9, 0, 77).incarnation, 0U);
}

TEST(Layer2Chain, MisuseIsOurBug) {
  Layer2Chain chain = chain_of(2);
  EXPECT_THROW((void)chain.block(BlockId{3}), AssertionFailure);
  EXPECT_THROW(chain.clear(Rung::Published, BlockId{0}, BlockId{1}), AssertionFailure);
  EXPECT_THROW(chain.reach(Rung::Published, BlockId{1}, BlockId{3}, at(1_s)), AssertionFailure);
  EXPECT_THROW(chain.seal(Time::zero(), 0, 0, 0), AssertionFailure);  // time runs backwards
  EXPECT_THROW(chain.set_genesis_root(1), AssertionFailure);
  chain.append(order(9), TxStatus::Executed);
  EXPECT_THROW(chain.rollback(BlockId{1}), AssertionFailure);  // a block is open
}

TEST(Layer2Chain, SavedChainLoadsToTheSameBytes) {
  Layer2Chain chain = chain_of(3);
  chain.reach(Rung::Published, BlockId{1}, BlockId{2}, at(10_s));
  chain.append(order(9), TxStatus::Executed);
  std::vector<std::byte> bytes;
  Saver saver(bytes);
  saver.value(chain);
  Layer2Chain copy;
  Loader loader(bytes.data(), bytes.size());
  loader.value(copy);
  EXPECT_FALSE(loader.failed());
  EXPECT_EQ(loader.left(), 0U);
  std::vector<std::byte> again;
  Saver second(again);
  second.value(copy);
  EXPECT_EQ(bytes, again);
  EXPECT_EQ(copy.reached(Rung::Published), BlockId{2});
}

}  // namespace
}  // namespace mezz

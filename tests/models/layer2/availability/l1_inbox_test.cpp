#include "models/layer2/availability/l1_inbox.h"

#include <gtest/gtest.h>

#include "models/layer2/availability/block_feed.h"
#include "sim/check/error.h"
#include "tests/models/layer2/availability/poster_world.h"

namespace mezz {
namespace {

SubmitL1Transaction call(Ref<L1Inbox> to, L1CallKind kind, std::uint64_t a, std::uint64_t b) {
  return {.to = to,
          .from = {},
          .tag = 7,
          .a = a,
          .b = b,
          .gas = 100'000,
          .blobs = 0,
          .kind = kind,
          .tip = {1'000},
          .cap = {100'000'000}};
}

std::vector<Transaction> messages(const L1Inbox& inbox, std::uint64_t height) {
  std::vector<Transaction> found;
  inbox.collect(height, found);
  return found;
}

TEST(L1Inbox, DepositIsAMessageOfTheHeightThatIncludedIt) {
  PosterWorld w({});
  w.at(13_s, w.l1_ref, call(w.inbox_ref, L1CallKind::Deposit, 3, 250'000'000));
  w.run(25_s);  // slots at 12 s and 24 s
  EXPECT_TRUE(messages(w.inbox(), 1).empty());
  const std::vector<Transaction> found = messages(w.inbox(), 2);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, TxKind::Deposit);
  EXPECT_EQ(found[0].account, AccountId{3});
  EXPECT_EQ(found[0].amount, 250'000'000);
  EXPECT_EQ(found[0].submitted, Time::zero() + 24_s);
}

TEST(L1Inbox, ForcedTransactionKeepsItsTimeAndIsMarked) {
  PosterWorld w({});
  const std::uint64_t number = w.inbox().write_forced({.account = AccountId{1},
                                                       .kind = TxKind::Withdraw,
                                                       .amount = 5,
                                                       .submitted = Time::zero() + 2_s});
  w.at(3_s, w.l1_ref, call(w.inbox_ref, L1CallKind::ForcedTransaction, number, 0));
  w.at(4_s, w.l1_ref, call(w.inbox_ref, L1CallKind::ForcedTransaction, number + 1, 0));  // nothing
  w.run(13_s);
  const std::vector<Transaction> found = messages(w.inbox(), 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, TxKind::Withdraw);
  EXPECT_EQ(found[0].flags & Transaction::kForced, Transaction::kForced);
  EXPECT_EQ(found[0].submitted, Time::zero() + 2_s);
}

TEST(L1Inbox, ReorgMovesTheMessageToItsNewHeight) {
  PosterWorld w({});
  w.at(30_s, w.l1_ref, call(w.inbox_ref, L1CallKind::Deposit, 3, 1));  // slot 3
  w.at(40_s, w.l1_ref, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2));
  w.run(37_s);
  EXPECT_EQ(messages(w.inbox(), 3).size(), 1U);
  w.run(49_s);  // the block of slot 4 replaces heights 2 and 3
  EXPECT_EQ(w.l1().height(), 2U);
  EXPECT_TRUE(messages(w.inbox(), 3).empty());
  ASSERT_EQ(messages(w.inbox(), 2).size(), 1U);
  EXPECT_EQ(messages(w.inbox(), 2)[0].submitted, Time::zero() + 48_s);
}

TEST(L1Inbox, BatchPublishesOnlyBlocksThatStillExist) {
  PosterWorld::Setup setup;
  setup.poster = {.max_channel_duration = 5_s, .poll_interval = 0_s};
  setup.feeder.count_max = 5;
  PosterWorld w(setup);
  // Blocks 1 to 5 at 1 s to 5 s; posted at 6 s; the rollback comes before the slot at 12 s.
  w.at(8_s, w.feeder_ref, Feeder::RollBack{BlockId{3}});
  w.at(9_s, w.feeder_ref, Feeder::Seal{});  // another block 4
  w.run(13_s);
  ASSERT_EQ(w.batch(0).last, BlockId{5});
  EXPECT_EQ(w.inbox().safe_head(), BlockId{3});
  EXPECT_EQ(w.inbox().dead_blocks(), 2U);
  EXPECT_EQ(w.published(3), Time::zero() + 12_s);
  EXPECT_FALSE(w.published(4).happened());
  w.run(25_s);  // the new block 4 goes out in a batch of its own, and so do its successors
  EXPECT_EQ(w.batch(1).first, BlockId{4});
  EXPECT_TRUE(w.published(4).happened());
}

TEST(BlockFeed, FindsTheOwnerOfAnAccountByRange) {
  BlockFeed feed;
  const Ref<AccountOwner> a(1);
  const Ref<AccountOwner> b(2);
  feed.register_owner(AccountId{10}, 5, b);
  feed.register_owner(AccountId{0}, 3, a);
  EXPECT_EQ(feed.owner_of(AccountId{2}), a);
  EXPECT_FALSE(feed.owner_of(AccountId{3}).exists());
  EXPECT_EQ(feed.owner_of(AccountId{10}), b);
  EXPECT_EQ(feed.owner_of(AccountId{14}), b);
  EXPECT_FALSE(feed.owner_of(AccountId{15}).exists());
  EXPECT_FALSE(feed.owner_of(AccountId::none()).exists());
  EXPECT_THROW(feed.register_owner(AccountId{14}, 1, a), ScenarioError);
  EXPECT_THROW(feed.register_owner(AccountId{8}, 3, a), ScenarioError);
  feed.register_owner(AccountId{3}, 7, a);  // fits exactly between
  EXPECT_EQ(feed.owner_of(AccountId{9}), a);
}

}  // namespace
}  // namespace mezz

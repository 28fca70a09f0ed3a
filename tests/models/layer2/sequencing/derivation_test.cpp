#include "models/layer2/availability/derivation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/layer2/sequencing/rollup_world.h"

namespace mezz {
namespace {

Time at(Duration since_start) { return Time::zero() + since_start; }

Transaction withdrawal(std::uint32_t account, std::int64_t micros, Time submitted) {
  return {.account = AccountId{account},
          .kind = TxKind::Withdraw,
          .amount = micros,
          .reference = 77,
          .submitted = submitted};
}

TEST(Derivation, RungsFollowLayerOne) {
  RollupWorld w({});
  w.submit(1_s, 0, 1);
  w.run(2'000_s);
  const Layer2Block& block = w.chain().block(w.block_of(1));
  EXPECT_EQ(block.ladder[Rung::Preconfirmed], at(2_s));
  // Age 10 s at 12 s; the slot at 12 s is before the poll of that second: the next one takes it.
  EXPECT_EQ(block.ladder[Rung::Published], at(24_s));
  const std::uint64_t height = w.inbox().published_height(block.number);
  EXPECT_EQ(height, 2U);
  // Slot 2 is final with the checkpoint of epoch 1, after the end of epoch 2: slot 96 at 1152 s.
  EXPECT_EQ(block.ladder[Rung::OrderFinal], at(1'152_s));
  EXPECT_GE(w.l1().finalised_height(), height);
  for (std::uint64_t b = 1; b <= w.chain().head().value; ++b) {
    const FinalityLadder& ladder = w.chain().block(BlockId{b}).ladder;
    if (!ladder[Rung::OrderFinal].happened()) continue;
    EXPECT_LE(ladder[Rung::Preconfirmed], ladder[Rung::Published]);
    EXPECT_LT(ladder[Rung::Published], ladder[Rung::OrderFinal]);
    EXPECT_LE(w.inbox().published_height(BlockId{b}), w.l1().finalised_height());
  }
}

TEST(Derivation, NoFinalityHoldsOrderFinalBack) {
  RollupWorld w({});
  w.outage(0_s, 3'000_s, w.l1_ref, ShockKind::L1NoFinality);
  w.run(2'900_s);
  EXPECT_GT(w.inbox().safe_head(), BlockId{1'400});
  EXPECT_EQ(w.chain().reached(Rung::OrderFinal), BlockId{0});
  w.run(4'500_s);
  EXPECT_GT(w.chain().reached(Rung::OrderFinal), BlockId{1'400});
}

TEST(Derivation, OrphanedBatchLosesItsRungAndTheChainStands) {
  RollupWorld w({});
  w.submit(1_s, 0, 1);
  w.run(47_s);
  const std::uint64_t root = w.chain().root(BlockId{20});
  ASSERT_EQ(w.chain().block(BlockId{1}).ladder[Rung::Published], at(24_s));
  w.at(47_s, w.l1_ref, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 3));
  w.run(49_s);  // heights 1 to 3 replaced by the block at 48 s
  EXPECT_EQ(w.l1().height(), 1U);
  EXPECT_EQ(w.desk().reorgs, 0U);  // the origins are 4 blocks deep
  EXPECT_EQ(w.chain().root(BlockId{20}), root);
  EXPECT_EQ(w.chain().block(BlockId{1}).ladder[Rung::Published], at(48_s));
  EXPECT_EQ(w.inbox().published_height(BlockId{1}), 1U);
}

TEST(Derivation, OrphanedOriginTakesTheChainBackToTheExactState) {
  RollupWorld w({.sequencer = {.l1_confirmation_depth = 0}});
  w.submit(13_s, 0, 1, TxKind::Withdraw, 5'000'000);
  w.deposit(25_s, 3, 300_usd);  // height 3 at 36 s, adopted by the block at 38 s
  w.submit(37_s, 1, 2, TxKind::Withdraw, 7'000'000);
  w.submit(41_s, 2, 3, TxKind::Withdraw, 9'000'000);
  w.run(47_s);
  ASSERT_EQ(w.chain().head_block().l1_origin, 3U);
  ASSERT_EQ(w.quote(3), 10'300_usd);
  // The last block with origin 1 is that of 24 s: number 12. Keep height 1.
  const std::uint64_t root = w.chain().root(BlockId{12});
  ASSERT_EQ(w.chain().block(BlockId{12}).l1_origin, 1U);
  ASSERT_EQ(w.chain().block(BlockId{13}).l1_origin, 2U);
  w.at(47_s, w.l1_ref, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2));
  w.outage(47_s, 51_s, w.sequencer_ref, ShockKind::SequencerDown);  // to look at the kept state
  w.submit(47'500_ms, 4, 4);  // waits when the others come back
  w.run(50_s);
  EXPECT_EQ(w.desk().reorgs, 1U);
  EXPECT_EQ(w.desk().last_kept, BlockId{12});
  EXPECT_EQ(w.chain().head(), BlockId{12});
  EXPECT_EQ(w.node().exchange().root(), root);
  EXPECT_EQ(w.quote(3), 10'000_usd);
  EXPECT_EQ(w.quote(0), 9'995_usd);  // kept
  EXPECT_EQ(w.quote(1), 10'000_usd);
  EXPECT_EQ(w.sequencer().queue_length(), 3U);
  w.run(100_s);  // the deposit came again at height 2, the users' transactions in their old order
  EXPECT_EQ(w.desk().order(), "1 2 3 2 3 4");
  EXPECT_EQ(w.quote(3), 10'300_usd);
  EXPECT_EQ(w.quote(1), 9'993_usd);
  EXPECT_EQ(w.quote(2), 9'991_usd);
  EXPECT_EQ(w.chain().block(w.block_of(2)).l1_origin, 2U);
  EXPECT_TRUE(w.chain().block(w.block_of(2)).ladder[Rung::Published].happened());
}

// The reference sheet, section 2.1: the worst case of a forced transaction is the sequencing
// window.
TEST(Derivation, ForcedTransactionTakesEffectExactlyAtTheWindow) {
  RollupWorld w({.derivation = {.sequencing_window = 30}});
  w.run(30_s);
  w.outage(31_s, 100'000_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.force(35_s, withdrawal(5, 4'000'000, at(35_s)));  // height 3 at 36 s
  w.deposit(35_s, 6, 60_usd);
  w.run(33 * 12_s - 1_s);  // height 32
  EXPECT_EQ(w.quote(5), 10'000_usd);
  EXPECT_EQ(w.quote(6), 10'000_usd);
  w.run(33 * 12_s);  // height 3 + 30
  EXPECT_EQ(w.l1().height(), 33U);
  EXPECT_EQ(w.quote(5), 9'996_usd);
  EXPECT_EQ(w.quote(6), 10'060_usd);
  const Layer2Block block = w.chain().head_block();
  EXPECT_EQ(block.l1_origin, 3U);
  EXPECT_EQ(block.ladder[Rung::Published], at(33 * 12_s));
  EXPECT_EQ(w.inbox().published_height(block.number), 33U);
  EXPECT_EQ(w.derivation().counts().forced_messages, 2U);
  w.run(34 * 12_s);  // one epoch expires per block of layer one
  EXPECT_EQ(w.chain().head_block().l1_origin, 4U);
  w.run(4'000_s);
  EXPECT_GE(w.chain().reached(Rung::OrderFinal), block.number);
}

TEST(Derivation, UnpublishedBlocksWithUsersAreDroppedWhenTheWindowEndsOthersStand) {
  RollupWorld w({.derivation = {.sequencing_window = 30}});
  w.outage(0_s, 1'000_s, w.poster_ref, ShockKind::BatcherDown);
  w.deposit(13_s, 6, 60_usd);  // height 2
  w.submit(99_s, 0, 1, TxKind::Withdraw, 1'000'000);
  w.run(34 * 12_s - 1_s);
  EXPECT_EQ(w.quote(6), 10'060_usd);
  EXPECT_EQ(w.quote(0), 9'999_usd);
  ASSERT_EQ(w.block_of(1), BlockId{50});
  ASSERT_EQ(w.chain().block(BlockId{50}).l1_origin, 4U);
  EXPECT_EQ(w.desk().reorgs, 0U);
  EXPECT_EQ(w.chain().block(w.inbox().safe_head()).l1_origin, 3U);
  w.run(34 * 12_s);  // epoch 4 had to be published by height 4 + 30
  EXPECT_EQ(w.desk().reorgs, 1U);
  EXPECT_EQ(w.desk().last_kept, BlockId{49});
  EXPECT_EQ(w.quote(6), 10'060_usd);
  EXPECT_EQ(w.quote(0), 10'000_usd);
  EXPECT_EQ(w.sequencer().queue_length(), 1U);
}

// The first block holds a user's transaction, so that nothing stands. Each time the sequencer comes
// back with empty blocks up to 4 below the head and goes on from there; its next window ends 30
// heights after that origin: 30, 56, 82, 108 (1 296 s).
TEST(Derivation, SequencerComesBackAfterTheWindowWithBlocksThatStand) {
  RollupWorld w({.derivation = {.sequencing_window = 30}});
  w.outage(0_s, 1'000_s, w.poster_ref, ShockKind::BatcherDown);
  w.deposit(13_s, 6, 60_usd);  // height 2
  w.submit(1_s, 0, 1, TxKind::Withdraw, 1'000'000);
  w.run(30 * 12_s);
  EXPECT_EQ(w.desk().last_kept, BlockId{0});
  EXPECT_EQ(w.quote(6), 10'000_usd);
  EXPECT_EQ(w.quote(0), 10'000_usd);
  EXPECT_EQ(w.sequencer().counts().returned, 1U);
  w.run(30 * 12_s + 5_s);
  EXPECT_EQ(w.sequencer().counts().recovery_blocks, 26U);
  EXPECT_EQ(w.quote(6), 10'060_usd);  // with origin 2
  EXPECT_EQ(w.quote(0), 9'999_usd);
  w.run(32 * 12_s);
  EXPECT_EQ(w.inbox().safe_head(), BlockId{2});  // origins 1 and 2, no further reorg
  EXPECT_EQ(w.desk().reorgs, 1U);
  w.run(56 * 12_s);
  EXPECT_EQ(w.desk().reorgs, 2U);
  EXPECT_EQ(w.desk().last_kept, BlockId{26});
  w.run(1'500_s);  // the poster came back at 1000 s
  EXPECT_EQ(w.desk().reorgs, 3U);
  EXPECT_TRUE(w.chain().block(w.block_of(1)).ladder[Rung::Published].happened());
  w.run(3'000_s);
  EXPECT_EQ(w.desk().reorgs, 3U);
  EXPECT_EQ(w.quote(0), 9'999_usd);
  EXPECT_EQ(w.quote(6), 10'060_usd);
}

TEST(Derivation, BatchesInTimeKeepTheWindowClosed) {
  RollupWorld w({.derivation = {.sequencing_window = 10}});
  w.run(3'600_s);
  EXPECT_EQ(w.desk().reorgs, 0U);
  EXPECT_EQ(w.derivation().counts().derived_blocks, 0U);
}

RollupWorld::Setup buffered() {
  RollupWorld::Setup setup;
  setup.derivation.forced_inclusion = ForcedInclusion::DelayBuffer;
  setup.derivation.delay = {.delay_blocks = 30, .threshold = 5, .buffer_max = 60};
  setup.force_relayer = true;
  return setup;
}

// Windows by hand, as in the reference sheet's run (7200, 7200, 300, 150) in small: 60 - 25 = 35 is
// more than 30; 35 - 25 = 10; then the threshold.
TEST(Derivation, EveryCensoredMessageShortensTheWindowOfTheNext) {
  RollupWorld w(buffered());
  w.outage(31_s, 100'000_s, w.sequencer_ref, ShockKind::SequencerDown);
  const std::int64_t windows[] = {30, 30, 10, 5, 5};
  std::int64_t height = 3;
  std::int64_t paid = 0;
  for (const std::int64_t window : windows) {
    const Duration sent = height * 12_s;
    w.force(sent - 1_s, withdrawal(5, 1'000'000, at(sent)));
    w.run((height + window) * 12_s - 1_s);
    ASSERT_EQ(w.quote(5), 10'000_usd - 1_usd * paid) << window;
    w.run((height + window) * 12_s);
    ++paid;
    ASSERT_EQ(w.quote(5), 10'000_usd - 1_usd * paid) << window;
    ASSERT_EQ(w.chain().head_block().l1_origin, static_cast<std::uint64_t>(height));
    height += window + 1;  // sent in the next block
  }
  EXPECT_EQ(w.derivation().counts().forced_calls, 5U);
  w.run(20'000_s);
  EXPECT_EQ(w.chain().reached(Rung::OrderFinal), w.chain().head());
}

TEST(Derivation, WithoutACallTheDelayBufferForcesNothing) {
  RollupWorld::Setup setup = buffered();
  setup.force_relayer = false;
  RollupWorld w(setup);
  w.outage(31_s, 5'000_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.force(35_s, withdrawal(5, 4'000'000, at(35_s)));
  w.run(4'900_s);
  EXPECT_EQ(w.quote(5), 10'000_usd);
  w.run(5'010_s);  // the sequencer serves it when it comes back
  EXPECT_EQ(w.quote(5), 9'996_usd);
}

TEST(Derivation, AForcedMessageGoesBeforeWhatTheSequencerHasNotPublished) {
  RollupWorld w(buffered());
  w.outage(0_s, 2'000_s, w.sequencer_ref, ShockKind::ForcedQueueStalled);
  w.outage(100_s, 2'000_s, w.poster_ref, ShockKind::BatcherDown);
  w.force(35_s, withdrawal(5, 4'000'000, at(35_s)));  // height 3
  w.submit(201_s, 0, 1, TxKind::Withdraw, 1'000'000);
  w.run(33 * 12_s - 1_s);
  EXPECT_EQ(w.quote(5), 10'000_usd);
  EXPECT_EQ(w.quote(0), 9'999_usd);
  w.run(33 * 12_s);
  EXPECT_EQ(w.quote(5), 9'996_usd);
  EXPECT_EQ(w.quote(0), 10'000_usd);  // back in the queue
  EXPECT_EQ(w.desk().reorgs, 1U);
  EXPECT_EQ(w.sequencer().queue_length(), 1U);
  w.run(34 * 12_s);
  EXPECT_EQ(w.quote(0), 9'999_usd);
}

TEST(Derivation, AnOrphanedForceCallIsTakenBackAndComesAgain) {
  RollupWorld w(buffered());
  w.outage(31_s, 100'000_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.force(35_s, withdrawal(5, 4'000'000, at(35_s)));
  w.run(33 * 12_s + 1_s);
  ASSERT_EQ(w.quote(5), 9'996_usd);
  const BlockId forced = w.chain().head();
  w.at(33 * 12_s + 2_s, w.l1_ref, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2));
  w.run(34 * 12_s);  // heights 32 and 33 replaced by one block: too early for the call
  EXPECT_EQ(w.l1().height(), 32U);
  EXPECT_EQ(w.quote(5), 10'000_usd);
  EXPECT_LT(w.chain().head(), forced);
  w.run(60 * 12_s);
  EXPECT_EQ(w.quote(5), 9'996_usd);
  EXPECT_EQ(w.derivation().counts().forced_calls, 1U);
  w.node().exchange().full_check();
}

TEST(Derivation, RestoredRunWithForcedMessagesIsTheUninterruptedRun) {
  const auto script = [](RollupWorld& w) {
    w.outage(31_s, 2'000_s, w.sequencer_ref, ShockKind::SequencerDown);
    for (int i = 0; i < 8; ++i) w.deposit(i * 100_s + 40_s, 3, 1_usd);
  };
  RollupWorld::Setup setup = buffered();
  setup.l1 = BaseChainParams{};
  setup.l1.reorg_probability = 10_percent;
  setup.l1.reorg_deeper = 60_percent;
  setup.delay = 300_ms;
  RollupWorld whole(setup);
  script(whole);
  whole.run(3'000_s);
  EXPECT_EQ(whole.quote(3), 10'008_usd);
  EXPECT_GT(whole.derivation().counts().forced_calls, 0U);
  RollupWorld first(setup);
  script(first);
  first.run(700_s);
  const std::vector<std::byte> snapshot = first.world.save();
  RollupWorld second(setup);
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);
  second.run(3'000_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
}

RollupWorld::Setup eventful() {
  RollupWorld::Setup setup;
  setup.l1 = BaseChainParams{};  // with chance and other people
  setup.l1.reorg_probability = 10_percent;
  setup.l1.reorg_deeper = 60_percent;
  setup.derivation.sequencing_window = 40;
  setup.sequencer.l1_confirmation_depth = 1;
  setup.desk.interval = 200_ms;
  return setup;
}
void add_shocks(RollupWorld& w) {
  w.outage(200_s, 900_s, w.poster_ref, ShockKind::BatcherDown);
  w.outage(1'200_s, 1'300_s, w.sequencer_ref, ShockKind::SequencerDown);
  for (std::int64_t i = 0; i < 150; ++i) w.deposit(i * 10_s + 1_s, 3, 1_usd);
}

TEST(Derivation, EveryDepositCountsOnceAndEveryTransactionIsKeptWhateverHappens) {
  RollupWorld w(eventful());
  add_shocks(w);
  w.run(2'400_s);
  EXPECT_GT(w.derivation().counts().reorgs, 3U);
  EXPECT_GT(w.derivation().counts().derived_blocks, 0U);
  EXPECT_EQ(w.quote(3), 10'150_usd);
  // Every accepted transaction is in the chain once or waits.
  std::vector<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < w.chain().transactions(); ++i) {
    const Transaction& tx = w.chain().transaction(i).transaction;
    if (tx.kind == TxKind::CancelAll) seen.push_back(tx.reference);
  }
  EXPECT_EQ(seen.size() + w.sequencer().queue_length(), w.sequencer().counts().accepted);
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i + 1);  // in order, no gap
  w.node().exchange().full_check();
}

// Heads, reorgs and inclusions overtake each other, and transactions do too: the order of the users
// is then that of arrival, but nothing is lost and nothing counts twice.
TEST(Derivation, OvertakingNewsLosesNothing) {
  RollupWorld::Setup setup = eventful();
  setup.delay = 800_ms;
  RollupWorld w(setup);
  add_shocks(w);
  w.run(2'400_s);
  EXPECT_GT(w.derivation().counts().reorgs, 3U);
  EXPECT_EQ(w.quote(3), 10'150_usd);
  std::vector<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < w.chain().transactions(); ++i) {
    const Transaction& tx = w.chain().transaction(i).transaction;
    if (tx.kind == TxKind::CancelAll) seen.push_back(tx.reference);
  }
  EXPECT_EQ(seen.size() + w.sequencer().queue_length(), w.sequencer().counts().accepted);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  EXPECT_LT(w.poster().pending(), 5);
}

TEST(Derivation, RestoredRunIsTheUninterruptedRun) {
  RollupWorld whole(eventful());
  add_shocks(whole);
  whole.run(1'600_s);
  RollupWorld first(eventful());
  add_shocks(first);
  first.run(800_s);
  const std::vector<std::byte> snapshot = first.world.save();
  RollupWorld second(eventful());
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);
  second.run(1'600_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(Derivation, SameSeedSameRun) {
  RollupWorld::Setup setup = eventful();
  RollupWorld one(setup);
  RollupWorld two(setup);
  setup.seed = 6;
  RollupWorld other(setup);
  for (RollupWorld* w : {&one, &two, &other}) {
    add_shocks(*w);
    w->run(900_s);
  }
  EXPECT_EQ(one.world.engine().fingerprint(), two.world.engine().fingerprint());
  EXPECT_NE(one.world.engine().fingerprint(), other.world.engine().fingerprint());
}

}  // namespace
}  // namespace mezz

#include "models/layer2/sequencing/single_sequencer.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/sequencing/rollup_world.h"

namespace mezz {
namespace {

Time at(Duration since_start) { return Time::zero() + since_start; }

TEST(SingleSequencer, FirstComeFirstServed) {
  RollupWorld w({});
  const std::uint64_t references[] = {5, 3, 9, 1, 7};
  Duration time = 100_ms;
  for (const std::uint64_t reference : references) {
    w.submit(time, static_cast<std::uint32_t>(reference % 3), reference);
    time += 100_ms;
  }
  w.run(3_s);
  EXPECT_EQ(w.desk().order(), "5 3 9 1 7");
  EXPECT_EQ(w.desk().heard[0].at, at(2_s));
  EXPECT_EQ(w.block_of(7), BlockId{1});
  EXPECT_EQ(w.chain().block(BlockId{1}).ladder[Rung::Preconfirmed], at(2_s));
  EXPECT_EQ(w.desk().updates, 1U);
}

TEST(SingleSequencer, CapacityLeavesTheRestForTheNextBlock) {
  RollupWorld w({.sequencer = {.transactions_per_block = 2}});
  for (std::uint64_t i = 1; i <= 5; ++i) w.submit(1_s, 0, i);
  w.run(7_s);
  EXPECT_EQ(w.block_of(2), BlockId{1});
  EXPECT_EQ(w.block_of(3), BlockId{2});
  EXPECT_EQ(w.block_of(5), BlockId{3});
}

// Blocks at 2 s and 4 s, batches of 4 s: orders and cancels go into the second, in the order they
// came; a withdrawal does not wait.
TEST(SingleSequencer, OrdersWaitForTheEndOfTheirBatch) {
  RollupWorld w(
      {.sequencer = {.order = OrderingRule::BatchAuction, .batch_auction = {.interval = 4_s}}});
  w.submit(500_ms, 0, 1);
  w.submit(500_ms, 1, 2, TxKind::Withdraw, 1'000'000);
  w.submit(3_s, 2, 3, TxKind::PlaceOrder, 1);
  w.submit(3_s, 2, 4, TxKind::CancelOrder);
  w.submit(5_s, 0, 5);
  w.run(9_s);
  EXPECT_EQ(w.block_of(2), BlockId{1});
  EXPECT_EQ(w.block_of(1), BlockId{2});
  EXPECT_EQ(w.block_of(3), BlockId{2});
  EXPECT_EQ(w.block_of(4), BlockId{2});
  EXPECT_EQ(w.block_of(5), BlockId{4});
  EXPECT_EQ(w.desk().order(), "2 1 3 4 5");
}

TEST(SingleSequencer, ABatchIsNotShorterThanABlockAndEndsBeforeItsOrdersExpire) {
  const auto problem = [](Duration interval, Duration timeout) -> std::string {
    try {
      RollupWorld w({.sequencer = {.order = OrderingRule::BatchAuction,
                                   .queue_timeout = timeout,
                                   .batch_auction = {.interval = interval}}});
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(problem(1_s, 0_s).find("sequencing.block_time, 2 s, got 1 s"), std::string::npos);
  EXPECT_NE(problem(4_s, 4_s).find("sequencing.queue_timeout"), std::string::npos);
  EXPECT_EQ(problem(4_s, 12_s), "");
  EXPECT_EQ(problem(0_s, 12_s), "");
}

TEST(SingleSequencer, BytesLimitABlockToo) {
  RollupWorld w({.sequencer = {.block_bytes_max = 1'000}});
  for (std::uint64_t i = 1; i <= 20; ++i) w.submit(1_s, 0, i);
  w.run(5_s);
  // Header 24 + n x (65 + 24 x 50 %) = 24 + 77 n <= 1000: n = 12.
  EXPECT_EQ(w.block_of(12), BlockId{1});
  EXPECT_EQ(w.block_of(13), BlockId{2});
  EXPECT_EQ(w.chain().block(BlockId{1}).bytes, 948U);
}

TEST(SingleSequencer, DegradedKeepsAShareOfTheCapacity) {
  RollupWorld w({.sequencer = {.transactions_per_block = 10}});
  w.outage(0_s, 3_s, w.sequencer_ref, ShockKind::SequencerDegraded, 30_percent);
  for (std::uint64_t i = 1; i <= 14; ++i) w.submit(1_s, 0, i);
  w.run(5_s);
  EXPECT_EQ(w.block_of(3), BlockId{1});
  EXPECT_EQ(w.block_of(4), BlockId{2});
  EXPECT_EQ(w.block_of(13), BlockId{2});
  EXPECT_EQ(w.block_of(14), BlockId{0});
}

TEST(SingleSequencer, FullQueueRefusesTheNewest) {
  RollupWorld w({.sequencer = {.queue_max = 3}});
  for (std::uint64_t i = 1; i <= 5; ++i) w.submit(1_s, 0, i);
  w.run(3_s);
  EXPECT_EQ(w.sequencer().counts().refused, 2U);
  EXPECT_EQ(w.desk().order(), "4 5 1 2 3");
  EXPECT_EQ(w.desk().heard[0].receipt.status, TxStatus::Expired);
  EXPECT_FALSE(w.desk().heard[0].receipt.block.exists());
  EXPECT_EQ(w.desk().heard[0].at, at(1_s));
}

TEST(SingleSequencer, TransactionsOlderThanTheTimeoutExpire) {
  RollupWorld w({.sequencer = {.queue_timeout = 12_s}});
  w.outage(0_s, 20_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.submit(1_s, 0, 1);
  w.submit(15_s, 0, 2);
  w.run(23_s);
  EXPECT_EQ(w.sequencer().counts().expired, 1U);
  EXPECT_EQ(w.block_of(1), BlockId{0});
  EXPECT_EQ(w.block_of(2), BlockId{1});
}

TEST(SingleSequencer, OriginStaysConfirmationDepthBehind) {
  RollupWorld w({});
  w.run(61_s);  // height 5 at 60 s; adopted one moment later: by the block at 62 s
  EXPECT_EQ(w.chain().head_block().l1_origin, 0U);
  w.run(63_s);
  EXPECT_EQ(w.chain().head_block().l1_origin, 1U);
  w.run(600_s);
  for (std::uint64_t b = 1; b <= w.chain().head().value; ++b) {
    const Layer2Block& block = w.chain().block(BlockId{b});
    EXPECT_LE(at(static_cast<std::int64_t>(block.l1_origin + 4) * 12_s),
              std::max(block.sealed, at(48_s)));
  }
}

TEST(SingleSequencer, DepositsComeFirstInTheBlockThatAdoptsTheirOrigin) {
  RollupWorld w({});
  w.deposit(13_s, 2, 500_usd);  // height 2 at 24 s; adopted when height 6 is known: 72 s -> 74 s
  w.submit(73_s, 1, 42);
  w.run(73_s);
  EXPECT_EQ(w.quote(2), 10'000_usd);
  w.run(75_s);
  EXPECT_EQ(w.quote(2), 10'500_usd);
  const Layer2Block& block = w.chain().head_block();
  EXPECT_EQ(block.sealed, at(74_s));
  EXPECT_EQ(block.l1_origin, 2U);
  ASSERT_EQ(block.count, 2U);
  EXPECT_EQ(w.chain().transaction(block.first).transaction.kind, TxKind::Deposit);
  EXPECT_EQ(w.chain().transaction(block.first + 1).transaction.reference, 42U);
}

TEST(SingleSequencer, NoUserTransactionsWhileTheOriginIsTooOld) {
  RollupWorld w({.sequencer = {.l1_confirmation_depth = 1, .max_sequencer_drift = 60_s}});
  w.outage(100_s, 200_s, w.l1_ref, ShockKind::L1MissedSlots);
  // Last height before: 8 at 96 s, so the origin is 7, of 84 s: too old after 144 s. Slots come
  // again at 204 s (height 9); then origin 8, of 96 s, is older still. At 216 s height 10 makes 9
  // (204 s) the origin, from the block at 218 s on.
  w.submit(143_s, 0, 1);
  w.submit(145_s, 0, 2);
  w.run(1'000_s);
  EXPECT_EQ(w.chain().block(w.block_of(1)).sealed, at(144_s));
  const Layer2Block& late = w.chain().block(w.block_of(2));
  EXPECT_EQ(late.l1_origin, 9U);
  EXPECT_EQ(late.sealed, at(218_s));
  EXPECT_EQ(w.sequencer().counts().drift_blocks, (218U - 146U) / 2U);
}

TEST(SingleSequencer, SwitchesAreIndependent) {
  RollupWorld rpc({});
  rpc.outage(10_s, 1'000_s, rpc.sequencer_ref, ShockKind::RpcDown);
  rpc.submit(20_s, 0, 1);
  rpc.run(300_s);
  EXPECT_EQ(rpc.sequencer().counts().lost_at_rpc, 1U);
  EXPECT_EQ(rpc.desk().receipts, 0U);  // nobody hears anything
  EXPECT_EQ(rpc.chain().head(), BlockId{150});
  EXPECT_GT(rpc.inbox().safe_head(), BlockId{130});

  RollupWorld sequencer({});
  sequencer.outage(10_s, 1'000_s, sequencer.sequencer_ref, ShockKind::SequencerDown);
  sequencer.submit(20_s, 0, 1);
  sequencer.run(300_s);
  EXPECT_EQ(sequencer.sequencer().queue_length(), 1U);
  EXPECT_EQ(sequencer.chain().head(), BlockId{4});
  EXPECT_EQ(sequencer.inbox().safe_head(), BlockId{4});  // what exists is published all the same

  RollupWorld batcher({});
  batcher.outage(0_s, 1'000_s, batcher.poster_ref, ShockKind::BatcherDown);
  batcher.submit(20_s, 0, 1);
  batcher.run(300_s);
  EXPECT_EQ(batcher.chain().head(), BlockId{150});
  EXPECT_EQ(batcher.block_of(1), BlockId{10});
  EXPECT_EQ(batcher.inbox().safe_head(), BlockId{0});
}

// Validation sheet A-Q-11 at a tenth of its length: down O = 468 s, lambda = 40/s, mu = 100/s:
// backlog 18 720, drain lambda O / (mu - lambda) = 312 s, affected 40 x 780 = 31 200, their mean
// extra delay O/2 = 234 s.
TEST(SingleSequencer, BacklogOfAnOutageDrainsAsTheFluidLimitSays) {
  RollupWorld w({.sequencer = {.transactions_per_block = 200}, .desk = {.interval = 25_ms}});
  w.outage(100_s, 568_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.run(567_s);
  EXPECT_NEAR(static_cast<double>(w.sequencer().queue_length()), 18'720.0, 0.01 * 18'720 + 80);
  Duration drained = 568_s;
  while (w.sequencer().queue_length() > 200) w.run(drained += 2_s);
  EXPECT_NEAR((drained - 568_s).seconds(), 312.0, 15.0);
  double extra = 0.0;
  double affected = 0.0;
  for (const Heard& h : w.desk().heard) {
    if (h.at < at(568_s)) continue;
    const Transaction& tx = w.chain().transaction(h.receipt.transaction.value).transaction;
    extra += (h.at - tx.submitted).seconds();
    affected += 1.0;
  }
  EXPECT_NEAR(affected, 31'200.0, 1'500.0);
  EXPECT_NEAR(extra / affected, 234.0, 5.0);
}

TEST(SingleSequencer, RestartAdoptsAllMissedOriginsAtOnce) {
  RollupWorld w({});
  w.outage(100_s, 4'000_s, w.sequencer_ref, ShockKind::SequencerDown);
  w.deposit(500_s, 1, 100_usd);
  w.submit(3'000_s, 0, 1);
  w.run(4'003_s);
  EXPECT_EQ(w.quote(1), 10'100_usd);
  EXPECT_EQ(w.chain().block(w.block_of(1)).sealed, at(4'002_s) - 2_s);
  EXPECT_EQ(w.chain().head_block().l1_origin, 333U - 4U);
}

TEST(SingleSequencer, CensorsTheSameShareOfAccounts) {
  std::uint32_t censored = 0;
  for (std::uint32_t account = 0; account < 10'000; ++account) {
    if (!censors(30_percent, AccountId{account})) continue;
    ++censored;
    EXPECT_TRUE(censors(60_percent, AccountId{account}));
  }
  EXPECT_NEAR(censored, 3'000.0, 150.0);  // 3.3 standard deviations
  EXPECT_TRUE(censors(Ratio::one(), AccountId{7}));
  EXPECT_FALSE(censors(Ratio::zero(), AccountId{7}));
}

TEST(SingleSequencer, CensoredUserIsIgnoredButCannotBeKeptOutThroughLayerOne) {
  RollupWorld w({});
  w.outage(0_s, 10_h, w.sequencer_ref, ShockKind::Censorship);
  w.submit(1_s, 0, 1, TxKind::Withdraw, 1'000'000);
  w.force(2_s, {.account = AccountId{0},
                .kind = TxKind::Withdraw,
                .amount = 2'000'000,
                .reference = 2,
                .submitted = at(2_s)});
  w.run(100_s);
  EXPECT_EQ(w.sequencer().counts().censored, 1U);
  EXPECT_EQ(w.block_of(1), BlockId{0});
  const Layer2Block& block = w.chain().block(w.block_of(2));
  EXPECT_EQ(block.l1_origin, 1U);
  EXPECT_EQ(block.sealed, at(62_s));  // height 5 makes height 1 deep enough at 60 s
  EXPECT_EQ(w.quote(0), 9'998_usd);
}

TEST(SingleSequencer, CensoringWithdrawalsLetsTheRestPass) {
  RollupWorld w({});
  w.outage(0_s, 10_h, w.sequencer_ref, ShockKind::CensorWithdrawals);
  w.submit(1_s, 0, 1, TxKind::Withdraw, 1'000'000);
  w.submit(1_s, 0, 2);
  w.run(3_s);
  EXPECT_EQ(w.desk().order(), "2");
  EXPECT_EQ(w.quote(0), 10'000_usd);
}

TEST(SingleSequencer, StopsAtTheSafeLagIfAskedTo) {
  RollupWorld w({.sequencer = {.max_safe_lag = 20}});
  w.outage(0_s, 200_s, w.poster_ref, ShockKind::BatcherDown);
  w.run(199_s);
  EXPECT_EQ(w.chain().head(), BlockId{20});
  EXPECT_GT(w.sequencer().counts().safe_lag_waits, 70U);
  w.run(400_s);
  EXPECT_GT(w.chain().head(), BlockId{100});
}

}  // namespace
}  // namespace mezz

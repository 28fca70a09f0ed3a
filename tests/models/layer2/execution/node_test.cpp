#include "models/layer2/execution/node.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "sim/record/memory_sink.h"
#include "sim/world/world.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

ExecutionParams node_params() {
  ExecutionParams params;
  params.exchange = small_params();
  params.exchange.funding.default_rate_ppm = 100;
  params.exchange.funding_tick = 1_min;
  params.exchange.funding_sample = 10_s;
  params.checkpoint_every = 8;
  params.full_check_every = 4;
  return params;
}

// A world with a node and nothing else; blocks are built as a sequencer on the same machine would.
struct Rig {
  World world;
  Ref<ExecutionNode> ref;
  AccountId a;
  AccountId b;
  AccountId keeper;

  explicit Rig(const ExecutionParams& params = node_params(), Recording* recording = nullptr)
      : world({.seed = 1, .recording = recording}) {
    ref = world.add<ExecutionNode>("l2/node", params);
    Exchange& genesis = node().genesis();
    a = genesis.open_account();
    b = genesis.open_account();
    keeper = genesis.open_account();
    genesis.genesis_deposit(a, 200_usd);
    genesis.genesis_deposit(b, 1'000_usd);
    genesis.genesis_deposit(keeper, 1'000_usd);
    genesis.genesis_position(a, 10_lots, 100_ticks);
    genesis.genesis_position(b, -10_lots, 100_ticks);
    node().end_genesis();
    world.start();
  }
  ExecutionNode& node() { return world.get(ref); }
  BlockOutput& build(const std::vector<Transaction>& transactions, Duration wait = 2_s) {
    world.run(world.engine().now() + wait);
    Context ctx(world.engine());
    return node().build_block(ctx, ctx.now(), 7, transactions, node().block_bytes(transactions));
  }
  std::vector<ChainTransaction> rollback(std::uint64_t kept) {
    Context ctx(world.engine());
    return node().rollback(ctx, BlockId{kept});
  }
  // A block with some of everything; `salt` tells histories apart.
  void busy_block(std::uint64_t i, std::uint64_t salt = 0) {
    const auto step = static_cast<std::int64_t>((i * 7 + salt) % 5);
    build({order(b, -2, 101 + step, i % 4), order(a, 2, 101, 10 + i % 4),
           order(keeper, 1, 98 - step, i), oracle(98 + step, world.engine().now()),
           simple(keeper, TxKind::Withdraw, 1'000'000), simple(a, TxKind::Deposit, 500'000)});
  }
};

TEST(ExecutionNode, GenesisIsBlockZeroWithARoot) {
  Rig rig;
  EXPECT_EQ(rig.node().chain().head(), BlockId{0});
  EXPECT_EQ(rig.node().chain().root(BlockId{0}), rig.node().exchange().root());
  EXPECT_NE(rig.node().chain().root(BlockId{0}), 0U);
}

TEST(ExecutionNode, BlockIsExecutedSealedAndPreconfirmed) {
  Rig rig;
  const BlockOutput& out = rig.build({order(rig.b, -5, 100), order(rig.keeper, 5, 100)});
  EXPECT_EQ(out.trades.size(), 1U);
  ASSERT_EQ(out.receipts.size(), 2U);
  EXPECT_EQ(out.receipts[1].block, BlockId{1});
  EXPECT_EQ(out.receipts[1].transaction, TxId{1});
  const Layer2Block& block = rig.node().chain().head_block();
  EXPECT_EQ(block.count, 2U);
  EXPECT_EQ(block.l1_origin, 7U);
  EXPECT_EQ(block.root, rig.node().exchange().root());
  EXPECT_EQ(block.ladder[Rung::Preconfirmed], Time::zero() + 2_s);
  // Header 24 and twice a signature of 65 with half a body of 48.
  EXPECT_EQ(block.bytes, 24U + 2 * (65 + 24));
}

// Known when the block ends, not when the order is executed; and known again after going back.
TEST(ExecutionNode, TheStatusOfABatchedOrderIsWhatBecameOfIt) {
  ExecutionParams params = node_params();
  params.exchange.matching = Matching::BatchAuction;
  Rig rig(params);
  rig.build({order(rig.b, -5, 100, 1), order(rig.keeper, 5, 100, 1),
             order(rig.keeper, 5, 99, 2, TimeInForce::Ioc)});
  const Layer2Chain& chain = rig.node().chain();
  EXPECT_EQ(chain.transaction(0).status, TxStatus::Executed);
  EXPECT_EQ(chain.transaction(1).status, TxStatus::Executed);
  EXPECT_EQ(chain.transaction(2).status, TxStatus::Rejected);
  EXPECT_EQ(rig.node().exchange().position(rig.keeper), 5_lots);
  for (std::uint64_t i = 0; i < 12; ++i) rig.busy_block(i);
  const std::uint64_t root = chain.root(BlockId{5});
  rig.rollback(5);  // runs again from the checkpoint at genesis, and compares every status
  EXPECT_EQ(rig.node().exchange().root(), root);
}

TEST(ExecutionNode, AddsTheFundingTransactionWhenTheHourIsOver) {
  Rig rig;
  for (int i = 0; i < 29; ++i) rig.build({});
  EXPECT_EQ(rig.node().chain().transactions(), 0U);
  const BlockOutput& out = rig.build({});  // 60 s, the tick of these parameters
  EXPECT_EQ(out.funding.size(), 1U);
  EXPECT_TRUE(out.receipts.empty());
  EXPECT_EQ(rig.node().chain().transaction(0).transaction.kind, TxKind::SettleFunding);
}

TEST(ExecutionNode, RollbackGivesTheStateAndRootOfTheBlockKept) {
  for (const std::uint64_t kept : {0ULL, 5ULL, 8ULL, 37ULL, 38ULL, 39ULL}) {
    Rig rig;
    Rig reference;
    for (std::uint64_t i = 0; i < 40; ++i) {
      rig.busy_block(i);
      if (i < kept) reference.busy_block(i);
    }
    const std::vector<ChainTransaction> dropped = rig.rollback(kept);
    Exchange state = rig.node().exchange();
    Exchange expected = reference.node().exchange();
    EXPECT_EQ(bytes_of(state), bytes_of(expected)) << kept;
    EXPECT_EQ(rig.node().chain().head(), BlockId{kept});
    EXPECT_EQ(dropped.size(), (40 - kept) * 6) << "all but the funding ticks";
    state.full_check();
  }
}

TEST(ExecutionNode, AfterARollbackAnotherHistoryFollows) {
  Rig rig;
  for (std::uint64_t i = 0; i < 20; ++i) rig.busy_block(i);
  rig.rollback(12);
  EXPECT_EQ(rig.node().chain().head_block().incarnation, 0U);
  for (std::uint64_t i = 12; i < 30; ++i) rig.busy_block(i, 3);
  EXPECT_EQ(rig.node().chain().head(), BlockId{30});
  EXPECT_EQ(rig.node().chain().head_block().incarnation, 1U);
  rig.rollback(25);  // again, and over blocks of both incarnations
  EXPECT_EQ(rig.node().exchange().block(), BlockId{25});
  rig.node().exchange().full_check();
}

TEST(ExecutionNode, RollbackToTheHeadDropsNothing) {
  Rig rig;
  rig.busy_block(0);
  EXPECT_TRUE(rig.rollback(1).empty());
  EXPECT_THROW(rig.rollback(2), AssertionFailure);
}

TEST(ExecutionNode, CheckpointsBelowTheFinalOrderAreDropped) {
  Rig rig;
  for (std::uint64_t i = 0; i < 64; ++i) {
    rig.busy_block(i);
    rig.node().chain().reach(Rung::OrderFinal, BlockId{i + 1}, BlockId{i + 1},
                             rig.world.engine().now());
  }
  EXPECT_LE(rig.node().checkpoints(), 3U);  // genesis, the newest final one, the newest
  rig.rollback(64 - 4);
  EXPECT_EQ(rig.node().exchange().block(), BlockId{60});
}

TEST(ExecutionNode, WithoutFinalityTheStatesKeptAreBounded) {
  ExecutionParams params = node_params();
  params.checkpoint_every = 1;
  params.checkpoints_max = 6;
  Rig rig(params);
  for (std::uint64_t i = 0; i < 100; ++i) rig.busy_block(i);
  EXPECT_LE(rig.node().checkpoints(), 7U);
  rig.rollback(33);
  EXPECT_EQ(rig.node().exchange().root(), rig.node().chain().root(BlockId{33}));
}

TEST(ExecutionNode, SnapshotRestoredInAFreshWorldGoesOnTheSame) {
  Rig whole;
  for (std::uint64_t i = 0; i < 30; ++i) whole.busy_block(i);
  const std::vector<std::byte> snapshot = whole.world.save();
  Rig fresh;
  fresh.world.restore(snapshot);
  EXPECT_EQ(fresh.world.save(), snapshot);
  for (std::uint64_t i = 30; i < 50; ++i) {
    whole.busy_block(i);
    fresh.busy_block(i);
  }
  EXPECT_EQ(fresh.rollback(21).size(), whole.rollback(21).size());
  EXPECT_EQ(fresh.world.save(), whole.world.save());
  EXPECT_EQ(fresh.world.engine().fingerprint(), whole.world.engine().fingerprint());
}

TEST(ExecutionNode, DamagedSnapshotIsRefused) {
  Rig source;
  source.busy_block(0);
  std::vector<std::byte> snapshot = source.world.save();
  for (const std::size_t length : {snapshot.size() / 4, snapshot.size() / 2, snapshot.size() - 1}) {
    Rig target;
    const std::vector<std::byte> cut(snapshot.begin(),
                                     snapshot.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_THROW(target.world.restore(cut), ScenarioError) << length;
  }
}

TEST(ExecutionNode, RootsEnterTheFingerprint) {
  Rig one;
  Rig two;
  one.build({simple(one.a, TxKind::Deposit, 5)});
  two.build({simple(two.a, TxKind::Deposit, 6)});
  EXPECT_NE(one.world.engine().fingerprint(), two.world.engine().fingerprint());
}

TEST(ExecutionNode, LatenciesAreExactNearestRanks) {
  std::vector<Duration> thousand;
  for (std::int64_t i = 1'000; i >= 1; --i) thousand.push_back(Duration{i});
  const RungLatency summary = summarise(thousand, 3);
  EXPECT_EQ(summary.reached, 1'000U);
  EXPECT_EQ(summary.never, 3U);
  EXPECT_EQ(summary.p50, 500_ns);
  EXPECT_EQ(summary.p99, 990_ns);
  EXPECT_EQ(summary.p999, 999_ns);
  EXPECT_EQ(summarise({7_ns}, 0).p999, 7_ns);
  EXPECT_EQ(summarise({}, 2).reached, 0U);
}

TEST(ExecutionNode, LatencyOfARungCountsFromSubmission) {
  Rig rig;
  Transaction tx = order(rig.a, 1, 90);
  tx.submitted = Time::zero() + 500_ms;
  rig.build({tx});  // at 2 s
  rig.build({tx});  // at 4 s
  rig.node().chain().reach(Rung::Published, BlockId{1}, BlockId{1}, Time::zero() + 12_s);
  EXPECT_EQ(rig.node().latency(Rung::Preconfirmed).p50, 1'500_ms);
  EXPECT_EQ(rig.node().latency(Rung::Preconfirmed).p99, 3'500_ms);
  EXPECT_EQ(rig.node().latency(Rung::Published).p50, 11'500_ms);
  EXPECT_EQ(rig.node().latency(Rung::Published).never, 1U);
  EXPECT_EQ(rig.node().latency(Rung::Settled).reached, 0U);
}

TEST(ExecutionNode, LiquidationDelayIsFromTheBreachToTheClosing) {
  Rig rig;
  rig.build({oracle(83, Time::zero())});  // equity 30 < maintenance 41.5
  rig.build({});
  rig.build({simple(rig.keeper, TxKind::Liquidate, 0, rig.a.value)});
  ASSERT_EQ(rig.node().liquidation_delays().size(), 1U);
  EXPECT_EQ(rig.node().liquidation_delays()[0].delay, 4_s);
  rig.rollback(2);
  EXPECT_TRUE(rig.node().liquidation_delays().empty());
}

TEST(ExecutionNode, TablesHoldWhatHappened) {
  MemorySink sink;
  Recording recording;
  recording.add_sink(sink);
  Rig rig(node_params(), &recording);
  ASSERT_TRUE(recording.start({}));
  rig.build({order(rig.b, -5, 100), order(rig.keeper, 5, 100), oracle(84, Time::zero())});
  rig.build({simple(rig.keeper, TxKind::Liquidate, 0, rig.a.value),
             simple(rig.b, TxKind::Withdraw, 1'000'000)});
  rig.build({order(rig.b, -5, 100)});
  const Time settled = rig.world.engine().now();
  rig.node().chain().reach(Rung::Settled, BlockId{1}, BlockId{1}, settled);
  rig.node().chain().fix(BlockId{1});
  rig.build({}, 60_s);
  recording.commit(rig.world.engine().now(), 1);
  EXPECT_EQ(sink.rows("tx"), 3U);  // of the settled block
  rig.node().flush_transactions();
  ASSERT_TRUE(recording.finish({}));
  EXPECT_EQ(sink.rows("tables/trades"), 1U);
  EXPECT_EQ(sink.column<std::int64_t>("tables/trades", "quantity"), std::vector<std::int64_t>{5});
  EXPECT_GE(sink.rows("tables/liquidations"), 1U);
  EXPECT_EQ(sink.column<std::uint32_t>("tables/liquidations", "account")[0], rig.a.value);
  EXPECT_EQ(sink.rows("tables/withdrawal_requests"), 1U);
  EXPECT_EQ(sink.rows("tables/oracle_updates"), 1U);
  EXPECT_EQ(sink.rows("tables/funding"), 1U);
  EXPECT_EQ(sink.rows("tables/blocks"), 4U);
  EXPECT_EQ(sink.rows("tx"), 7U);  // six and the funding tick
  const auto rungs = sink.column<std::int64_t>("tx", "settled");
  EXPECT_EQ(rungs[2], settled.ns);
  EXPECT_EQ(rungs[3], -1);
  EXPECT_EQ(sink.column<std::uint64_t>("tables/blocks", "root")[3], rig.node().exchange().root());
}

TEST(ExecutionNode, BadParametersAreTheUsersError) {
  ExecutionParams params = node_params();
  params.exchange.contract.tick = Money{7};
  params.exchange.contract.lot_decimals = 3;
  World world({.seed = 1});
  EXPECT_THROW(world.add<ExecutionNode>("l2/node", params), ScenarioError);
}

}  // namespace
}  // namespace mezz

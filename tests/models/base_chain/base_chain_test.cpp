#include "models/base_chain/base_chain.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "sim/record/memory_sink.h"
#include "tests/models/base_chain/l1_world.h"

namespace mezz::base_chain {
namespace {

// The validation sheet, A-F-1: 30 M gas, 1 gwei, every block full.
TEST(BaseChain, FullBlocksRaiseTheBaseFeeByTheExactPath) {
  BaseChainParams p = crowded();
  p.gas_limit = {30'000'000};
  p.initial_base_fee = 1_gwei;
  L1World w(p);
  const std::pair<std::int64_t, std::int64_t> path[] = {{1, 1'125'000'000},
                                                        {2, 1'265'625'000},
                                                        {10, 3'247'321'023},
                                                        {20, 10'545'093'826},
                                                        {50, 361'098'863'481}};
  for (const auto& [blocks, fee] : path) {
    w.run_slots(blocks);
    EXPECT_EQ(w.chain().height(), static_cast<std::uint64_t>(blocks));
    EXPECT_EQ(w.chain().base_fee().wei_per_gas, fee) << blocks;
  }
}

// A-F-2.
TEST(BaseChain, FiftyEmptyBlocksLowerTheBaseFeeByTheExactPath) {
  BaseChainParams p = quiet();
  p.gas_limit = {30'000'000};
  p.initial_base_fee = 1_gwei;
  L1World w(p);
  w.run_slots(50);
  EXPECT_EQ(w.chain().base_fee().wei_per_gas, 1'260'097);
}

// A-F-3: 1.125^20 is the first power above 10; 20 slots are 240 s.
TEST(BaseChain, TenfoldBaseFeeTakes240Seconds) {
  BaseChainParams p = crowded();
  p.initial_base_fee = 1_gwei;
  L1World w(p);
  w.run_slots(19);
  EXPECT_LT(w.chain().base_fee(), 10_gwei);
  w.world.run(Time::zero() + 240_s);
  EXPECT_GE(w.chain().base_fee(), 10_gwei);
}

// A-F-5: Cancun, six blobs in every block from 1 wei.
TEST(BaseChain, BlobFeeReachesOneGweiAfter176FullBlocks) {
  BaseChainParams p = crowded();
  p.blob_schedule = BlobPreset::Cancun;
  p.demand.mean_gas = Ratio::zero();  // the base fee would climb beyond all measure
  L1World w(p);
  w.run_slots(175);
  EXPECT_LT(w.chain().blob_fee(), 1_gwei);
  w.run_slots(176);
  EXPECT_EQ(w.chain().blob_fee().wei_per_gas, 1'006'572'285);
  EXPECT_EQ(w.chain().excess_blob_gas().units, 69'206'016);
}

TEST(BaseChain, DemandWithoutLimitEndsAtTheChokePrice) {
  L1World w(crowded());  // 0.001 ETH per gas; without it 64 bits would end after 200 blocks
  w.run_slots(1'000);
  EXPECT_GT(w.chain().base_fee(), GasPrice{kChokePrice.wei_per_gas / 2});
  EXPECT_LT(w.chain().base_fee(), GasPrice{kChokePrice.wei_per_gas * 2});
}

TEST(BaseChain, TransactionIsExecutedThenReceiptedThenTheHeadMoves) {
  L1World w(quiet(), {.submissions = {{1_s, {.tag = 7, .cap = milli(100'000)}}}});
  w.run_slots(2);
  EXPECT_EQ(w.party().story("execute included head"),
            "execute 7 @1, included 7 @1, head 1 @1, head 2 @2");
  EXPECT_EQ(w.party().inclusion(7).at, Time::zero() + 12_s);
  EXPECT_EQ(w.chain().time_of(2), Time::zero() + 24_s);
}

TEST(BaseChain, BlockOrderIsByTipThenArrival) {
  const MilliGwei cap = milli(100'000);
  L1World w(quiet(), {.submissions = {{1_s, {.tag = 1, .tip = milli(1'000), .cap = cap}},
                                      {2_s, {.tag = 2, .tip = milli(3'000), .cap = cap}},
                                      {3_s, {.tag = 3, .tip = milli(1'000), .cap = cap}},
                                      {4_s, {.tag = 4, .tip = milli(2'000), .cap = cap}}}});
  w.run_slots(1);
  EXPECT_EQ(w.party().story("execute"), "execute 2 @1, execute 4 @1, execute 1 @1, execute 3 @1");
}

// Anonymous demand of 4 targets per slot, of which the upper half bids 1 gwei or more; the block is
// full, so a tip of 0.1 gwei is outbid until it has been raised often enough.
BaseChainParams congested() {
  BaseChainParams p = quiet();
  p.demand.mean_gas = Ratio::one() * 4;
  p.demand.gas_elasticity = 0.0;
  p.demand.patience = Ratio::zero();
  p.demand.tip_rise_max = 1.0;
  p.initial_base_fee = 1_gwei;
  return p;
}

TEST(BaseChain, EscalationGetsAnOutbidTransactionIn) {
  // 4 targets wanted, 2 fit: who bids above the median of 1 gwei is in. 0.1 gwei x 1.125^n > 1 gwei
  // first at n = 20 (1.125^19 = 9.37, 1.125^20 = 10.54): passed over by 20 blocks.
  L1World w(congested(),
            {.submissions = {{1_s, {.tag = 1, .tip = milli(100), .cap = milli(4'000'000)}}}});
  w.run_slots(40);
  EXPECT_EQ(w.party().inclusion(1).height, 21U);
}

TEST(BaseChain, HighTipIsIncludedAtOnceInCongestion) {
  L1World w(congested(),
            {.submissions = {{1_s, {.tag = 1, .tip = milli(2'000), .cap = milli(4'000'000)}}}});
  w.run_slots(3);
  EXPECT_EQ(w.party().inclusion(1).height, 1U);
}

TEST(BaseChain, CapKeepsATransactionOutOfCongestion) {
  // The cap of 1.5 gwei leaves at most 0.5 gwei of tip, below the median bid, and the base fee
  // passes the cap after 4 blocks: 1.125^4 = 1.6.
  L1World w(congested(),
            {.submissions = {{1_s, {.tag = 1, .tip = milli(100), .cap = milli(1'500)}}}});
  w.run_slots(60);
  EXPECT_FALSE(w.party().inclusion(1).at.happened());
  EXPECT_EQ(w.chain().mempool_size(), 1U);
}

TEST(BaseChain, TransactionWaitsUntilTheBaseFeeFallsBelowItsCap) {
  // Empty blocks from 7 gwei: 7 x 0.875^n <= 3.5 first at n = 6 (0.875^5 = 0.513, ^6 = 0.449), so
  // the 7th block is the first to charge less than the cap.
  L1World w(quiet(), {.submissions = {{1_s, {.tag = 1, .cap = milli(3'500)}}}});
  w.run_slots(10);
  EXPECT_EQ(w.party().inclusion(1).height, 7U);
}

TEST(BaseChain, BlockCarriesNoMoreBlobsThanItsMaximum) {
  BaseChainParams p = quiet();
  p.blob_schedule = BlobPreset::Cancun;  // at most 6
  Script script;
  for (std::uint64_t tag = 1; tag <= 5; ++tag) {
    script.submissions.push_back({1_s,
                                  {.tag = tag,
                                   .blobs = 3,
                                   .kind = L1CallKind::BatchData,
                                   .tip = milli(1'000),
                                   .cap = milli(100'000)}});
  }
  L1World w(p, script);
  w.run_slots(5);
  EXPECT_EQ(w.party().story("execute"),
            "execute 1 @1, execute 2 @1, execute 3 @2, execute 4 @2, execute 5 @3");
}

TEST(BaseChain, CapAlsoBoundsTheBlobFee) {
  BaseChainParams p = quiet();
  p.blob_schedule = BlobPreset::Cancun;
  p.initial_base_fee = 1_gwei;
  // ln(1e10) x 3 338 477 = 76.9 M: a blob fee of about 10 gwei, falling by 1/9 per empty block.
  p.initial_excess_blob_gas = {76'870'000};
  L1World w(p, {.submissions = {{1_s, {.tag = 1, .blobs = 1, .cap = milli(5'000)}},
                                {1_s, {.tag = 2, .blobs = 0, .cap = milli(5'000)}}}});
  w.run_slots(30);
  EXPECT_EQ(w.party().inclusion(2).height, 1U);
  // 10 x 0.8889^n <= 5 first at n = 6 (0.8889^5 = 0.555, ^6 = 0.493).
  EXPECT_EQ(w.party().inclusion(1).height, 7U);
}

TEST(BaseChain, TransactionAboveTheGasCapIsOurBug) {
  L1World w(quiet(), {.submissions = {{1_s, {.tag = 1, .gas = 16'777'217}}}});
  EXPECT_THROW(w.run_slots(1), AssertionFailure);
}

TEST(BaseChain, PaysTheExactFeesOfThreeTransactions) {
  // Block 1 charges 7 gwei; gas 100 000 and tip 2 gwei: 9e14 wei. One blob at 1 wei: 131 072 wei,
  // which the receipt rounds up to 1 gwei.
  BaseChainParams p = quiet();
  L1World w(p, {.submissions = {{1_s,
                                 {.tag = 1,
                                  .gas = 100'000,
                                  .blobs = 1,
                                  .kind = L1CallKind::BatchData,
                                  .tip = milli(2'000),
                                  .cap = milli(50'000)}}}});
  w.run_slots(1);
  EXPECT_EQ(w.chain().spent(L1CallKind::BatchData).execution, Wei{900'000'000'000'000});
  EXPECT_EQ(w.chain().spent(L1CallKind::BatchData).blobs, Wei{131'072});
  EXPECT_EQ(w.chain().spent(L1CallKind::Deposit).execution, Wei::zero());
  EXPECT_EQ(w.party().inclusion(1).execution_gwei, 900'000U);
  EXPECT_EQ(w.party().inclusion(1).blob_gwei, 1U);
}

TEST(BaseChain, MissedSlotsAreAsManyAsTheParameterSays) {
  BaseChainParams p = quiet();
  p.missed_slot_probability = 5_percent;
  L1World w(p);
  w.run_slots(20'000);
  // Binomial(20 000, 0.05): mean 1 000, deviation 30.8; 4 deviations.
  EXPECT_NEAR(20'000.0 - static_cast<double>(w.chain().height()), 1'000.0, 124.0);
}

TEST(BaseChain, ShockMissesItsShareOfSlotsAndEnds) {
  L1World w(quiet(),
            {.shocks = {{1_s, shock(ShockKind::L1MissedSlots, ShockEdge::Begins, 60_percent)},
                        {10'000 * 12_s + 1_s, shock(ShockKind::L1MissedSlots, ShockEdge::Ends)}}});
  w.run_slots(10'000);
  const auto during = static_cast<double>(w.chain().height());
  EXPECT_NEAR(during, 4'000.0, 196.0);  // deviation 49
  w.run_slots(11'000);
  EXPECT_EQ(static_cast<double>(w.chain().height()), during + 1'000.0);
}

TEST(BaseChain, GasSpikeFillsBlocksWhileItLasts) {
  BaseChainParams p = quiet();
  p.demand.mean_gas = Ratio::one();
  p.demand.gas_elasticity = 0.0;
  p.initial_base_fee = 1_gwei;
  p.demand.patience = Ratio::zero();
  const Ratio ten = Ratio::one() * 10;
  L1World w(p, {.shocks = {{10 * 12_s + 1_s, shock(ShockKind::GasSpike, ShockEdge::Begins, ten)},
                           {20 * 12_s + 1_s, shock(ShockKind::GasSpike, ShockEdge::Ends, ten)}}});
  w.run_slots(10);
  EXPECT_EQ(w.chain().base_fee(), 1_gwei);  // demand at the target leaves it where it is
  w.run_slots(20);
  EXPECT_EQ(w.chain().base_fee().wei_per_gas, 3'247'321'023);  // ten full blocks, A-F-1
  w.run_slots(30);
  EXPECT_EQ(w.chain().base_fee().wei_per_gas, 3'247'321'023);
}

TEST(BaseChain, BlobSpikeRaisesTheBlobFeeOnlyWhileItLasts) {
  BaseChainParams p = quiet();
  p.demand.mean_blobs = 50_percent;
  const Ratio ten = Ratio::one() * 10;
  L1World w(p, {.shocks = {{1_s, shock(ShockKind::BlobSpike, ShockEdge::Begins, ten)},
                           {300 * 12_s + 1_s, shock(ShockKind::BlobSpike, ShockEdge::Ends, ten)}}});
  w.run_slots(300);
  EXPECT_GT(w.chain().blob_fee(), 1_gwei);  // Prague and later: 264 full blocks from 1 wei
  const GasPrice top = w.chain().blob_fee();
  w.run_slots(500);
  EXPECT_LT(w.chain().blob_fee().wei_per_gas, top.wei_per_gas / 100);
}

TEST(BaseChain, MarketPulseRaisesTheBaseFee) {
  BaseChainParams p = quiet();
  p.demand.mean_gas = Ratio::one();
  p.demand.burst_branching = Ratio::zero();
  L1World calm(p);
  L1World crash(p, {.pulses = {{120_s, {30_percent}}}});
  calm.run_slots(40);
  crash.run_slots(40);
  EXPECT_EQ(calm.chain().base_fee(), p.initial_base_fee);
  EXPECT_GT(crash.chain().base_fee().wei_per_gas, 2 * p.initial_base_fee.wei_per_gas);
}

TEST(BaseChain, AbsurdInitialBlobFeeIsTheUsersMistake) {
  BaseChainParams p = quiet();
  p.blob_schedule = BlobPreset::Cancun;
  p.initial_excess_blob_gas = {200'000'000};
  EXPECT_THROW(L1World{p}, ScenarioError);
}

TEST(BaseChain, TableHasOneRowPerSlot) {
  Recording recording;
  MemorySink sink;
  recording.add_sink(sink);
  BaseChainParams p = quiet();
  p.missed_slot_probability = 30_percent;
  L1World w(p, {.submissions = {{1_s, {.tag = 1, .gas = 50'000, .cap = milli(90'000)}}}},
            {.recording = &recording});
  ASSERT_TRUE(recording.start({}));
  w.run_slots(100);
  ASSERT_TRUE(recording.finish({}));
  const std::string table = "tables/l1_blocks";
  ASSERT_EQ(sink.rows(table), 100U);
  const auto missed = sink.column<std::uint8_t>(table, "missed");
  const auto gas = sink.column<std::int64_t>(table, "gas_used");
  const auto height = sink.column<std::uint64_t>(table, "height");
  std::uint64_t blocks = 0;
  std::int64_t gas_total = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    blocks += missed[i] == 0 ? 1 : 0;
    gas_total += gas[i];
    EXPECT_EQ(height[i], blocks);
  }
  EXPECT_EQ(blocks, w.chain().height());
  EXPECT_LT(blocks, 100U);
  EXPECT_EQ(gas_total, 50'000);
  EXPECT_EQ(sink.rows("series/l1/base_fee"), blocks);
}

}  // namespace
}  // namespace mezz::base_chain

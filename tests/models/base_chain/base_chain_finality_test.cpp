// Reorgs, finality, snapshots and books of the layer-one entity.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/base_chain/base_chain.h"
#include "tests/models/base_chain/l1_world.h"

namespace mezz::base_chain {
namespace {

SubmitL1Transaction plain(std::uint64_t tag) {
  return {.tag = tag, .tip = milli(1'000), .cap = milli(100'000)};
}

TEST(Reorg, UndoesLastFirstAndIncludesAgainInOrder) {
  // Transactions 1, 2 in block 1, 3 in block 2, 4 and 5 in block 3; the last two blocks fall.
  L1World w(
      quiet(),
      {.submissions =
           {{1_s, plain(1)}, {2_s, plain(2)}, {13_s, plain(3)}, {25_s, plain(4)}, {26_s, plain(5)}},
       .shocks = {{40_s, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2)}}});
  w.run_slots(3);
  w.party().notes.clear();
  w.run_slots(4);
  EXPECT_EQ(w.party().story("undo reorg execute head"),
            "undo 5 @3, undo 4 @3, undo 3 @2, reorg 2 @1, "
            "execute 3 @2, execute 4 @2, execute 5 @2, head 4 @2");
  EXPECT_EQ(w.party().story("reverted"), "reverted 5 @0, reverted 4 @0, reverted 3 @0");
  EXPECT_EQ(w.chain().time_of(2), Time::zero() + 48_s);
  EXPECT_EQ(w.chain().time_of(1), Time::zero() + 12_s);
}

TEST(Reorg, GivesBackTheFeesOfTheAncestor) {
  BaseChainParams p = crowded();
  p.initial_base_fee = 1_gwei;
  L1World w(p, {.shocks = {{5 * 12_s + 1_s,
                            shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 3)}}});
  w.run_slots(2);
  const GasPrice after_two = w.chain().base_fee();
  const Gas excess_after_two = w.chain().excess_blob_gas();
  w.run_slots(6);  // blocks 3 to 5 fall, block 3 comes again at slot 6
  EXPECT_EQ(w.chain().height(), 3U);
  EXPECT_EQ(w.chain().base_fee(), next_base_fee(after_two, {p.gas_limit, p.gas_limit}));
  EXPECT_EQ(w.chain().excess_blob_gas(),
            next_excess_blob_gas({.excess = excess_after_two, .blobs = 21, .base_fee = after_two},
                                 w.chain().schedule()));
}

TEST(Reorg, OrphansDoNotOweTheirFees) {
  L1World w(quiet(), {.submissions = {{1_s, plain(1)}},
                      .shocks = {{13_s, shock(ShockKind::L1Reorg, ShockEdge::Begins)},
                                 {13_s, shock(ShockKind::L1MissedSlots, ShockEdge::Begins)}}});
  w.run_slots(1);
  EXPECT_EQ(w.chain().spent().execution, fee(8_gwei, kTransactionGas));
  w.run_slots(3);  // every slot is missed: nobody builds, so nobody has reorganised yet
  EXPECT_EQ(w.chain().height(), 1U);
  L1World again(quiet(), {.submissions = {{1_s, plain(1)}},
                          .shocks = {{13_s, shock(ShockKind::L1Reorg, ShockEdge::Begins)}}});
  again.run_slots(2);
  EXPECT_EQ(again.chain().height(), 1U);
  EXPECT_EQ(again.party().all("included").size(), 2U);
  EXPECT_EQ(again.chain().spent().execution, fee(8_gwei, kTransactionGas));  // once, not twice
}

TEST(Reorg, NeverUndoesAFinalBlock) {
  L1World w(quiet(), {.shocks = {{1'000 * 12_s + 1_s, shock(ShockKind::L1Reorg, ShockEdge::Begins,
                                                            Ratio::one() * 500)}}});
  w.run_slots(1'000);
  const std::uint64_t final_height = w.chain().finalised_height();
  w.run_slots(1'001);
  EXPECT_EQ(w.chain().finalised_height(), final_height);
  EXPECT_EQ(w.chain().height(), final_height + 1);
  const auto reorgs = w.party().all("reorg");
  ASSERT_EQ(reorgs.size(), 1U);
  EXPECT_EQ(reorgs[0].height, final_height);
  EXPECT_EQ(reorgs[0].tag, 1'000 - final_height);
}

TEST(Reorg, HappensAsOftenAsTheParameterSays) {
  BaseChainParams p = quiet();
  p.reorg_probability = 2_percent;
  p.reorg_deeper = Ratio::zero();
  L1World w(p);
  w.run_slots(20'000);
  // Binomial(20 000, 0.02): mean 400, deviation 19.8; each costs one block.
  const auto reorgs = w.party().all("reorg");
  EXPECT_NEAR(static_cast<double>(reorgs.size()), 400.0, 80.0);
  EXPECT_EQ(w.chain().height(), 20'000 - reorgs.size());
}

// The time at which each height became final, index = height.
std::vector<Time> final_times(const Party& party) {
  std::vector<Time> times(1, Time::zero());
  for (const Note& n : party.all("final")) {
    while (times.size() <= n.height) times.push_back(n.at);
  }
  return times;
}

TEST(Finality, Takes64To95SlotsFromInclusion) {
  L1World w(quiet());
  w.run_slots(32 * 40);
  const std::vector<Time> times = final_times(w.party());
  ASSERT_GT(times.size(), 1'100U);
  std::set<std::int64_t> waits;
  for (std::uint64_t height = 1; height < times.size(); ++height) {
    waits.insert((times[height] - w.chain().time_of(height)) / 12_s);
  }
  EXPECT_EQ(*waits.begin(), 64);
  EXPECT_EQ(*waits.rbegin(), 95);
  EXPECT_EQ(waits.size(), 32U);
}

// The validation sheet, A-T-5: a transaction sent at a uniformly distributed time is final after
// U(12.8, 19.2) min, mean 16.0.
TEST(Finality, OfATransactionTakesSixteenMinutesOnAverage) {
  Script script;
  const std::int64_t epochs = 100;
  for (std::int64_t i = 0; i < 10 * 32 * epochs; ++i) {  // ten per slot, at slot / 20, 3 slot / 20
    SubmitL1Transaction call = plain(static_cast<std::uint64_t>(i));
    call.cap = milli(4'000'000);
    script.submissions.push_back({12_s * i / 10 + 600_ms, call});
  }
  L1World w(quiet(), script);
  w.run_slots(32 * (epochs + 4));
  const std::vector<Time> times = final_times(w.party());
  double sum = 0.0;
  Duration shortest = Duration::max();
  Duration longest = Duration::zero();
  const auto included = w.party().all("included");
  ASSERT_EQ(included.size(), script.submissions.size());
  for (const Note& n : included) {
    ASSERT_LT(n.height, times.size());
    const Duration delay = times[n.height] - (Time::zero() + script.submissions[n.tag].first);
    sum += delay.seconds();
    shortest = std::min(shortest, delay);
    longest = std::max(longest, delay);
  }
  const double mean_minutes = sum / static_cast<double>(included.size()) / 60.0;
  EXPECT_NEAR(mean_minutes, 16.0, 0.08);
  EXPECT_GE(shortest, 768_s);   // 12.8 min
  EXPECT_LE(longest, 1'152_s);  // 19.2 min
}

TEST(Finality, StopsBelowTwoThirdsAndCatchesUpAfterwards) {
  const Duration epoch = 32 * 12_s;
  L1World w(quiet(),
            {.shocks = {{epoch * 5 + 1_s, shock(ShockKind::L1NoFinality, ShockEdge::Begins)},
                        {epoch * 15 + 1_s, shock(ShockKind::L1NoFinality, ShockEdge::Ends)}}});
  w.run_slots(32 * 5);
  const std::uint64_t before = w.chain().finalised_height();
  EXPECT_EQ(before, 32U * 3);
  w.run_slots(32 * 15);
  EXPECT_EQ(w.chain().finalised_height(), before);
  EXPECT_EQ(w.chain().height(), 32U * 15);  // blocks go on
  // Epoch 15 and 16 are good again: checkpoint 15 is final at the end of epoch 16.
  w.run_slots(32 * 17 - 1);
  EXPECT_EQ(w.chain().finalised_height(), before);
  w.run_slots(32 * 17);
  EXPECT_EQ(w.chain().finalised_height(), 32U * 15);
}

TEST(Finality, MissedCheckpointFinalisesTheBlockBeforeIt) {
  // Slots 30 to 34 are missed: the checkpoint of epoch 1 is the block of slot 29.
  L1World w(quiet(),
            {.shocks = {{29 * 12_s + 1_s, shock(ShockKind::L1MissedSlots, ShockEdge::Begins)},
                        {34 * 12_s + 1_s, shock(ShockKind::L1MissedSlots, ShockEdge::Ends)}}});
  w.run_slots(96);
  EXPECT_EQ(w.chain().finalised_height(), 29U);
  EXPECT_EQ(w.chain().time_of(30), Time::zero() + 35 * 12_s);
}

// Default parameters, traffic, every shock: a bit of everything.
L1World busy(std::uint64_t seed) {
  BaseChainParams p;
  p.reorg_probability = 3_percent;
  p.reorg_deeper = 30_percent;
  Script script;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    script.submissions.push_back({Duration{static_cast<std::int64_t>(i) * 3'700'000'000},
                                  {.tag = i,
                                   .gas = 21'000 + n % 7 * 400'000,
                                   .blobs = static_cast<std::uint16_t>(n % 5 == 0 ? n % 7 : 0),
                                   .kind = static_cast<L1CallKind>(i % kL1CallKinds),
                                   .tip = milli(n * 37 % 3'000),
                                   .cap = milli(5'000 + n * 101 % 90'000)}});
  }
  for (const ShockKind kind :
       {ShockKind::L1Reorg, ShockKind::L1NoFinality, ShockKind::L1MissedSlots, ShockKind::GasSpike,
        ShockKind::BlobSpike}) {
    const Duration begin = 600_s * (2 + static_cast<int>(kind));
    const Ratio size = kind == ShockKind::L1MissedSlots ? 40_percent : Ratio::one() * 4;
    script.shocks.push_back({begin, shock(kind, ShockEdge::Begins, size)});
    script.shocks.push_back({begin + 1_h, shock(kind, ShockEdge::Ends, size)});
  }
  script.pulses = {{1_h, {10_percent}}, {90_min, {25_percent}}};
  return L1World(p, std::move(script), {.seed = seed});
}

TEST(BaseChain, RestoredRunIsTheUninterruptedRun) {
  L1World whole = busy(11);
  whole.run_slots(1'200);
  for (const std::int64_t cut : {601, 777}) {  // 601 lies inside the shocks
    L1World first = busy(11);
    first.run_slots(cut);
    const std::vector<std::byte> snapshot = first.world.save();
    L1World second = busy(11);
    second.world.restore(snapshot);
    EXPECT_EQ(second.world.save(), snapshot);
    second.run_slots(1'200);
    EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
    EXPECT_EQ(second.world.save(), whole.world.save());
  }
}

TEST(BaseChain, SameSeedSameRunOtherSeedOtherRun) {
  L1World a = busy(1);
  L1World b = busy(1);
  L1World c = busy(2);
  for (L1World* w : {&a, &b, &c}) w->run_slots(500);
  EXPECT_EQ(a.world.engine().fingerprint(), b.world.engine().fingerprint());
  EXPECT_NE(a.world.engine().fingerprint(), c.world.engine().fingerprint());
}

TEST(BaseChain, SpendingIsTheSumOfStandingReceipts) {
  L1World w = busy(3);
  w.run_slots(1'200);
  std::map<std::uint64_t, Note> standing;  // by tag: included and not reverted since
  std::size_t reverted = 0;
  for (const Note& n : w.party().notes) {
    if (n.what == "included") {
      EXPECT_TRUE(standing.emplace(n.tag, n).second) << n.tag << " is in two blocks";
    }
    if (n.what == "reverted") {
      EXPECT_EQ(standing.erase(n.tag), 1U);
      ++reverted;
    }
  }
  EXPECT_GT(reverted, 5U);
  EXPECT_GT(standing.size(), 2'000U);
  EXPECT_EQ(standing.size() + w.chain().mempool_size(), 3'000U);
  Int128 execution = 0;
  Int128 blobs = 0;
  for (const auto& [tag, n] : standing) {
    execution += Int128{1'000'000'000} * static_cast<std::int64_t>(n.execution_gwei);
    blobs += Int128{1'000'000'000} * static_cast<std::int64_t>(n.blob_gwei);
  }
  const auto rounding = Int128{1'000'000'000} * static_cast<std::int64_t>(standing.size());
  const L1Spending spent = w.chain().spent();
  EXPECT_LE(spent.execution.value, execution);
  EXPECT_GT(spent.execution.value, execution - rounding);
  EXPECT_LE(spent.blobs.value, blobs);
  EXPECT_GT(spent.blobs.value, blobs - rounding);
  Wei by_kind;
  for (std::size_t kind = 0; kind < kL1CallKinds; ++kind) {
    by_kind += w.chain().spent(static_cast<L1CallKind>(kind)).execution;
  }
  EXPECT_EQ(by_kind, spent.execution);
}

TEST(BaseChain, EveryUndoMirrorsTheLastStandingExecution) {
  L1World w = busy(4);
  w.run_slots(1'200);
  std::vector<std::uint64_t> stack;
  for (const Note& n : w.party().notes) {
    if (n.what == "execute") stack.push_back(n.tag);
    if (n.what != "undo") continue;
    ASSERT_FALSE(stack.empty());
    ASSERT_EQ(stack.back(), n.tag);
    stack.pop_back();
  }
}

}  // namespace
}  // namespace mezz::base_chain

// The kinds and orders of [sequencing] in a whole layer two: fail-over, consensus, tips, express
// lane. Nobody trades; accounts cancel or withdraw by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/layer2/sequencing/express_lane.h"
#include "models/layer2/sequencing/leader_rotation.h"
#include "models/layer2/sequencing/pair_sequencer.h"
#include "sim/check/error.h"
#include "tests/models/layer2/designs/design_world.h"

namespace mezz {
namespace {

using testing::DesignWorld;

Time at(Duration since_start) { return Time::zero() + since_start; }

Layer2Params with(SequencingKind kind) {
  Layer2Params p;
  p.sequencing.kind = kind;
  p.proposer.output_interval = 1'000'000;
  p.attacker.style = AttackStyle::Silent;
  return p;
}
template <class Sequencer>
Sequencer& sequencer(DesignWorld& w) {
  return *static_cast<Sequencer*>(w.world.find("l2/sequencer"));
}
void send(DesignWorld& w, Duration when, std::uint64_t reference, std::uint8_t priority = 0) {
  w.world.engine().schedule(at(when), w.layer2.inbox,
                            SubmitTransaction{{.account = AccountId{0},
                                               .kind = TxKind::CancelAll,
                                               .priority = priority,
                                               .reference = reference,
                                               .submitted = at(when)}});
}
// References of the users' transactions in the order of the chain.
std::vector<std::uint64_t> order(DesignWorld& w) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 0; i < w.chain().transactions(); ++i) {
    const Transaction& tx = w.chain().transaction(i).transaction;
    if (tx.kind == TxKind::CancelAll) out.push_back(tx.reference);
  }
  return out;
}
using References = std::vector<std::uint64_t>;

// ---- tips

TEST(PriorityFee, OrderOfABlockIsByTipAndTipsAreRevenue) {
  Layer2Params p = with(SequencingKind::Single);
  p.sequencing.order = OrderingRule::PriorityFee;
  DesignWorld w(build_optimistic_rollup, p);
  send(w, 100_ms, 1, 0);
  send(w, 200_ms, 2, 9);
  send(w, 300_ms, 3, 1);
  send(w, 400_ms, 4, 9);
  w.run(3_s);
  EXPECT_EQ(order(w), (References{2, 4, 3, 1}));
  // (2 + 2 + 1) x 0.001 gwei x 150 000 gas = 750 gwei.
  EXPECT_EQ(sequencer<SingleSequencer>(w).tips().value, Int128{750'000'000'000});
}

TEST(PriorityFee, FlashblocksOrderWhatWaitsFiveTimesASecond) {
  Layer2Params p = with(SequencingKind::Single);
  p.sequencing.order = OrderingRule::PriorityFee;
  p.sequencing.priority_fee.sub_block = 200_ms;
  DesignWorld w(build_optimistic_rollup, p);
  send(w, 50_ms, 1, 1);   // first flashblock, at 200 ms
  send(w, 150_ms, 2, 5);  // too
  send(w, 250_ms, 3, 9);  // second: the higher tip comes too late
  w.run(3_s);
  EXPECT_EQ(order(w), (References{2, 1, 3}));
}

TEST(PriorityFee, AFullQueueGivesUpTheLowestTip) {
  Layer2Params p = with(SequencingKind::Single);
  p.sequencing.order = OrderingRule::PriorityFee;
  p.sequencing.queue_max = 2;
  DesignWorld w(build_optimistic_rollup, p);
  send(w, 100_ms, 1, 1);
  send(w, 200_ms, 2, 4);
  send(w, 300_ms, 3, 2);
  send(w, 400_ms, 4, 1);
  w.run(3_s);
  EXPECT_EQ(order(w), (References{2, 3}));
  EXPECT_EQ(sequencer<SingleSequencer>(w).counts().refused, 2U);
}

TEST(PriorityFee, ARollbackGivesTheTipsBack) {
  Layer2Params p = with(SequencingKind::Single);
  p.sequencing.order = OrderingRule::PriorityFee;
  DesignWorld w(build_optimistic_rollup, p);
  send(w, 100_ms, 1, 9);
  w.shock(2'500_ms, 2'600_ms, ShockKind::SequencerReorg, Ratio::one() * 5);
  w.run(3_s);
  EXPECT_EQ(w.chain().head(), BlockId{0});
  EXPECT_EQ(sequencer<SingleSequencer>(w).tips(), Wei::zero());
  w.run(5_s);
  EXPECT_EQ(order(w), (References{1}));
  EXPECT_EQ(sequencer<SingleSequencer>(w).tips().value, Int128{300'000'000'000});
}

// ---- express lane

Layer2Params lane() {
  Layer2Params p = with(SequencingKind::Single);
  p.sequencing.order = OrderingRule::ExpressLane;
  return p;
}
void bid(DesignWorld& w, Duration when, std::uint64_t bidder, std::uint64_t gwei) {
  auto& entity = *static_cast<ExpressLane*>(w.world.find("l2/express_lane"));
  w.world.engine().schedule(at(when), entity.self(), LaneBid{.bidder = bidder, .gwei = gwei});
}

TEST(ExpressLane, OthersWaitTwoHundredMillisecondsWhileSomebodyHoldsIt) {
  DesignWorld w(build_optimistic_rollup, lane());
  bid(w, 10_s, 2, 5'000'000);
  bid(w, 20_s, 1, 3'000'000);
  // Round 0 has no holder: nobody waits, the block of 2 s takes both in order of arrival.
  send(w, 1'900_ms, 1, 0);
  send(w, 1'950_ms, 2, 2);
  // Round 1 (60 to 120 s) is bidder 2's: his transaction overtakes those of the last 200 ms.
  send(w, 61'850_ms, 3, 0);
  send(w, 61'860_ms, 4, 1);
  send(w, 61'950_ms, 5, 2);
  w.run(70_s);
  EXPECT_EQ(order(w), (References{1, 2, 5, 3, 4}));
  EXPECT_EQ(w.metric("express_lane.revenue"), 0.003);
  EXPECT_EQ(sequencer<SingleSequencer>(w).counts().express, 1U);
  // Nobody bid for round 2.
  send(w, 121'950_ms, 6, 0);
  w.run(122_s);
  EXPECT_EQ(order(w).back(), 6U);
}

// 2509.22143: the two strongest hold more than 90 % of the rounds. Default bidders, a market of
// 100 % a year: 25 hours are 1500 auctions.
TEST(ExpressLane, TwoStrongestBiddersHoldMostRounds) {
  World world({.seed = 3});
  const ExpressLaneParams p;
  const auto lane_ref = world.add<ExpressLane>("lane", p);
  std::vector<Ref<LaneBidder>> bidders;
  for (std::int64_t i = 1; i <= p.bidders; ++i) {
    bidders.push_back(
        world.add<LaneBidder>("bidder/" + std::to_string(i), {.number = i, .lane = p}, lane_ref));
  }
  world.start();
  // 2 s steps of +-s: volatility a year 1.0 means s = sqrt(2 / 31 536 000) = 2.518e-4.
  for (std::int64_t i = 0; i < 45'000; ++i) {
    const Time when = at(2_s * i);
    const std::int64_t tick = 1'000'000 + (i % 2) * 252;
    for (const auto& bidder : bidders) {
      world.engine().schedule(when, bidder,
                              MarketUpdate{.block = BlockId{0},
                                           .oracle = Price{tick},
                                           .best_bid = {},
                                           .best_ask = {},
                                           .last_trade = {},
                                           .oracle_time = when});
    }
  }
  world.run(at(90'000_s));
  EXPECT_NEAR(world.get(bidders[0]).volatility(), 1.0, 0.01);
  const std::vector<std::uint64_t>& held = world.get(lane_ref).rounds_held();
  EXPECT_GT(lane::top_two_share(held), 0.9);
  EXPECT_GT(lane::concentration(held), 0.5);
  // Second price: between the second's mean worth and the first's (0.7 and 1 x 0.004 ETH).
  const double per_round = world.get(lane_ref).revenue().ether() / 1500.0;
  EXPECT_GT(per_round, 0.7 * 0.004 * 0.9);
  EXPECT_LT(per_round, 0.004);
}

// ---- leader and standby

TEST(PairSequencer, LeaseEndsAfterTheChecksFailed) {
  const PairParams p;  // checks every 1 s, three must fail, lease 5 s
  EXPECT_EQ(lease_over(at(10'400_ms), p), at(15_s));
  PairParams short_lease = p;
  short_lease.lease = 2_s;
  EXPECT_EQ(lease_over(at(10'400_ms), short_lease), at(13_s));
}

Layer2Params pair() {
  Layer2Params p = with(SequencingKind::Pair);
  p.sequencing.pair.failover_fails = Ratio::zero();
  p.sequencing.pair.replication = DelayDistribution::constant(3_s);
  return p;
}

TEST(PairSequencer, StandbyTakesOverAfterLeaseAndTakeover) {
  DesignWorld w(build_optimistic_rollup, pair());
  w.shock(100'400_ms, 1_h, ShockKind::SequencerDown);
  w.run(105_s);
  EXPECT_EQ(w.chain().head(), BlockId{50});  // the last at 100 s
  w.run(300_s);
  // Last good check 100 s, lease to 105 s, take-over 2 s: leads from 107 s on. Blocks sealed after
  // 97.4 s (98 and 100 s) were unknown to the standby.
  const PairSequencer& s = sequencer<PairSequencer>(w);
  EXPECT_EQ(s.downtime(), Duration{6'600_ms});
  EXPECT_EQ(s.counts().failovers, 1U);
  EXPECT_EQ(s.counts().dropped, 2U);
  EXPECT_EQ(w.chain().block(BlockId{48}).sealed, at(96_s));
  EXPECT_EQ(w.chain().block(BlockId{49}).sealed, at(108_s));
  EXPECT_TRUE(w.conserved());
}

TEST(PairSequencer, ALeaderThatIsBackBeforeItsLeaseEndsStays) {
  DesignWorld w(build_optimistic_rollup, pair());
  w.shock(100'400_ms, 104_s, ShockKind::SequencerDown);
  w.run(200_s);
  EXPECT_EQ(sequencer<PairSequencer>(w).counts().failovers, 0U);
  EXPECT_EQ(sequencer<PairSequencer>(w).downtime(), Duration{3'600_ms});
}

// Base, 2025-08-05: 06:07 to 06:40 UTC, the standby elected was not provisioned; no reorg.
TEST(PairSequencer, FailoverInNameOnlyStopsTheChainForThirtyThreeMinutes) {
  DesignWorld w(build_optimistic_rollup, pair());
  w.shock(420_s, 420_s + 33_min, ShockKind::FailoverFails);
  w.run(1_h);
  const PairSequencer& s = sequencer<PairSequencer>(w);
  EXPECT_EQ(s.downtime(), Duration{33_min});
  EXPECT_EQ(s.counts().dropped, 0U);
  EXPECT_EQ(s.phase(), PairPhase::Leading);
}

TEST(PairSequencer, AFailedTakeoverWaitsForTheRepair) {
  Layer2Params p = pair();
  p.sequencing.pair.failover_fails = Ratio::one();
  p.sequencing.pair.repair = DelayDistribution::constant(20_min);
  DesignWorld w(build_optimistic_rollup, p);
  w.shock(100'400_ms, 200_s, ShockKind::SequencerDown);
  w.run(1_h);
  // Lease to 105 s, then 20 min.
  EXPECT_EQ(sequencer<PairSequencer>(w).downtime(), Duration{20_min + 4'600_ms});
  EXPECT_EQ(sequencer<PairSequencer>(w).counts().stuck, 1U);
}

// ---- consensus

Layer2Params rotation(std::int64_t validators = 4) {
  Layer2Params p = with(SequencingKind::LeaderRotation);
  p.sequencing.leader_rotation.validators = validators;
  p.sequencing.leader_rotation.link.delay = DelayDistribution::constant(50_ms);
  return p;
}

TEST(LeaderRotation, ABlockTakesThreeWiresAndFollowsTheInterval) {
  DesignWorld w(build_optimistic_rollup, rotation());
  w.run(100_s);
  // Start 2 s; proposal, prevotes, precommits: 50 ms each.
  EXPECT_EQ(w.chain().block(BlockId{1}).sealed, at(2'150_ms));
  EXPECT_EQ(w.chain().block(BlockId{11}).sealed - w.chain().block(BlockId{1}).sealed,
            Duration{20_s});
  EXPECT_EQ(w.metric("consensus.late_rounds"), 0.0);
}

TEST(LeaderRotation, AThirdSilentGoesOnMoreHalts) {
  DesignWorld w(build_optimistic_rollup, rotation());
  w.shock(100_s, 400_s, ShockKind::ValidatorsDown, 25_percent);  // one of four
  w.shock(500_s, 800_s, ShockKind::ValidatorsDown, 26_percent);  // two of four
  w.run(400_s);
  const std::uint64_t degraded = w.chain().head().value;
  EXPECT_GT(degraded, 100U);
  EXPECT_GT(w.metric("consensus.late_rounds"), 10.0);
  w.run(505_s);
  const BlockId halted = w.chain().head();
  w.run(800_s);
  EXPECT_EQ(w.chain().head(), halted);
  w.run(1'000_s);
  EXPECT_GT(w.chain().head().value, halted.value + 90);
  EXPECT_NEAR(w.metric("consensus.longest_gap"), 300.0, 8.0);
  EXPECT_TRUE(w.conserved());
}

TEST(LeaderRotation, ASilentLeaderCostsItsTimeouts) {
  Layer2Params p = rotation();
  p.sequencing.leader_rotation.election = LeaderElection::RoundRobin;
  DesignWorld w(build_optimistic_rollup, p);
  w.shock(0_s, 1_h, ShockKind::ValidatorsDown, 25_percent);  // validator 3 leads height 3
  w.run(30_s);
  // Height 3 begins 4 s after height 1 did. No proposal for 3 s, nil prevotes and nil precommits
  // (50 ms each), then the precommit timeout of 1 s (it begins with the quorum of precommits), then
  // a round of 150 ms.
  const Time third = w.chain().block(BlockId{3}).sealed;
  EXPECT_EQ(third, at(6_s + 3_s + 50_ms + 50_ms + 1_s + 150_ms));
}

TEST(LeaderRotation, DeepReorgStopsAtWhatIsPublished) {
  DesignWorld w(build_optimistic_rollup, rotation());
  w.shock(599_s, 600_s, ShockKind::SequencerReorg, Ratio::one() * 10'000);
  w.run(598_s);
  const BlockId safe = w.chain().reached(Rung::Published);
  ASSERT_GT(safe.value, 0U);
  w.run(599_s);
  EXPECT_EQ(w.chain().head(), safe);
  w.run(700_s);
  EXPECT_TRUE(w.conserved());
}

// Row A-T-6: with a share x of censoring leaders P(delay >= k blocks) = x^k. One censored account
// sends a transaction before every block; four equal validators of which half censor everybody.
TEST(LeaderRotation, CensoredInclusionDelayIsGeometric) {
  Layer2Params p = rotation(4);
  p.sequencing.leader_rotation.censored_accounts = Ratio::one();
  p.availability.max_channel_duration = 1_h;
  DesignWorld w(build_optimistic_rollup, p);
  w.shock(0_s, 1'000_h, ShockKind::Censorship, 50_percent);
  constexpr std::int64_t kSent = 4'000;
  // Every 20 s: ten blocks later it is in with probability 1 - 2^-10, and delays hardly overlap.
  for (std::int64_t i = 1; i <= kSent; ++i) {
    send(w, 20_s * i + 500_ms, static_cast<std::uint64_t>(i));
  }
  w.run(20_s * (kSent + 30));
  std::vector<std::int64_t> waited(8, 0);
  std::int64_t seen = 0;
  double sum = 0.0;
  for (std::uint64_t b = 1; b <= w.chain().head().value; ++b) {
    const Layer2Block& block = w.chain().block(BlockId{b});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = w.chain().transaction(i).transaction;
      if (tx.kind != TxKind::CancelAll) continue;
      // Blocks come at 150 ms past every second second; proposals at the full one.
      const std::int64_t delay = (block.sealed - tx.submitted).ns / Duration{2_s}.ns;
      ++waited[static_cast<std::size_t>(std::min<std::int64_t>(delay, 7))];
      sum += static_cast<double>(delay);
      ++seen;
    }
  }
  ASSERT_EQ(seen, kSent);
  double chi2 = 0.0;
  for (int k = 0; k < 8; ++k) {
    const double share = k < 7 ? std::pow(0.5, k + 1) : std::pow(0.5, 7);
    const double expected = share * static_cast<double>(kSent);
    const double error = static_cast<double>(waited[static_cast<std::size_t>(k)]) - expected;
    chi2 += error * error / expected;
  }
  EXPECT_LT(chi2, 18.48);                                    // 7 degrees of freedom, p = 0.01
  EXPECT_NEAR(sum / static_cast<double>(kSent), 1.0, 0.07);  // x / (1 - x), 3 standard errors
}

// ---- everything at once, twice

TEST(SequencingKinds, RestoredRunIsTheUninterruptedRun) {
  for (const SequencingKind kind :
       {SequencingKind::Single, SequencingKind::Pair, SequencingKind::LeaderRotation}) {
    for (const OrderingRule rule : {OrderingRule::PriorityFee, OrderingRule::ExpressLane}) {
      Layer2Params p = with(kind);
      p.sequencing.order = rule;
      p.sequencing.pair.repair = DelayDistribution::exponential(60_s);
      const auto script = [](DesignWorld& w) {
        for (std::uint64_t i = 0; i < 300; ++i) {
          send(w, 3_s * static_cast<std::int64_t>(i), i, static_cast<std::uint8_t>(i % 7));
        }
        w.shock(100_s, 190_s, ShockKind::SequencerDown);
        w.shock(300_s, 345_s, ShockKind::FailoverFails);
        w.shock(420_s, 520_s, ShockKind::ValidatorsDown, 50_percent);
        w.shock(460_s, 461_s, ShockKind::SequencerReorg, Ratio::one() * 3);
        w.shock(550_s, 700_s, ShockKind::Censorship, 40_percent);
      };
      DesignWorld whole(build_optimistic_rollup, p);
      script(whole);
      whole.run(900_s);
      DesignWorld first(build_optimistic_rollup, p);
      script(first);
      first.run(470_s);
      const std::vector<std::byte> snapshot = first.world.save();
      DesignWorld second(build_optimistic_rollup, p);
      second.world.restore(snapshot);
      second.run(900_s);
      EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
      EXPECT_EQ(second.world.save(), whole.world.save());
      EXPECT_TRUE(whole.conserved());
      EXPECT_GT(whole.chain().head().value, 200U);
    }
  }
}

TEST(SequencingKinds, StalledQueueTakesEveryMessageLater) {
  Layer2Params p = with(SequencingKind::Single);
  p.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  DesignWorld w(build_optimistic_rollup, p);
  w.shock(0_s, 600_s, ShockKind::ForcedQueueStalled);
  w.world.engine().schedule(at(13_s), w.l1,
                            SubmitL1Transaction{.to = w.layer2.deposits,
                                                .a = 0,
                                                .b = 7'000'000,
                                                .gas = 100'000,
                                                .kind = L1CallKind::Deposit,
                                                .tip = {2'000},
                                                .cap = {100'000'000}});
  w.run(599_s);
  EXPECT_EQ(w.layer2.node->exchange().quote(AccountId{0}), Money{1'000_usd});
  EXPECT_EQ(w.chain().head_block().l1_origin, 0U);
  w.run(605_s);
  EXPECT_EQ(w.layer2.node->exchange().quote(AccountId{0}), Money{1'007_usd});
  EXPECT_TRUE(w.conserved());
}

TEST(SequencingKinds, ContradictionsAreRefusedByName) {
  struct Case {
    const char* path;
    void (*spoil)(SequencerParams& p);
  };
  const Case cases[] = {
      {"sequencing.express_lane.closing",
       [](SequencerParams& p) {
         p.order = OrderingRule::ExpressLane;
         p.express_lane.closing = 60_s;
       }},
      {"sequencing.express_lane.lead",
       [](SequencerParams& p) {
         p.order = OrderingRule::ExpressLane;
         p.express_lane.lead = 45_s;
       }},
      {"sequencing.express_lane.deposit",
       [](SequencerParams& p) {
         p.order = OrderingRule::ExpressLane;
         p.express_lane.deposit = Wei::zero();
       }},
      {"sequencing.pair.lease",
       [](SequencerParams& p) {
         p.kind = SequencingKind::Pair;
         p.pair.lease = 500_ms;
       }},
      {"sequencing.leader_rotation.timeout_propose",
       [](SequencerParams& p) {
         p.kind = SequencingKind::LeaderRotation;
         p.leader_rotation.timeout_propose = 100_ms;
       }},
      {"sequencing.leader_rotation.stake",
       [](SequencerParams& p) {
         p.kind = SequencingKind::LeaderRotation;
         p.leader_rotation.stake = 2'000'000'000;
       }},
      {"sequencing.priority_fee.sub_block",
       [](SequencerParams& p) {
         p.order = OrderingRule::PriorityFee;
         p.priority_fee.sub_block = 2_s;
       }},
      {"sequencing.priority_fee.sub_block",
       [](SequencerParams& p) {
         p.kind = SequencingKind::Pair;
         p.order = OrderingRule::PriorityFee;
         p.priority_fee.sub_block = 200_ms;
       }},
  };
  for (const Case& c : cases) {
    Layer2Params p;
    c.spoil(p.sequencing);
    try {
      DesignWorld w(build_optimistic_rollup, p);
      ADD_FAILURE() << c.path << " was accepted";
    } catch (const ScenarioError& error) {
      EXPECT_EQ(error.path(), c.path);
    }
  }
}

}  // namespace
}  // namespace mezz

// The section [sequencing]: who orders (kind), in which order (order), and the limits that every
// sequencer has whoever it is. Names of op-node, op-geth and Nitro where they have one. Sources of
// the defaults: reference sheet "layer-two protocols" sections 2.1 and 8.
#pragma once

#include <cstdint>

#include "models/layer2/sequencing/ordering.h"
#include "sim/config/visit.h"
#include "sim/engine/link.h"
#include "sim/random/distribution_params.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz {

enum class SequencingKind : std::uint8_t {
  Single,          // one machine
  LeaderRotation,  // validators with stake, Tendermint rounds
  Pair,            // a leader with a lease and a standby
};
template <>
struct EnumNames<SequencingKind> {
  static constexpr std::string_view names[] = {"single", "leader_rotation", "pair"};
};

struct PriorityFeeParams {
  GasPrice tip_floor{1'000'000};
  Gas gas{150'000};
  Duration sub_block = Duration::zero();

  void visit(auto& v) {
    v("tip_floor", tip_floor,
      {.doc = "Tip of level 1; eight levels double it (op-geth's least tip: 0.001 gwei)",
       .min = GasPrice{0},
       .max = GasPrice{1'000'000'000}});
    v("gas", gas, {.doc = "Gas of layer two that a transaction pays its tip for [D]"});
    v("sub_block", sub_block,
      {.doc = "Flashblocks: what waits is put in its final order this often (Base 200 ms); 0: once "
              "per block"});
  }
};

struct ExpressLaneParams {
  Duration round = 60_s;
  Duration closing = 15_s;
  Wei reserve{1'000'000'000'000'000};
  Duration delay = 200_ms;
  std::int64_t bids_max = 5;
  std::int64_t bidders = 5;
  Wei value{Int128{4'000'000'000'000'000}};
  double edge = 0.7;
  double noise = 0.2;
  Duration lead = 1_s;
  Wei deposit{Int128{100} * 1'000'000'000'000'000'000};

  void visit(auto& v) {
    v("round", round, {.doc = "Time the lane is held (Timeboost: 60 s)", .min = 1_s, .max = 1_d});
    v("closing", closing,
      {.doc = "Bids close this long before the round (Timeboost: 15 s)", .min = 1_ms});
    v("reserve", reserve, {.doc = "Least price (Timeboost: 0.001 WETH)"});
    v("delay", delay,
      {.doc = "Everybody else's delay while somebody holds the lane (Timeboost: 200 ms)"});
    v("bids_max", bids_max, {.doc = "Bids per round and bidder (Timeboost: 5)", .min = 1});
    v("bidders", bidders,
      {.doc = "Parties that bid; transactions of priority k use the lane of bidder k",
       .min = 1,
       .max = 255});
    v("value", value,
      {.doc = "Worth of a round to the strongest bidder when volatility is 100 % a year [D]"});
    v("edge", edge,
      {.doc = "Worth of a round to each bidder as a share of the one before [D]",
       .min = 0.0,
       .max = 1.0});
    v("noise", noise,
      {.doc = "Standard deviation of the logarithm of a bidder's worth per round [D]",
       .min = 0.0,
       .max = 3.0});
    v("lead", lead, {.doc = "How long before the close they bid [D]", .min = 1_ms});
    v("deposit", deposit, {.doc = "What each bidder has deposited for bids"});
  }
};

struct BatchAuctionParams {
  Duration interval = Duration::zero();

  void visit(auto& v) {
    v("interval", interval,
      {.doc = "Orders are gathered this long and go into one block, which trades them at one "
              "price; 0: every block is a batch",
       .min = 0_s,
       .max = 1_h});
  }
};

struct PairParams {
  Duration health_interval = 1_s;
  std::int64_t unhealthy_checks = 3;
  Duration lease = 5_s;
  DelayDistribution takeover = DelayDistribution::constant(2_s);
  Ratio failover_fails = 20_percent;
  DelayDistribution repair = DelayDistribution::lognormal(5'400_s, 1.2);
  DelayDistribution replication = DelayDistribution::exponential(500_ms);

  void visit(auto& v) {
    v("health_interval", health_interval,
      {.doc = "Between two health checks of the leader (op-conductor: 1 s)", .min = 1_ms});
    v("unhealthy_checks", unhealthy_checks,
      {.doc = "Failed checks in a row after which the leader is given up [D]", .min = 1});
    v("lease", lease,
      {.doc = "How long leadership lasts after the last good check; nobody else may lead before",
       .min = 1_ms});
    v("takeover", takeover, {.doc = "From the end of the lease to the standby's first slot"});
    v("failover_fails", failover_fails,
      {.doc = "Probability that the standby takes over in name only (0.1 to 0.3 [D])",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("repair", repair,
      {.doc = "From a failed fail-over to an operator's repair (median 1 to 2 h)"});
    v("replication", replication,
      {.doc = "How far the standby's copy of the chain is behind when the leader fails"});
  }
};

enum class LeaderElection : std::uint8_t {
  RoundRobin,  // one after the other, whatever the stake
  Beacon,      // drawn by stake from a beacon that everybody knows
};
template <>
struct EnumNames<LeaderElection> {
  static constexpr std::string_view names[] = {"round_robin", "beacon"};
};

struct LeaderRotationParams {
  std::int64_t validators = 4;
  std::int64_t stake = 100;
  std::int64_t largest_stake = 100;
  LeaderElection election = LeaderElection::Beacon;
  Duration timeout_propose = 3_s;
  Duration timeout_prevote = 1_s;
  Duration timeout_precommit = 1_s;
  std::int64_t timeout_doublings = 6;
  Duration timeout_commit = 500_ms;
  Duration gossip_interval = 2_s;
  Ratio censored_accounts = 10_percent;
  Link link{.delay = DelayDistribution::lognormal(50_ms, 0.3)};

  void visit(auto& v) {
    v("validators", validators,
      {.doc = "Validators (Starknet 0.14: 3, dYdX: 60); at least 4 to survive one silent",
       .min = 1,
       .max = 48});
    v("stake", stake, {.doc = "Stake of each validator but the first", .min = 1});
    v("largest_stake", largest_stake, {.doc = "Stake of the first validator", .min = 1});
    v("election", election, {.doc = "Who proposes"});
    v("timeout_propose", timeout_propose,
      {.doc = "Wait for a proposal in the first round (CometBFT: 3 s)", .min = 1_ms});
    v("timeout_prevote", timeout_prevote,
      {.doc = "Wait for the other prevotes once 2/3 have voted (CometBFT: 1 s)", .min = 1_ms});
    v("timeout_precommit", timeout_precommit,
      {.doc = "Wait for the other precommits once 2/3 have voted (CometBFT: 1 s)", .min = 1_ms});
    v("timeout_doublings", timeout_doublings,
      {.doc = "Timeouts double with every round, this often at most", .min = 0, .max = 20});
    v("timeout_commit", timeout_commit,
      {.doc = "From a commit to the next height at the earliest (dYdX: 500 ms)", .min = 0_s});
    v("gossip_interval", gossip_interval,
      {.doc = "A validator without progress repeats its votes this often", .min = 10_ms});
    v("censored_accounts", censored_accounts,
      {.doc = "Share of the accounts that censoring leaders leave out",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("link", link, {.doc = "Wire between two validators, and between validators and the node"});
  }
};

struct SequencerParams {
  SequencingKind kind = SequencingKind::Single;
  OrderingRule order = OrderingRule::FirstCome;
  Duration block_time = 2_s;
  std::int64_t l1_confirmation_depth = 4;
  Duration max_sequencer_drift = 30_min;
  std::int64_t max_safe_lag = 0;
  std::int64_t transactions_per_block = 4'000;
  std::int64_t block_bytes_max = 750'000;
  std::int64_t queue_max = 100'000;
  Duration queue_timeout = Duration::zero();
  bool rpc_accepts_in_outage = true;
  PriorityFeeParams priority_fee = {};
  ExpressLaneParams express_lane = {};
  BatchAuctionParams batch_auction = {};
  PairParams pair = {};
  LeaderRotationParams leader_rotation = {};

  void visit(auto& v) {
    v("kind", kind, {.doc = "Who orders"});
    v("order", order, {.doc = "In which order transactions are taken"});
    v("block_time", block_time,
      {.doc = "Time between two blocks (OP 1 or 2 s, Nitro 250 ms)", .min = 1_ms, .max = 1_h});
    v("l1_confirmation_depth", l1_confirmation_depth,
      {.doc = "How far the adopted layer-one origin stays behind the head", .min = 0});
    v("max_sequencer_drift", max_sequencer_drift,
      {.doc = "Age of the origin above which blocks carry no user transactions (Fjord: 1800 s)"});
    v("max_safe_lag", max_safe_lag,
      {.doc = "Blocks that the head may be ahead of the safe head (op-node max-safe-lag); 0: any",
       .min = 0});
    v("transactions_per_block", transactions_per_block,
      {.doc = "Capacity of a block, messages from layer one included", .min = 1});
    v("block_bytes_max", block_bytes_max,
      {.doc = "Bytes to publish per block (op-geth max-da-block-size); six blobs at most, so that "
              "a block fits one layer-one transaction",
       .min = 1'000,
       .max = 761'856});
    v("queue_max", queue_max, {.doc = "Transactions that may wait", .min = 1});
    v("queue_timeout", queue_timeout,
      {.doc = "Age at which a waiting transaction is dropped (Nitro: 12 s); 0: never"});
    v("rpc_accepts_in_outage", rpc_accepts_in_outage,
      {.doc = "Transactions go on queueing while the sequencer is down"});
    v("priority_fee", priority_fee, {.doc = "Tips, where order = priority_fee"});
    v("express_lane", express_lane, {.doc = "The auction, where order = express_lane"});
    v("batch_auction", batch_auction, {.doc = "The batches, where order = batch_auction"});
    v("pair", pair, {.doc = "Lease and fail-over, where kind = pair"});
    v("leader_rotation", leader_rotation, {.doc = "Consensus, where kind = leader_rotation"});
  }
};

}  // namespace mezz

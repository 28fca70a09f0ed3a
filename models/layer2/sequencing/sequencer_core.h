// What every sequencer does whoever is at the helm: keeps the transactions that wait, and makes a
// block of them when its owner says so. A plain part of an entity (single_sequencer,
// pair_sequencer, leader_rotation), on the machine of the node. Source: op-node (origin selection,
// drift, recover mode), Nitro (queue size and timeout), geth (tips), Timeboost (express lane).
//
// A block: adopt the newest layer-one block that is l1_confirmation_depth deep (and that the gate,
// if there is one, has opened) as origin; the messages of all newly adopted origins first; then
// users' transactions in the order of the section, up to the capacity in transactions and bytes.
// While messages of layer one are not taken (ForcedQueueStalled, only where no rule forces them)
// the origin stands still and the drift rule is suspended: they come later, none is skipped. After
// a rollback the dropped transactions stand at the front of the queue again and their tips are
// given back.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "models/layer2/availability/derivation.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/messages.h"
#include "models/layer2/origin_gate.h"
#include "models/layer2/reporter.h"
#include "models/layer2/sequencing/sequencer_params.h"
#include "models/shock/shock.h"
#include "sim/engine/archive.h"
#include "sim/record/probe.h"

namespace mezz {

class ExpressLane;

struct SequencerCounts {
  std::uint64_t blocks = 0;
  std::uint64_t accepted = 0;
  std::uint64_t included = 0;  // of users; again after a rollback
  std::uint64_t messages = 0;  // from layer one
  std::uint64_t lost_at_rpc = 0;
  std::uint64_t refused = 0;  // queue full
  std::uint64_t expired = 0;
  std::uint64_t censored = 0;
  std::uint64_t returned = 0;         // by rollbacks
  std::uint64_t drift_blocks = 0;     // without users because the origin was too old
  std::uint64_t recovery_blocks = 0;  // without users because the window was about to end
  std::uint64_t safe_lag_waits = 0;   // slots without a block because of max_safe_lag
  std::uint64_t reorgs = 0;           // promises broken by the sequencer itself
  std::uint64_t stalled_blocks = 0;   // without the messages of layer one that were due
  std::uint64_t express = 0;          // included without the delay of the express lane
  std::uint64_t express_reverted = 0;
};

// True for the share of accounts that a censoring sequencer ignores; the same accounts for every
// seed, and more of them as the share grows.
bool censors(Ratio share, AccountId account);

// What a block takes from the queue.
struct Taking {
  enum class Ignored : std::uint8_t { Vanish, Wait };
  std::size_t waiting = SIZE_MAX;  // of the front of the queue, no more than so many
  Ratio censored = Ratio::zero();  // share of the accounts left out
  bool censor_withdrawals = false;
  Ignored ignored = Ignored::Vanish;
};

class SequencerCore final : public TransactionReturn {
 public:
  // Throws ScenarioError where order and kind contradict each other.
  SequencerCore(const Site& site, const SequencerParams& params, ExecutionNode& node,
                Derivation& derivation);

  // ---- while building
  void use_lane(const ExpressLane& lane) { lane_ = &lane; }
  void use_gate(const OriginGate& gate) { gate_ = &gate; }

  // ---- users
  // False when what the user sent is lost on the way in.
  bool reached(bool up);
  // True while somebody else holds the express lane: enqueue() it `express_lane.delay` later.
  [[nodiscard]] bool must_wait(Time now, const Transaction& tx) const;
  void enqueue(Context& ctx, Transaction tx);
  void take_back(Context& ctx, const std::vector<Transaction>& dropped) override;

  // ---- blocks
  // What the switches of a single operator ask for.
  [[nodiscard]] Taking own_taking() const;
  // One block, or the blocks that save the chain when a sequencing window is about to end. Nothing
  // when the chain is frozen or too far ahead of what is published.
  void make_blocks(Context& ctx, const Taking& taking);
  // Flashblock `number` of `count` in this block: what waits gets its final place.
  void close_sub_block(Context& ctx, std::int64_t number, std::int64_t count);
  // Drops up to `depth` blocks that layer one does not hold yet.
  void drop_blocks(Context& ctx, std::uint64_t depth, Layer2ReorgCause cause, BlockId floor);
  void drop_blocks(Context& ctx, const Shock& shock, Layer2ReorgCause cause);
  void note_queue(Time now) { queue_probe_.record(now, queue_.size()); }

  void apply(const Shock& shock);
  void report(MetricList& out) const;

  [[nodiscard]] const SequencerCounts& counts() const { return counts_; }
  [[nodiscard]] std::size_t queue_length() const { return queue_.size(); }
  [[nodiscard]] Wei tips() const { return tips_; }
  [[nodiscard]] const Derivation& derivation() const { return *derivation_; }
  [[nodiscard]] Derivation& derivation() { return *derivation_; }
  [[nodiscard]] const Switch& censorship() const { return censorship_; }
  [[nodiscard]] bool withdrawals_censored() const { return censor_withdrawals_.on(); }
  [[nodiscard]] const Layer2Chain& chain() const { return node_->chain(); }

  void visit_state(auto& v) {
    v("queue", queue_);
    v("counts", counts_);
    v("tips", tips_);
    v("placed", placed_);
    v("rpc_down", rpc_down_);
    v("degraded", degraded_);
    v("censorship", censorship_);
    v("censor_withdrawals", censor_withdrawals_);
    v("stalled", stalled_);
  }

 private:
  [[nodiscard]] std::uint64_t next_origin(Time now) const;
  [[nodiscard]] std::size_t capacity() const;
  [[nodiscard]] bool messages_stalled() const;
  [[nodiscard]] bool by_priority() const { return params_->order == OrderingRule::PriorityFee; }
  [[nodiscard]] bool make_room(Context& ctx, const Transaction& tx);
  void build(Context& ctx, const Taking& taking);
  void recover(Context& ctx);
  void take_from_queue(Context& ctx, const Taking& taking);
  void refuse(Context& ctx, const Transaction& tx) const;
  void note_express();

  const SequencerParams* params_;
  ExecutionNode* node_;
  Derivation* derivation_;
  const ExpressLane* lane_ = nullptr;
  const OriginGate* gate_ = nullptr;
  std::deque<Transaction> queue_;
  SequencerCounts counts_;
  Wei tips_;
  std::uint64_t placed_ = 0;  // front of the queue whose order is final (flashblocks)
  Switch rpc_down_;
  Switch degraded_;
  Switch censorship_;
  Switch censor_withdrawals_;
  Switch stalled_;
  std::vector<Transaction> block_;    // working space
  std::vector<Transaction> ignored_;  // working space

  Probe<std::uint64_t> queue_probe_{{.name = "queue_length",
                                     .doc = "Transactions waiting, before each block",
                                     .recorders = "timeavg vector",
                                     .unit = "tx"}};
  Probe<Duration> delay_probe_{{.name = "inclusion_delay",
                                .doc = "From submission by the user to the sealed block",
                                .recorders = "mean quantiles"}};
  Probe<Duration> sub_block_probe_{{.name = "sub_block_delay",
                                    .doc = "From submission by the user to the flashblock",
                                    .recorders = "mean quantiles"}};
};

}  // namespace mezz

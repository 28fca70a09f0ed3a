// One sequencer that orders everything: first come, first served. Source: op-node (sequencer,
// verifier confirmation depth, max safe lag), OP-Stack specs "derivation" (origin adoption, drift,
// Fjord: 1800 s), Nitro (queue size and timeout); reference sheet "layer-two protocols"
// section 2.1.
//
// Every block_time: adopt the newest layer-one block that is l1_confirmation_depth deep as origin;
// put the deposits and forced transactions of all newly adopted origins first, whatever they are
// (a sequencer that stays up cannot leave them out); then transactions of users from the queue, up
// to the capacity in transactions and bytes; execute, seal (rung Preconfirmed), tell everybody.
// While the origin is older than max_sequencer_drift the block carries no user transactions.
//
// Switches: RpcDown (what users send is lost, they hear nothing), SequencerDown (no blocks; the
// queue goes on filling if rpc_accepts_in_outage), SequencerDegraded (share of the capacity),
// Censorship (share of accounts, chosen by a hash of the account), CensorWithdrawals. Ignored
// transactions vanish without a word. A full queue refuses the newest (receipt Expired), a
// transaction older than queue_timeout is dropped when its turn comes (Nitro).
//
// Restart: OP fills the missed slots with blocks as fast as it can, advancing one origin per block,
// and time stamps lag the wall clock meanwhile. Here the missed slots fold into the first block
// after the outage, which adopts all missed origins; capacity lost in the outage stays lost. When
// the head is so old that its sequencing window is about to end, the sequencer first makes blocks
// without users, one per missed origin, which derivation lets stand (op-node --sequencer.recover,
// there switched on by the operator). After a rollback (derivation.h) the dropped transactions
// stand at the front of the queue again. Left out: fees and priority, flashblocks, gas per kind of
// transaction.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/layer2/availability/derivation.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/messages.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/probe.h"

namespace mezz {

struct SequencerParams {
  Duration block_time = 2_s;
  std::int64_t l1_confirmation_depth = 4;
  Duration max_sequencer_drift = 30_min;
  std::int64_t max_safe_lag = 0;
  std::int64_t transactions_per_block = 4'000;
  std::int64_t block_bytes_max = 750'000;
  std::int64_t queue_max = 100'000;
  Duration queue_timeout = Duration::zero();
  bool rpc_accepts_in_outage = true;

  void visit(auto& v) {
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
  }
};

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
};

// True for the share of accounts that a censoring sequencer ignores; the same accounts for every
// seed, and more of them as the share grows.
bool censors(Ratio share, AccountId account);

class SingleSequencer final : public EntityOf<SingleSequencer, SequencerParams, Inbox, Shockable>,
                              public TransactionReturn {
 public:
  struct SlotTick {};

  SingleSequencer(const Site& site, const SequencerParams& params, ExecutionNode& node,
                  Derivation& derivation);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const SlotTick&);
  void on(Context& ctx, const SubmitTransaction& message) override;
  void on(Context& ctx, const Shock& shock) override;
  void take_back(Context& ctx, const std::vector<Transaction>& dropped) override;

  // ---- while building
  void register_owner(AccountId first, std::uint32_t count, Ref<AccountOwner> owner) {
    derivation_->feed().register_owner(first, count, owner);
  }
  void observe_market(Ref<MarketObserver> observer) {
    derivation_->feed().observe_market(observer);
  }
  void observe_blocks(Ref<BlockObserver> observer) { derivation_->feed().observe_blocks(observer); }

  [[nodiscard]] const SequencerCounts& counts() const { return counts_; }
  [[nodiscard]] std::size_t queue_length() const { return queue_.size(); }

  void visit_state(auto& v) {
    v("queue", queue_);
    v("counts", counts_);
    v("rpc_down", rpc_down_);
    v("down", down_);
    v("degraded", degraded_);
    v("censorship", censorship_);
    v("censor_withdrawals", censor_withdrawals_);
  }

 private:
  [[nodiscard]] std::uint64_t next_origin(Time now) const;
  [[nodiscard]] std::size_t capacity() const;
  [[nodiscard]] bool ignores(const Transaction& tx) const;
  void build(Context& ctx);
  void recover(Context& ctx);
  void take_from_queue(Context& ctx);
  void refuse(Context& ctx, const Transaction& tx) const;

  ExecutionNode* node_;
  Derivation* derivation_;
  std::deque<Transaction> queue_;
  SequencerCounts counts_;
  Switch rpc_down_;
  Switch down_;
  Switch degraded_;
  Switch censorship_;
  Switch censor_withdrawals_;
  std::vector<Transaction> block_;  // working space of build()

  Probe<std::uint64_t> queue_probe_{{.name = "queue_length",
                                     .doc = "Transactions waiting, before each block",
                                     .recorders = "timeavg vector",
                                     .unit = "tx"}};
  Probe<Duration> delay_probe_{{.name = "inclusion_delay",
                                .doc = "From submission by the user to the sealed block",
                                .recorders = "mean quantiles"}};
};

}  // namespace mezz

// One sequencer that orders everything. Source: op-node (sequencer, verifier confirmation depth,
// max safe lag), OP-Stack specs "derivation" (origin adoption, drift, Fjord: 1800 s), Nitro (queue
// size and timeout); reference sheet "layer-two protocols" sections 2.1 and 8.
//
// Every block_time it makes a block (sequencer_core.h), seals it (rung Preconfirmed) and tells
// everybody. With tips and priority_fee.sub_block > 0 it fixes the order of what waits several
// times per block (flashblocks); the rung is still that of the block, the earlier promise is the
// probe sub_block_delay. With an express lane what others send reaches the queue later.
//
// Switches: RpcDown (what users send is lost, they hear nothing), SequencerDown (no blocks; the
// queue goes on filling if rpc_accepts_in_outage), SequencerDegraded (share of the capacity),
// Censorship (share of accounts, chosen by a hash of the account), CensorWithdrawals,
// ForcedQueueStalled, SequencerReorg (drops its newest blocks that are not yet published). Ignored
// transactions vanish without a word. A full queue refuses the newest (receipt Expired), a
// transaction older than queue_timeout is dropped when its turn comes (Nitro).
//
// Restart: OP fills the missed slots with blocks as fast as it can, advancing one origin per block,
// and time stamps lag the wall clock meanwhile. Here the missed slots fold into the first block
// after the outage, which adopts all missed origins; capacity lost in the outage stays lost. When
// the head is so old that its sequencing window is about to end, the sequencer first makes blocks
// without users, one per missed origin, which derivation lets stand (op-node --sequencer.recover,
// there switched on by the operator). Left out: gas per kind of transaction.
#pragma once

#include "models/layer2/sequencing/sequencer_core.h"
#include "sim/engine/entity.h"

namespace mezz {

class SingleSequencer final : public EntityOf<SingleSequencer, SequencerParams, Inbox, Shockable>,
                              public Reporter {
 public:
  struct SlotTick {};
  struct SubBlockTick {
    std::int64_t number;  // in its block, from 1
  };
  struct Delayed {
    Transaction transaction;
  };

  SingleSequencer(const Site& site, const SequencerParams& params, ExecutionNode& node,
                  Derivation& derivation);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const SlotTick&);
  void on(Context& ctx, const SubBlockTick& tick);
  void on(Context& ctx, const SubmitTransaction& message) override;
  void on(Context& ctx, const Delayed& message);
  void on(Context& ctx, const Shock& shock) override;

  // ---- while building
  void register_owner(AccountId first, std::uint32_t count, Ref<AccountOwner> owner) {
    core_.derivation().feed().register_owner(first, count, owner);
  }
  void observe_market(Ref<MarketObserver> observer) {
    core_.derivation().feed().observe_market(observer);
  }
  void observe_blocks(Ref<BlockObserver> observer) {
    core_.derivation().feed().observe_blocks(observer);
  }
  [[nodiscard]] SequencerCore& core() { return core_; }

  void report(MetricList& out) const override { core_.report(out); }

  [[nodiscard]] const SequencerCounts& counts() const { return core_.counts(); }
  [[nodiscard]] std::size_t queue_length() const { return core_.queue_length(); }
  [[nodiscard]] Wei tips() const { return core_.tips(); }

  void visit_state(auto& v) {
    v("core", core_);
    v("down", down_);
  }

 private:
  [[nodiscard]] std::int64_t sub_blocks() const;
  void start_sub_blocks(Context& ctx) const;

  SequencerCore core_;
  Switch down_;
};

}  // namespace mezz

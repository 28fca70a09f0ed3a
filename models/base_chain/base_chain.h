// Layer one as one entity: a slot clock, blocks, fees, a mempool, reorgs, finality. Source:
// consensus-specs phase0, EIP-1559/4844/7691/7825/7892/7918, reference sheet "layer-two protocols"
// section 1. The genesis block has height 0 and slot 0, at time 0; slot n begins at n x slot_time.
//
// What happens at the start of a slot, in this order:
//   1. at an epoch boundary, finality: L1Finalised to observers;
//   2. anonymous demand of the slot arrives; the slot may be missed: then that was all;
//   3. a reorg that is due, last block first and within a block last call first: L1Undo to the
//      contract, L1Reverted to the sender; then L1Reorg to observers. The new block builds on the
//      common ancestor and replaces the orphans, as on 2022-05-25 (7 blocks). A shock L1Reorg is
//      thus felt at the next block, where a node would learn of it;
//   4. the block: for each transaction in block order L1Execute to the contract, L1Included to the
//      sender; then L1Head to observers.
// All of it at one time. Contracts get theirs without delay; senders and observers over their link.
// A transaction that arrives at a slot's very start, after the chain's own timer, waits one slot.
// Fees of the orphans are not owed. Final blocks are never undone: a deeper reorg is cut short.
// Left out: fork choice, late attestations, execution that reverts or uses less than its gas limit.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base_chain/base_chain_params.h"
#include "models/base_chain/chain_view.h"
#include "models/base_chain/fee_rules.h"
#include "models/base_chain/finality_gadget.h"
#include "models/base_chain/gas_demand.h"
#include "models/base_chain/mempool.h"
#include "models/base_chain/messages.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

inline constexpr std::size_t kL1CallKinds = std::size(EnumNames<L1CallKind>::names);

struct L1Spending {
  Wei execution;  // base fee and tip
  Wei blobs;
};

// One row per slot. Of a missed slot: the head it leaves, no gas, no blobs.
struct L1BlockRow {
  Time time;
  std::uint64_t height;
  GasPrice base_fee;
  GasPrice blob_fee;
  std::int64_t gas_used;
  std::uint16_t blobs;
  std::uint16_t orphaned;
  bool missed;

  void visit(auto& v) {
    v("time", time);
    v("height", height, {.doc = "Canonical height; comes again after a reorg"});
    v("base_fee", base_fee, {.doc = "Charged by this block"});
    v("blob_fee", blob_fee, {.doc = "Per unit of blob gas, charged by this block"});
    v("gas_used", gas_used, {.doc = "Gas, all transactions"});
    v("blobs", blobs, {.doc = "Blobs, all transactions"});
    v("orphaned", orphaned, {.doc = "Blocks that this one replaced"});
    v("missed", missed, {.doc = "No block in this slot"});
  }
};

class BaseChain final : public EntityOf<BaseChain, BaseChainParams, Shockable> {
 public:
  struct SlotTick {};

  BaseChain(const Site& site, const BaseChainParams& params);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const SlotTick&);
  void on(Context& ctx, const SubmitL1Transaction& call);
  void on(Context& ctx, const SubscribeL1& subscribe);
  void on(Context& ctx, const DemandPulse& pulse);
  void on(Context& ctx, const Shock& shock) override;

  // For wiring while building; the same as SubscribeL1.
  void subscribe(Ref<L1Observer> observer);

  // ---- for readers on the same node
  [[nodiscard]] std::uint64_t height() const { return chain_.head().height; }
  [[nodiscard]] std::uint64_t finalised_height() const { return finalised_height_; }
  // That the next block will charge.
  [[nodiscard]] GasPrice base_fee() const { return fees_.base; }
  [[nodiscard]] GasPrice blob_fee() const { return fees_.blob; }
  [[nodiscard]] Gas excess_blob_gas() const { return fee_states_.back().excess; }
  [[nodiscard]] Time time_of(std::uint64_t height) const;  // canonical height
  [[nodiscard]] const base_chain::ChainView& chain() const { return chain_; }
  [[nodiscard]] const base_chain::GasDemand& demand() const { return demand_; }
  [[nodiscard]] const base_chain::BlobSchedule& schedule() const { return schedule_; }
  [[nodiscard]] std::size_t mempool_size() const { return mempool_.size(); }
  // What transactions in canonical blocks paid, to the wei. Receipts round each of the two fees of
  // a transaction up to a gwei, so they sum to more by less than a gwei per fee.
  [[nodiscard]] L1Spending spent(L1CallKind kind) const;
  [[nodiscard]] L1Spending spent() const;

  void visit_state(auto& v) {
    v("slot", slot_);
    v("chain", chain_);
    v("fee_states", fee_states_);
    v("fees", fees_);
    v("gadget", gadget_);
    v("epoch_votes", epoch_votes_);
    v("finalised_height", finalised_height_);
    v("mempool", mempool_);
    v("included", included_);
    v("demand", demand_);
    v("missed_stream", missed_stream_);
    v("reorg_stream", reorg_stream_);
    v("observers", observers_);
    v("spent", spent_);
    v("reorg_due", reorg_due_);
    v("no_finality", no_finality_);
    v("missed_slots", missed_slots_);
    v("gas_spike", gas_spike_);
    v("blob_spike", blob_spike_);
  }

 private:
  // What the block after a given one charges; kept per canonical height, for reorgs.
  struct FeeState {
    GasPrice base_fee;
    Gas excess;
  };
  // A transaction in a block that is not final yet.
  struct IncludedTransaction {
    base_chain::PooledTransaction pooled;
    L1BlockId block;
    std::uint64_t height = 0;
    GasPrice price;       // base fee + effective tip
    GasPrice blob_price;  // per unit of blob gas

    [[nodiscard]] Wei execution_fee() const { return fee(price, Gas{pooled.call.gas}); }
    [[nodiscard]] Wei blob_fee() const {
      return fee(blob_price, base_chain::kGasPerBlob * pooled.call.blobs);
    }
  };

  void end_epoch(Context& ctx);
  [[nodiscard]] Ratio participation_now() const;
  [[nodiscard]] bool draw_missed();
  void draw_reorg();
  std::uint64_t reorganise(Context& ctx);
  void build_block(Context& ctx, std::uint64_t orphaned);
  void include(Context& ctx, const base_chain::PackedTransaction& packed,
               const base_chain::ChainBlock& block);
  void undo_last(Context& ctx);
  void advance_fees(base_chain::Room used);
  void refresh_fees();
  void record_slot(Time now, base_chain::Room used, std::uint64_t orphaned);
  void record_missed(Time now);

  base_chain::BlobSchedule schedule_;
  base_chain::GasDemand demand_;
  Stream missed_stream_;
  Stream reorg_stream_;
  base_chain::Mempool mempool_;
  base_chain::ChainView chain_;
  base_chain::FinalityGadget gadget_;
  std::uint64_t slot_ = 0;  // the current one
  std::vector<FeeState> fee_states_;
  base_chain::Fees fees_;                      // that the next block charges
  std::uint64_t epoch_votes_ = 0;              // sum over the epoch's slots, in billionths
  std::uint64_t finalised_height_ = 0;         // genesis is final
  std::vector<IncludedTransaction> included_;  // above the final height, in order of inclusion
  std::vector<Ref<L1Observer>> observers_;
  std::array<L1Spending, kL1CallKinds> spent_{};
  std::uint64_t reorg_due_ = 0;  // depth; happens at the next block
  Switch no_finality_;
  Switch missed_slots_;
  Switch gas_spike_;
  Switch blob_spike_;

  std::vector<base_chain::PackedTransaction> packed_;  // working space of build_block()

  Probe<GasPrice> base_fee_probe_{
      {.name = "base_fee", .doc = "Base fee charged by each block", .recorders = "vector"}};
  Probe<GasPrice> blob_fee_probe_{
      {.name = "blob_fee", .doc = "Blob fee charged by each block", .recorders = "vector"}};
  std::vector<std::string> delay_names_;          // probes keep views of them
  std::vector<Probe<Duration>> inclusion_delay_;  // by kind
  EventTable<L1BlockRow> blocks_;
};

}  // namespace mezz

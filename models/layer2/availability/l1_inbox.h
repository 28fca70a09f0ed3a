// The rollup's inbox on layer one: where batches, deposits and forced transactions become inputs of
// the layer two. Source: OP-Stack specs, "derivation" (BatchInbox address, OptimismPortal
// deposits); reference sheet "layer-two protocols" section 2.1.
//
//   BatchData          a = BatchId: the blocks of the batch are Published from now on
//   Deposit            a = account, b = millionths of a dollar
//   ForcedTransaction  a = number given by write_forced()
//
// Deposits and forced transactions are messages of their layer-one height: whoever builds a
// layer-two block that adopts this height as its origin must put them first, in this order. An
// orphaned layer-one block undoes all of it. A contract that holds the deposits in escrow (the
// bridge) forwards the L1Execute and L1Undo it gets; they are matched by block, sender and
// arguments, so forwarded and direct calls may mix.
//
// A batch only publishes blocks that still exist as it holds them: after a re-organisation of layer
// two the rest of it is dead data, paid for all the same. Batches may be included out of order
// (OP before Holocene); the safe head counts without gaps. Left out: channels that span several
// transactions, the gas market of deposits.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/layer2/availability/batch.h"
#include "models/layer2/chain.h"
#include "models/layer2/escrow.h"
#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "sim/engine/entity.h"

namespace mezz {

struct InboxMessage {
  Transaction transaction;
  L1BlockId block;
  std::uint64_t from = 0;  // endpoint of the sender
  std::uint64_t kind = 0;
  std::uint64_t tag = 0;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
};

class L1Inbox final : public EntityOf<L1Inbox, NoParams, L1Contract>,
                      public ForcedInbox,
                      public Reporter {
 public:
  static constexpr std::uint64_t kUnpublished = UINT64_MAX;

  L1Inbox(const Site& site, const NoParams& params, Layer2Chain& chain);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;

  // Wiring, while building.
  // Hears of every deposit locked and undone; may stay unset where nobody keeps an escrow.
  void escrow_with(Ref<EscrowLedger> escrow) { escrow_ = escrow; }
  void read_batches(const BatchStore& store) { batches_ = &store; }

  // Writes the calldata of a forced transaction; its number goes into SubmitL1Transaction::a.
  std::uint64_t write_forced(const Transaction& transaction) override;
  [[nodiscard]] std::uint64_t forced_written() const { return forced_.size(); }
  void report(MetricList& out) const override { out.count("forced.count", forced_.size()); }

  // ---- for the nodes of the layer two
  // Appends what a block that adopts this height must execute first.
  void collect(std::uint64_t height, std::vector<Transaction>& out) const;
  // The first height above this one that has messages, or kUnpublished.
  [[nodiscard]] std::uint64_t next_message(std::uint64_t above) const;
  // Layer-one height at which the data of the block was included, or kUnpublished.
  [[nodiscard]] std::uint64_t published_height(BlockId block) const;
  // Last block of which, and of all blocks before, the data is on layer one.
  [[nodiscard]] BlockId safe_head() const { return chain_->reached(Rung::Published); }
  // Blocks that follow from layer one alone (derivation.h): no batch will carry them.
  void mark_derived(Context& ctx, BlockId block, std::uint64_t height);
  // After a rollback of layer two.
  void forget_above(BlockId kept);

  [[nodiscard]] std::uint64_t batches_included() const { return batches_included_; }
  // Blocks in included batches that were no longer what the chain holds.
  [[nodiscard]] std::uint64_t dead_blocks() const { return dead_blocks_; }

  void visit_state(auto& v) {
    v("messages", messages_);
    v("forced", forced_);
    v("published", published_);
    v("batches_included", batches_included_);
    v("dead_blocks", dead_blocks_);
  }

 private:
  Ref<EscrowLedger> escrow_;
  void publish(Context& ctx, const L1Execute& call);
  void withdraw_publication(const L1Undo& call);
  void add_message(const L1Execute& call, const Transaction& transaction);
  void remove_message(const L1Undo& call);
  [[nodiscard]] BlockId last_living(const Batch& batch) const;

  Layer2Chain* chain_;
  const BatchStore* batches_ = nullptr;
  std::map<std::uint64_t, std::vector<InboxMessage>> messages_;  // by layer-one height
  std::vector<Transaction> forced_;
  std::vector<std::uint64_t> published_;  // layer-one height by layer-two block
  std::uint64_t batches_included_ = 0;
  std::uint64_t dead_blocks_ = 0;
};

}  // namespace mezz

// What every node of the layer two derives from layer one, whatever the sequencer does. Source:
// OP-Stack specs "derivation" (sequencing window, batch queue, reorgs of layer one) and the
// reference sheet "layer-two protocols" section 2.1.
//
//   L1 reorg    layer-two blocks whose origin was orphaned are invalid: the chain goes back to the
//               last block with a living origin (a batch whose own layer-one block was orphaned
//               only loses its rung: the inbox contract does that)
//   window      an epoch is the stretch of blocks with one layer-one origin. Data of epoch E must
//               be on layer one by height E + sequencing_window. When that height has passed and
//               the block after the safe head is missing, the epochs that have expired are derived
//               empty: their deposits and forced transactions only. A message of height b thus
//               takes effect at height b + window at the latest, whoever is down or unwilling. A
//               block of the sequencer that equals the derived one stands; else everything above
//               the safe head is dropped.
//   buffer      the other rule for messages of layer one (Arbitrum): nothing is derived by itself,
//               but once a message is unread for its window (delay_buffer.h) anybody may force it
//               in by a call, ForcedRequest (a = height up to which): one derived block on the safe
//               head takes all messages up to there, and what the sequencer had not published goes
//               back to its queue. A message counts as read when the batch with its origin is on
//               layer one. An orphaned call takes its block back
//   finality    a block whose data was included at a final height is OrderFinal
//
// After a rollback the transactions of users go back to the sequencer's queue (OP: the sequencer
// normally publishes the same ones again); messages of layer one come again with their origin. Only
// the wall clock exists here: a derived block is sealed when it is derived (OP gives it a time
// stamp of its epoch), and an expired epoch makes one block, where OP makes one per slot of layer
// two. A reorg of layer one that takes back the height at which a window ran out leaves the derived
// blocks standing.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/layer2/availability/block_feed.h"
#include "models/layer2/availability/delay_buffer.h"
#include "models/layer2/availability/l1_inbox.h"
#include "models/layer2/availability/l1_view.h"
#include "models/layer2/execution/node.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

// Gets the users' transactions of dropped blocks back, oldest first, on the same node.
class TransactionReturn {
 public:
  virtual ~TransactionReturn() = default;
  virtual void take_back(Context& ctx, const std::vector<Transaction>& dropped) = 0;
};

// What makes the chain take a message of layer one that the sequencer leaves out.
enum class ForcedInclusion : std::uint8_t {
  SequencingWindow,  // OP Stack: derived blocks take it when the window of its height is over
  QueueOnly,         // a queue that nobody must serve (ZKsync's priority queue, Starknet)
  DelayBuffer,       // Arbitrum: anybody may force it in after a window that remembers delays
};
template <>
struct EnumNames<ForcedInclusion> {
  static constexpr std::string_view names[] = {"sequencing_window", "queue_only", "delay_buffer"};
};

struct DerivationParams {
  ForcedInclusion forced_inclusion = ForcedInclusion::SequencingWindow;
  std::int64_t sequencing_window = 3'600;
  DelayBufferParams delay = {};

  void visit(auto& v) {
    v("forced_inclusion", forced_inclusion,
      {.doc = "What makes the chain take messages of layer one that the sequencer leaves out"});
    v("sequencing_window", sequencing_window,
      {.doc = "Blocks of layer one within which the data of an epoch must be published (OP: 3600)",
       .min = 1});
    v("delay", delay, {.doc = "The window of forced_inclusion = \"delay_buffer\""});
  }
};

enum class Layer2ReorgCause : std::uint8_t {
  OriginOrphaned,
  WindowExpired,
  SequencerReorg,  // the sequencer dropped its own promises, or a standby did not know them
  ProofMismatch,   // proving disagreed with what was sealed
  ConsensusReorg,  // validators went back
};
template <>
struct EnumNames<Layer2ReorgCause> {
  static constexpr std::string_view names[] = {
      "origin_orphaned", "window_expired", "sequencer_reorg", "proof_mismatch", "consensus_reorg"};
};

struct Layer2ReorgRow {
  Time time;
  Layer2ReorgCause cause;
  BlockId kept;
  std::uint64_t blocks;
  std::uint64_t transactions;

  void visit(auto& v) {
    v("time", time, {.doc = "When the node went back"});
    v("cause", cause, {.doc = "Why"});
    v("kept", kept, {.doc = "Last block that stays"});
    v("blocks", blocks, {.doc = "Blocks dropped"});
    v("transactions", transactions, {.doc = "Transactions of users given back to the sequencer"});
  }
};

struct DerivationCounts {
  std::uint64_t reorgs = 0;
  std::uint64_t dropped_blocks = 0;
  std::uint64_t derived_blocks = 0;
  std::uint64_t forced_messages = 0;  // that took effect in derived blocks
  std::uint64_t forced_calls = 0;     // of the delay buffer, in effect
};

class Derivation final : public EntityOf<Derivation, DerivationParams, L1Observer, L1Contract> {
 public:
  Derivation(const Site& site, const DerivationParams& params, ExecutionNode& node, L1Inbox& inbox);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context& ctx, const L1Reorg& reorg) override;
  void on(Context& ctx, const L1Finalised& finalised) override;
  // Forced inclusion with the delay buffer.
  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;

  // ---- while building
  [[nodiscard]] BlockFeed& feed() { return feed_; }
  void return_to(TransactionReturn& pool) { pool_ = &pool; }

  // ---- for the node's other parts
  [[nodiscard]] const BlockFeed& feed() const { return feed_; }
  [[nodiscard]] const L1View& l1() const { return view_; }
  [[nodiscard]] const L1Inbox& inbox() const { return *inbox_; }
  [[nodiscard]] BlockId safe_head() const { return inbox_->safe_head(); }
  [[nodiscard]] const DerivationCounts& counts() const { return counts_; }
  // True when a block with user transactions on the current head could hardly be published before
  // its window ends. op-node then needs --sequencer.recover: empty blocks, one per origin.
  [[nodiscard]] bool window_at_risk() const;
  // Height up to which a call in a block of this height could force messages in; nothing when no
  // window is over.
  [[nodiscard]] std::optional<std::uint64_t> forceable(std::uint64_t height) const;
  // Blocks that a message of this height may stay unread, as the buffer stands.
  [[nodiscard]] std::int64_t window_of(std::uint64_t sent) const { return buffer_.window(sent); }
  // Drops the blocks above `kept` for a reason that does not lie on layer one. Rungs of what is
  // dropped are gone, whatever they were; nothing above a fixed block may be kept from it.
  void drop_above(Context& ctx, BlockId kept, Layer2ReorgCause cause);
  // No more blocks, ever: the exchange stands still in its last state (escape hatch).
  void freeze() { frozen_ = 1; }
  // The layer-one call that froze it was orphaned.
  void unfreeze() { frozen_ = 0; }
  [[nodiscard]] bool frozen() const { return frozen_ != 0; }
  // Builds a block on the head and tells everybody.
  void build(Context& ctx, std::uint64_t origin, const std::vector<Transaction>& transactions);

  void visit_state(auto& v) {
    v("view", view_);
    v("counts", counts_);
    v("frozen", frozen_);
    v("final_buffer", final_buffer_);
    v("buffer", buffer_);
    v("reads", reads_);
    v("forced", forced_);
  }

 private:
  struct Read {  // of the messages of one height
    std::uint64_t sent = 0;
    std::uint64_t at = 0;
  };
  struct Forced {  // a call in effect that layer one can still take back
    std::uint64_t tag = 0;
    std::uint64_t height = 0;
    L1BlockId l1_block;
    BlockId block;
    std::uint64_t incarnation = 0;
  };

  [[nodiscard]] bool buffered() const {
    return params().forced_inclusion == ForcedInclusion::DelayBuffer;
  }
  void note_reads();
  void forget_reads_above(std::uint64_t height);
  void rebuild_buffer();
  void drop_orphaned(Context& ctx, std::uint64_t kept_height);
  void check_window(Context& ctx, std::uint64_t height);
  [[nodiscard]] std::uint64_t deadline() const;
  [[nodiscard]] bool next_block_stands() const;
  void roll_back(Context& ctx, BlockId kept, Layer2ReorgCause cause);

  ExecutionNode* node_;
  L1Inbox* inbox_;
  TransactionReturn* pool_ = nullptr;
  BlockFeed feed_;
  L1View view_;
  DerivationCounts counts_;
  std::uint64_t frozen_ = 0;
  DelayBuffer final_buffer_;  // as of the last final block of layer one
  DelayBuffer buffer_;
  std::vector<Read> reads_;  // since then
  std::vector<Forced> forced_;

  Probe<std::uint64_t> lag_blocks_probe_{
      {.name = "safe_head_lag_blocks",
       .doc = "Sealed blocks that are not yet on layer one, at each layer-one block",
       .recorders = "timeavg vector",
       .unit = "block"}};
  Probe<Duration> lag_probe_{{.name = "safe_head_lag",
                              .doc = "Age of the oldest block that is not yet on layer one",
                              .recorders = "timeavg vector"}};
  EventTable<Layer2ReorgRow> reorgs_;
};

}  // namespace mezz

#include "models/layer2/availability/derivation.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

static_assert(Flat<DerivationCounts>);

namespace {
bool from_layer_one(const Transaction& tx) {
  return tx.kind == TxKind::Deposit || (tx.flags & Transaction::kForced) != 0;
}
}  // namespace

Derivation::Derivation(const Site& site, const DerivationParams& params, ExecutionNode& node,
                       L1Inbox& inbox)
    : EntityOf(site, params),
      node_(&node),
      inbox_(&inbox),
      final_buffer_(params.delay),
      buffer_(params.delay) {
  params.delay.check("derivation.delay");
  if (site.recording == nullptr) return;
  lag_blocks_probe_.bind(*site.recording, path());
  lag_probe_.bind(*site.recording, path());
  reorgs_.declare(*site.recording, "layer2_reorgs", "Rollbacks of the layer-two chain");
}

void Derivation::on(Context& ctx, const L1Head& head) {
  const std::uint64_t kept = view_.hear_head(head, ctx.now());
  if (kept != L1View::kNothingLost) drop_orphaned(ctx, kept);
  check_window(ctx, view_.height());
  note_reads();
  const BlockId safe = safe_head();
  const BlockId newest = node_->chain().head();
  MEZZ_ASSERT(safe <= newest);
  lag_blocks_probe_.record(ctx.now(), newest.value - safe.value);
  lag_probe_.record(
      ctx.now(), safe == newest ? Duration::zero()
                                : ctx.now() - node_->chain().block(BlockId{safe.value + 1}).sealed);
}

void Derivation::on(Context& ctx, const L1Reorg& reorg) {
  const std::uint64_t kept = view_.hear_reorg(reorg);
  if (kept != L1View::kNothingLost) drop_orphaned(ctx, kept);
}

void Derivation::on(Context& ctx, const L1Finalised& finalised) {
  std::size_t old = 0;
  for (; old < reads_.size() && reads_[old].at <= finalised.height; ++old) {
    final_buffer_.read(reads_[old].sent, reads_[old].at);
  }
  reads_.erase(reads_.begin(), reads_.begin() + static_cast<std::ptrdiff_t>(old));
  while (!forced_.empty() && forced_.front().height <= finalised.height) {
    forced_.erase(forced_.begin());
  }
  const BlockId done = node_->chain().reached(Rung::OrderFinal);
  BlockId last = done;
  // kUnpublished is above every height, so the walk ends at the safe head at the latest.
  while (last < node_->chain().head() &&
         inbox_->published_height(BlockId{last.value + 1}) <= finalised.height) {
    ++last.value;
  }
  if (last == done) return;
  MEZZ_ASSERT(last <= safe_head());
  node_->chain().reach(Rung::OrderFinal, BlockId{done.value + 1}, last, ctx.now());
}

void Derivation::build(Context& ctx, std::uint64_t origin,
                       const std::vector<Transaction>& transactions) {
  Layer2Chain& chain = node_->chain();
  MEZZ_ASSERT(origin >= chain.head_block().l1_origin);  // origins never go back
  // Messages of layer one are there already: only the rest has to be published.
  std::uint64_t bytes = node_->block_bytes({});
  for (const Transaction& tx : transactions) {
    if (!from_layer_one(tx)) bytes += node_->transaction_bytes(tx);
  }
  const BlockOutput& output = node_->build_block(ctx, ctx.now(), origin, transactions, bytes);
  const BlockId block = chain.head();
  MEZZ_ASSERT(chain.block(block).ladder[Rung::Preconfirmed].happened());
  MarketUpdate market = node_->exchange().market();
  market.block = block;
  feed_.announce(ctx, block, output, market);
}

void Derivation::drop_orphaned(Context& ctx, std::uint64_t kept_height) {
  forget_reads_above(kept_height);
  const Layer2Chain& chain = node_->chain();
  BlockId kept = chain.head();
  while (chain.block(kept).l1_origin > kept_height) --kept.value;
  if (kept < chain.head() && !frozen()) roll_back(ctx, kept, Layer2ReorgCause::OriginOrphaned);
}

// Height at whose end the block after the safe head must have been published.
std::uint64_t Derivation::deadline() const {
  const Layer2Chain& chain = node_->chain();
  const BlockId safe = safe_head();
  const std::uint64_t epoch = chain.block(safe).l1_origin;
  // The rest of the safe head's own epoch, if the sequencer made such blocks, else the next epoch.
  const bool same_epoch =
      safe < chain.head() && chain.block(BlockId{safe.value + 1}).l1_origin == epoch;
  const auto window = static_cast<std::uint64_t>(params().sequencing_window);
  return epoch + window + (same_epoch ? 0 : 1);
}

// True when the block after the safe head is what derivation would make of an expired epoch: no
// transactions of users, and no origin left out.
bool Derivation::next_block_stands() const {
  const Layer2Chain& chain = node_->chain();
  const BlockId safe = safe_head();
  if (safe == chain.head()) return false;
  const Layer2Block& next = chain.block(BlockId{safe.value + 1});
  if (next.l1_origin > chain.block(safe).l1_origin + 1) return false;
  for (std::uint64_t i = next.first; i < next.first + next.count; ++i) {
    const Transaction& tx = chain.transaction(i).transaction;
    if (!from_layer_one(tx) && tx.kind != TxKind::SettleFunding) return false;
  }
  return true;
}

void Derivation::check_window(Context& ctx, std::uint64_t height) {
  if (params().forced_inclusion != ForcedInclusion::SequencingWindow || frozen()) return;
  std::vector<Transaction> messages;
  while (height >= deadline()) {
    const BlockId safe = safe_head();
    if (next_block_stands()) {
      inbox_->mark_derived(ctx, BlockId{safe.value + 1}, height);
      MEZZ_ASSERT(safe_head() > safe);
      continue;
    }
    if (safe < node_->chain().head()) {
      roll_back(ctx, safe, Layer2ReorgCause::WindowExpired);
      continue;  // without the dropped blocks the deadline may be one later
    }
    const std::uint64_t epoch = node_->chain().head_block().l1_origin + 1;
    messages.clear();
    inbox_->collect(epoch, messages);
    counts_.forced_messages += messages.size();
    ++counts_.derived_blocks;
    build(ctx, epoch, messages);
    inbox_->mark_derived(ctx, node_->chain().head(), height);
  }
}

bool Derivation::window_at_risk() const {
  if (params().forced_inclusion != ForcedInclusion::SequencingWindow) return false;
  constexpr std::int64_t kMargin = 10;  // op-batcher sub-safety-margin, in layer-one blocks
  const auto margin = static_cast<std::uint64_t>(std::min(kMargin, params().sequencing_window / 4));
  const auto window = static_cast<std::uint64_t>(params().sequencing_window);
  return node_->chain().head_block().l1_origin + 1 + window <= view_.height() + margin;
}

void Derivation::drop_above(Context& ctx, BlockId kept, Layer2ReorgCause cause) {
  MEZZ_ASSERT(!frozen());
  if (kept < node_->chain().head()) roll_back(ctx, kept, cause);
}

void Derivation::roll_back(Context& ctx, BlockId kept, Layer2ReorgCause cause) {
  Layer2Chain& chain = node_->chain();
  MEZZ_ASSERT(kept < chain.head());
  MEZZ_ASSERT(kept >= chain.fixed());
  const bool from_layer1 =
      cause == Layer2ReorgCause::OriginOrphaned || cause == Layer2ReorgCause::WindowExpired;
  // What follows from layer one alone cannot undo what layer one has made final; a chain that is
  // not published there (a sidechain) has only promised it.
  MEZZ_ASSERT(!from_layer1 || kept >= chain.reached(Rung::OrderFinal) ||
              inbox_->published_height(BlockId{kept.value + 1}) == L1Inbox::kUnpublished);
  const std::uint64_t blocks = chain.head().value - kept.value;
  std::vector<Transaction> users;
  for (const ChainTransaction& dropped : node_->rollback(ctx, kept)) {
    if (!from_layer_one(dropped.transaction)) users.push_back(dropped.transaction);
  }
  inbox_->forget_above(kept);
  ++counts_.reorgs;
  counts_.dropped_blocks += blocks;
  reorgs_.append({.time = ctx.now(),
                  .cause = cause,
                  .kept = kept,
                  .blocks = blocks,
                  .transactions = users.size()});
  if (pool_ != nullptr) pool_->take_back(ctx, users);
  feed_.announce_reorg(ctx, kept);
}

// ---- the delay buffer

// Messages are read, for the contract, by the batch that adopts their height.
void Derivation::note_reads() {
  if (!buffered()) return;
  const Layer2Chain& chain = node_->chain();
  const std::uint64_t origin = chain.block(safe_head()).l1_origin;
  std::uint64_t sent = reads_.empty() ? final_buffer_.last_sent() : reads_.back().sent;
  for (sent = inbox_->next_message(sent); sent <= origin; sent = inbox_->next_message(sent)) {
    std::uint64_t low = 0;  // first block whose origin is not below
    for (std::uint64_t high = safe_head().value; low < high;) {
      const std::uint64_t middle = low + (high - low) / 2;
      (chain.block(BlockId{middle}).l1_origin < sent ? low = middle + 1 : high = middle);
    }
    const std::uint64_t at = std::max(sent, inbox_->published_height(BlockId{low}));
    MEZZ_ASSERT(at != L1Inbox::kUnpublished);
    reads_.push_back({.sent = sent, .at = at});
    buffer_.read(sent, at);
  }
}

void Derivation::forget_reads_above(std::uint64_t height) {
  const std::size_t before = reads_.size();
  while (!reads_.empty() && reads_.back().at > height) reads_.pop_back();
  if (reads_.size() != before) rebuild_buffer();
}

void Derivation::rebuild_buffer() {
  buffer_ = final_buffer_;
  for (const Read& read : reads_) buffer_.read(read.sent, read.at);
}

std::optional<std::uint64_t> Derivation::forceable(std::uint64_t height) const {
  if (!buffered() || frozen()) return std::nullopt;
  std::uint64_t sent = node_->chain().block(safe_head()).l1_origin;
  std::optional<std::uint64_t> last;
  for (sent = inbox_->next_message(sent); sent <= height; sent = inbox_->next_message(sent)) {
    // Messages below a read one are read; news of it may still be on its way here.
    if (sent < buffer_.last_sent() || buffer_.deadline(sent) > height) break;
    last = sent;
  }
  return last;
}

void Derivation::on(Context& ctx, const L1Execute& call) {
  if (call.kind != L1CallKind::ForcedRequest) return;
  note_reads();
  const std::optional<std::uint64_t> due = forceable(call.height);
  if (!due || call.a > *due) return;
  const BlockId safe = safe_head();
  std::vector<Transaction> messages;
  std::uint64_t sent = node_->chain().block(safe).l1_origin;
  for (sent = inbox_->next_message(sent); sent <= call.a; sent = inbox_->next_message(sent)) {
    inbox_->collect(sent, messages);
  }
  if (messages.empty()) return;  // somebody was faster
  if (safe < node_->chain().head()) roll_back(ctx, safe, Layer2ReorgCause::WindowExpired);
  counts_.forced_messages += messages.size();
  ++counts_.derived_blocks;
  ++counts_.forced_calls;
  build(ctx, call.a, messages);
  const BlockId made = node_->chain().head();
  inbox_->mark_derived(ctx, made, call.height);
  forced_.push_back({.tag = call.tag,
                     .height = call.height,
                     .l1_block = call.block,
                     .block = made,
                     .incarnation = node_->chain().head_block().incarnation});
  note_reads();
}

void Derivation::on(Context& ctx, const L1Undo& call) {
  if (forced_.empty() || forced_.back().tag != call.tag) return;
  const Forced undone = forced_.back();
  if (undone.l1_block != call.block) return;
  forced_.pop_back();
  --counts_.forced_calls;
  forget_reads_above(call.height - 1);
  const Layer2Chain& chain = node_->chain();
  const bool stands =
      undone.block <= chain.head() && chain.block(undone.block).incarnation == undone.incarnation;
  if (stands && !frozen()) {
    roll_back(ctx, BlockId{undone.block.value - 1}, Layer2ReorgCause::OriginOrphaned);
  }
}

}  // namespace mezz

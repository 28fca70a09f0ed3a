#include "models/layer2/availability/l1_inbox.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

static_assert(Flat<InboxMessage> && Flat<Batch>);

namespace {
bool matches(const InboxMessage& message, const L1Undo& call) {
  return message.block == call.block && message.from == call.from.endpoint &&
         message.kind == static_cast<std::uint64_t>(call.kind) && message.tag == call.tag &&
         message.a == call.a && message.b == call.b;
}
}  // namespace

L1Inbox::L1Inbox(const Site& site, const NoParams& params, Layer2Chain& chain)
    : EntityOf(site, params), chain_(&chain), published_{0} {}

namespace {
template <class M, class Call>
M deposit_message(const Call& call) {
  return {.account = AccountId{static_cast<std::uint32_t>(call.a)},
          .amount = Money{static_cast<std::int64_t>(call.b)},
          .height = call.height};
}
}  // namespace

void L1Inbox::on(Context& ctx, const L1Execute& call) {
  switch (call.kind) {
    case L1CallKind::BatchData:
      publish(ctx, call);
      break;
    case L1CallKind::Deposit:
      add_message(call, {.account = AccountId{static_cast<std::uint32_t>(call.a)},
                         .kind = TxKind::Deposit,
                         .amount = static_cast<std::int64_t>(call.b),
                         .submitted = ctx.now()});
      if (escrow_.exists()) ctx.send(escrow_, deposit_message<DepositLocked>(call));
      break;
    case L1CallKind::ForcedTransaction:
      // A number that nobody wrote is a call with empty data: the contract ignores it.
      if (call.a < forced_.size()) add_message(call, forced_[call.a]);
      break;
    default:
      break;  // not for this contract: layer one runs it all the same, to no effect
  }
}

void L1Inbox::on(Context& ctx, const L1Undo& call) {
  switch (call.kind) {
    case L1CallKind::BatchData:
      withdraw_publication(call);
      break;
    case L1CallKind::Deposit:
      remove_message(call);
      if (escrow_.exists()) ctx.send(escrow_, deposit_message<DepositUndone>(call));
      break;
    case L1CallKind::ForcedTransaction:
      if (call.a < forced_.size()) remove_message(call);
      break;
    default:
      break;
  }
}

std::uint64_t L1Inbox::write_forced(const Transaction& transaction) {
  // Money comes through the bridge only, prices and the funding tick from their own sources.
  MEZZ_ASSERT(transaction.kind != TxKind::Deposit && transaction.kind != TxKind::OracleUpdate);
  MEZZ_ASSERT(transaction.kind != TxKind::SettleFunding);
  forced_.push_back(transaction);
  forced_.back().flags |= Transaction::kForced;
  return forced_.size() - 1;
}

void L1Inbox::collect(std::uint64_t height, std::vector<Transaction>& out) const {
  const auto found = messages_.find(height);
  if (found == messages_.end()) return;
  for (const InboxMessage& message : found->second) out.push_back(message.transaction);
}

std::uint64_t L1Inbox::next_message(std::uint64_t above) const {
  const auto found = messages_.upper_bound(above);
  return found == messages_.end() ? kUnpublished : found->first;
}

std::uint64_t L1Inbox::published_height(BlockId block) const {
  return block.value < published_.size() ? published_[block.value] : kUnpublished;
}

void L1Inbox::mark_derived(Context& ctx, BlockId block, std::uint64_t height) {
  MEZZ_ASSERT(block <= chain_->head());
  MEZZ_ASSERT(published_height(block) == kUnpublished);
  published_.resize(std::max(published_.size(), block.value + 1), kUnpublished);
  published_[block.value] = height;
  chain_->reach(Rung::Published, block, block, ctx.now());
}

void L1Inbox::forget_above(BlockId kept) {
  MEZZ_ASSERT(kept == chain_->head());
  if (published_.size() > kept.value + 1) published_.resize(kept.value + 1);
}

BlockId L1Inbox::last_living(const Batch& batch) const {
  // Incarnations never fall along the chain: the first block from the end that is as old as the
  // batch ends the part the batch still speaks of.
  BlockId last = std::min(batch.last, chain_->head());
  while (last >= batch.first && chain_->block(last).incarnation > batch.incarnation) --last.value;
  return last;
}

void L1Inbox::publish(Context& ctx, const L1Execute& call) {
  MEZZ_ASSERT(batches_ != nullptr);
  const BatchId id{call.a};
  if (!batches_->holds(id)) return;  // data of another format
  ++batches_included_;
  const Batch& batch = batches_->at(id);
  MEZZ_ASSERT(batch.first.value > 0 && batch.first <= batch.last);
  const BlockId last = last_living(batch);
  dead_blocks_ += batch.last.value - last.value;
  if (last < batch.first) return;
  published_.resize(std::max(published_.size(), last.value + 1), kUnpublished);
  for (std::uint64_t n = batch.first.value; n <= last.value; ++n) {
    if (published_[n] == kUnpublished) published_[n] = call.height;
  }
  chain_->reach(Rung::Published, batch.first, last, ctx.now());
}

void L1Inbox::withdraw_publication(const L1Undo& call) {
  MEZZ_ASSERT(batches_ != nullptr);
  const BatchId id{call.a};
  if (!batches_->holds(id)) return;
  MEZZ_ASSERT(batches_included_ > 0);
  --batches_included_;
  const Batch& batch = batches_->at(id);
  const std::uint64_t end = std::min(batch.last.value + 1, published_.size());
  for (std::uint64_t n = batch.first.value; n < end; ++n) {
    // Other heights: the block came to layer one by another way, which stands.
    if (published_[n] != call.height || n > chain_->head().value) continue;
    published_[n] = kUnpublished;
    chain_->clear(Rung::Published, BlockId{n}, BlockId{n});
  }
}

void L1Inbox::add_message(const L1Execute& call, const Transaction& transaction) {
  messages_[call.height].push_back({.transaction = transaction,
                                    .block = call.block,
                                    .from = call.from.endpoint,
                                    .kind = static_cast<std::uint64_t>(call.kind),
                                    .tag = call.tag,
                                    .a = call.a,
                                    .b = call.b});
}

void L1Inbox::remove_message(const L1Undo& call) {
  const auto found = messages_.find(call.height);
  MEZZ_ASSERT(found != messages_.end());
  std::vector<InboxMessage>& list = found->second;
  for (std::size_t i = list.size(); i > 0; --i) {
    if (!matches(list[i - 1], call)) continue;
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(i - 1));
    if (list.empty()) messages_.erase(found);
    return;
  }
  const bool found_message = false;  // an undone call must have left its message here
  MEZZ_ASSERT(found_message);
}

}  // namespace mezz

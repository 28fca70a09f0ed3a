#include "models/layer2/chain.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

static_assert(std::has_unique_object_representations_v<Layer2Block>);
static_assert(std::has_unique_object_representations_v<ChainTransaction>);

Layer2Chain::Layer2Chain() {
  Layer2Block genesis{.number = BlockId{0}, .sealed = Time::zero(), .ladder = {}};
  genesis.ladder.at.fill(Time::zero());
  blocks_.push_back(genesis);
  reached_.fill(BlockId{0});
}

const Layer2Block& Layer2Chain::block(BlockId number) const {
  MEZZ_ASSERT(number.value < blocks_.size());
  return blocks_[number.value];
}

const ChainTransaction& Layer2Chain::transaction(std::uint64_t index) const {
  MEZZ_ASSERT(index < transactions_.size());
  return transactions_[index];
}

BlockId Layer2Chain::reached(Rung rung) const { return reached_[static_cast<std::size_t>(rung)]; }

void Layer2Chain::append(const Transaction& transaction, TxStatus status) {
  transactions_.push_back({.transaction = transaction, .status = status});
  ++open_;
  MEZZ_ASSERT(open_ <= transactions_.size());
}

void Layer2Chain::amend(TxId transaction, TxStatus status) {
  MEZZ_ASSERT(transaction.value < transactions_.size());
  MEZZ_ASSERT(transaction.value + open_ >= transactions_.size());
  transactions_[transaction.value].status = status;
}

const Layer2Block& Layer2Chain::seal(Time now, std::uint64_t l1_origin, std::uint64_t bytes,
                                     std::uint64_t root) {
  const Layer2Block& head = blocks_.back();
  MEZZ_ASSERT(now >= head.sealed);
  MEZZ_ASSERT(head.first + head.count + open_ == transactions_.size());
  blocks_.push_back({.number = BlockId{head.number.value + 1},
                     .sealed = now,
                     .l1_origin = l1_origin,
                     .first = transactions_.size() - open_,
                     .count = open_,
                     .bytes = bytes,
                     .root = root,
                     .incarnation = incarnation_,
                     .ladder = {}});
  open_ = 0;
  return blocks_.back();
}

void Layer2Chain::set_genesis_root(std::uint64_t root) {
  MEZZ_ASSERT(blocks_.size() == 1);
  blocks_.front().root = root;
}

void Layer2Chain::reach(Rung rung, BlockId first, BlockId last, Time at) {
  MEZZ_ASSERT(first <= last && last.value < blocks_.size());
  MEZZ_ASSERT(at.happened());
  for (std::uint64_t b = first.value; b <= last.value; ++b) {
    Time& time = blocks_[b].ladder[rung];
    if (!time.happened()) time = at;
  }
  BlockId& reached = reached_[static_cast<std::size_t>(rung)];
  while (reached.value + 1 < blocks_.size() && blocks_[reached.value + 1].ladder[rung].happened()) {
    ++reached.value;
  }
}

void Layer2Chain::clear(Rung rung, BlockId first, BlockId last) {
  MEZZ_ASSERT(first.value > 0);  // genesis stays
  MEZZ_ASSERT(first <= last && last.value < blocks_.size());
  for (std::uint64_t b = first.value; b <= last.value; ++b) {
    blocks_[b].ladder[rung] = Time::never();
  }
  BlockId& reached = reached_[static_cast<std::size_t>(rung)];
  reached = std::min(reached, BlockId{first.value - 1});
}

void Layer2Chain::fix(BlockId last) {
  MEZZ_ASSERT(last.value < blocks_.size());
  MEZZ_ASSERT(last <= reached(Rung::Settled));
  fixed_ = std::max(fixed_, last);
}

std::vector<ChainTransaction> Layer2Chain::rollback(BlockId kept) {
  MEZZ_ASSERT(kept.value < blocks_.size());
  MEZZ_ASSERT(open_ == 0);  // between blocks only
  const std::uint64_t end = blocks_[kept.value].first + blocks_[kept.value].count;
  MEZZ_ASSERT(end <= transactions_.size());
  const auto cut = transactions_.begin() + static_cast<std::ptrdiff_t>(end);
  std::vector<ChainTransaction> dropped(cut, transactions_.end());
  if (kept == head()) return dropped;
  transactions_.erase(cut, transactions_.end());
  blocks_.resize(kept.value + 1);
  for (BlockId& reached : reached_) reached = std::min(reached, kept);
  ++incarnation_;
  return dropped;
}

}  // namespace mezz

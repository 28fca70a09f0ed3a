#include "models/layer2/plasma/output_set.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::plasma {

void OutputSet::start(const Exchange& exchange) {
  MEZZ_ASSERT(!started() && exchange.genesis_ended());
  outputs_.reserve(exchange.accounts());
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    const AccountId account{i};
    outputs_.push_back({.quote = exchange.quote(account), .size = exchange.position(account)});
  }
  spent_ = outputs_;
  blocks_.push_back({.first = BlockId{0}, .last = BlockId{0}, .mark = exchange.oracle()});
}

void OutputSet::apply(PlasmaBlock block, std::span<const OutputChange> changes) {
  MEZZ_ASSERT(started() && block.time >= newest().time);
  MEZZ_ASSERT(block.first.value == newest().last.value + 1 && block.last >= block.first);
  block.number = blocks_.size();
  block.changes = changes.size();
  for (const OutputChange& change : changes) {
    MEZZ_ASSERT(change.account.value < outputs_.size());
    Output& output = outputs_[change.account.value];
    Output& spent = spent_[change.account.value];
    undo_.push_back({.account = change.account, .output = output, .spent = spent});
    spent = output;
    output = {.quote = change.quote, .size = change.size, .block = block.number};
  }
  blocks_.push_back(block);
}

void OutputSet::undo_last() {
  const PlasmaBlock last = newest();
  MEZZ_ASSERT(last.number > kept_);
  MEZZ_ASSERT(undo_.size() >= last.changes);
  for (std::uint64_t i = 0; i < last.changes; ++i) {
    const Before before = undo_.back();
    undo_.pop_back();
    outputs_[before.account.value] = before.output;
    spent_[before.account.value] = before.spent;
  }
  blocks_.pop_back();
}

void OutputSet::forget_undo(std::uint64_t number) {
  MEZZ_ASSERT(number < blocks_.size());
  std::uint64_t gone = 0;
  while (kept_ < number) gone += blocks_[++kept_].changes;
  MEZZ_ASSERT(gone <= undo_.size());
  undo_.erase(undo_.begin(), undo_.begin() + static_cast<std::ptrdiff_t>(gone));
}

const PlasmaBlock& OutputSet::newest() const {
  MEZZ_ASSERT(started());
  return blocks_.back();
}

const PlasmaBlock& OutputSet::block(std::uint64_t number) const {
  MEZZ_ASSERT(number < blocks_.size());
  return blocks_[number];
}

const PlasmaBlock& OutputSet::holding(BlockId block) const {
  MEZZ_ASSERT(block <= newest().last);
  const auto found =
      std::lower_bound(blocks_.begin(), blocks_.end(), block,
                       [](const PlasmaBlock& b, BlockId wanted) { return b.last < wanted; });
  MEZZ_ASSERT(found != blocks_.end() && found->first <= block);
  return *found;
}

const Output& OutputSet::output(AccountId account) const {
  MEZZ_ASSERT(account.value < outputs_.size());
  return outputs_[account.value];
}

const Output& OutputSet::spent(AccountId account) const {
  MEZZ_ASSERT(account.value < spent_.size());
  return spent_[account.value];
}

Money OutputSet::value(const Output& output, const ContractSpec& contract) const {
  return output.quote + notional(contract, output.size, newest().mark);
}

}  // namespace mezz::plasma

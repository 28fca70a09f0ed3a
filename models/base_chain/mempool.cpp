#include "models/base_chain/mempool.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::base_chain {

GasPrice escalated_tip(GasPrice tip, GasPrice cap) {
  MEZZ_ASSERT(tip.wei_per_gas >= 0);
  if (tip >= cap) return tip;
  const GasPrice raised{mul_div(tip.wei_per_gas, 9, 8, Round::Up)};
  return std::min(raised, cap);
}

void Mempool::add(const SubmitL1Transaction& call, Time now) {
  MEZZ_ASSERT(Gas{call.gas} >= kTransactionGas);
  MEZZ_ASSERT(Gas{call.gas} <= kTransactionGasMax);
  waiting_.push_back(
      {.call = call, .sequence = next_sequence_++, .submitted = now, .tip = call.tip.price()});
}

void Mempool::put_back(const PooledTransaction& transaction) {
  MEZZ_ASSERT(transaction.sequence < next_sequence_);
  MEZZ_ASSERT(transaction.submitted.happened());
  waiting_.push_back(transaction);
}

void Mempool::pack(Fees fees, Room room, const GasDemand& background,
                   std::vector<PackedTransaction>& packed) {
  MEZZ_ASSERT(packed.empty() && candidates_.empty());
  if (waiting_.empty()) return;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const PooledTransaction& tx = waiting_[i];
    const GasPrice cap = tx.call.cap.price();
    if (cap < fees.base || (tx.call.blobs > 0 && cap < fees.blob)) continue;
    candidates_.push_back({std::min(tx.tip, cap - fees.base), tx.sequence, i});
  }
  // A heap, because a block holds few of possibly very many.
  const auto worse = [](const Candidate& a, const Candidate& b) {
    if (a.effective_tip != b.effective_tip) return a.effective_tip < b.effective_tip;
    return a.sequence > b.sequence;
  };
  std::make_heap(candidates_.begin(), candidates_.end(), worse);
  taken_.assign(waiting_.size(), false);
  Room used;
  for (auto end = candidates_.end(); end != candidates_.begin();) {
    std::pop_heap(candidates_.begin(), end, worse);
    const Candidate& best = *--end;
    const Room ahead = background.ahead_of(best.effective_tip);
    const Gas base = ahead.gas + used.gas;
    if (base + kTransactionGas > room.gas) break;  // nobody below can fit either
    const PooledTransaction& tx = waiting_[best.index];
    if (base + Gas{tx.call.gas} > room.gas) continue;
    if (tx.call.blobs > 0 && ahead.blobs + used.blobs + tx.call.blobs > room.blobs) continue;
    used.gas += Gas{tx.call.gas};
    used.blobs += tx.call.blobs;
    taken_[best.index] = true;
    packed.push_back({tx, best.effective_tip});
  }
  MEZZ_ASSERT(used.gas <= room.gas && used.blobs <= room.blobs);
  candidates_.clear();

  std::size_t kept = 0;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    if (taken_[i]) continue;
    waiting_[kept] = waiting_[i];
    waiting_[kept].tip = escalated_tip(waiting_[i].tip, waiting_[i].call.cap.price());
    ++kept;
  }
  MEZZ_ASSERT(kept + packed.size() == waiting_.size());
  waiting_.resize(kept);
}

}  // namespace mezz::base_chain

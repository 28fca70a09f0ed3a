// The transactions of our own entities that wait for layer one, and which of them a block takes.
// A builder takes by effective tip = min(tip, cap - base fee), highest first, then first come first
// served, skipping what does not fit; anonymous demand that bids at least as much goes first. A
// transaction waits outside while its cap is below the base fee or, if it carries blobs, below the
// blob fee per unit of blob gas. Every block that passes a transaction over raises its tip by 1/8
// (rounded up to a wei, never above the cap): one rule for all transactions. Sources: EIP-1559
// (effective tip), EIP-4844 (blobs), EIP-7825 (gas cap); escalation as in the reference sheet
// "layer-two protocols", section 1. Left out: nonces, replacement by the sender, eviction, blobs
// per transaction (EIP-7594).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/gas_demand.h"
#include "models/base_chain/messages.h"

namespace mezz::base_chain {

struct PooledTransaction {
  SubmitL1Transaction call;
  std::uint64_t sequence = 0;  // order of arrival; breaks ties
  Time submitted;
  GasPrice tip;  // offered now
};

struct PackedTransaction {
  PooledTransaction pooled;
  GasPrice effective_tip;  // paid on top of the base fee
};

// Tip after one more block that passed the transaction over.
GasPrice escalated_tip(GasPrice tip, GasPrice cap);

class Mempool {
 public:
  void add(const SubmitL1Transaction& call, Time now);
  // After its block was orphaned: keeps its place in the order of arrival and its tip.
  void put_back(const PooledTransaction& transaction);

  // Moves the transactions of the next block into `packed`, in block order, and raises the tips of
  // those that stay.
  void pack(Fees fees, Room room, const GasDemand& background,
            std::vector<PackedTransaction>& packed);

  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  void visit_state(auto& v) {
    v("waiting", waiting_);
    v("next_sequence", next_sequence_);
  }

 private:
  struct Candidate {
    GasPrice effective_tip;
    std::uint64_t sequence;
    std::size_t index;
  };

  std::vector<PooledTransaction> waiting_;  // in no particular order
  std::uint64_t next_sequence_ = 0;
  // Working space of pack(), kept to avoid allocation; empty between calls.
  std::vector<Candidate> candidates_;
  std::vector<bool> taken_;
};

}  // namespace mezz::base_chain

// The books of a bridge: what was locked on layer one, what layer two has credited and debited,
// what was paid. A value without clock or engine; the bridge that owns it decides who is paid and
// when. Units: millionths of a dollar. The identity that must hold whenever both layers have heard
// of each other's news:
//
//   escrow + lost + escaped + stolen  =  money on layer two + deposits in flight + withdrawals
//   unpaid + superseded
//
// lost: paid for a withdrawal whose block was rolled back later. escaped: paid out of the last
// proven state of a chain that froze, or by an exit without a transaction on layer two. stolen:
// paid to who had no claim (compromised keys, an invalid exit nobody challenged). superseded:
// debited on layer two by a withdrawal that never became enforceable; the money stayed in a channel
// that was paid out without it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"
#include "sim/check/assert.h"

namespace mezz {

struct BridgeTotals {
  Money escrow;
  Money locked;     // deposits, genesis included
  Money paid;       // withdrawals
  Money credited;   // deposits seen in blocks, without genesis
  Money initiated;  // withdrawals seen in blocks, without void ones
  Money lost;
  Money escaped;
  Money stolen;
  Money superseded;
  std::uint64_t refused = 0;  // calls
  std::uint64_t paid_count = 0;

  // Locked on layer one, not yet in a block of layer two.
  [[nodiscard]] Money in_flight(Money genesis) const { return locked - genesis - credited; }
  [[nodiscard]] Money unpaid() const { return initiated - (paid - lost) - superseded; }
};

class EscrowAccount {
 public:
  void lock_genesis(const ExchangeTotals& totals);
  void lock(Money deposit);    // a deposit arrived on layer one
  void unlock(Money deposit);  // and was orphaned

  [[nodiscard]] bool can_pay(Money amount) const { return totals_.escrow >= amount; }
  void pay(Money amount);    // of a withdrawal that a block holds
  void unpay(Money amount);  // the payment was orphaned
  void escape(Money amount);
  void unescape(Money amount);
  void steal(Money amount);
  void unsteal(Money amount);
  // The block of a withdrawal is gone, or back when a payment for it is undone.
  void void_withdrawal(Money amount, bool paid);
  void unlose(Money amount);
  void supersede(Money amount);  // a withdrawal that never left its channel
  void unsupersede(Money amount);
  void refuse() { ++totals_.refused; }
  void unrefuse();

  // Reads the blocks it has not read yet; `withdrawn(block, transaction)` for every withdrawal that
  // was executed. Does nothing while what it read was rolled back and Layer2Reorg is on its way.
  template <class Withdrawn>
  void scan(const Layer2Chain& chain, Withdrawn withdrawn) {
    if (gone(chain)) return;
    while (scanned_ < chain.head()) {
      const Layer2Block& next = chain.block(BlockId{scanned_.value + 1});
      Money credited;
      for (std::uint64_t i = next.first; i < next.first + next.count; ++i) {
        const ChainTransaction& entry = chain.transaction(i);
        if (entry.status != TxStatus::Executed) continue;
        const Transaction& tx = entry.transaction;
        if (tx.kind == TxKind::Deposit) credited += Money{tx.amount};
        if (tx.kind != TxKind::Withdraw) continue;
        MEZZ_ASSERT(tx.amount > 0);
        totals_.initiated += Money{tx.amount};
        withdrawn(next, tx);
      }
      note_scanned(next, credited);
    }
  }
  // The chain went back to `kept`: credits above it are undone. The owner voids its withdrawals.
  void forget_above(BlockId kept, const Layer2Chain& chain);

  [[nodiscard]] const BridgeTotals& totals() const { return totals_; }
  [[nodiscard]] BlockId scanned() const { return scanned_; }
  [[nodiscard]] Money in_flight() const { return totals_.in_flight(genesis_); }
  void check() const;
  // See Bridge::check_conservation.
  [[nodiscard]] bool balances(const Layer2Chain& chain, const ExchangeTotals& layer2) const;

  void visit_state(auto& v) {
    v("totals", totals_);
    v("genesis", genesis_);
    v("genesis_deposited", genesis_deposited_);
    v("credits", credits_);
    v("scanned", scanned_);
    v("scanned_incarnation", scanned_incarnation_);
  }

 private:
  struct Credit {
    BlockId block;
    Money amount;
  };
  [[nodiscard]] bool gone(const Layer2Chain& chain) const;
  void note_scanned(const Layer2Block& block, Money credited);

  BridgeTotals totals_;
  Money genesis_;                // locked at the start
  Money genesis_deposited_;      // of it, in accounts
  std::vector<Credit> credits_;  // by block, ascending
  BlockId scanned_{0};
  std::uint64_t scanned_incarnation_ = 0;
};

}  // namespace mezz

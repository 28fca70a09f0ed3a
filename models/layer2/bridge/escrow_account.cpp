#include "models/layer2/bridge/escrow_account.h"

namespace mezz {

void EscrowAccount::lock_genesis(const ExchangeTotals& totals) {
  MEZZ_ASSERT(genesis_ == Money::zero() && scanned_.value == 0);
  MEZZ_ASSERT(totals.withdrawn == Money::zero());
  genesis_deposited_ = totals.deposited;
  genesis_ = totals.deposited + totals.insurance_fund_start;  // which may be a vault's
  totals_.locked = genesis_;
  totals_.escrow = genesis_;
}

void EscrowAccount::lock(Money deposit) {
  MEZZ_ASSERT(deposit > Money::zero());
  totals_.locked += deposit;
  totals_.escrow += deposit;
  check();
}

void EscrowAccount::unlock(Money deposit) {
  MEZZ_ASSERT(deposit > Money::zero());
  totals_.locked -= deposit;
  totals_.escrow -= deposit;
  check();
}

void EscrowAccount::pay(Money amount) {
  MEZZ_ASSERT(amount > Money::zero() && can_pay(amount));
  totals_.escrow -= amount;
  totals_.paid += amount;
  ++totals_.paid_count;
  check();
}

void EscrowAccount::unpay(Money amount) {
  MEZZ_ASSERT(totals_.paid >= amount && totals_.paid_count > 0);
  totals_.escrow += amount;
  totals_.paid -= amount;
  --totals_.paid_count;
}

void EscrowAccount::escape(Money amount) {
  MEZZ_ASSERT(amount >= Money::zero() && can_pay(amount));
  totals_.escrow -= amount;
  totals_.escaped += amount;
  check();
}

void EscrowAccount::unescape(Money amount) {
  MEZZ_ASSERT(totals_.escaped >= amount);
  totals_.escrow += amount;
  totals_.escaped -= amount;
  check();
}

void EscrowAccount::steal(Money amount) {
  MEZZ_ASSERT(amount >= Money::zero() && can_pay(amount));
  totals_.escrow -= amount;
  totals_.stolen += amount;
  check();
}

void EscrowAccount::unsteal(Money amount) {
  MEZZ_ASSERT(totals_.stolen >= amount);
  totals_.escrow += amount;
  totals_.stolen -= amount;
  check();
}

void EscrowAccount::void_withdrawal(Money amount, bool paid) {
  MEZZ_ASSERT(totals_.initiated >= amount);
  totals_.initiated -= amount;
  if (paid) totals_.lost += amount;
}

void EscrowAccount::unlose(Money amount) {
  MEZZ_ASSERT(totals_.lost >= amount);
  totals_.lost -= amount;
}

void EscrowAccount::supersede(Money amount) {
  MEZZ_ASSERT(amount > Money::zero() && amount <= totals_.unpaid());
  totals_.superseded += amount;
}

void EscrowAccount::unsupersede(Money amount) {
  MEZZ_ASSERT(totals_.superseded >= amount);
  totals_.superseded -= amount;
}

void EscrowAccount::unrefuse() {
  MEZZ_ASSERT(totals_.refused > 0);
  --totals_.refused;
}

bool EscrowAccount::gone(const Layer2Chain& chain) const {
  return scanned_ > chain.head() || chain.block(scanned_).incarnation != scanned_incarnation_;
}

void EscrowAccount::note_scanned(const Layer2Block& block, Money credited) {
  MEZZ_ASSERT(block.number.value == scanned_.value + 1);
  scanned_ = block.number;
  scanned_incarnation_ = block.incarnation;
  if (credited == Money::zero()) return;
  totals_.credited += credited;
  credits_.push_back({.block = block.number, .amount = credited});
}

void EscrowAccount::forget_above(BlockId kept, const Layer2Chain& chain) {
  MEZZ_ASSERT(kept <= scanned_);
  while (!credits_.empty() && credits_.back().block > kept) {
    totals_.credited -= credits_.back().amount;
    credits_.pop_back();
  }
  scanned_ = kept;
  if (kept <= chain.head()) scanned_incarnation_ = chain.block(kept).incarnation;
  check();
}

void EscrowAccount::check() const {
  const BridgeTotals& t = totals_;
  MEZZ_ASSERT(t.escrow >= Money::zero());
  MEZZ_ASSERT(t.escrow == t.locked - t.paid - t.escaped - t.stolen);
  MEZZ_ASSERT(t.lost >= Money::zero() && t.lost <= t.paid);
}

bool EscrowAccount::balances(const Layer2Chain& chain, const ExchangeTotals& layer2) const {
  check();
  if (scanned_ != chain.head()) return false;
  if (scanned_incarnation_ != chain.head_block().incarnation) return false;
  // Both layers tell the same story of what came in and went out.
  MEZZ_ASSERT(layer2.deposited - genesis_deposited_ == totals_.credited);
  MEZZ_ASSERT(layer2.withdrawn == totals_.initiated);
  MEZZ_ASSERT(layer2.residual == Money::zero());
  const Money owed_to_layer2 =
      layer2.deposited - layer2.withdrawn + (genesis_ - genesis_deposited_);
  if (in_flight() < Money::zero()) return false;
  MEZZ_ASSERT(totals_.escrow + totals_.lost + totals_.escaped + totals_.stolen ==
              owed_to_layer2 + in_flight() + totals_.unpaid() + totals_.superseded);
  return true;
}

}  // namespace mezz

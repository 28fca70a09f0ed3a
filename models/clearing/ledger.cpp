#include "models/clearing/ledger.h"

#include <iterator>
#include <type_traits>

namespace mezz {

static_assert(std::size(EnumNames<SystemAccount>::names) == kSystemAccounts);
static_assert(std::has_unique_object_representations_v<Money>);

void Ledger::post(const Posting& posting) {
  MEZZ_ASSERT(posting.amount > Money::zero());
  MEZZ_ASSERT(posting.debit != posting.credit);
  MEZZ_ASSERT(posting.debit.index < balances_.size() && posting.credit.index < balances_.size());
  Money& from = balances_[posting.debit.index];
  Money& to = balances_[posting.credit.index];
  const Money from_before = from;
  const Money to_before = to;
  from -= posting.amount;
  to += posting.amount;
  totals_.residual += (from - from_before).micros + (to - to_before).micros;
  ++totals_.postings;
  MEZZ_ASSERT(totals_.residual == 0);
}

void Ledger::settle(Row row, Row counterparty, Money change) {
  MEZZ_ASSERT(row != counterparty);
  if (change == Money::zero()) return;
  if (change > Money::zero()) {
    post({.debit = counterparty, .credit = row, .amount = change});
  } else {
    post({.debit = row, .credit = counterparty, .amount = -change});
  }
}

Money Ledger::users_total() const {
  Int128 sum = 0;
  for (std::size_t i = kSystemAccounts; i < balances_.size(); ++i) sum += balances_[i].micros;
  return {narrow(sum)};
}

void Ledger::full_check() const {
  Int128 sum = 0;
  for (const Money& balance : balances_) sum += balance.micros;
  MEZZ_ASSERT(sum == 0);
  MEZZ_ASSERT(totals_.residual == 0);
}

}  // namespace mezz

// The list of withdrawals that a bridge reads off its layer two, and what a rollback of either
// layer does to it. Rows are the bridge's own type with `block`, `amount`, `initiated`, `stage` and
// `paid_at()`, the time of a payment that stands on layer one, also for a void row; they are in the
// order of their blocks, and numbers are never used again: what is rolled back stays in the list as
// Void. Money that was paid for it is lost (EscrowAccount) until layer one undoes the payment. Left
// out: who may pay, and when.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/layer2/bridge/bridge.h"
#include "models/layer2/bridge/escrow_account.h"
#include "sim/check/assert.h"
#include "sim/types/enum_names.h"
#include "sim/types/id.h"

namespace mezz {

using WithdrawalId = Id<struct WithdrawalTag, std::uint64_t>;

enum class WithdrawalStage : std::uint8_t { Initiated, Proven, Paid, Void };
template <>
struct EnumNames<WithdrawalStage> {
  static constexpr std::string_view names[] = {"initiated", "proven", "paid", "void"};
};

// The chain went back to `kept`. Calls `voided(WithdrawalId)` for each, newest first.
template <class Row, class Voided>
void void_above(std::vector<Row>& withdrawals, BlockId kept, EscrowAccount& escrow, Voided voided) {
  for (std::uint64_t i = withdrawals.size(); i-- > 0;) {
    Row& subject = withdrawals[i];
    if (subject.stage == WithdrawalStage::Void) continue;
    if (subject.block <= kept) break;  // ascending blocks, but for void ones
    escrow.void_withdrawal(subject.amount, subject.stage == WithdrawalStage::Paid);
    subject.stage = WithdrawalStage::Void;
    voided(WithdrawalId{i});
  }
}

// Layer one undoes a call: the row is as before it, but for what the chain has done since.
template <class Row>
void take_back(Row& subject, const Row& before, EscrowAccount& escrow) {
  MEZZ_ASSERT(before.stage != WithdrawalStage::Paid && !before.paid_at().happened());
  const bool is_void = subject.stage == WithdrawalStage::Void;
  if (subject.paid_at().happened()) {
    if (is_void) escrow.unlose(subject.amount);
    escrow.unpay(subject.amount);
  }
  subject = before;
  if (is_void) subject.stage = WithdrawalStage::Void;
}

template <class Row>
WithdrawalSummary summary_of(const std::vector<Row>& withdrawals) {
  WithdrawalSummary out;
  for (const Row& row : withdrawals) {
    if (row.stage == WithdrawalStage::Paid) out.paid.push_back(row.paid_at() - row.initiated);
    if (row.stage == WithdrawalStage::Void) ++out.dropped;
  }
  out.count = withdrawals.size() - out.dropped;
  return out;
}

}  // namespace mezz

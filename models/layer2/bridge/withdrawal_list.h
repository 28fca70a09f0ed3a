// The list of withdrawals that a bridge reads off its layer two, and what a rollback does to it.
// Rows are the bridge's own type with `block`, `amount` and `stage`; they are in the order of their
// blocks, and numbers are never used again: what is rolled back stays in the list as Void. Money
// that was paid for it is lost (EscrowAccount). Left out: who may pay, and when.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/layer2/bridge/escrow_account.h"
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

}  // namespace mezz

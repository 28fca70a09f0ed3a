// The positions of all accounts in one perpetual: signed lots and the funding index at which each
// account was last settled. Money is in the ledger. Every trade has two sides, so the sum of the
// positions is always zero; open interest (the sum of the longs) is kept up to date.
// A value: copy it to keep a state.
#pragma once

#include <cstdint>
#include <vector>

#include "models/market/funding.h"
#include "models/market/ids.h"
#include "sim/check/assert.h"
#include "sim/types/quantity.h"

namespace mezz {

struct Position {
  Quantity size;
  FundingIndex settled_at;
};

class AccountBook {
 public:
  // Accounts appear with an empty position.
  void resize(std::uint32_t accounts) {
    MEZZ_ASSERT(accounts >= rows_.size());
    rows_.resize(accounts);
  }
  [[nodiscard]] std::uint32_t accounts() const { return static_cast<std::uint32_t>(rows_.size()); }
  [[nodiscard]] const Position& at(AccountId account) const {
    MEZZ_ASSERT(account.value < rows_.size());
    return rows_[account.value];
  }
  [[nodiscard]] Quantity open_interest() const { return totals_.longs; }

  void trade(AccountId buyer, AccountId seller, Quantity quantity) {
    MEZZ_ASSERT(quantity > Quantity::zero());
    MEZZ_ASSERT(buyer != seller);
    change(buyer, quantity);
    change(seller, -quantity);
    MEZZ_ASSERT(totals_.net == Quantity::zero());
  }
  // What the account receives since it was last settled; marks it settled.
  FundingPayment settle(AccountId account, FundingIndex now) {
    MEZZ_ASSERT(account.value < rows_.size());
    Position& row = rows_[account.value];
    const FundingPayment payment = funding::settle(now, row.settled_at, row.size);
    row.settled_at = now;
    return payment;
  }
  void full_check() const {
    Quantity net;
    Quantity longs;
    for (const Position& row : rows_) {
      net += row.size;
      if (row.size > Quantity::zero()) longs += row.size;
    }
    MEZZ_ASSERT(net == Quantity::zero());
    MEZZ_ASSERT(longs == totals_.longs);
  }

  void visit_state(auto& v) {
    v("totals", totals_);
    v("rows", rows_);
  }

 private:
  struct Totals {
    Quantity longs;
    Quantity net;
  };
  void change(AccountId account, Quantity by) {
    MEZZ_ASSERT(account.value < rows_.size());
    Quantity& size = rows_[account.value].size;
    if (size > Quantity::zero()) totals_.longs -= size;
    size += by;
    if (size > Quantity::zero()) totals_.longs += size;
    totals_.net += by;
  }

  Totals totals_;
  std::vector<Position> rows_;
};

}  // namespace mezz

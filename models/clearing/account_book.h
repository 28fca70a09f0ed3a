// The positions of all accounts in one instrument: signed lots and the funding index at which each
// account was last settled. Money is in the ledger. Every trade has two sides, so the sum of the
// positions is always zero, less what came from outside (coins of a spot instrument); open interest
// (the sum of the longs) is kept up to date. Rows live in pages that appear with the first trade in
// them: an instrument that few hold costs little. A value: copy it to keep a state.
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
    MEZZ_ASSERT(accounts >= totals_.accounts);
    totals_.accounts = accounts;
    page_of_.resize((accounts + kPage - 1) / kPage, kNoPage);
  }
  [[nodiscard]] std::uint32_t accounts() const { return totals_.accounts; }
  [[nodiscard]] const Position& at(AccountId account) const {
    MEZZ_ASSERT(account.value < totals_.accounts);
    const std::uint32_t page = page_of_[account.value / kPage];
    return page == kNoPage ? kEmpty : rows_[page * kPage + account.value % kPage];
  }
  [[nodiscard]] Quantity open_interest() const { return totals_.longs; }
  [[nodiscard]] Quantity from_outside() const { return totals_.net; }

  // Both must be settled up to `now`.
  void trade(AccountId buyer, AccountId seller, Quantity quantity, const FundingIndices& now) {
    MEZZ_ASSERT(quantity > Quantity::zero());
    MEZZ_ASSERT(buyer != seller);
    const Quantity outside = totals_.net;
    change(buyer, quantity, now);
    change(seller, -quantity, now);
    MEZZ_ASSERT(totals_.net == outside);
  }
  // Lots that come from (or go to) outside: coins, or what the expiry of a contract takes away.
  void bring(AccountId account, Quantity quantity, const FundingIndices& now) {
    change(account, quantity, now);
  }
  // What the account receives since it was last settled; marks it settled.
  FundingPayment settle(AccountId account, const FundingIndices& now) {
    if (at(account).size == Quantity::zero()) return {};
    Position& row = row_of(account);
    const FundingIndex index = now.of(row.size);
    const FundingPayment payment = funding::settle(index, row.settled_at, row.size);
    row.settled_at = index;
    return payment;
  }
  // Visits (account, position) of everybody who holds something, in order of account.
  template <class F>
  void for_each_holder(F visit) const {
    for (std::uint32_t p = 0; p < page_of_.size(); ++p) {
      if (page_of_[p] == kNoPage) continue;
      for (std::uint32_t i = 0; i < kPage; ++i) {
        const Position& row = rows_[page_of_[p] * kPage + i];
        if (row.size != Quantity::zero()) visit(AccountId{p * kPage + i}, row);
      }
    }
  }
  void full_check() const {
    Quantity net;
    Quantity longs;
    for_each_holder([&](AccountId account, const Position& row) {
      MEZZ_ASSERT(account.value < totals_.accounts);
      net += row.size;
      if (row.size > Quantity::zero()) longs += row.size;
    });
    MEZZ_ASSERT(net == totals_.net);
    MEZZ_ASSERT(longs == totals_.longs);
  }

  void visit_state(auto& v) {
    v("totals", totals_);
    v("page_of", page_of_);
    v("rows", rows_);
  }

 private:
  static constexpr std::uint32_t kPage = 256;
  static constexpr std::uint32_t kNoPage = UINT32_MAX;
  static constexpr Position kEmpty = {};
  struct Totals {
    Quantity longs;
    Quantity net;
    std::uint32_t accounts = 0;
    std::uint32_t reserved = 0;
  };
  Position& row_of(AccountId account) {
    MEZZ_ASSERT(account.value < totals_.accounts);
    std::uint32_t& page = page_of_[account.value / kPage];
    if (page == kNoPage) {
      page = static_cast<std::uint32_t>(rows_.size() / kPage);
      rows_.resize(rows_.size() + kPage);
    }
    return rows_[page * kPage + account.value % kPage];
  }
  void change(AccountId account, Quantity by, const FundingIndices& now) {
    Position& row = row_of(account);
    MEZZ_ASSERT(row.size == Quantity::zero() || row.settled_at == now.of(row.size));
    if (row.size > Quantity::zero()) totals_.longs -= row.size;
    row.size += by;
    row.settled_at = now.of(row.size);
    if (row.size > Quantity::zero()) totals_.longs += row.size;
    totals_.net += by;
  }

  Totals totals_;
  std::vector<std::uint32_t> page_of_;
  std::vector<Position> rows_;
};

}  // namespace mezz

// The double-entry ledger of the layer two. Rows are the system accounts below, then one per user.
// A posting moves a positive amount from `debit` to `credit`, so the sum of all rows is always
// zero: `external` is the world outside and stands at minus (deposits - withdrawals). A running
// total made of what each row really changed by is asserted at every posting; full_check() adds
// everything up. Rows may be negative (a user's loss, external); what may be negative is the rule
// of who posts. The ledger is a value: copy it to keep a state. Left out: assets other than the
// quote asset.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/market/ids.h"
#include "sim/check/assert.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"

namespace mezz {

enum class SystemAccount : std::uint32_t {
  External,             // everybody outside; the only row that is negative by design
  L1Escrow,             // locked on the base chain for a purpose other than a user's balance
  DepositsInFlight,     // paid in on the base chain, not yet credited on the layer two
  WithdrawalsInFlight,  // debited on the layer two, not yet paid out on the base chain
  InsuranceFund,
  Fees,
  Rounding,  // dust of rules that round
  SequencerGas,
  LiquidationFees,
  BadDebt,         // losses that nobody bore; its balance is minus the bad debt
  SocialisedLoss,  // claims on users for losses shared out, until they are collected
};
template <>
struct EnumNames<SystemAccount> {
  static constexpr std::string_view names[] = {
      "external",         "l1_escrow", "deposits_in_flight", "withdrawals_in_flight",
      "insurance_fund",   "fees",      "rounding",           "sequencer_gas",
      "liquidation_fees", "bad_debt",  "socialised_loss"};
};
inline constexpr std::uint32_t kSystemAccounts = 11;

class Ledger {
 public:
  struct Row {
    std::uint32_t index = 0;
    constexpr Row(SystemAccount a) : index(static_cast<std::uint32_t>(a)) {}
    constexpr Row(AccountId a) : index(kSystemAccounts + a.value) {}
    constexpr auto operator<=>(const Row&) const = default;
  };
  struct Posting {
    Row debit;
    Row credit;
    Money amount;
  };

  Ledger() : balances_(kSystemAccounts) {}

  // Users are numbered in the order they are opened.
  AccountId open_account() {
    balances_.emplace_back();
    MEZZ_ASSERT(accounts() < AccountId::none().value - kSystemAccounts);
    return {accounts() - 1};
  }
  [[nodiscard]] std::uint32_t accounts() const {
    return static_cast<std::uint32_t>(balances_.size()) - kSystemAccounts;
  }

  [[nodiscard]] Money balance(Row row) const {
    MEZZ_ASSERT(row.index < balances_.size());
    return balances_[row.index];
  }
  void post(const Posting& posting);
  // A posting whose direction is the sign of `change`, from the point of view of `row`; 0 is no
  // posting.
  void settle(Row row, Row counterparty, Money change);

  [[nodiscard]] std::uint64_t postings() const { return totals_.postings; }
  // What the running total is off by: zero, or our bug.
  [[nodiscard]] Money residual() const { return {totals_.residual}; }
  [[nodiscard]] Money users_total() const;
  void full_check() const;

  void visit_state(auto& v) {
    v("totals", totals_);
    v("balances", balances_);
  }

 private:
  struct Totals {
    std::int64_t residual = 0;
    std::uint64_t postings = 0;
  };
  Totals totals_;
  std::vector<Money> balances_;
};

}  // namespace mezz

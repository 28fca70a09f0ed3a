// What an exchange sums up of all its blocks, and what its insolvent accounts lack.
#pragma once

#include <cstdint>

#include "sim/types/money.h"
#include "sim/types/quantity.h"

namespace mezz {

struct ExchangeTotals {
  Money user_quote;  // sum of all account quote balances (may be negative per account)
  Money insurance_fund;
  Money insurance_fund_min;
  Money insurance_fund_start;
  Money fees;
  Money rounding;
  Money bad_debt;  // booked so far, a positive number
  std::int64_t bad_debt_accounts = 0;
  Money deposited;  // credited on layer two, genesis included
  Money withdrawn;  // debited on layer two
  Money adl_notional;
  Money funding_paid;
  std::int64_t expiries = 0;  // listings settled
  Money expiries_paid;        // to their winners
  Quantity open_interest;     // long side
  Quantity open_interest_max;
  std::int64_t orders = 0;
  std::int64_t trades = 0;
  std::int64_t liquidations = 0;
  Money liquidation_notional;
  Money backstop;         // equity of the vault
  Money loss_penalty;     // of liquidated accounts against the mark, fees included
  Money loss_fund;        // paid by the fund or taken over by the vault
  Money loss_adl;         // of deleveraged counterparties against the mark
  Money loss_socialised;  // borne by all accounts
  std::int64_t adl_counterparties = 0;
  std::int64_t adl_profitable = 0;  // of them; counted where they are ranked
  Money residual;  // user_quote + fund + fees + rounding - bad debt ... : must be zero

  // What stands for losses: the fund, or the vault of the rules that have one.
  [[nodiscard]] Money fund_and_vault() const { return insurance_fund + backstop; }
};

// Negative equity of accounts that still hold a position: bad debt that nobody has realised yet.
struct Insolvency {
  Money equity;  // <= 0
  std::int64_t accounts = 0;
};

}  // namespace mezz

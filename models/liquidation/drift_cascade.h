// Which portfolios must be margined again after prices moved, when a price is not all that moves
// them: clock, bound, scan. scan_cascade.h files an account under a range of one price, which holds
// while volatility, time and the other prices stand still; options lose and gain by all of them.
//   clock  every price has one: the sum of all its moves so far, up or down, whatever moved it. For
//          an option "its move" is the greatest over the scenarios in which it is priced
//   bound  an account that can afford to lose `budget`, and loses at most exposure x move by each
//          price, is safe until some clock has run for its part of the budget. Parts are split so
//          that all end together if every clock keeps its pace
//   scan   the accounts of which a clock has passed its part are margined exactly and filed again
// A breach is never missed as long as the exposures are true; an account is filed once per price it
// depends on, and a move costs nothing but the accounts whose part is used up. What else changes an
// account (cash, positions) asks for filing it again.
//
// Exact where it matters: clocks and parts are integers, a part is rounded down by a billionth.
// Units: micro-dollars. Nothing here is part of a state: whoever starts anew scans everyone once,
// and finds the same. Left out: moves that take each other back (use scan_cascade.h where one price
// is all).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/market/ids.h"
#include "sim/types/money.h"
#include "sim/types/rounding.h"

namespace mezz::liquidation {

struct DriftExposure {
  std::uint32_t price = 0;
  double loss = 0.0;  // at most, per unit that the price moves; not negative
};

class DriftCascade {
 public:
  explicit DriftCascade(std::size_t prices = 1) : clocks_(prices) {}

  // The price moved by so much, either way.
  void advance(std::uint32_t price, Int128 moved);
  // Files or re-files the account; without budget or exposures it is due at the next look.
  void file(AccountId account, Money budget, std::span<const DriftExposure> exposures);
  void erase(AccountId account);
  // Appends the accounts that are due, each once, by account; they are filed no longer.
  void take_due(std::vector<AccountId>& out);
  // Appends those that would be due if prices moved by so much more, one number for each price.
  void collect_due(std::span<const Int128> moves, std::vector<AccountId>& out) const;
  [[nodiscard]] bool contains(AccountId account) const {
    return account.value < rows_.size() && rows_[account.value].filed;
  }
  [[nodiscard]] std::size_t prices() const { return clocks_.size(); }
  // Forgets all accounts; clocks run on.
  void clear();

 private:
  struct Entry {
    Int128 until;  // due when the clock is here
    AccountId account;
    std::uint32_t stamp = 0;  // of the account, or the entry is stale
  };
  struct Clock {
    Int128 now = 0;
    std::vector<Entry> heap;  // the soonest first
    std::size_t full = 64;    // stale entries are thrown out at this size
  };
  struct Row {
    std::uint32_t stamp = 0;
    bool filed = false;
  };

  [[nodiscard]] bool is_live(const Entry& entry) const {
    return rows_[entry.account.value].stamp == entry.stamp;
  }
  void push(Clock& clock, const Entry& entry);

  std::vector<Clock> clocks_;
  std::vector<Row> rows_;  // by account
};

}  // namespace mezz::liquidation

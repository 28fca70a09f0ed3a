// Which portfolios must be scanned again after the underlying's price moved: index, bound, scan.
//   bound  safe_range() takes an account's surplus at one price and what its value can at most lose
//          per tick up or down, and gives a range of prices within which it cannot breach
//   index  ScanCascade files the account under both ends; a price costs nothing but the accounts
//          whose range it has left
//   scan   those are margined exactly (margin/portfolio_scan.h or another rule), acted upon when
//          they breach, and filed again under a range around the new price
// A breach is never missed as long as the slopes are true. Surplus means equity after the worst
// scenario, S(p) = least over scenarios of the sum of lots x value in the scenario at price p, plus
// cash, and an account breaches when S < 0. Each value per lot moves with p by a slope within the
// instrument's range whatever the scenario, so S falls no faster than the account's steepest sum of
// lots x slope: a perpetual moves by its lot times the scenario's factor, a call by between nothing
// and that. Whatever else moves the surplus (volatility, cash, positions, time) asks for a new
// range. Values are quantised: every lot may be off by `rounding` at both prices.
//
// Exact integers; the ends are rounded toward the price, so a range is never too wide. Units:
// ticks, lots, micro-dollars per lot and tick. One index per underlying: a portfolio over two needs
// the ranges of both, each with its part of the surplus. A value: copy it to keep a state.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/liquidation/price_index.h"
#include "models/margin/portfolio_scan.h"

namespace mezz::liquidation {

// How the value of one lot moves per tick of the underlying, in micro-dollars: never by less than
// `least`, never by more than `greatest`, at any price and in any scenario.
struct SlopeRange {
  std::int64_t least = 0;
  std::int64_t greatest = 0;
};

// No breach strictly between the two. A low end of zero or less, or a high end of kNoHigh: no price
// on that side is reached.
struct SafeRange {
  static constexpr Price kNoHigh{INT64_MAX};
  Price low{0};
  Price high = kNoHigh;
};

// `surplus` below zero gives a range that is empty. `rounding` is in micro-dollars per lot.
[[nodiscard]] SafeRange safe_range(Price at, Money surplus,
                                   std::span<const margin::ScanPosition> positions,
                                   std::span<const SlopeRange> slopes, std::int64_t rounding = 1);

class ScanCascade {
 public:
  explicit ScanCascade(Price reference = {1'000'000}) : lows_(reference), highs_(reference) {}

  // Files or re-files the account.
  void update(AccountId account, const SafeRange& range);
  void erase(AccountId account);  // nothing happens when it is not filed
  // Filed under at least one end: an account that no price can hurt is not.
  [[nodiscard]] bool contains(AccountId account) const {
    return lows_.contains(account) || highs_.contains(account);
  }
  // Appends the accounts whose range does not contain `price`, each once, by account. They stay
  // filed until updated or erased.
  void collect_crossed(Price price, std::vector<AccountId>& out) const;
  [[nodiscard]] bool any_crossed(Price price) const {
    return lows_.any_breached(price) || highs_.any_breached(price);
  }

  void visit_state(auto& v) {
    v("lows", lows_);
    v("highs", highs_);
  }

 private:
  PriceIndex lows_;   // crossed when the price is at or below
  PriceIndex highs_;  // crossed when it is at or above
};

}  // namespace mezz::liquidation

// Which portfolios must be looked at when prices moved: those whose surplus the moves since their
// last look could have used up (liquidation/drift_cascade, portfolio/price_drift). Whoever is found
// is found by the margin rule itself, so this changes what is computed and never what is decided.
#include <algorithm>

#include "models/layer2/execution/exchange.h"
#include "models/portfolio/price_drift.h"

namespace mezz {
namespace {

// Requirements are rounded to the micro-dollar, at both prices.
constexpr Money kRounding{2};

}  // namespace

std::vector<Int128> ExchangeState::moves_between(const PriceTable& from,
                                                 const PriceTable& to) const {
  std::vector<Int128> moves;
  moves.reserve(markets_.size());
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    moves.push_back(portfolio::greatest_move(
        preset_, markets_[i].contract.tick,
        {.from = prices_in(from, {i}), .to = prices_in(to, {i}), .passed = to.at - from.at}));
  }
  return moves;
}

// Files the account for as long as its surplus lasts at the marks of the table.
void Exchange::watch(AccountId account, const margin::Risk& now) {
  const Row& row = rows_[account.value];
  if (row.listed == 0 || (row.flags & kNobodys) != 0 || margin::is_liquidatable(now)) {
    cascade_.erase(account);
    return;
  }
  // Of purses, what the poorest has to spare and what all of them may lose: no purse is short as
  // long as that lasts. The perpetual's is in the price index.
  const bool own_purses = isolated(account);
  const margin::Risk tightest = own_purses ? worst_purse(account, {1}, table_) : now;
  Money surplus = tightest.net_collateral - tightest.maintenance_margin - kRounding;
  std::vector<liquidation::DriftExposure> exposures{{.price = 0, .loss = 0.0}};
  for (std::uint16_t i = own_purses ? 1 : 0; i < markets_.size(); ++i) {
    Quantity size = position(account, {i});
    if (size == Quantity::zero()) continue;
    const auto may_lose = portfolio::sensitivity(preset_, leg_of({i}, size, table_));
    if (!may_lose) {
      surplus = Money::zero();  // no bound: it is due every time
      break;
    }
    exposures.front().loss += may_lose->index;
    if (i == 0) {
      exposures.front().loss += may_lose->own;
    } else {
      exposures.push_back({.price = i, .loss = may_lose->own});
    }
  }
  cascade_.file(account, surplus, exposures);
}

// In the order of portfolios_, as if all of them had been looked at.
void Exchange::find_breached_portfolios() {
  if (some_left_) {
    std::erase_if(portfolios_, [&](AccountId account) {
      Row& row = rows_[account.value];
      if (row.listed > 0) return false;
      row.flags &= ~std::uint32_t{kPortfolio};
      return true;
    });
    some_left_ = false;
  }
  std::vector<AccountId> due;
  if (all_filed_) {
    cascade_.take_due(due);
  } else {
    due = portfolios_;
    std::sort(due.begin(), due.end());
    all_filed_ = true;
  }
  std::erase_if(due, [&](AccountId account) {
    if ((rows_[account.value].flags & kNobodys) != 0) return true;
    const margin::Risk now = risk(account, scalars_.oracle);
    watch(account, now);
    if (isolated(account)) note_purses(account);
    return !margin::is_liquidatable(now);
  });
  if (due.empty()) return;
  for (const AccountId account : portfolios_) {
    if (std::binary_search(due.begin(), due.end(), account)) note_breach(account, true);
  }
}

// Sorted by account.
void ExchangeState::collect_portfolios(Price index, std::vector<AccountId>& out) const {
  if (portfolios_.empty()) return;
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  const bool at_marks = index == table_.index;
  const PriceTable elsewhere = at_marks ? PriceTable{} : prices_at(index, table_.at);
  const PriceTable& prices = at_marks ? table_ : elsewhere;
  std::vector<AccountId> due = breached_;
  due.insert(due.end(), touched_.begin(), touched_.end());
  if (!all_filed_) {
    due.insert(due.end(), portfolios_.begin(), portfolios_.end());
  } else if (!at_marks) {
    cascade_.collect_due(moves_between(table_, elsewhere), due);
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  for (const AccountId account : due) {
    const Row& row = rows_[account.value];
    if (row.listed == 0 || (row.flags & kNobodys) != 0) continue;
    const margin::Risk at = isolated(account) ? worst_purse(account, {1}, prices)
                                              : risk_of(holding(account, kMainInstrument), prices,
                                                        main().positions.open_interest());
    if (margin::is_liquidatable(at)) out.push_back(account);
  }
  std::sort(out.begin() + begin, out.end());
}

}  // namespace mezz

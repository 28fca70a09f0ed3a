// What others may ask the exchange, and its own full check.
#include <algorithm>

#include "models/layer2/execution/exchange.h"

namespace mezz {

MarketUpdate ExchangeState::market() const {
  return {.block = scalars_.block,
          .oracle = scalars_.oracle,
          .best_bid = book().has(Side::Buy) ? book().best(Side::Buy) : Price{},
          .best_ask = book().has(Side::Sell) ? book().best(Side::Sell) : Price{},
          .last_trade = main().state.last_trade,
          .oracle_time = scalars_.oracle_time};
}

Price ExchangeState::mark(InstrumentId instrument) const {
  return instrument == kMainInstrument ? scalars_.oracle : prices_in(table_, instrument).front();
}

ExchangeTotals ExchangeState::totals() const {
  ExchangeTotals totals;
  for (std::uint32_t row = 0; row < kSystemAccounts; ++row) {
    totals.user_quote -= ledger_.balance(static_cast<SystemAccount>(row));  // all rows sum to zero
  }
  totals.insurance_fund = fund();
  totals.insurance_fund_min = scalars_.insurance_fund_min;
  totals.insurance_fund_start = params_.insurance_fund;
  totals.fees = ledger_.balance(SystemAccount::Fees);
  totals.rounding = ledger_.balance(SystemAccount::Rounding);
  totals.bad_debt = -ledger_.balance(SystemAccount::BadDebt);
  totals.bad_debt_accounts = scalars_.bad_debt_accounts;
  totals.deposited = scalars_.deposited;
  totals.withdrawn = scalars_.withdrawn;
  totals.adl_notional = scalars_.adl_notional;
  totals.funding_paid = scalars_.funding_paid;
  totals.expiries = scalars_.expiries;
  totals.expiries_paid = scalars_.expiries_paid;
  totals.open_interest = main().positions.open_interest();
  totals.open_interest_max = main().state.open_interest_max;
  totals.orders = scalars_.orders;
  totals.trades = scalars_.trades;
  totals.liquidations = scalars_.liquidations;
  totals.liquidation_notional = scalars_.liquidation_notional;
  totals.backstop = vault_.exists() ? equity(vault_, scalars_.oracle) : Money::zero();
  totals.loss_penalty = scalars_.loss_penalty;
  totals.loss_fund = scalars_.loss_fund;
  totals.loss_adl = scalars_.loss_adl;
  totals.loss_socialised = scalars_.loss_socialised;
  totals.adl_counterparties = scalars_.adl_counterparties;
  totals.adl_profitable = scalars_.adl_profitable;
  totals.residual = totals.user_quote + totals.insurance_fund + totals.fees + totals.rounding -
                    totals.bad_debt - totals.insurance_fund_start -
                    (totals.deposited - totals.withdrawn) +
                    ledger_.balance(SystemAccount::SocialisedLoss);
  MEZZ_ASSERT(totals.bad_debt >= Money::zero());
  return totals;
}

margin::Risk ExchangeState::risk(AccountId account, Price index) const {
  const Holding h = holding(account, kMainInstrument);
  const Quantity open_interest = main().positions.open_interest();
  if (isolated(account)) {
    return index == table_.index
               ? worst_purse(account, kMainInstrument, table_)
               : worst_purse(account, kMainInstrument, prices_at(index, table_.at));
  }
  if (is_portfolio(h) && index != table_.index) {
    return risk_of(h, prices_at(index, table_.at), open_interest);
  }
  if (index == table_.index) return risk_of(h, table_, open_interest);
  return risk_of(h, {.index = index, .at = table_.at, .prices = {}}, open_interest);
}

Money ExchangeState::equity(AccountId account, Price index) const {
  Holding h = holding(account, kMainInstrument);
  h.quote = quote(account);  // with all its purses
  if (is_portfolio(h)) {
    if (index == table_.index) return account_value(portfolio_of(h, table_));
    const PriceTable prices = prices_at(index, table_.at);
    return account_value(portfolio_of(h, prices));
  }
  return h.quote + notional(params_.contract, h.size, index);
}

Money ExchangeState::free_collateral(AccountId account) const {
  if (isolated(account)) return quote(account) - purses_[account.value];
  const margin::Risk now = risk(account, scalars_.oracle);
  return now.net_collateral - now.initial_margin;
}

Int128 ExchangeState::gross_notional(AccountId account) const {
  MEZZ_ASSERT(known(account));
  const Int128 lots = position(account).abs().lots;
  Int128 sum = lots * notional(params_.contract, {1}, scalars_.oracle).micros;
  if (rows_[account.value].listed == 0) return sum;
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    const Quantity size = position(account, {i});
    if (size == Quantity::zero()) continue;
    sum += Int128{size.abs().lots} * lot_value(*listing({i}), mark({i})).abs().micros;
  }
  return sum;
}

bool ExchangeState::is_nobodys(AccountId account) const {
  MEZZ_ASSERT(known(account));
  return (rows_[account.value].flags & kNobodys) != 0;
}

std::uint32_t ExchangeState::live_orders(AccountId account) const {
  MEZZ_ASSERT(known(account));
  return rows_[account.value].live_orders;
}

Time ExchangeState::liquidatable_since(AccountId account) const {
  MEZZ_ASSERT(known(account));
  return rows_[account.value].liquidatable_since;
}

void ExchangeState::collect_liquidatable(Price index, std::vector<AccountId>& out) const {
  MEZZ_ASSERT(touched_.empty());
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  index_.collect_breached(index, out);
  collect_portfolios(index, out);
  if (purses_.empty() || portfolios_.empty()) return;
  // With purses, an account may be in both.
  std::sort(out.begin() + begin, out.end());
  out.erase(std::unique(out.begin() + begin, out.end()), out.end());
}

bool ExchangeState::any_liquidatable(Price index) const {
  if (index_.any_breached(index)) return true;
  std::vector<AccountId> found;
  collect_portfolios(index, found);
  return !found.empty();
}

bool ExchangeState::needs_deleveraging(AccountId account) const {
  MEZZ_ASSERT(known(account));
  if ((rows_[account.value].flags & kMarked) == 0) return false;
  if (!isolated(account)) return at_risk(account, kMainInstrument) < Money::zero();
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    if (is_marked(account, {i}) && at_risk(account, {i}) < Money::zero()) return true;
  }
  return false;
}

void ExchangeState::collect_deleverageable(std::vector<AccountId>& out) const {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  for (const AccountId account : marked_) {
    if (needs_deleveraging(account)) out.push_back(account);
  }
  std::sort(out.begin() + begin, out.end());
}

// An insolvent account with a position is liquidatable, so the index finds it.
Insolvency ExchangeState::insolvency(Price index) const {
  std::vector<AccountId> breached;
  collect_liquidatable(index, breached);
  Insolvency found;
  for (const AccountId account : breached) {
    const Money left = isolated(account) ? purse_debts(account, index) : equity(account, index);
    if (left >= Money::zero()) continue;
    found.equity += left;
    ++found.accounts;
  }
  return found;
}

void ExchangeState::full_check() const {
  ledger_.full_check();
  for (const Market& market : markets_) {
    market.positions.full_check();
    market.book.full_check();
    MEZZ_ASSERT(market.positions.accounts() == ledger_.accounts());
  }
  index_.full_check();
  MEZZ_ASSERT(rows_.size() == ledger_.accounts());
  const ExchangeTotals now = totals();
  MEZZ_ASSERT(now.residual == Money::zero());
  MEZZ_ASSERT(now.user_quote == ledger_.users_total());
  MEZZ_ASSERT(now.insurance_fund >= Money::zero());
  check_orders();
  check_pools();
  check_skew_funding();
  if (!touched_.empty()) return;  // inside a block: index and hashes lag behind
  std::uint64_t hashes = 0;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    MEZZ_ASSERT(rows_[i].hash == row_hash({i}));
    hashes += rows_[i].hash;
    if (index_.contains({i})) MEZZ_ASSERT(position({i}) != Quantity::zero());
    std::uint32_t listed = 0;
    for (std::uint16_t m = 1; m < markets_.size(); ++m) {
      listed += position({i}, {m}) != Quantity::zero() ? 1U : 0U;
    }
    MEZZ_ASSERT(listed == rows_[i].listed);
    if ((rows_[i].flags & kNobodys) != 0) continue;
    if (isolated({i})) check_purses({i});
    const bool since = rows_[i].liquidatable_since.happened();
    MEZZ_ASSERT(since == margin::is_liquidatable(risk({i}, scalars_.oracle)));
  }
  MEZZ_ASSERT(hashes == scalars_.accounts_hash);
}

// Every order of the book is in the list of its account, and nothing else is.
void ExchangeState::check_orders() const {
  std::uint32_t counted = 0;
  std::uint64_t hashes = 0;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    OrderRef prev;
    std::uint32_t live = 0;
    for (OrderRef ref = rows_[i].first_order; ref.exists(); ref = tag(ref).next) {
      const RestingOrder order = book(ref.instrument()).find(tag(ref).id);
      MEZZ_ASSERT(order.id.exists() && order.account == AccountId{i});
      MEZZ_ASSERT(tag(ref).prev == prev);
      hashes += tag(ref).hash;
      prev = ref;
      ++live;
    }
    MEZZ_ASSERT(live == rows_[i].live_orders);
    counted += live;
  }
  std::uint32_t resting = 0;
  for (const Market& market : markets_) resting += market.book.live();
  MEZZ_ASSERT(counted == resting);
  MEZZ_ASSERT(hashes == scalars_.orders_hash);
}

}  // namespace mezz

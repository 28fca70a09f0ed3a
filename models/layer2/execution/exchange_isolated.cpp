// Isolated margin: every position of an account has a purse of its own, a part of the account's
// balance. An increase brings the position's equity up by the initial margin it adds, a decrease
// gives its part of the equity back, and everything the position pays or receives (price of a fill
// and its fee, funding, settlement, liquidation) goes through its purse. So a position can lose its
// purse and no more: neither free cash nor another purse is touched, and what is lacking when it is
// gone is the fund's or bad debt. The margin rule sees the purse and the one position; under a rule
// of portfolios each position is a portfolio of its own, and purses of listings are auctioned one
// by one. A Liquidate or Deleverage closes all positions of the account that are short, each by
// itself. Ours: a loss shared by all is taken from free cash first, then from what the purses are
// worth. A MoveMargin puts free cash into a purse, or takes out what the position does
// not need as initial margin. Left out: a leverage of each user's own (more can be put in, not
// less), inverse perpetuals (their collateral is a position in coins).
#include <algorithm>

#include "models/layer2/execution/closing.h"

namespace mezz {

// ---- money -------------------------------------------------------------------------------------

Money ExchangeState::purse(AccountId account, InstrumentId instrument) const {
  return isolated(account) ? market_of(instrument).purses[account.value] : Money::zero();
}

void Exchange::put_in_purse(AccountId account, InstrumentId instrument, Money amount) {
  if (!isolated(account)) return;
  market_of(instrument).purses[account.value] += amount;
  purses_[account.value] += amount;
}

Money ExchangeState::purse_after(const Holding& before, const Change& change,
                                 Quantity open_interest) const {
  const Quantity after = before.size + change.size;
  if (after == Quantity::zero()) return Money::zero();
  const auto value = [&](Quantity lots) { return value_of(before.instrument, lots); };
  const auto needs = [&](Quantity lots) {
    Holding h = before;
    h.size = lots;
    const Money chosen{
        params_.isolated_leverage == 0
            ? 0
            : narrow(divide(value(lots).abs().micros, params_.isolated_leverage, Round::Up))};
    return std::max(chosen, risk_of(h, table_, open_interest).initial_margin);
  };
  const auto topped_up = [&](Money cash, Money target) {
    return std::max(cash, target - value(after));
  };
  const bool was_long = before.size > Quantity::zero();
  if (before.size == Quantity::zero() || was_long == (change.size > Quantity::zero())) {
    const Money equity_before = before.purse + value(before.size);
    const Money need = needs(after);
    return topped_up(before.purse + change.quote,
                     std::max(need, equity_before + need - needs(before.size)));
  }
  if (was_long == (after > Quantity::zero())) {
    const Money cash = before.purse + change.quote;
    const Money left = std::max(Money::zero(), cash + value(after));
    return cash -
           Money{mul_div(left.micros, change.size.abs().lots, before.size.abs().lots, Round::Down)};
  }
  // Turned round: all of the old position's cash is free, the rest is a new position.
  const Money paid{mul_div(change.quote.micros, after.lots, change.size.lots, Round::Down)};
  return topped_up(paid, needs(after));
}

// The position is gone: what it still had is the account's; what it lacks is not.
void Exchange::release_purse(AccountId account, InstrumentId instrument, Time since,
                             BlockOutput& out) {
  MEZZ_ASSERT(position(account, instrument) == Quantity::zero());
  const Money left = purse(account, instrument);
  put_in_purse(account, instrument, -left);
  if (left < Money::zero()) {
    cover({.account = account, .instrument = instrument}, -left, since, out);
  }
}

// Quote moves to or from the account and lots to or from the position without being paid for: the
// quote is free cash, and the purse stays as it is unless nothing of the position is left.
bool ExchangeState::may_move(const Holding& before, const Change& change) const {
  Holding after = before;
  after.quote += change.quote;
  after.size += change.size;
  if (isolated(before.account)) {
    if (after.size == Quantity::zero() && after.purse < Money::zero()) return false;
    if (after.size != Quantity::zero() && after.quote < after.purse) return false;
  }
  return margin::is_initial_collateralised(
      risk_of(after, table_, main().positions.open_interest()));
}

TxStatus Exchange::move_margin(const Transaction& tx) {
  const Money amount{tx.amount};
  if (!isolated(tx.account) || amount == Money::zero()) return TxStatus::Rejected;
  if (position(tx.account, tx.instrument) == Quantity::zero()) return TxStatus::Rejected;
  if (amount > free_collateral(tx.account)) return TxStatus::Rejected;
  if (amount < Money::zero()) {
    Holding after = holding(tx.account, tx.instrument);
    after.purse += amount;
    const bool enough =
        margin::is_initial_collateralised(risk_of(after, table_, main().positions.open_interest()));
    if (!enough) return TxStatus::Rejected;
  }
  put_in_purse(tx.account, tx.instrument, amount);
  touch(tx.account);
  return TxStatus::Executed;
}

// After lots moved without a purchase: the initial margin of what is there now, as far as free cash
// goes.
void Exchange::follow_lots(AccountId account, InstrumentId instrument) {
  if (!isolated(account)) return;
  if (position(account, instrument) == Quantity::zero()) {
    put_in_purse(account, instrument, -purse(account, instrument));
    return;
  }
  const margin::Risk now = position_risk(account, instrument);
  const Money free = quote(account) - purses_[account.value];
  put_in_purse(account, instrument,
               std::clamp(now.initial_margin - now.net_collateral, Money::zero(), free));
}

// What a shared loss may take: free cash and what each position is worth.
Money ExchangeState::payable(AccountId account) const {
  if (!isolated(account)) return equity(account, scalars_.oracle);
  Money value = quote(account) - purses_[account.value];
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    value += std::max(Money::zero(), at_risk(account, {i}));
  }
  return value;
}

void Exchange::charge(AccountId account, Money share) {
  ledger_.settle(account, SystemAccount::SocialisedLoss, -share);
  if (!isolated(account)) return;
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const Money lacks = purses_[account.value] - quote(account);  // free cash went first
    if (lacks <= Money::zero()) return;
    put_in_purse(account, {i}, -std::min(lacks, std::max(Money::zero(), at_risk(account, {i}))));
  }
  MEZZ_ASSERT(quote(account) >= purses_[account.value]);
}

// ---- risk --------------------------------------------------------------------------------------

margin::Risk ExchangeState::position_risk(AccountId account, InstrumentId instrument) const {
  return risk_of(holding(account, instrument), table_, main().positions.open_interest());
}

Money ExchangeState::at_risk(AccountId account, InstrumentId instrument) const {
  if (!isolated(account)) return equity(account, scalars_.oracle);
  return purse(account, instrument) + value_of(instrument, position(account, instrument));
}

// Of the positions from this instrument on; of none, what is free.
margin::Risk ExchangeState::worst_purse(AccountId account, InstrumentId from,
                                        const PriceTable& prices) const {
  margin::Risk worst{.net_collateral = quote(account) - purses_[account.value]};
  bool any = false;
  const std::size_t end = rows_[account.value].listed == 0 ? 1 : markets_.size();
  for (std::uint16_t i = from.value; i < end; ++i) {
    if (position(account, {i}) == Quantity::zero()) continue;
    const margin::Risk now =
        risk_of(holding(account, {i}), prices, main().positions.open_interest());
    const bool is_short = margin::is_liquidatable(now);
    const bool was_short = margin::is_liquidatable(worst);
    const bool less = now.net_collateral - now.maintenance_margin <
                      worst.net_collateral - worst.maintenance_margin;
    if (!any || (is_short && !was_short) || (is_short == was_short && less)) worst = now;
    any = true;
  }
  return worst;
}

// What positions that are worth less than nothing lack; <= 0.
Money ExchangeState::purse_debts(AccountId account, Price index) const {
  const PriceTable prices = index == table_.index ? table_ : prices_at(index, table_.at);
  Money debts;
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    if (position(account, {i}) == Quantity::zero()) continue;
    const margin::Risk now =
        risk_of(holding(account, {i}), prices, main().positions.open_interest());
    debts += std::min(Money::zero(), now.net_collateral);
  }
  return debts;
}

// ---- who is short ------------------------------------------------------------------------------

Exchange::ShortPurse* Exchange::find_short(AccountId account, InstrumentId instrument) {
  const auto at = std::find_if(short_purses_.begin(), short_purses_.end(), [&](const auto& s) {
    return s.account == account && s.instrument == instrument;
  });
  return at == short_purses_.end() ? nullptr : &*at;
}

// Looks at every position of the account at the marks; true when one of them is short. Auctions of
// those that are not any more end.
bool Exchange::note_purses(AccountId account) {
  MEZZ_ASSERT(isolated(account));
  const Row& row = rows_[account.value];
  const auto is_short = [&](InstrumentId instrument) {
    return position(account, instrument) != Quantity::zero() &&
           margin::is_liquidatable(position_risk(account, instrument));
  };
  std::erase_if(short_purses_, [&](const ShortPurse& s) {
    return s.account == account && !is_short(s.instrument);
  });
  bool any = false;
  const bool auctions = (row.flags & kAuction) != 0;
  const std::size_t end = row.listed == 0 && !auctions ? 1 : markets_.size();
  for (std::uint16_t i = 0; i < end; ++i) {
    if (is_short({i})) {
      any = true;
      if (find_short(account, {i}) == nullptr) {
        short_purses_.push_back({.account = account, .instrument = {i}, .since = scalars_.now});
      }
    } else if (auctions) {
      end_auction(account, {i});
    }
  }
  if ((row.flags & kMarked) != 0) mark_for_deleveraging(account, InstrumentId::none(), false);
  return any;
}

bool ExchangeState::is_marked(AccountId account, InstrumentId instrument) const {
  if ((rows_[account.value].flags & kMarked) == 0) return false;
  return !isolated(account) ||
         std::any_of(short_purses_.begin(), short_purses_.end(), [&](const ShortPurse& s) {
           return s.account == account && s.instrument == instrument && s.marked != 0;
         });
}

void Exchange::mark_for_deleveraging(AccountId account, InstrumentId instrument, bool marked) {
  if (isolated(account)) {
    ShortPurse* purse = find_short(account, instrument);
    if (purse == nullptr && marked) {
      purse = &short_purses_.emplace_back(
          ShortPurse{.account = account, .instrument = instrument, .since = scalars_.now});
    }
    if (purse != nullptr) purse->marked = marked ? 1 : 0;
    marked = std::any_of(short_purses_.begin(), short_purses_.end(), [&](const ShortPurse& s) {
      return s.account == account && s.marked != 0;
    });
  }
  Row& row = rows_[account.value];
  if (!marked) {
    row.flags &= ~std::uint32_t{kMarked};
    return;
  }
  if ((row.flags & kMarked) == 0) marked_.push_back(account);
  row.flags |= kMarked;
}

// ---- closing all that are short ----------------------------------------------------------------

namespace {

// Of several closings in one transaction.
TxStatus together_with(std::optional<TxStatus> before, TxStatus now) {
  if (!before || *before == now) return now;
  return TxStatus::PartlyFilled;
}

}  // namespace

TxStatus Exchange::liquidate_purses(const Transaction& tx, AccountId target, BlockOutput& out) {
  std::optional<TxStatus> status;
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    if (position(target, {i}) == Quantity::zero()) continue;
    if (!margin::is_liquidatable(position_risk(target, {i}))) continue;
    const ShortPurse* found = find_short(target, {i});
    const Time since = found == nullptr ? scalars_.now : found->since;
    const Liquidated what{.account = target, .instrument = {i}};
    const bool auctioned = i > 0 && margins_portfolios(params_.margin);
    status =
        together_with(status, auctioned ? auction(tx, what, since, out)
                                        : Closing(*this, what, tx.account, since, out).liquidate());
  }
  return status.value_or(TxStatus::NotLiquidatable);
}

TxStatus Exchange::deleverage_purses(AccountId target, BlockOutput& out) {
  std::optional<TxStatus> status;
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    if (!is_marked(target, {i}) || at_risk(target, {i}) >= Money::zero()) continue;
    const Time since = find_short(target, {i})->since;
    Closing closing(*this, {.account = target, .instrument = {i}}, AccountId::none(), since, out);
    status = together_with(status, closing.deleverage());
  }
  return status.value_or(TxStatus::NotLiquidatable);
}

void ExchangeState::check_purses(AccountId account) const {
  Money all;
  for (const Market& market : markets_) {
    const Money purse = market.purses[account.value];
    const bool held = market.positions.at(account).size != Quantity::zero();
    MEZZ_ASSERT(held || purse == Money::zero());
    all += purse;
  }
  MEZZ_ASSERT(all == purses_[account.value]);
  MEZZ_ASSERT(quote(account) >= all);
}

// Orders of a position that is being closed; where the whole account stands for it, all orders.
void Exchange::expel_orders(AccountId account, InstrumentId instrument, BlockOutput& out) {
  if (!isolated(account)) {
    cancel_all(account, out, true);
    return;
  }
  OrderRef ref = rows_[account.value].first_order;
  while (ref.exists()) {
    const OrderRef next = tag(ref).next;
    if (ref.instrument() == instrument) expel_order(ref, book(instrument).find(tag(ref).id), out);
    ref = next;
  }
}

}  // namespace mezz

// The money side of a fill: margin checks, terms, postings.
#include <algorithm>

#include "models/layer2/execution/exchange.h"

namespace mezz {
namespace {

Quantity long_part(Quantity size) { return std::max(size, Quantity::zero()); }

}  // namespace

Price FillSum::average() const {
  if (quantity == Quantity::zero()) return {};
  return {narrow(divide(lot_ticks, quantity.lots, Round::HalfEven))};
}

ExchangeState::Holding ExchangeState::holding(AccountId account, InstrumentId instrument) const {
  Holding h{.account = account,
            .instrument = instrument,
            .quote = ledger_.balance(account),
            .size = position(account, instrument)};
  if (isolated(account)) {
    h.purse = purse(account, instrument);
    h.quote -= purses_[account.value] - h.purse;
  }
  return h;
}

margin::Risk ExchangeState::risk_of(const Holding& h, const PriceTable& prices,
                                    Quantity open_interest) const {
  if (isolated(h.account) && h.instrument != kMainInstrument) {
    if (h.size == Quantity::zero()) return {.net_collateral = h.quote};
    return account_risk(preset_, {.quote = h.purse,
                                  .index = params_.contract.tick * prices.index.ticks,
                                  .legs = {leg_of(h.instrument, h.size, prices)}});
  }
  if (!isolated(h.account) && is_portfolio(h)) {
    return account_risk(preset_, portfolio_of(h, prices));
  }
  const Quantity size =
      h.instrument == kMainInstrument ? h.size : position(h.account, kMainInstrument);
  if (size == Quantity::zero()) return {.net_collateral = h.quote};
  const bool grows = tier_.open_interest_upper != Money::zero();
  margin::Risk risk = margin::position_risk(
      preset_.position,
      {.quantity = size,
       .price = quote_price(params_.contract, prices.index),
       .lots_per_unit = params_.contract.lots_per_unit(),
       .open_interest =
           grows ? notional(params_.contract, open_interest, prices.index) : Money::zero()});
  risk.net_collateral += isolated(h.account) ? h.purse : h.quote;
  return risk;
}

ExchangeState::Holding ExchangeState::changed(const Holding& before, const Change& change,
                                              Quantity open_interest) const {
  Holding after = before;
  after.quote += change.quote;
  after.size += change.size;
  after.coins += change.coins;
  if (isolated(before.account)) after.purse = purse_after(before, change, open_interest);
  return after;
}

// ---- fills
// ---------------------------------------------------------------------------------------

// The rule of every fill, for both sides: initial margin afterwards, or no worse than before.
bool ExchangeState::may_change(const Holding& before, const Change& change,
                               Quantity open_interest_change) const {
  const Quantity now = main().positions.open_interest();
  if (before.instrument != kMainInstrument) open_interest_change = Quantity::zero();
  const Holding after = changed(before, change, now + open_interest_change);
  if (isolated(before.account)) {
    if (after.quote < after.purse) return false;  // not enough free cash
    const bool closes = after.size == Quantity::zero() && before.size != Quantity::zero();
    if (closes && before.purse + change.quote < Money::zero()) return false;
  }
  const margin::Risk risk_after = risk_of(after, table_, now + open_interest_change);
  if (margin::is_initial_collateralised(risk_after)) return true;
  return margin::check_update(risk_of(before, table_, now), risk_after) ==
         margin::UpdateResult::Success;
}

ExchangeState::FillTerms ExchangeState::terms(const Taker& taker, Quantity lots,
                                              Price price) const {
  MEZZ_ASSERT(lots > Quantity::zero());
  const bool buys = taker.side == Side::Buy;
  FillTerms at{.quantity = buys ? lots : -lots,
               .price = price,
               .value = {},
               .taker_fee = {},
               .maker_fee = {}};
  Money value = notional(market_of(taker.instrument).contract, lots, price);
  const ListingSpec* spec = listing(taker.instrument);
  if (spec != nullptr && spec->kind == ListingKind::InversePerp) {
    value = {narrow(-Int128{lot_value(*spec, price).micros} * lots.lots)};
    at.taker_coins = coin_change(*spec, *listing(spot_), at.quantity, price).coins;
    at.maker_coins = coin_change(*spec, *listing(spot_), -at.quantity, price).coins;
  } else {
    at.value = buys ? -value : value;
  }
  MEZZ_ASSERT(value > Money::zero());
  at.taker_fee = scale(value, taker.fee, Round::Up);
  at.maker_fee = scale(value, taker.maker_fee.value_or(params_.maker_fee), Round::Up);
  return at;
}

Quantity ExchangeState::open_interest_change(const Parties& parties, Quantity taker_change) {
  return long_part(parties.taker.size + taker_change) - long_part(parties.taker.size) +
         long_part(parties.maker.size - taker_change) - long_part(parties.maker.size);
}

void Exchange::trade(InstrumentId instrument, AccountId taker, AccountId maker,
                     const FillTerms& terms, Trader taker_is) {
  const bool buys = terms.quantity > Quantity::zero();
  if (!purses_.empty()) {
    const Parties parties{holding(taker, instrument), holding(maker, instrument)};
    const Quantity open_interest =
        main().positions.open_interest() + open_interest_change(parties, terms.quantity);
    const auto refill = [&](const Holding& before, const Change& change) {
      if (!isolated(before.account)) return;
      put_in_purse(before.account, instrument,
                   purse_after(before, change, open_interest) - before.purse);
    };
    if (taker_is == Trader::Liquidated) {
      put_in_purse(taker, instrument, terms.value);
    } else {
      refill(parties.taker, {terms.quantity, terms.value - terms.taker_fee});
    }
    refill(parties.maker, {-terms.quantity, -terms.value - terms.maker_fee});
  }
  if (keeps_costs()) {
    note_cost(instrument, taker, position(taker, instrument), {terms.quantity, terms.value});
    note_cost(instrument, maker, position(maker, instrument), {-terms.quantity, -terms.value});
  }
  move_lots(instrument, buys ? taker : maker, buys ? maker : taker, terms.quantity.abs());
  ledger_.settle(taker, maker, terms.value);
  bring_coins(taker, terms.taker_coins);
  bring_coins(maker, terms.maker_coins);
  ledger_.settle(taker, SystemAccount::Fees, -terms.taker_fee);
  ledger_.settle(maker, SystemAccount::Fees, -terms.maker_fee);
  touch(taker);
  touch(maker);
}

void Exchange::move_lots(InstrumentId instrument, AccountId buyer, AccountId seller,
                         Quantity lots) {
  Market& m = market_of(instrument);
  const Quantity bought = m.positions.at(buyer).size;
  const Quantity sold = m.positions.at(seller).size;
  m.positions.trade(buyer, seller, lots, m.state.funding);
  m.state.open_interest_max = std::max(m.state.open_interest_max, m.positions.open_interest());
  change_listed(instrument, buyer, bought);
  change_listed(instrument, seller, sold);
}

// A lot that rounding leaves over at a trade in coins stays with nobody
// (AccountBook::from_outside).
void Exchange::bring_coins(AccountId account, Quantity coins) {
  if (coins == Quantity::zero()) return;
  Market& m = market_of(spot_);
  const Quantity before = m.positions.at(account).size;
  m.positions.bring(account, coins, m.state.funding);
  change_listed(spot_, account, before);
}

// After a position in a listing changed.
void Exchange::change_listed(InstrumentId instrument, AccountId account, Quantity before) {
  if (instrument == kMainInstrument) return;
  const bool had = before != Quantity::zero();
  const bool has = position(account, instrument) != Quantity::zero();
  Row& row = rows_[account.value];
  MEZZ_ASSERT(!had || row.listed > 0);
  if (had != has) row.listed = has ? row.listed + 1 : row.listed - 1;
  if (row.listed == 0) some_left_ = true;
  if (row.listed == 0 || (row.flags & kPortfolio) != 0) return;
  row.flags |= kPortfolio;
  portfolios_.push_back(account);
}

void Exchange::pay_from_fund(AccountId account, Money amount) {
  if (amount == Money::zero()) return;
  MEZZ_ASSERT(amount > Money::zero() && amount <= fund());
  ledger_.post({.debit = SystemAccount::InsuranceFund, .credit = account, .amount = amount});
  scalars_.insurance_fund_min = std::min(scalars_.insurance_fund_min, fund());
  touch(account);
}

}  // namespace mezz

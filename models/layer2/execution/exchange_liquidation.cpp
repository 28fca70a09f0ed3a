// Liquidation by transaction, the dYdX v4 waterfall: book up to the fillable price, then the keeper
// at that price with its own capital; the insurance fund pays when a fill is worse than bankruptcy;
// what it cannot pay is deleveraged; a loss left in an account without position is bad debt. Other
// rules (liquidation_presets.h) plan other steps: exchange_waterfall.cpp.
#include <algorithm>

#include "models/layer2/execution/exchange.h"

namespace mezz {
namespace {

AccountId account_of(std::uint64_t reference) {
  return reference < UINT32_MAX ? AccountId{static_cast<std::uint32_t>(reference)}
                                : AccountId::none();
}

Side side_of(Quantity change) { return change > Quantity::zero() ? Side::Buy : Side::Sell; }

}  // namespace

liquidation::Subject Exchange::subject(AccountId account, InstrumentId instrument) const {
  return {.size = position(account, instrument),
          .price = quote_price(market_of(instrument).contract, mark(instrument)),
          .tier = tier_,
          .rule = &preset_.position,
          .lots_per_unit = market_of(instrument).contract.lots_per_unit(),
          .account = isolated(account) ? position_risk(account, instrument)
                                       : risk(account, scalars_.oracle)};
}

// With pull oracles a liquidation brings its price; an older one than known is ignored.
bool Exchange::refresh_pull_price(const Transaction& tx) {
  if (params_.oracle.policy == OraclePolicy::Push) return true;
  if (tx.price > 0) (void)update_oracle({tx.price}, tx.submitted, tx.amount);
  return scalars_.now - scalars_.oracle_time <= params_.oracle.max_age;
}

TxStatus Exchange::liquidate(const Transaction& tx, BlockOutput& out) {
  const AccountId target = account_of(tx.reference);
  if (!known(target) || target == tx.account) return TxStatus::Rejected;
  if ((rows_[target.value].flags & kNobodys) != 0) return TxStatus::NotLiquidatable;
  if (!refresh_pull_price(tx)) return TxStatus::Rejected;
  const Row& row = rows_[target.value];
  const Time since = row.liquidatable_since.happened() ? row.liquidatable_since : scalars_.now;
  if (holds_nothing(target)) {
    if (quote(target) >= Money::zero()) return TxStatus::NotLiquidatable;
    sweep(target, since, out);
    return TxStatus::Executed;
  }
  if (isolated(target)) return liquidate_purses(tx, target, out);
  const bool portfolio = row.listed > 0 || (row.flags & kAuction) != 0;
  if (portfolio && margins_portfolios(params_.margin)) {
    return auction(tx, {.account = target, .instrument = kMainInstrument}, since, out);
  }
  const Liquidated what{.account = target, .instrument = largest_position(target)};
  if (!margin::is_liquidatable(risk(target, scalars_.oracle))) return TxStatus::NotLiquidatable;
  return close_position(what, tx.account, since, out);
}

TxStatus Exchange::close_position(const Liquidated& what, AccountId keeper, Time since,
                                  BlockOutput& out) {
  const AccountId target = what.account;
  const liquidation::Subject before = subject(target, what.instrument);
  MEZZ_ASSERT(margin::is_liquidatable(before.account));
  // One liquidation per account (or purse) and block: the limits are those of a block.
  const bool again = std::any_of(liquidated_.begin(), liquidated_.end(), [&](const Liquidated& l) {
    return l.account == target && together(target, l.instrument, what.instrument);
  });
  if (again) return TxStatus::Rejected;
  expel_orders(target, what.instrument, out);
  Closing closing{.target = target,
                  .keeper = keeper,
                  .instrument = what.instrument,
                  .limit = {},
                  .left = {},
                  .since = since};
  if (!plan_closing(closing, before)) return TxStatus::Rejected;
  liquidated_.push_back(what);
  run_closing(closing, out);
  finish_closing(closing, out);
  scalars_.liquidations += closing.steps > 0 ? 1 : 0;
  if (closing.steps == 0) return TxStatus::Rejected;
  return closing.left == Quantity::zero() ? TxStatus::Executed : TxStatus::PartlyFilled;
}

void Exchange::close_on_book(Closing& closing, BlockOutput& out) {
  Taker taker{.account = closing.target,
              .instrument = closing.instrument,
              .side = side_of(closing.left),
              .limit = closing.limit,
              .left = closing.left.abs(),
              .fee = Ratio::zero()};
  LiquidationEvent event{.account = closing.target, .step = LiquidationStep::Book};
  FillSum sum;
  while (taker.left > Quantity::zero()) {
    const RestingOrder maker = next_maker(taker, out);
    if (!maker.id.exists()) break;
    const FillTerms at = terms(taker, maker.quantity, maker.price);
    if (!close_part(closing, maker.account, at, event)) break;
    fill(taker, maker, at, out);
    taker.left -= maker.quantity;
    sum.add(maker.quantity, maker.price);
  }
  report(closing, event, sum, out);
}

void Exchange::close_to_keeper(Closing& closing, BlockOutput& out) {
  if (closing.refused || closing.left == Quantity::zero()) return;
  const Quantity lots = keeper_capacity(closing);
  if (lots == Quantity::zero()) return;
  const FillTerms at = keeper_terms(closing, lots);
  LiquidationEvent event{
      .account = closing.target, .counterparty = closing.keeper, .step = LiquidationStep::Keeper};
  FillSum sum;
  if (close_part(closing, closing.keeper, at, event)) sum.add(lots, at.price);
  report(closing, event, sum, out);
}

// The most of what is left that the keeper's own margin allows, by bisection.
Quantity Exchange::keeper_capacity(const Closing& closing) const {
  const Parties parties{holding(closing.target, closing.instrument),
                        holding(closing.keeper, closing.instrument)};
  const auto allowed = [&](std::int64_t lots) {
    const FillTerms at = keeper_terms(closing, {lots});
    return may_change(parties.maker, {-at.quantity, -at.value, at.maker_coins},
                      open_interest_change(parties, at.quantity));
  };
  std::int64_t high = closing.left.abs().lots;
  if (allowed(high)) return {high};
  std::int64_t low = 0;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (allowed(middle) ? low : high) = middle;
  }
  MEZZ_ASSERT(low >= 0 && low < closing.left.abs().lots);
  return {low};
}

// One fill, with the fund's share: a fee when it is better than bankruptcy, else a payment. False:
// the fund cannot pay, and nothing happened.
bool Exchange::close_part(Closing& closing, AccountId counterparty, const FillTerms& terms,
                          LiquidationEvent& event) {
  MEZZ_ASSERT(counterparty != closing.target);
  MEZZ_ASSERT(terms.taker_fee == Money::zero());
  const FundTerms with_fund = fund_terms(closing, terms);
  const Money delta = with_fund.delta;
  Money pays = std::max(Money::zero(), -delta);
  if (pays > with_fund.most) {
    if (params_.fund_shortfall == FundShortfall::Deleverage) {
      closing.refused = true;
      return false;
    }
    pays = with_fund.most;
  }
  event.cost += cost_of(closing.instrument, terms) + std::max(delta, Money::zero());
  trade(closing.instrument, closing.target, counterparty, terms, Trader::Liquidated);
  put_in_purse(closing.target, closing.instrument, pays - std::max(delta, Money::zero()));
  if (delta > Money::zero()) {
    ledger_.settle(closing.target, SystemAccount::InsuranceFund, -delta);
    event.fee += delta;
  }
  pay_from_fund(closing.target, pays);
  event.fund_paid += pays;
  closing.fund_paid += pays;
  return true;
}

void Exchange::report(Closing& closing, LiquidationEvent& event, const FillSum& sum,
                      BlockOutput& out) {
  if (sum.quantity == Quantity::zero()) return;
  const bool buys = closing.left > Quantity::zero();
  event.quantity = buys ? sum.quantity : -sum.quantity;
  event.price = sum.average();
  event.instrument = closing.instrument;
  event.notional =
      notional(market_of(closing.instrument).contract, sum.quantity, mark(closing.instrument));
  event.liquidatable_since = closing.since;
  MEZZ_ASSERT(event.quantity.abs() <= closing.left.abs());
  closing.left -= event.quantity;
  ++closing.steps;
  if (event.step == LiquidationStep::Deleverage) {
    scalars_.adl_notional += event.notional;
  } else {
    scalars_.liquidation_notional += event.notional;
  }
  emit(event, out);
}

// What the account loses by closing at these terms instead of at the mark.
Money Exchange::cost_of(InstrumentId instrument, const FillTerms& terms) const {
  return -notional(market_of(instrument).contract, terms.quantity, mark(instrument)) - terms.value;
}

void Exchange::emit(const LiquidationEvent& event, BlockOutput& out) {
  if (event.step == LiquidationStep::Deleverage) {
    scalars_.loss_adl -= event.cost;
    ++scalars_.adl_counterparties;
  } else {
    scalars_.loss_penalty += event.cost;
  }
  scalars_.loss_fund += event.fund_paid;
  scalars_.loss_socialised += event.socialised;
  out.liquidations.push_back(event);
}

// After the book, the keeper or deleveraging: what is left over, and who must know.
void Exchange::finish_closing(Closing& closing, BlockOutput& out) {
  const AccountId target = closing.target;
  const bool deleverages = params_.fund_shortfall == FundShortfall::Deleverage;
  const auto is_gone = [&] {
    return isolated(target) ? position(target, closing.instrument) == Quantity::zero()
                            : holds_nothing(target);
  };
  const auto stuck = [&] {
    return !is_gone() && at_risk(target, closing.instrument) < Money::zero();
  };
  // Nobody took all of what this block allows: only deleveraging is left.
  const bool waits = params_.liquidation_rule == LiquidationRule::MakerClip && !closing.refused;
  if (deleverages && stuck() && closing.left != Quantity::zero() && closing.keeper.exists() &&
      !waits) {
    mark_for_deleveraging(target, closing.instrument, true);
    if (params_.deleverage_at_once) {
      Closing rest{.target = target,
                   .keeper = AccountId::none(),
                   .instrument = closing.instrument,
                   .limit = {},
                   .left = -position(target, closing.instrument),
                   .since = closing.since};
      deleverage_walk(rest, out);
      closing.steps += rest.steps;
      if (rest.left == Quantity::zero()) closing.left = rest.left;
    }
  }
  if (!stuck()) mark_for_deleveraging(target, closing.instrument, false);
  if (stuck()) scalars_.gate_from = scalars_.block;
  if (isolated(target)) {
    if (is_gone()) release_purse(target, closing.instrument, closing.since, out);
    return;
  }
  if (is_gone() && quote(target) < Money::zero()) sweep(target, closing.since, out);
}

// A negative balance without position: the fund pays as far as it can, the rest is bad debt.
void Exchange::sweep(AccountId account, Time since, BlockOutput& out) {
  MEZZ_ASSERT(holds_nothing(account));
  const Money loss = -quote(account);
  MEZZ_ASSERT(loss > Money::zero());
  cover({.account = account, .instrument = kMainInstrument}, loss, since, out);
  MEZZ_ASSERT(quote(account) == Money::zero());
}

void Exchange::cover(const Liquidated& what, Money loss, Time since, BlockOutput& out) {
  const Money from_fund = std::min(loss, fund());
  pay_from_fund(what.account, from_fund);
  LiquidationEvent event{
      .account = what.account, .instrument = what.instrument, .liquidatable_since = since};
  if (from_fund > Money::zero()) {
    event.step = LiquidationStep::InsuranceFund;
    event.fund_paid = from_fund;
    emit(event, out);
    event.fund_paid = Money::zero();
  }
  book_loss(event, loss - from_fund, out);
  touch(what.account);
}

}  // namespace mezz

// Liquidation by transaction: who may be liquidated, and what becomes of a negative balance without
// position. The closing itself is closing.h, of whole portfolios exchange_auction.cpp.
#include <algorithm>

#include "models/layer2/execution/closing.h"

namespace mezz {
namespace {

AccountId account_of(std::uint64_t reference) {
  return reference < UINT32_MAX ? AccountId{static_cast<std::uint32_t>(reference)}
                                : AccountId::none();
}

}  // namespace

liquidation::Subject ExchangeState::subject(AccountId account, InstrumentId instrument) const {
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
  return Closing(*this, what, tx.account, since, out).liquidate();
}

// What the account loses by closing at these terms instead of at the mark.
Money ExchangeState::cost_of(InstrumentId instrument, const FillTerms& terms) const {
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

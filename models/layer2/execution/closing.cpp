// The steps of a liquidation that rules share.
#include "models/layer2/execution/closing.h"

#include <algorithm>

namespace mezz {
namespace {

Side side_of(Quantity change) { return change > Quantity::zero() ? Side::Buy : Side::Sell; }

}  // namespace

TxStatus Exchange::Closing::liquidate() {
  const liquidation::Subject before = subject();
  MEZZ_ASSERT(margin::is_liquidatable(before.account));
  // One liquidation per account (or purse) and block: the limits are those of a block.
  const Liquidated what{.account = target_, .instrument = instrument_};
  const auto& done = x_.liquidated_;
  const bool again = std::any_of(done.begin(), done.end(), [&](const Liquidated& l) {
    return l.account == target_ && x_.together(target_, l.instrument, instrument_);
  });
  if (again) return TxStatus::Rejected;
  x_.expel_orders(target_, instrument_, out_);
  if (!plan(before)) return TxStatus::Rejected;
  x_.liquidated_.push_back(what);
  run();
  finish();
  x_.scalars_.liquidations += steps_ > 0 ? 1 : 0;
  return status();
}

TxStatus Exchange::Closing::status() const {
  if (steps_ == 0) return TxStatus::Rejected;
  return left_ == Quantity::zero() ? TxStatus::Executed : TxStatus::PartlyFilled;
}

void Exchange::Closing::on_book() {
  Taker taker{.account = target_,
              .instrument = instrument_,
              .side = side_of(left_),
              .limit = limit_,
              .left = left_.abs(),
              .fee = Ratio::zero()};
  LiquidationEvent event{.account = target_, .step = LiquidationStep::Book};
  FillSum sum;
  while (taker.left > Quantity::zero()) {
    const RestingOrder maker = x_.next_maker(taker, out_);
    if (!maker.id.exists()) break;
    const FillTerms at = x_.terms(taker, maker.quantity, maker.price);
    if (!close_part(maker.account, at, event)) break;
    x_.fill(taker, maker, at, out_);
    taker.left -= maker.quantity;
    sum.add(maker.quantity, maker.price);
  }
  report(event, sum);
}

void Exchange::Closing::to_keeper() {
  if (refused_ || left_ == Quantity::zero()) return;
  const Quantity lots = keeper_capacity();
  if (lots == Quantity::zero()) return;
  const FillTerms at = keeper_terms(lots);
  LiquidationEvent event{
      .account = target_, .counterparty = keeper_, .step = LiquidationStep::Keeper};
  FillSum sum;
  if (close_part(keeper_, at, event)) sum.add(lots, at.price);
  report(event, sum);
}

// The most of what is left that the keeper's own margin allows, by bisection.
Quantity Exchange::Closing::keeper_capacity() const {
  const Parties parties{x_.holding(target_, instrument_), x_.holding(keeper_, instrument_)};
  const auto allowed = [&](std::int64_t lots) {
    const FillTerms at = keeper_terms({lots});
    return x_.may_change(parties.maker, {-at.quantity, -at.value, at.maker_coins},
                         x_.open_interest_change(parties, at.quantity));
  };
  std::int64_t high = left_.abs().lots;
  if (allowed(high)) return {high};
  std::int64_t low = 0;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (allowed(middle) ? low : high) = middle;
  }
  MEZZ_ASSERT(low >= 0 && low < left_.abs().lots);
  return {low};
}

// One fill, with the fund's share: a fee when it is better than bankruptcy, else a payment. False:
// the fund cannot pay, and nothing happened.
bool Exchange::Closing::close_part(AccountId counterparty, const FillTerms& terms,
                                   LiquidationEvent& event) {
  MEZZ_ASSERT(counterparty != target_);
  MEZZ_ASSERT(terms.taker_fee == Money::zero());
  const FundTerms with_fund = fund_terms(terms);
  const Money delta = with_fund.delta;
  Money pays = std::max(Money::zero(), -delta);
  if (pays > with_fund.most) {
    if (x_.params_.fund_shortfall == FundShortfall::Deleverage) {
      refused_ = true;
      return false;
    }
    pays = with_fund.most;
  }
  event.cost += x_.cost_of(instrument_, terms) + std::max(delta, Money::zero());
  x_.trade(instrument_, target_, counterparty, terms, Trader::Liquidated);
  x_.put_in_purse(target_, instrument_, pays - std::max(delta, Money::zero()));
  if (delta > Money::zero()) {
    x_.ledger_.settle(target_, SystemAccount::InsuranceFund, -delta);
    event.fee += delta;
  }
  x_.pay_from_fund(target_, pays);
  event.fund_paid += pays;
  fund_paid_ += pays;
  return true;
}

void Exchange::Closing::report(LiquidationEvent& event, const FillSum& sum) {
  if (sum.quantity == Quantity::zero()) return;
  const bool buys = left_ > Quantity::zero();
  event.quantity = buys ? sum.quantity : -sum.quantity;
  event.price = sum.average();
  event.instrument = instrument_;
  event.notional = notional(market().contract, sum.quantity, x_.mark(instrument_));
  event.liquidatable_since = since_;
  MEZZ_ASSERT(event.quantity.abs() <= left_.abs());
  left_ -= event.quantity;
  ++steps_;
  if (event.step == LiquidationStep::Deleverage) {
    x_.scalars_.adl_notional += event.notional;
  } else {
    x_.scalars_.liquidation_notional += event.notional;
  }
  x_.emit(event, out_);
}

Int128 Exchange::Closing::gross_notional() const {
  return x_.isolated(target_)
             ? x_.value_of(instrument_, x_.position(target_, instrument_)).abs().micros
             : x_.gross_notional(target_);
}

bool Exchange::Closing::is_gone() const {
  return x_.isolated(target_) ? x_.position(target_, instrument_) == Quantity::zero()
                              : x_.holds_nothing(target_);
}

bool Exchange::Closing::is_stuck() const {
  return !is_gone() && x_.at_risk(target_, instrument_) < Money::zero();
}

// After the book, the keeper or deleveraging: what is left over, and who must know.
void Exchange::Closing::finish() {
  const bool deleverages = x_.params_.fund_shortfall == FundShortfall::Deleverage;
  // Nobody took all of what this block allows: only deleveraging is left.
  const bool waits = x_.params_.liquidation_rule == LiquidationRule::MakerClip && !refused_;
  if (deleverages && is_stuck() && left_ != Quantity::zero() && keeper_.exists() && !waits) {
    x_.mark_for_deleveraging(target_, instrument_, true);
    if (x_.params_.deleverage_at_once) {
      Closing rest(x_, {.account = target_, .instrument = instrument_}, AccountId::none(), since_,
                   out_);
      rest.walk();
      steps_ += rest.steps_;
      if (rest.left_ == Quantity::zero()) left_ = rest.left_;
    }
  }
  if (!is_stuck()) x_.mark_for_deleveraging(target_, instrument_, false);
  if (is_stuck()) x_.scalars_.gate_from = x_.scalars_.block;
  if (x_.isolated(target_)) {
    if (is_gone()) x_.release_purse(target_, instrument_, since_, out_);
    return;
  }
  if (is_gone() && x_.quote(target_) < Money::zero()) x_.sweep(target_, since_, out_);
}

}  // namespace mezz

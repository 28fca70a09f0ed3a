#include "models/layer2/execution/takeover.h"

#include <algorithm>
#include <vector>

namespace mezz {

// Signed for the bidder: the same sign as the position.
Quantity Exchange::Takeover::lots_taken(InstrumentId instrument) const {
  if (!x_.together(bid_.target, bid_.instrument, instrument)) return {};
  const Quantity size = x_.position(bid_.target, instrument);
  if (bid_.part == Wad::one()) return size;
  const std::int64_t lots =
      mul_div(size.abs().lots, narrow(bid_.part.units), narrow(Wad::kOne), Round::Up);
  return size > Quantity::zero() ? Quantity{lots} : Quantity{-lots};
}

// What the bidder's quote changes by. Lots and cash together are worth the part at the marks, so
// that rounding to lots gives nothing away.
Money Exchange::Takeover::cash_taken() const {
  Money cash = to_money(
      multiply(Wad::from(x_.at_risk(bid_.target, bid_.instrument)), bid_.part, Round::Down),
      Round::Down);
  for (std::uint16_t i = 0; i < x_.markets_.size(); ++i) {
    cash -= x_.value_of({i}, lots_taken({i}));
  }
  return cash - bid_.price + bid_.payout;
}

bool Exchange::Takeover::is_possible() const {
  if (bid_.bidder == bid_.target) return false;
  if (x_.isolated(bid_.bidder)) {
    const Holding before = x_.holding(bid_.bidder, bid_.instrument);
    const Change change{lots_taken(bid_.instrument), cash_taken()};
    const Quantity open_interest = x_.main().positions.open_interest();
    return x_.may_change(before, change, Quantity::zero()) &&
           margin::is_initial_collateralised(
               x_.risk_of(x_.changed(before, change, open_interest), x_.table_, open_interest));
  }
  AccountPortfolio after{.quote = x_.quote(bid_.bidder) + cash_taken(),
                         .index = x_.params_.contract.tick * x_.scalars_.oracle.ticks,
                         .legs = {}};
  for (std::uint16_t i = 0; i < x_.markets_.size(); ++i) {
    const InstrumentId instrument{i};
    const Quantity size = x_.position(bid_.bidder, instrument) + lots_taken(instrument);
    if (size == Quantity::zero()) continue;
    after.legs.push_back(x_.leg_of(instrument, size, x_.table_));
  }
  return margin::is_initial_collateralised(account_risk(x_.preset_, after));
}

void Exchange::Takeover::run(BlockOutput& out) const {
  const Money from_fund = std::min(bid_.payout, x_.fund());
  const Money change = cash_taken();
  Money gains = change;  // of the bidder at the marks
  x_.pay_from_fund(bid_.target, from_fund);
  x_.book_loss({.account = bid_.target,
                .instrument = x_.key_of(bid_.target, bid_.instrument),
                .liquidatable_since = bid_.since},
               bid_.payout - from_fund, out);
  if (x_.isolated(bid_.bidder)) {
    const Holding before = x_.holding(bid_.bidder, bid_.instrument);
    const Money after = x_.purse_after(before, {lots_taken(bid_.instrument), change},
                                       x_.main().positions.open_interest());
    x_.put_in_purse(bid_.bidder, bid_.instrument, after - before.purse);
  }
  x_.ledger_.settle(bid_.bidder, bid_.target, change);
  x_.put_in_purse(bid_.target, bid_.instrument, bid_.payout - change);
  std::vector<LiquidationEvent> events;
  for (std::uint16_t i = 0; i < x_.markets_.size(); ++i) {
    const InstrumentId instrument{i};
    const Quantity lots = lots_taken(instrument);
    if (lots == Quantity::zero()) continue;
    const bool is_long = lots > Quantity::zero();
    const Money value = x_.value_of(instrument, lots);
    gains += value;
    if (x_.keeps_costs()) {
      const Quantity target = x_.position(bid_.target, instrument);
      x_.note_cost(instrument, bid_.target, target, {-lots, value});
      x_.note_cost(instrument, bid_.bidder, x_.position(bid_.bidder, instrument), {lots, -value});
    }
    x_.move_lots(instrument, is_long ? bid_.bidder : bid_.target,
                 is_long ? bid_.target : bid_.bidder, lots.abs());
    events.push_back({.account = bid_.target,
                      .counterparty = bid_.bidder,
                      .instrument = instrument,
                      .step = bid_.step,
                      .quantity = -lots,
                      .price = x_.mark(instrument),
                      .notional = value.abs(),
                      .liquidatable_since = bid_.since});
    x_.scalars_.liquidation_notional += value.abs();
  }
  MEZZ_ASSERT(!events.empty());
  LiquidationEvent& first = events.front();
  if (bid_.step == LiquidationStep::Backstop) {  // the vault is the fund
    first.cost = std::max(Money::zero(), gains);
    first.fee = first.cost;
    first.fund_paid = std::max(Money::zero(), -gains);
  } else {
    first.cost = gains;
    first.fund_paid = from_fund;
  }
  for (const LiquidationEvent& event : events) x_.emit(event, out);
  x_.touch(bid_.target);
  x_.touch(bid_.bidder);
  if (x_.isolated(bid_.target)) {
    if (x_.position(bid_.target, bid_.instrument) != Quantity::zero()) return;
    x_.end_auction(bid_.target, bid_.instrument);
    x_.release_purse(bid_.target, bid_.instrument, bid_.since, out);
    return;
  }
  if (!x_.holds_nothing(bid_.target)) return;
  x_.end_auctions(bid_.target);
  if (x_.quote(bid_.target) < Money::zero()) x_.sweep(bid_.target, bid_.since, out);
}

}  // namespace mezz

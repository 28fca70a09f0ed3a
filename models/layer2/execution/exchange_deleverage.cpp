// Deleveraging: an insolvent account is closed against the other side at its bankruptcy price. Who
// comes first is a preset: from an offset that nobody can choose (dYdX v4), or by rank
// (models/liquidation/adl_rank, hyperliquid). Ranks are made once a block and index price, as
// exchanges that deleverage do in bursts. Who ranks by profit keeps what every position cost
// (Market::costs): buying more adds, closing takes its share, rounded to the nearest.
#include <algorithm>
#include <utility>

#include "models/layer2/execution/closing.h"
#include "models/liquidation/adl_rank.h"
#include "models/liquidation/hyperliquid.h"
#include "sim/check/fingerprint.h"

namespace mezz {

TxStatus Exchange::deleverage(const Transaction& tx, BlockOutput& out) {
  const AccountId target = tx.reference < UINT32_MAX
                               ? AccountId{static_cast<std::uint32_t>(tx.reference)}
                               : AccountId::none();
  if (!known(target)) return TxStatus::Rejected;
  if (holds_nothing(target) || !needs_deleveraging(target)) return TxStatus::NotLiquidatable;
  if (isolated(target)) return deleverage_purses(target, out);
  const Time since = rows_[target.value].liquidatable_since;
  return Closing(*this, {.account = target, .instrument = largest_position(target)},
                 AccountId::none(), since.happened() ? since : scalars_.now, out)
      .deleverage();
}

TxStatus Exchange::Closing::deleverage() {
  walk();
  finish();
  return status();
}

// Both close at the bankruptcy price of the target. Accounts that it would make worse than the
// margin rules allow are passed over.
void Exchange::Closing::walk() {
  left_ = -x_.position(target_, instrument_);
  MEZZ_ASSERT(x_.at_risk(target_, instrument_) < Money::zero());
  if (x_.ranks()) {
    const Side held = left_ > Quantity::zero() ? Side::Buy : Side::Sell;
    for (const AccountId other : x_.counterparties(instrument_, held)) {
      if (left_ == Quantity::zero()) return;
      against(other);
    }
    return;
  }
  const std::uint64_t count = x_.rows_.size();
  const std::uint64_t offset = mix(x_.scalars_.block.value, target_.value) % count;
  for (std::uint64_t i = 0; i < count && left_ != Quantity::zero(); ++i) {
    against({static_cast<std::uint32_t>((offset + i) % count)});
  }
}

void Exchange::Closing::against(AccountId other) {
  const bool is_long = left_ < Quantity::zero();
  const Quantity size = x_.position(other, instrument_);
  if ((x_.rows_[other.value].flags & kNobodys) != 0) return;
  if (size == Quantity::zero() || (size > Quantity::zero()) == is_long) return;
  const Quantity lots = std::min(left_.abs(), size.abs());
  const Quantity change = is_long ? -lots : lots;
  const std::optional<liquidation::Deleveraged> done =
      liquidation::deleverage(subject(), x_.subject(other, instrument_), change,
                              liquidation::DeleveragePrice::AtBankruptcyPrice);
  if (!done) return;
  // It must be able to pay its own loss out of its own purse.
  if (x_.isolated(other) && lots == size.abs() &&
      x_.purse(other, instrument_) + done->offsetting_quote_change < Money::zero()) {
    return;
  }
  const FillTerms at{.quantity = change,
                     .price = {},
                     .value = done->liquidated_quote_change,
                     .taker_fee = {},
                     .maker_fee = {}};
  if (x_.ranks()) {
    const Market& m = market();
    const Money worth = notional(m.contract, size, x_.mark(instrument_));
    x_.scalars_.adl_profitable += worth > m.costs[other.value] ? 1 : 0;
  }
  LiquidationEvent event{.account = target_,
                         .counterparty = other,
                         .step = LiquidationStep::Deleverage,
                         .cost = x_.cost_of(instrument_, at)};
  x_.trade(instrument_, target_, other, at, Trader::Liquidated);
  // Paid per lot, in ticks: a negative price means that the closing side pays to be rid of it.
  const std::int64_t ticks =
      narrow(divide(is_long ? at.value.micros : -at.value.micros,
                    Int128{lots.lots} * market().money_per_lot_tick, Round::HalfEven));
  FillSum sum;
  sum.add(lots, {ticks});
  report(event, sum);
}

// ---- ranks -------------------------------------------------------------------------------------

// `change.quote` is what the change brought, negative when it was paid for.
void Exchange::note_cost(InstrumentId instrument, AccountId account, Quantity before,
                         const Change& change) {
  Market& market = market_of(instrument);
  Money& cost = market.costs[account.value];
  const Quantity after = before + change.size;
  const bool grows =
      before == Quantity::zero() || (before > Quantity::zero()) == (change.size > Quantity::zero());
  if (grows) {
    cost -= change.quote;
  } else if (after == Quantity::zero()) {
    cost = Money::zero();
  } else if ((after > Quantity::zero()) == (before > Quantity::zero())) {
    cost = {mul_div(cost.micros, after.lots, before.lots, Round::HalfEven)};
  } else {  // turned round: the rest was opened by this change
    cost = {mul_div(-change.quote.micros, after.lots, change.size.lots, Round::HalfEven)};
  }
}

// None: nobody to close against (insolvent himself, or a position that cost nothing).
std::optional<Wad> ExchangeState::rank_of(AccountId account, InstrumentId instrument) const {
  const Market& m = market_of(instrument);
  const Quantity size = position(account, instrument);
  const Money value = at_risk(account, instrument);
  const Money cost = m.costs[account.value];
  if (value <= Money::zero() || cost == Money::zero()) return {};
  if ((cost > Money::zero()) != (size > Quantity::zero())) return {};
  const Wad lots = Wad::whole(size.lots);
  const Wad entry = Wad::of(cost.micros, Int128{size.lots} * 1'000'000);
  const Wad mark_price = Wad::from(notional(m.contract, {1}, mark(instrument)));
  if (entry == Wad::zero()) return {};
  if (params_.deleveraging == Deleveraging::Hyperliquid) {
    return liquidation::hyperliquid::adl_index(
        {.mark = mark_price, .entry = entry, .size = lots, .account_value = Wad::from(value)});
  }
  return liquidation::adl_rank({.size = lots,
                                .entry = entry,
                                .mark = mark_price,
                                .bankruptcy = mark_price - divide(Wad::from(value), lots)});
}

// Everybody who holds the instrument on this side, who is closed first first; ties by account.
const std::vector<AccountId>& Exchange::counterparties(InstrumentId instrument, Side held) {
  for (const Ranking& ranking : rankings_) {
    if (ranking.instrument == instrument && ranking.held == held) return ranking.accounts;
  }
  std::vector<std::pair<Wad, AccountId>> ranked;
  market_of(instrument).positions.for_each_holder([&](AccountId account, const Position& row) {
    if ((row.size > Quantity::zero()) != (held == Side::Buy)) return;
    const std::optional<Wad> rank = rank_of(account, instrument);
    if (rank) ranked.emplace_back(*rank, account);
  });
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  Ranking& made = rankings_.emplace_back();
  made.instrument = instrument;
  made.held = held;
  for (const auto& [rank, account] : ranked) made.accounts.push_back(account);
  return made.accounts;
}

}  // namespace mezz

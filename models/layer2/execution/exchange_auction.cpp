// Liquidation of whole portfolios: a Dutch auction as on Derive
// (models/liquidation/derive_auction). The first Liquidate of an account starts it; every later one
// is a bid at the price of that moment, for as much as may be sold and the bidder's own margin
// carries; it ends when the margin is there again. Part of every position and of the cash goes to
// the bidder for a price; of an insolvent account everything goes, and the insurance fund pays the
// bidder; what it lacks is bad debt. Ours, where Derive differs: bidders need initial margin for
// what they hold afterwards, not a cash account of their own; lots are whole, so a part is rounded
// up to the next lot and cash makes up the difference at the marks.
#include <algorithm>

#include "models/layer2/execution/exchange.h"

namespace mezz {
namespace {

namespace derive = liquidation::derive;

constexpr Int128 kUnitsPerMicro = 1'000'000'000'000;

Money floor_money(Wad value) { return {narrow(divide(value.units, kUnitsPerMicro, Round::Down))}; }
Money ceil_money(Wad value) { return {narrow(divide(value.units, kUnitsPerMicro, Round::Up))}; }

derive::Account auctioned(const margin::Risk& risk) {
  return {.maintenance_margin = Wad::from(risk.net_collateral - risk.maintenance_margin),
          .mark_to_market = Wad::from(risk.net_collateral)};
}

}  // namespace

Exchange::Auction* Exchange::find_auction(AccountId account, InstrumentId instrument) {
  const auto at = std::find_if(auctions_.begin(), auctions_.end(), [&](const Auction& auction) {
    return auction.account == account && together(account, auction.instrument, instrument);
  });
  return at == auctions_.end() ? nullptr : &*at;
}

// No orders are taken of what is auctioned.
bool Exchange::is_auctioned(AccountId account, InstrumentId instrument) const {
  if ((rows_[account.value].flags & kAuction) == 0) return false;
  if (!isolated(account) || find_clip(account, instrument) != nullptr) return true;
  return std::any_of(auctions_.begin(), auctions_.end(), [&](const Auction& auction) {
    return auction.account == account && auction.instrument == instrument;
  });
}

std::optional<Ratio> Exchange::auction_discount(AccountId account, Time now) const {
  std::optional<Ratio> lowest;
  const auto note = [&](Ratio price) { lowest = lowest ? std::min(*lowest, price) : price; };
  for (const Clip& clip : clips_) {
    if (clip.account != account) continue;
    const std::int64_t fair = mark(clip.instrument).ticks;
    const Quantity size = position(account, clip.instrument);
    const std::int64_t price = clip_price(clip, size, now).ticks;
    const std::int64_t dear = size > Quantity::zero() ? price : 2 * fair - price;
    note(Ratio{mul_div(dear, Ratio::kScale, fair, Round::HalfEven)});
  }
  for (const Auction& auction : auctions_) {
    if (auction.account != account) continue;
    if (auction.insolvent != 0) return Ratio::zero();
    const Wad factor = derive::discount(now - auction.started, params_.auction.rule());
    note(Ratio{narrow(factor.units / 1'000'000'000)});
  }
  return lowest;
}

void Exchange::start_auction(const Liquidated& what, Time since, BlockOutput& out) {
  const AccountId account = what.account;
  const margin::Risk now = subject(account, what.instrument).account;
  Auction* running = find_auction(account, what.instrument);
  LiquidationEvent event{.account = account,
                         .instrument = what.instrument,
                         .step = LiquidationStep::AuctionStart,
                         .liquidatable_since = since};
  if (running == nullptr) {
    expel_orders(account, what.instrument, out);
    const auto at = std::lower_bound(
        auctions_.begin(), auctions_.end(), what, [](const Auction& auction, const Liquidated& l) {
          return auction.account != l.account ? auction.account < l.account
                                              : auction.instrument < l.instrument;
        });
    running = &*auctions_.insert(
        at, {.account = account, .instrument = what.instrument, .started = scalars_.now});
    rows_[account.value].flags |= kAuction;
    const Money fee = ceil_money(derive::start_fee(auctioned(now), params_.auction.rule()));
    if (fee > Money::zero()) {
      ledger_.settle(account, SystemAccount::InsuranceFund, -fee);
      put_in_purse(account, what.instrument, -fee);
      event.fee = fee;
      event.cost = fee;
    }
    ++scalars_.liquidations;
  }
  running->started = scalars_.now;
  running->insolvent = now.net_collateral - event.fee <= Money::zero() ? 1 : 0;
  touch(account);
  emit(event, out);
}

void Exchange::end_auction(AccountId account, InstrumentId instrument) {
  const auto ends = [&](const auto& of) {
    return of.account == account && together(account, of.instrument, instrument);
  };
  std::erase_if(auctions_, ends);
  std::erase_if(clips_, ends);
  const auto runs = [&](const auto& of) { return of.account == account; };
  if (std::any_of(auctions_.begin(), auctions_.end(), runs)) return;
  if (std::any_of(clips_.begin(), clips_.end(), runs)) return;
  rows_[account.value].flags &= ~std::uint32_t{kAuction};
}

void Exchange::end_auctions(AccountId account) {
  for (std::uint16_t i = 0; i < markets_.size(); ++i) end_auction(account, {i});
}

TxStatus Exchange::auction(const Transaction& tx, const Liquidated& what, Time since,
                           BlockOutput& out) {
  const AccountId target = what.account;
  const margin::Risk now = subject(target, what.instrument).account;
  const Auction* running = find_auction(target, what.instrument);
  if (!margin::is_liquidatable(now)) return TxStatus::NotLiquidatable;
  const bool insolvent = now.net_collateral <= Money::zero();
  if (running == nullptr || (insolvent && running->insolvent == 0)) {
    start_auction(what, since, out);
    return TxStatus::Executed;
  }
  const derive::AuctionParams rule = params_.auction.rule();
  const derive::Account account = auctioned(now);
  const Duration elapsed = scalars_.now - running->started;
  Bid bid{.target = target,
          .instrument = what.instrument,
          .bidder = tx.account,
          .since = since,
          .part = Wad::one(),
          .price = {},
          .payout = {}};
  const bool pays = running->insolvent != 0 && insolvent;
  const Wad discount = pays ? Wad::zero() : derive::discount(elapsed, rule);
  if (!pays) bid.part = derive::max_proportion(account, rule.buffer, discount);
  for (int halvings = 0; halvings < 12; ++halvings) {
    if (pays) {
      bid.payout = ceil_money(multiply(derive::insolvent_payout(account, elapsed, rule), bid.part));
    } else {
      bid.price = ceil_money(multiply(derive::solvent_bid(account, discount), bid.part));
    }
    if (can_take(bid)) {
      take(bid, out);
      return bid.part == Wad::one() ? TxStatus::Executed : TxStatus::PartlyFilled;
    }
    bid.part = Wad{bid.part.units / 2};
  }
  return TxStatus::Rejected;
}

// Signed for the bidder: the same sign as the position.
Quantity Exchange::lots_taken(const Bid& bid, InstrumentId instrument) const {
  if (!together(bid.target, bid.instrument, instrument)) return {};
  const Quantity size = position(bid.target, instrument);
  if (bid.part == Wad::one()) return size;
  const std::int64_t lots =
      mul_div(size.abs().lots, narrow(bid.part.units), narrow(Wad::kOne), Round::Up);
  return size > Quantity::zero() ? Quantity{lots} : Quantity{-lots};
}

Money Exchange::value_of(InstrumentId instrument, Quantity lots) const {
  const ListingSpec* spec = listing(instrument);
  if (spec == nullptr) return notional(params_.contract, lots, scalars_.oracle);
  return {narrow(Int128{lot_value(*spec, mark(instrument)).micros} * lots.lots)};
}

// What the bidder's quote changes by. Lots and cash together are worth the part at the marks, so
// that rounding to lots gives nothing away.
Money Exchange::cash_taken(const Bid& bid) const {
  Money cash =
      floor_money(multiply(Wad::from(at_risk(bid.target, bid.instrument)), bid.part, Round::Down));
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    cash -= value_of({i}, lots_taken(bid, {i}));
  }
  return cash - bid.price + bid.payout;
}

bool Exchange::can_take(const Bid& bid) const {
  if (bid.bidder == bid.target) return false;
  if (isolated(bid.bidder)) {
    const Holding before = holding(bid.bidder, bid.instrument);
    const Change change{lots_taken(bid, bid.instrument), cash_taken(bid)};
    const Quantity open_interest = main().positions.open_interest();
    return may_change(before, change, Quantity::zero()) &&
           margin::is_initial_collateralised(
               risk_of(changed(before, change, open_interest), table_, open_interest));
  }
  AccountPortfolio after{.quote = quote(bid.bidder) + cash_taken(bid),
                         .index = params_.contract.tick * scalars_.oracle.ticks,
                         .legs = {}};
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const InstrumentId instrument{i};
    const Quantity size = position(bid.bidder, instrument) + lots_taken(bid, instrument);
    if (size == Quantity::zero()) continue;
    after.legs.push_back(leg_of(instrument, size, table_));
  }
  return margin::is_initial_collateralised(account_risk(preset_, after));
}

void Exchange::take(const Bid& bid, BlockOutput& out) {
  const Money from_fund = std::min(bid.payout, fund());
  const Money change = cash_taken(bid);
  Money gains = change;  // of the bidder at the marks
  pay_from_fund(bid.target, from_fund);
  book_loss({.account = bid.target,
             .instrument = key_of(bid.target, bid.instrument),
             .liquidatable_since = bid.since},
            bid.payout - from_fund, out);
  if (isolated(bid.bidder)) {
    const Holding before = holding(bid.bidder, bid.instrument);
    const Money after = purse_after(before, {lots_taken(bid, bid.instrument), change},
                                    main().positions.open_interest());
    put_in_purse(bid.bidder, bid.instrument, after - before.purse);
  }
  ledger_.settle(bid.bidder, bid.target, change);
  put_in_purse(bid.target, bid.instrument, bid.payout - change);
  std::vector<LiquidationEvent> events;
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const InstrumentId instrument{i};
    const Quantity lots = lots_taken(bid, instrument);
    if (lots == Quantity::zero()) continue;
    const bool is_long = lots > Quantity::zero();
    const Money value = value_of(instrument, lots);
    gains += value;
    if (keeps_costs()) {
      const Quantity target = position(bid.target, instrument);
      note_cost(instrument, bid.target, target, {-lots, value});
      note_cost(instrument, bid.bidder, position(bid.bidder, instrument), {lots, -value});
    }
    move_lots(instrument, is_long ? bid.bidder : bid.target, is_long ? bid.target : bid.bidder,
              lots.abs());
    events.push_back({.account = bid.target,
                      .counterparty = bid.bidder,
                      .instrument = instrument,
                      .step = bid.step,
                      .quantity = -lots,
                      .price = mark(instrument),
                      .notional = value.abs(),
                      .liquidatable_since = bid.since});
    scalars_.liquidation_notional += value.abs();
  }
  MEZZ_ASSERT(!events.empty());
  LiquidationEvent& first = events.front();
  if (bid.step == LiquidationStep::Backstop) {  // the vault is the fund
    first.cost = std::max(Money::zero(), gains);
    first.fee = first.cost;
    first.fund_paid = std::max(Money::zero(), -gains);
  } else {
    first.cost = gains;
    first.fund_paid = from_fund;
  }
  for (const LiquidationEvent& event : events) emit(event, out);
  touch(bid.target);
  touch(bid.bidder);
  if (isolated(bid.target)) {
    if (position(bid.target, bid.instrument) != Quantity::zero()) return;
    end_auction(bid.target, bid.instrument);
    release_purse(bid.target, bid.instrument, bid.since, out);
    return;
  }
  if (!holds_nothing(bid.target)) return;
  end_auctions(bid.target);
  if (quote(bid.target) < Money::zero()) sweep(bid.target, bid.since, out);
}

}  // namespace mezz

// Liquidation of whole portfolios: a Dutch auction as on Derive
// (models/liquidation/derive_auction). The first Liquidate of an account starts it; every later one
// is a bid at the price of that moment, for as much as may be sold and the bidder's own margin
// carries; it ends when the margin is there again. Part of every position and of the cash goes to
// the bidder for a price; of an insolvent account everything goes, and the insurance fund pays the
// bidder; what it lacks is bad debt. Ours, where Derive differs: bidders need initial margin for
// what they hold afterwards, not a cash account of their own; lots are whole, so a part is rounded
// up to the next lot and cash makes up the difference at the marks.
#include <algorithm>

#include "models/layer2/execution/takeover.h"

namespace mezz {
namespace {

namespace derive = liquidation::derive;

derive::Account auctioned(const margin::Risk& risk) {
  return {.maintenance_margin = Wad::from(risk.net_collateral - risk.maintenance_margin),
          .mark_to_market = Wad::from(risk.net_collateral)};
}

}  // namespace

// No orders are taken of what is auctioned.
bool ExchangeState::is_auctioned(AccountId account, InstrumentId instrument) const {
  if ((rows_[account.value].flags & kAuction) == 0) return false;
  if (!isolated(account) || find_of(clips_, account, instrument) != nullptr) return true;
  const auto is_it = [&](const auto& of) {
    return of.account == account && of.instrument == instrument;
  };
  return std::any_of(auctions_.begin(), auctions_.end(), is_it) ||
         std::any_of(ramped_.begin(), ramped_.end(), is_it);
}

std::optional<Ratio> ExchangeState::auction_discount(AccountId account, Time now) const {
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
  Auction* running = find_of(auctions_, account, what.instrument);
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
    const Money fee =
        to_money(derive::start_fee(auctioned(now), params_.auction.rule()), Round::Up);
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
  std::erase_if(ramped_, ends);
  const auto runs = [&](const auto& of) { return of.account == account; };
  if (std::any_of(auctions_.begin(), auctions_.end(), runs)) return;
  if (std::any_of(clips_.begin(), clips_.end(), runs)) return;
  if (std::any_of(ramped_.begin(), ramped_.end(), runs)) return;
  rows_[account.value].flags &= ~std::uint32_t{kAuction};
}

void Exchange::end_auctions(AccountId account) {
  for (std::uint16_t i = 0; i < markets_.size(); ++i) end_auction(account, {i});
}

TxStatus Exchange::auction(const Transaction& tx, const Liquidated& what, Time since,
                           BlockOutput& out) {
  const AccountId target = what.account;
  const margin::Risk now = subject(target, what.instrument).account;
  const Auction* running = find_of(auctions_, target, what.instrument);
  if (!margin::is_liquidatable(now)) return TxStatus::NotLiquidatable;
  const bool insolvent = now.net_collateral <= Money::zero();
  if (running == nullptr || (insolvent && running->insolvent == 0)) {
    start_auction(what, since, out);
    return TxStatus::Executed;
  }
  const derive::AuctionParams rule = params_.auction.rule();
  const derive::Account account = auctioned(now);
  const Duration elapsed = scalars_.now - running->started;
  Takeover::Bid bid{.target = target,
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
      bid.payout =
          to_money(multiply(derive::insolvent_payout(account, elapsed, rule), bid.part), Round::Up);
    } else {
      bid.price = to_money(multiply(derive::solvent_bid(account, discount), bid.part), Round::Up);
    }
    const Takeover takeover(*this, bid);
    if (takeover.is_possible()) {
      takeover.run(out);
      return bid.part == Wad::one() ? TxStatus::Executed : TxStatus::PartlyFilled;
    }
    bid.part = Wad{bid.part.units / 2};
  }
  return TxStatus::Rejected;
}

Money ExchangeState::value_of(InstrumentId instrument, Quantity lots) const {
  const ListingSpec* spec = listing(instrument);
  if (spec == nullptr) return notional(params_.contract, lots, scalars_.oracle);
  return {narrow(Int128{lot_value(*spec, mark(instrument)).micros} * lots.lots)};
}

}  // namespace mezz

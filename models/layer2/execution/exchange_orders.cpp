// Orders: margin at every fill, for taker and maker, as in the dYdX v4 memclob. A maker that fails
// is removed while the taker goes on; a taker that fails keeps what it has and the rest is dropped.
#include <algorithm>

#include "models/layer2/execution/exchange.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

std::uint32_t slot_of(OrderId id) { return static_cast<std::uint32_t>(id.value); }

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

bool crosses(Side taker, Price limit, Price maker) {
  return taker == Side::Buy ? maker <= limit : maker >= limit;
}

// The part of `position` that an order of this side can close.
Quantity closable_by(Side side, Quantity position) {
  return std::max(Quantity::zero(), side == Side::Buy ? -position : position);
}

}  // namespace

// ---- placing -----------------------------------------------------------------------------------

bool Exchange::acceptable(const Transaction& tx) const {
  if (tx.amount == 0 || tx.amount == INT64_MIN) return false;
  const bool market = (tx.flags & Transaction::kMarket) != 0;
  if (market ? tx.price < 0 : tx.price < 1) return false;
  if (tx.price > price_max_.ticks) return false;
  const Quantity lots = Quantity{tx.amount}.abs();
  const Int128 price = std::max(tx.price, scalars_.oracle.ticks);
  const Int128 lots_max = params_.order_notional_max.micros / (price * money_per_lot_tick_);
  return lots >= params_.order_min && lots.lots <= lots_max;
}

TxStatus Exchange::place(const Transaction& tx, Receipt& receipt, BlockOutput& out) {
  ++scalars_.orders;
  if (!acceptable(tx)) return TxStatus::Rejected;
  const bool market = (tx.flags & Transaction::kMarket) != 0;
  const bool buys = tx.amount > 0;
  Taker taker{.account = tx.account,
              .side = buys ? Side::Buy : Side::Sell,
              .limit = {tx.price},
              .left = Quantity{tx.amount}.abs(),
              .fee = params_.taker_fee};
  if (market && tx.price == 0) taker.limit = buys ? price_max_ : Price{1};
  if ((tx.flags & Transaction::kReduceOnly) != 0) {
    taker.left = std::min(taker.left, closable_by(taker.side, position(tx.account)));
    if (taker.left == Quantity::zero()) return TxStatus::Rejected;
  }
  const std::uint32_t replaced = find_order(tx.account, tx.reference);
  if (replaced != kNil) cancel_order(replaced, tx.account);
  const TimeInForce tif =
      market && tx.time_in_force != TimeInForce::Fok ? TimeInForce::Ioc : tx.time_in_force;
  if (tif == TimeInForce::PostOnly && dry_run(taker, Quantity{1}) > Quantity::zero()) {
    return TxStatus::Rejected;
  }
  if (tif == TimeInForce::Fok && dry_run(taker, taker.left) < taker.left) {
    return TxStatus::Rejected;
  }
  FillSum sum;
  const bool solvent = match(taker, sum, out);
  MEZZ_ASSERT(tif != TimeInForce::PostOnly || sum.quantity == Quantity::zero());
  MEZZ_ASSERT(tif != TimeInForce::Fok || taker.left == Quantity::zero());
  receipt.filled = buys ? sum.quantity : -sum.quantity;
  receipt.average = sum.average();
  if (taker.left == Quantity::zero()) return TxStatus::Executed;
  const bool may_rest = tif == TimeInForce::Gtc || tif == TimeInForce::PostOnly;
  if (solvent && may_rest && rest(tx, taker)) return TxStatus::Executed;
  return sum.quantity > Quantity::zero() ? TxStatus::PartlyFilled : TxStatus::Rejected;
}

// Checked as if the whole order filled at its limit or at the index, whichever is worse for it.
bool Exchange::rest(const Transaction& tx, const Taker& taker) {
  MEZZ_ASSERT(taker.left > Quantity::zero());
  const bool reduce_only = (tx.flags & Transaction::kReduceOnly) != 0;
  const Row& row = rows_[tx.account.value];
  if (row.live_orders >= params_.account_orders_max) return false;
  if (!reduce_only) {
    const bool buys = taker.side == Side::Buy;
    const Price worst =
        buys ? std::max(taker.limit, scalars_.oracle) : std::min(taker.limit, scalars_.oracle);
    const FillTerms at = terms(taker, taker.left, worst);
    if (!may_change(holding(tx.account), at.quantity, at.value - at.maker_fee, Quantity::zero())) {
      return false;
    }
  }
  const RestingOrder order{.id = book_.rest({.account = tx.account,
                                             .side = taker.side,
                                             .price = taker.limit,
                                             .quantity = taker.left}),
                           .account = tx.account,
                           .side = taker.side,
                           .price = taker.limit,
                           .quantity = taker.left};
  link_order(order, tx.reference, reduce_only);
  return true;
}

// ---- matching ----------------------------------------------------------------------------------

// False: the taker's margin ended the match.
bool Exchange::match(Taker& taker, FillSum& sum, BlockOutput& out) {
  while (taker.left > Quantity::zero()) {
    const RestingOrder maker = next_maker(taker, out);
    if (!maker.id.exists()) return true;
    const FillTerms at = terms(taker, maker.quantity, maker.price);
    const Parties parties{holding(taker.account), holding(maker.account)};
    if (!may_change(parties.taker, at.quantity, at.value - at.taker_fee,
                    open_interest_change(parties, at.quantity))) {
      return false;
    }
    trade(taker.account, maker.account, at);
    fill(taker, maker, at, out);
    taker.left -= maker.quantity;
    sum.add(maker.quantity, maker.price);
  }
  return true;
}

// The book's side of a trade, after its money.
void Exchange::fill(const Taker& taker, const RestingOrder& maker, const FillTerms& terms,
                    BlockOutput& out) {
  const Side makers = opposite(taker.side);
  const std::uint32_t slot = slot_of(maker.id);
  const std::uint64_t reference = order_tags_[slot].reference;
  MEZZ_ASSERT(book_.front(makers).id == maker.id);
  const Fill done = book_.take_front(makers, maker.quantity);
  if (done.maker_left == Quantity::zero()) {
    unlink_order(slot, maker.account);
  } else {
    hash_order(book_.find(maker.id));
  }
  out.maker_fills.push_back({.account = maker.account,
                             .reference = reference,
                             .filled = -terms.quantity,
                             .price = maker.price,
                             .left = done.maker_left});
  out.trades.push_back({.taker = taker.account,
                        .maker = maker.account,
                        .quantity = terms.quantity,
                        .price = maker.price,
                        .taker_fee = terms.taker_fee,
                        .maker_fee = terms.maker_fee});
  scalars_.last_trade = maker.price;
  ++scalars_.trades;
}

// The first order that crosses and may trade, its quantity cut to what trades now; orders in the
// way are removed. The id does not exist when there is none.
RestingOrder Exchange::next_maker(const Taker& taker, BlockOutput& out) {
  const Side makers = opposite(taker.side);
  while (book_.has(makers) && crosses(taker.side, taker.limit, book_.best(makers))) {
    RestingOrder maker = book_.front(makers);
    MEZZ_ASSERT(known(maker.account));
    Quantity lots;
    if (maker.account != taker.account) {
      lots = tradable(maker, taker.left, {holding(taker.account), holding(maker.account)});
    }
    if (lots > Quantity::zero()) {
      maker.quantity = lots;
      return maker;
    }
    expel_order(maker, out);
  }
  return {};
}

// What the maker can trade of `left`: its order, cut if reduce-only, or nothing if its margin
// fails.
Quantity Exchange::tradable(const RestingOrder& maker, Quantity left,
                            const Parties& parties) const {
  Quantity lots = std::min(left, maker.quantity);
  if (order_tags_[slot_of(maker.id)].reduce_only != 0) {
    lots = std::min(lots, closable_by(maker.side, parties.maker.size));
    if (lots == Quantity::zero()) return lots;
  }
  MEZZ_ASSERT(lots > Quantity::zero());
  const Taker other{
      .account = {}, .side = opposite(maker.side), .limit = {}, .left = lots, .fee = {}};
  const FillTerms at = terms(other, lots, maker.price);
  const Quantity open_interest =
      parties.open_interest_change + open_interest_change(parties, at.quantity);
  const bool passes =
      may_change(parties.maker, -at.quantity, -at.value - at.maker_fee, open_interest);
  return passes ? lots : Quantity::zero();
}

// What match() would fill, up to `enough`, without changing anything.
Quantity Exchange::dry_run(const Taker& taker, Quantity enough) const {
  const Side makers = opposite(taker.side);
  if (!book_.has(makers) || !crosses(taker.side, taker.limit, book_.best(makers))) return {};
  std::vector<Pending> pending;
  const auto find = [&](AccountId account) -> Holding& {
    for (Pending& p : pending) {
      if (p.account == account) return p.holding;
    }
    return pending.emplace_back(Pending{account, holding(account)}).holding;
  };
  Holding mine = holding(taker.account);
  Quantity open_interest;
  Quantity filled;
  for (const RestingOrder& maker : book_.orders(makers)) {
    if (filled >= enough || !crosses(taker.side, taker.limit, maker.price)) break;
    if (maker.account == taker.account) continue;
    Holding& theirs = find(maker.account);
    const Parties parties{mine, theirs, open_interest};
    const Quantity lots = tradable(maker, taker.left - filled, parties);
    if (lots == Quantity::zero()) continue;
    const FillTerms at = terms(taker, lots, maker.price);
    const Quantity change = open_interest + open_interest_change(parties, at.quantity);
    if (!may_change(mine, at.quantity, at.value - at.taker_fee, change)) break;
    open_interest = change;
    mine = {mine.quote + at.value - at.taker_fee, mine.size + at.quantity};
    theirs = {theirs.quote - at.value - at.maker_fee, theirs.size - at.quantity};
    filled += lots;
  }
  return filled;
}

// ---- the lists of the accounts -----------------------------------------------------------------

std::uint32_t Exchange::find_order(AccountId account, std::uint64_t reference) const {
  std::uint32_t slot = rows_[account.value].first_order;
  while (slot != kNil && order_tags_[slot].reference != reference) slot = order_tags_[slot].next;
  return slot;
}

void Exchange::link_order(const RestingOrder& order, std::uint64_t reference, bool reduce_only) {
  const std::uint32_t slot = slot_of(order.id);
  if (slot >= order_tags_.size()) order_tags_.resize(slot + 1);
  Row& row = rows_[order.account.value];
  order_tags_[slot] = {.reference = reference,
                       .sequence = ++scalars_.order_sequence,
                       .next = row.first_order,
                       .id = order.id,
                       .reduce_only = reduce_only ? 1U : 0U};
  if (row.first_order != kNil) order_tags_[row.first_order].prev = slot;
  row.first_order = slot;
  ++row.live_orders;
  hash_order(order);
}

void Exchange::unlink_order(std::uint32_t slot, AccountId account) {
  Row& row = rows_[account.value];
  OrderTag& tag = order_tags_[slot];
  if (tag.prev == kNil) {
    MEZZ_ASSERT(row.first_order == slot);
    row.first_order = tag.next;
  } else {
    order_tags_[tag.prev].next = tag.next;
  }
  if (tag.next != kNil) order_tags_[tag.next].prev = tag.prev;
  MEZZ_ASSERT(row.live_orders > 0);
  --row.live_orders;
  scalars_.orders_hash -= tag.hash;
  tag = {};
}

void Exchange::cancel_order(std::uint32_t slot, AccountId account) {
  const Quantity was = book_.cancel(order_tags_[slot].id);
  MEZZ_ASSERT(was > Quantity::zero());
  unlink_order(slot, account);
}

void Exchange::expel_order(const RestingOrder& order, BlockOutput& out) {
  const std::uint32_t slot = slot_of(order.id);
  out.maker_fills.push_back({.account = order.account,
                             .reference = order_tags_[slot].reference,
                             .filled = {},
                             .price = order.price,
                             .left = {}});
  cancel_order(slot, order.account);
}

void Exchange::cancel_all(AccountId account, BlockOutput& out, bool tell_owner) {
  while (rows_[account.value].first_order != kNil) {
    const std::uint32_t slot = rows_[account.value].first_order;
    if (tell_owner) {
      expel_order(book_.find(order_tags_[slot].id), out);
    } else {
      cancel_order(slot, account);
    }
  }
  MEZZ_ASSERT(rows_[account.value].live_orders == 0);
}

// The sequence number stands for the order's place in the queue.
void Exchange::hash_order(const RestingOrder& order) {
  OrderTag& tag = order_tags_[slot_of(order.id)];
  MEZZ_ASSERT(tag.id == order.id && order.quantity > Quantity::zero());
  Fingerprint hash;
  hash.add(order.account.value, tag.reference);
  hash.add(tag.sequence, bits(order.price.ticks));
  hash.add(bits(order.quantity.lots), static_cast<std::uint64_t>(order.side) * 2 + tag.reduce_only);
  scalars_.orders_hash += hash.value() - tag.hash;
  tag.hash = hash.value();
}

}  // namespace mezz

// Orders: margin at every fill, for taker and maker, as in the dYdX v4 memclob. A maker that fails
// is removed while the taker goes on; a taker that fails keeps what it has and the rest is dropped.
#include <algorithm>

#include "models/layer2/execution/exchange.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

// ---- placing -----------------------------------------------------------------------------------

bool ExchangeState::acceptable(const Transaction& tx) const {
  if (!trading(tx.instrument)) return false;
  if (is_auctioned(tx.account, tx.instrument)) return false;
  if (tx.amount == 0 || tx.amount == INT64_MIN) return false;
  const bool market = (tx.flags & Transaction::kMarket) != 0;
  if (market ? tx.price < 0 : tx.price < 1) return false;
  const Market& m = market_of(tx.instrument);
  if (tx.price > m.price_max.ticks) return false;
  const Quantity lots = Quantity{tx.amount}.abs();
  const Int128 price = std::max({tx.price, mark(tx.instrument).ticks, std::int64_t{1}});
  const Int128 lots_max = params_.order_notional_max.micros / (price * m.money_per_lot_tick);
  return lots >= params_.order_min && lots.lots <= lots_max;
}

TxStatus Exchange::place(const Transaction& tx, Receipt& receipt, BlockOutput& out) {
  ++scalars_.orders;
  if (!acceptable(tx)) return TxStatus::Rejected;
  if (market_of(tx.instrument).pool >= 0) return swap(tx, receipt, out);
  if (params_.matching == Matching::BatchAuction) return collect(tx, receipt, out);
  const bool market = (tx.flags & Transaction::kMarket) != 0;
  const bool buys = tx.amount > 0;
  Taker taker{.account = tx.account,
              .instrument = tx.instrument,
              .side = buys ? Side::Buy : Side::Sell,
              .limit = {tx.price},
              .left = Quantity{tx.amount}.abs(),
              .fee = params_.taker_fee};
  if (market && tx.price == 0) {
    taker.limit = buys ? market_of(tx.instrument).price_max : Price{1};
  }
  if ((tx.flags & Transaction::kReduceOnly) != 0) {
    taker.left = std::min(taker.left, closable_by(taker.side, position(tx.account, tx.instrument)));
    if (taker.left == Quantity::zero()) return TxStatus::Rejected;
  }
  const OrderRef replaced = find_order(tx.account, tx.reference);
  if (replaced.exists()) cancel_order(replaced, tx.account);
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
    const Price fair = mark(tx.instrument);
    const Price worst =
        buys ? std::max(taker.limit, fair) : std::max(Price{1}, std::min(taker.limit, fair));
    const FillTerms at = terms(taker, taker.left, worst);
    if (!may_change(holding(tx.account, tx.instrument),
                    {at.quantity, at.value - at.maker_fee, at.taker_coins}, Quantity::zero())) {
      return false;
    }
  }
  OrderBook& book = market_of(tx.instrument).book;
  const RestingOrder order{.id = book.rest({.account = tx.account,
                                            .side = taker.side,
                                            .price = taker.limit,
                                            .quantity = taker.left}),
                           .account = tx.account,
                           .side = taker.side,
                           .price = taker.limit,
                           .quantity = taker.left};
  link_order(OrderRef::of(tx.instrument, order.id), order, tx);
  return true;
}

// ---- matching ----------------------------------------------------------------------------------

// False: the taker's margin ended the match.
bool Exchange::match(Taker& taker, FillSum& sum, BlockOutput& out) {
  while (taker.left > Quantity::zero()) {
    const RestingOrder maker = next_maker(taker, out);
    if (!maker.id.exists()) return true;
    const FillTerms at = terms(taker, maker.quantity, maker.price);
    const Parties parties{holding(taker.account, taker.instrument),
                          holding(maker.account, taker.instrument)};
    if (!may_change(parties.taker, {at.quantity, at.value - at.taker_fee, at.taker_coins},
                    open_interest_change(parties, at.quantity))) {
      return false;
    }
    trade(taker.instrument, taker.account, maker.account, at);
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
  Market& m = market_of(taker.instrument);
  const OrderRef ref = OrderRef::of(taker.instrument, maker.id);
  const std::uint64_t reference = tag(ref).reference;
  MEZZ_ASSERT(m.book.front(makers).id == maker.id);
  const Fill done = m.book.take_front(makers, maker.quantity);
  if (done.maker_left == Quantity::zero()) {
    unlink_order(ref, maker.account);
  } else {
    hash_order(ref, m.book.find(maker.id));
  }
  out.maker_fills.push_back({.account = maker.account,
                             .instrument = taker.instrument,
                             .reference = reference,
                             .filled = -terms.quantity,
                             .price = maker.price,
                             .left = done.maker_left});
  out.trades.push_back({.taker = taker.account,
                        .maker = maker.account,
                        .instrument = taker.instrument,
                        .quantity = terms.quantity,
                        .price = maker.price,
                        .taker_fee = terms.taker_fee,
                        .maker_fee = terms.maker_fee});
  m.state.last_trade = maker.price;
  ++scalars_.trades;
}

// The first order that crosses and may trade, its quantity cut to what trades now; orders in the
// way are removed. The id does not exist when there is none.
RestingOrder Exchange::next_maker(const Taker& taker, BlockOutput& out) {
  const Side makers = opposite(taker.side);
  const OrderBook& book = market_of(taker.instrument).book;
  while (book.has(makers) && crosses(taker.side, taker.limit, book.best(makers))) {
    RestingOrder maker = book.front(makers);
    MEZZ_ASSERT(known(maker.account));
    Quantity lots;
    if (maker.account != taker.account) {
      lots = tradable(
          maker, taker.left,
          {holding(taker.account, taker.instrument), holding(maker.account, taker.instrument)});
    }
    if (lots > Quantity::zero()) {
      maker.quantity = lots;
      return maker;
    }
    expel_order(OrderRef::of(taker.instrument, maker.id), maker, out);
  }
  return {};
}

// What the maker can trade of `left`: its order, cut if reduce-only, or nothing if its margin
// fails.
Quantity ExchangeState::tradable(const RestingOrder& maker, Quantity left,
                                 const Parties& parties) const {
  Quantity lots = std::min(left, maker.quantity);
  if (tag(OrderRef::of(parties.maker.instrument, maker.id)).reduce_only != 0) {
    lots = std::min(lots, closable_by(maker.side, parties.maker.size));
    if (lots == Quantity::zero()) return lots;
  }
  MEZZ_ASSERT(lots > Quantity::zero());
  const Taker other{.account = {},
                    .instrument = parties.maker.instrument,
                    .side = opposite(maker.side),
                    .limit = {},
                    .left = lots,
                    .fee = {}};
  const FillTerms at = terms(other, lots, maker.price);
  const Quantity open_interest =
      parties.open_interest_change + open_interest_change(parties, at.quantity);
  const bool passes = may_change(
      parties.maker, {-at.quantity, -at.value - at.maker_fee, at.maker_coins}, open_interest);
  return passes ? lots : Quantity::zero();
}

// What match() would fill, up to `enough`, without changing anything.
Quantity ExchangeState::dry_run(const Taker& taker, Quantity enough) const {
  const Side makers = opposite(taker.side);
  const OrderBook& book = market_of(taker.instrument).book;
  if (!book.has(makers) || !crosses(taker.side, taker.limit, book.best(makers))) return {};
  std::vector<Holding> pending;
  const auto find = [&](AccountId account) -> Holding& {
    for (Holding& p : pending) {
      if (p.account == account) return p;
    }
    return pending.emplace_back(holding(account, taker.instrument));
  };
  Holding mine = holding(taker.account, taker.instrument);
  Quantity open_interest;
  Quantity filled;
  for (const RestingOrder& maker : book.orders(makers)) {
    if (filled >= enough || !crosses(taker.side, taker.limit, maker.price)) break;
    if (maker.account == taker.account) continue;
    Holding& theirs = find(maker.account);
    const Parties parties{mine, theirs, open_interest};
    const Quantity lots = tradable(maker, taker.left - filled, parties);
    if (lots == Quantity::zero()) continue;
    const FillTerms at = terms(taker, lots, maker.price);
    const Quantity change = open_interest + open_interest_change(parties, at.quantity);
    if (!may_change(mine, {at.quantity, at.value - at.taker_fee, at.taker_coins}, change)) break;
    open_interest = change;
    const Quantity after = main().positions.open_interest() + change;
    mine = changed(mine, {at.quantity, at.value - at.taker_fee, at.taker_coins}, after);
    theirs = changed(theirs, {-at.quantity, -at.value - at.maker_fee, at.maker_coins}, after);
    filled += lots;
  }
  return filled;
}

// ---- the lists of the accounts -----------------------------------------------------------------

OrderRef ExchangeState::find_order(AccountId account, std::uint64_t reference) const {
  OrderRef ref = rows_[account.value].first_order;
  while (ref.exists() && tag(ref).reference != reference) ref = tag(ref).next;
  return ref;
}

void Exchange::link_order(OrderRef ref, const RestingOrder& order, const Transaction& tx) {
  std::vector<OrderTag>& tags = market_of(ref.instrument()).tags;
  if (params_.matching == Matching::Continuous) ++scalars_.order_sequence;
  if (ref.slot() >= tags.size()) tags.resize(ref.slot() + 1);
  Row& row = rows_[order.account.value];
  tags[ref.slot()] = {.reference = tx.reference,
                      .sequence = scalars_.order_sequence,
                      .prev = {},
                      .next = row.first_order,
                      .id = order.id,
                      .reduce_only = (tx.flags & Transaction::kReduceOnly) != 0 ? 1U : 0U};
  if (row.first_order.exists()) tag(row.first_order).prev = ref;
  row.first_order = ref;
  ++row.live_orders;
  hash_order(ref, order);
}

void Exchange::unlink_order(OrderRef ref, AccountId account) {
  Row& row = rows_[account.value];
  OrderTag& gone = tag(ref);
  if (!gone.prev.exists()) {
    MEZZ_ASSERT(row.first_order == ref);
    row.first_order = gone.next;
  } else {
    tag(gone.prev).next = gone.next;
  }
  if (gone.next.exists()) tag(gone.next).prev = gone.prev;
  MEZZ_ASSERT(row.live_orders > 0);
  --row.live_orders;
  scalars_.orders_hash -= gone.hash;
  gone = {};
}

void Exchange::cancel_order(OrderRef ref, AccountId account) {
  const Quantity was = market_of(ref.instrument()).book.cancel(tag(ref).id);
  MEZZ_ASSERT(was > Quantity::zero());
  unlink_order(ref, account);
}

void Exchange::expel_order(OrderRef ref, const RestingOrder& order, BlockOutput& out) {
  out.maker_fills.push_back({.account = order.account,
                             .instrument = ref.instrument(),
                             .reference = tag(ref).reference,
                             .filled = {},
                             .price = order.price,
                             .left = {}});
  cancel_order(ref, order.account);
}

void Exchange::cancel_all(AccountId account, BlockOutput& out, bool tell_owner) {
  take_back_all(account, tell_owner ? TxStatus::Rejected : TxStatus::Executed, out);
  while (rows_[account.value].first_order.exists()) {
    const OrderRef ref = rows_[account.value].first_order;
    if (tell_owner) {
      expel_order(ref, market_of(ref.instrument()).book.find(tag(ref).id), out);
    } else {
      cancel_order(ref, account);
    }
  }
  MEZZ_ASSERT(rows_[account.value].live_orders == 0);
}

// The sequence number stands for the order's place in the queue.
void Exchange::hash_order(OrderRef ref, const RestingOrder& order) {
  OrderTag& of = tag(ref);
  MEZZ_ASSERT(of.id == order.id && order.quantity > Quantity::zero());
  Fingerprint hash;
  hash.add(order.account.value, of.reference);
  hash.add(of.sequence, bits(order.price.ticks));
  hash.add(bits(order.quantity.lots), static_cast<std::uint64_t>(order.side) * 2 + of.reduce_only);
  if (ref.instrument() != kMainInstrument) hash.add(ref.instrument().value);
  scalars_.orders_hash += hash.value() - of.hash;
  of.hash = hash.value();
}

}  // namespace mezz

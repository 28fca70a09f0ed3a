// Batch auctions: orders are collected while a block is executed and trade at its end, at one price
// per instrument (models/market/batch_auction.h). Resting orders of earlier blocks take part.
//   A cancel, or an order with the number of a waiting one, takes the waiting one back: inside a
//   batch nobody can be faster than a cancel.
//   Whoever rested or is post-only is a maker (its fee, MakerFill); post-only is never refused,
//   because nobody takes from anybody. All other orders pay the taker fee, on both sides if need
//   be. Margin is examined for all that an account would trade in the auction. Where it fails, the
//   account's newest order leaves, and the auction is held again without it. So does an order
//   that must fill whole and would not.
//   Of two own orders that cross the newer one stays, as on the book.
//   Reduce-only orders of an account close together at most what it holds before the auction.
// Liquidations do not wait: they take what rests, as on a continuous book, and the waiting orders
// of the account are rejected.
#include <algorithm>
#include <map>

#include "models/layer2/execution/exchange.h"

namespace mezz {

// ---- collecting --------------------------------------------------------------------------------

TxStatus Exchange::collect(const Transaction& tx, const Receipt& receipt, BlockOutput& out) {
  const Side side = tx.amount > 0 ? Side::Buy : Side::Sell;
  if ((tx.flags & Transaction::kReduceOnly) != 0 &&
      closable_by(side, position(tx.account, tx.instrument)) == Quantity::zero()) {
    return TxStatus::Rejected;
  }
  const OrderRef replaced = find_order(tx.account, tx.reference);
  if (replaced.exists()) cancel_order(replaced, tx.account);
  take_back(tx.account, tx.reference, out);
  remove_own_crossing(tx, out);
  collected_.push_back({.order = tx, .receipt = receipt});
  return TxStatus::Executed;
}

void Exchange::give_back(std::size_t collected, TxStatus status, BlockOutput& out) {
  MEZZ_ASSERT(collected < collected_.size());
  Receipt receipt = collected_[collected].receipt;
  receipt.status = status;
  out.receipts.push_back(receipt);
  collected_.erase(collected_.begin() + static_cast<std::ptrdiff_t>(collected));
}

bool Exchange::take_back(AccountId account, std::uint64_t reference, BlockOutput& out) {
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    const Transaction& tx = collected_[i].order;
    if (tx.account != account || tx.reference != reference) continue;
    give_back(i, TxStatus::Executed, out);
    return true;
  }
  return false;
}

void Exchange::take_back_all(AccountId account, TxStatus status, BlockOutput& out) {
  for (std::size_t i = collected_.size(); i-- > 0;) {
    if (collected_[i].order.account == account) give_back(i, status, out);
  }
}

batch_auction::Order Exchange::rule_of(const Transaction& tx) const {
  const bool any = (tx.flags & Transaction::kMarket) != 0 && tx.price == 0;
  return {.side = tx.amount > 0 ? Side::Buy : Side::Sell,
          .pricing = any ? batch_auction::Pricing::Any : batch_auction::Pricing::Limit,
          .limit = any ? (tx.amount > 0 ? market_of(tx.instrument).price_max : Price{1})
                       : Price{tx.price},
          .quantity = Quantity{tx.amount}.abs(),
          .batch = scalars_.order_sequence};
}

void Exchange::remove_own_crossing(const Transaction& tx, BlockOutput& out) {
  const batch_auction::Order mine = rule_of(tx);
  for (std::size_t i = collected_.size(); i-- > 0;) {
    const Transaction& other = collected_[i].order;
    if (other.account != tx.account || other.instrument != tx.instrument) continue;
    const batch_auction::Order theirs = rule_of(other);
    if (theirs.side == mine.side || !crosses(mine.side, mine.limit, theirs.limit)) continue;
    give_back(i, TxStatus::Rejected, out);
  }
  OrderRef next = rows_[tx.account.value].first_order;
  while (next.exists()) {
    const OrderRef ref = next;
    next = tag(ref).next;
    if (ref.instrument() != tx.instrument) continue;
    const RestingOrder order = book(tx.instrument).find(tag(ref).id);
    if (order.side == mine.side || !crosses(mine.side, mine.limit, order.price)) continue;
    expel_order(ref, order, out);
  }
}

// ---- the auction -------------------------------------------------------------------------------

void Exchange::clear_batches(BlockOutput& out) {
  if (collected_.empty()) return;
  MEZZ_ASSERT(params_.matching == Matching::BatchAuction);
  ++scalars_.order_sequence;  // one number for all that will rest: none of them came first
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const InstrumentId instrument{i};
    if (std::none_of(collected_.begin(), collected_.end(),
                     [&](const CollectedOrder& c) { return c.order.instrument == instrument; })) {
      continue;
    }
    Batch batch{.instrument = instrument};
    add_rested(batch, Side::Buy, out);
    add_rested(batch, Side::Sell, out);
    add_collected(batch);
    match_batch(batch);
    trade_batch(batch, out);
  }
  collected_.clear();
}

// Resting orders of this side that some collected order could trade with; reduce-only ones are cut.
void Exchange::add_rested(Batch& batch, Side side, BlockOutput& out) {
  const OrderBook& book = market_of(batch.instrument).book;
  std::optional<Price> reach;
  for (const CollectedOrder& c : collected_) {
    const batch_auction::Order rule = rule_of(c.order);
    if (c.order.instrument != batch.instrument || rule.side == side) continue;
    if (!reach || crosses(rule.side, rule.limit, *reach)) reach = rule.limit;
  }
  if (!reach || !book.has(side) || !crosses(opposite(side), *reach, book.best(side))) return;
  for (const RestingOrder& order : book.orders(side)) {
    if (!crosses(opposite(side), *reach, order.price)) break;
    const OrderRef ref = OrderRef::of(batch.instrument, order.id);
    Quantity lots = order.quantity;
    if (tag(ref).reduce_only != 0) lots = cut_to_closable(batch, order.account, side, lots);
    if (lots == Quantity::zero()) {
      expel_order(ref, order, out);
      continue;
    }
    if (lots < order.quantity) {
      market_of(batch.instrument).book.shrink(order.id, lots);
      hash_order(ref, book.find(order.id));
    }
    batch.orders.push_back(
        {.account = order.account,
         .rule = {.side = side, .limit = order.price, .quantity = lots, .batch = tag(ref).sequence},
         .rested = ref,
         .maker = true});
  }
}

void Exchange::add_collected(Batch& batch) const {
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    const Transaction& tx = collected_[i].order;
    if (tx.instrument != batch.instrument) continue;
    BatchOrder order{.account = tx.account,
                     .rule = rule_of(tx),
                     .collected = i,
                     .maker = tx.time_in_force == TimeInForce::PostOnly &&
                              (tx.flags & Transaction::kMarket) == 0,
                     .whole = tx.time_in_force == TimeInForce::Fok};
    if ((tx.flags & Transaction::kReduceOnly) != 0) {
      order.rule.quantity =
          cut_to_closable(batch, tx.account, order.rule.side, order.rule.quantity);
      order.excluded = order.rule.quantity == Quantity::zero();
    }
    batch.orders.push_back(order);
  }
}

Quantity Exchange::cut_to_closable(Batch& batch, AccountId account, Side side,
                                   Quantity lots) const {
  const Quantity held = position(account, batch.instrument);
  Quantity& left =
      batch.closable.try_emplace({account, side}, closable_by(side, held)).first->second;
  const Quantity cut = std::min(lots, left);
  left -= cut;
  MEZZ_ASSERT(left >= Quantity::zero());
  return cut;
}

// Ends, because every round leaves out at least one order more.
void Exchange::match_batch(Batch& batch) const {
  const Price reference = std::max(mark(batch.instrument), Price{1});
  for (;;) {
    std::vector<batch_auction::Order> rules;
    for (const BatchOrder& order : batch.orders) {
      if (!order.excluded) rules.push_back(order.rule);
    }
    const batch_auction::Clearing clearing = batch_auction::clear(rules, reference);
    batch.price = clearing.price;
    std::size_t next = 0;
    for (BatchOrder& order : batch.orders) {
      order.filled = order.excluded ? Quantity::zero() : clearing.filled[next++];
    }
    pair_up(batch);
    const std::vector<std::size_t> without = misfits(batch);
    if (without.empty()) return;
    for (const std::size_t i : without) batch.orders[i].excluded = true;
  }
}

// Buyers and sellers in the order of the list. Who has whom for a counterparty changes nothing but
// the rows of the table of trades: price and fee are the same.
void Exchange::pair_up(Batch& batch) const {
  batch.trades.clear();
  const std::vector<BatchOrder>& orders = batch.orders;
  std::size_t at[2] = {0, 0};  // buyer, seller
  Quantity left[2];
  for (;;) {
    for (const std::size_t side : {0U, 1U}) {
      for (; left[side] == Quantity::zero() && at[side] < orders.size(); ++at[side]) {
        if (static_cast<std::size_t>(orders[at[side]].rule.side) == side) {
          left[side] = orders[at[side]].filled;
        }
        if (left[side] > Quantity::zero()) break;
      }
    }
    if (at[0] == orders.size() || at[1] == orders.size()) break;
    const Quantity lots = std::min(left[0], left[1]);
    const bool seller_takes = orders[at[0]].maker && !orders[at[1]].maker;
    const std::size_t taker = at[seller_takes ? 1 : 0];
    const std::size_t maker = at[seller_takes ? 0 : 1];
    MEZZ_ASSERT(orders[taker].account != orders[maker].account);
    const auto fee = [&](const BatchOrder& order) {
      return order.maker ? params_.maker_fee : params_.taker_fee;
    };
    const Taker terms_of{.account = orders[taker].account,
                         .instrument = batch.instrument,
                         .side = orders[taker].rule.side,
                         .limit = batch.price,
                         .left = lots,
                         .fee = fee(orders[taker]),
                         .maker_fee = fee(orders[maker])};
    batch.trades.push_back(
        {.taker = taker, .maker = maker, .terms = terms(terms_of, lots, batch.price)});
    for (const std::size_t side : {0U, 1U}) {
      left[side] -= lots;
      if (left[side] == Quantity::zero()) ++at[side];
    }
  }
  MEZZ_ASSERT(left[0] == Quantity::zero() && left[1] == Quantity::zero());
}

// Orders that must not take part: the newest that would not fill whole, else the newest of every
// account whose margin fails.
std::vector<std::size_t> Exchange::misfits(const Batch& batch) const {
  for (std::size_t i = batch.orders.size(); i-- > 0;) {
    const BatchOrder& order = batch.orders[i];
    if (order.whole && !order.excluded && order.filled < order.rule.quantity) return {i};
  }
  struct Net {
    Change change;
    std::size_t newest = 0;
  };
  std::map<AccountId, Net> nets;
  const auto add = [&](std::size_t order, const Change& change) {
    Net& net = nets[batch.orders[order].account];
    net.change.size += change.size;
    net.change.quote += change.quote;
    net.change.coins += change.coins;
    net.newest = std::max(net.newest, order);
  };
  for (const BatchTrade& t : batch.trades) {
    const FillTerms& at = t.terms;
    add(t.taker, {at.quantity, at.value - at.taker_fee, at.taker_coins});
    add(t.maker, {-at.quantity, -at.value - at.maker_fee, at.maker_coins});
  }
  const auto long_part = [](Quantity size) { return std::max(size, Quantity::zero()); };
  Quantity open_interest;
  for (const auto& [account, net] : nets) {
    const Quantity held = position(account, batch.instrument);
    open_interest += long_part(held + net.change.size) - long_part(held);
  }
  std::vector<std::size_t> out;
  for (const auto& [account, net] : nets) {
    if (!may_change(holding(account, batch.instrument), net.change, open_interest)) {
      out.push_back(net.newest);
    }
  }
  return out;
}

// ---- afterwards --------------------------------------------------------------------------------

void Exchange::trade_batch(const Batch& batch, BlockOutput& out) {
  for (const BatchTrade& t : batch.trades) {
    const AccountId taker = batch.orders[t.taker].account;
    const AccountId maker = batch.orders[t.maker].account;
    trade(batch.instrument, taker, maker, t.terms);
    out.trades.push_back({.taker = taker,
                          .maker = maker,
                          .instrument = batch.instrument,
                          .quantity = t.terms.quantity,
                          .price = batch.price,
                          .taker_fee = t.terms.taker_fee,
                          .maker_fee = t.terms.maker_fee});
    ++scalars_.trades;
  }
  if (!batch.trades.empty()) market_of(batch.instrument).state.last_trade = batch.price;
  for (const BatchOrder& order : batch.orders) {
    if (order.rested.exists()) {
      finish_rested(batch, order, out);
    } else {
      finish_collected(batch, order, out);
    }
  }
}

void Exchange::finish_rested(const Batch& batch, const BatchOrder& order, BlockOutput& out) {
  OrderBook& book = market_of(batch.instrument).book;
  const OrderId id = tag(order.rested).id;
  if (order.excluded) return expel_order(order.rested, book.find(id), out);
  if (order.filled == Quantity::zero()) return;
  const Quantity left = order.rule.quantity - order.filled;
  out.maker_fills.push_back({.account = order.account,
                             .instrument = batch.instrument,
                             .reference = tag(order.rested).reference,
                             .filled = order.rule.side == Side::Buy ? order.filled : -order.filled,
                             .price = batch.price,
                             .left = left});
  if (left == Quantity::zero()) return cancel_order(order.rested, order.account);
  book.shrink(id, left);
  hash_order(order.rested, book.find(id));
}

void Exchange::finish_collected(const Batch& batch, const BatchOrder& order, BlockOutput& out) {
  const Transaction& tx = collected_[order.collected].order;
  Receipt receipt = collected_[order.collected].receipt;
  const bool traded = order.filled > Quantity::zero();
  const Quantity left = order.rule.quantity - order.filled;
  const bool may_rest =
      !order.excluded && (tx.flags & Transaction::kMarket) == 0 &&
      (tx.time_in_force == TimeInForce::Gtc || tx.time_in_force == TimeInForce::PostOnly);
  const bool rests = may_rest && left > Quantity::zero() &&
                     rest(tx, {.account = tx.account,
                               .instrument = tx.instrument,
                               .side = order.rule.side,
                               .limit = order.rule.limit,
                               .left = left,
                               .fee = {}});
  const bool done = rests || (traded && left == Quantity::zero());
  receipt.status = done ? TxStatus::Executed : traded ? TxStatus::PartlyFilled : TxStatus::Rejected;
  const Quantity filled = order.rule.side == Side::Buy ? order.filled : -order.filled;
  if (traded && order.maker) {
    out.maker_fills.push_back({.account = tx.account,
                               .instrument = tx.instrument,
                               .reference = tx.reference,
                               .filled = filled,
                               .price = batch.price,
                               .left = rests ? left : Quantity::zero()});
  } else if (traded) {
    receipt.filled = filled;
    receipt.average = batch.price;
  }
  out.receipts.push_back(receipt);
}

}  // namespace mezz

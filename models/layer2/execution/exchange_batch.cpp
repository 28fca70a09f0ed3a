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
#include "models/market/batch_auction.h"

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

batch_auction::Order ExchangeState::rule_of(const Transaction& tx) const {
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

namespace {

// In the auction: resting since an earlier one, or collected.
struct BatchOrder {
  AccountId account;
  batch_auction::Order rule;
  OrderRef rested = {};
  std::size_t collected = 0;  // its place in the list, where it has not rested
  bool maker = false;
  bool whole = false;     // fill or kill
  bool excluded = false;  // its account cannot carry it, or it must fill whole and cannot
  Quantity filled = {};
};

}  // namespace

// The auction of one instrument at the end of one block.
class Exchange::BatchClearing {
 public:
  BatchClearing(Exchange& exchange, InstrumentId instrument, BlockOutput& out)
      : x_(&exchange), instrument_(instrument), out_(&out) {}

  void run() {
    add_rested(Side::Buy);
    add_rested(Side::Sell);
    add_collected();
    match();
    trade();
  }

 private:
  struct Pair {  // by place in the list of orders
    std::size_t taker = 0;
    std::size_t maker = 0;
    FillTerms terms;
  };

  void add_rested(Side side);
  void add_collected();
  [[nodiscard]] Quantity cut_to_closable(AccountId account, Side side, Quantity lots);
  void match();
  void pair_up();
  [[nodiscard]] std::vector<std::size_t> misfits() const;
  void trade();
  void finish_rested(const BatchOrder& order);
  void finish_collected(const BatchOrder& order);

  Exchange* x_;
  InstrumentId instrument_;
  BlockOutput* out_;
  Price price_;
  std::vector<BatchOrder> orders_;  // those that rested come first
  std::vector<Pair> pairs_;
  std::map<std::pair<AccountId, Side>, Quantity> closable_;  // left for reduce-only orders
};

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
    BatchClearing(*this, instrument, out).run();
  }
  collected_.clear();
}

// Resting orders of this side that some collected order could trade with; reduce-only ones are cut.
void Exchange::BatchClearing::add_rested(Side side) {
  const OrderBook& book = x_->market_of(instrument_).book;
  std::optional<Price> reach;
  for (const CollectedOrder& c : x_->collected_) {
    const batch_auction::Order rule = x_->rule_of(c.order);
    if (c.order.instrument != instrument_ || rule.side == side) continue;
    if (!reach || crosses(rule.side, rule.limit, *reach)) reach = rule.limit;
  }
  if (!reach || !book.has(side) || !crosses(opposite(side), *reach, book.best(side))) return;
  for (const RestingOrder& order : book.orders(side)) {
    if (!crosses(opposite(side), *reach, order.price)) break;
    const OrderRef ref = OrderRef::of(instrument_, order.id);
    Quantity lots = order.quantity;
    if (x_->tag(ref).reduce_only != 0) lots = cut_to_closable(order.account, side, lots);
    if (lots == Quantity::zero()) {
      x_->expel_order(ref, order, *out_);
      continue;
    }
    if (lots < order.quantity) {
      x_->market_of(instrument_).book.shrink(order.id, lots);
      x_->hash_order(ref, book.find(order.id));
    }
    orders_.push_back({.account = order.account,
                       .rule = {.side = side,
                                .limit = order.price,
                                .quantity = lots,
                                .batch = x_->tag(ref).sequence},
                       .rested = ref,
                       .maker = true});
  }
}

void Exchange::BatchClearing::add_collected() {
  for (std::size_t i = 0; i < x_->collected_.size(); ++i) {
    const Transaction& tx = x_->collected_[i].order;
    if (tx.instrument != instrument_) continue;
    BatchOrder order{.account = tx.account,
                     .rule = x_->rule_of(tx),
                     .collected = i,
                     .maker = tx.time_in_force == TimeInForce::PostOnly &&
                              (tx.flags & Transaction::kMarket) == 0,
                     .whole = tx.time_in_force == TimeInForce::Fok};
    if ((tx.flags & Transaction::kReduceOnly) != 0) {
      order.rule.quantity = cut_to_closable(tx.account, order.rule.side, order.rule.quantity);
      order.excluded = order.rule.quantity == Quantity::zero();
    }
    orders_.push_back(order);
  }
}

Quantity Exchange::BatchClearing::cut_to_closable(AccountId account, Side side, Quantity lots) {
  const Quantity held = x_->position(account, instrument_);
  Quantity& left = closable_.try_emplace({account, side}, closable_by(side, held)).first->second;
  const Quantity cut = std::min(lots, left);
  left -= cut;
  MEZZ_ASSERT(left >= Quantity::zero());
  return cut;
}

// Ends, because every round leaves out at least one order more.
void Exchange::BatchClearing::match() {
  const Price reference = std::max(x_->mark(instrument_), Price{1});
  for (;;) {
    std::vector<batch_auction::Order> rules;
    for (const BatchOrder& order : orders_) {
      if (!order.excluded) rules.push_back(order.rule);
    }
    const batch_auction::Clearing clearing = batch_auction::clear(rules, reference);
    price_ = clearing.price;
    std::size_t next = 0;
    for (BatchOrder& order : orders_) {
      order.filled = order.excluded ? Quantity::zero() : clearing.filled[next++];
    }
    pair_up();
    const std::vector<std::size_t> without = misfits();
    if (without.empty()) return;
    for (const std::size_t i : without) orders_[i].excluded = true;
  }
}

// Buyers and sellers in the order of the list. Who has whom for a counterparty changes nothing but
// the rows of the table of trades: price and fee are the same.
void Exchange::BatchClearing::pair_up() {
  pairs_.clear();
  const std::vector<BatchOrder>& orders = orders_;
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
      return order.maker ? x_->params_.maker_fee : x_->params_.taker_fee;
    };
    const Taker terms_of{.account = orders[taker].account,
                         .instrument = instrument_,
                         .side = orders[taker].rule.side,
                         .limit = price_,
                         .left = lots,
                         .fee = fee(orders[taker]),
                         .maker_fee = fee(orders[maker])};
    pairs_.push_back({.taker = taker, .maker = maker, .terms = x_->terms(terms_of, lots, price_)});
    for (const std::size_t side : {0U, 1U}) {
      left[side] -= lots;
      if (left[side] == Quantity::zero()) ++at[side];
    }
  }
  MEZZ_ASSERT(left[0] == Quantity::zero() && left[1] == Quantity::zero());
}

// Orders that must not take part: the newest that would not fill whole, else the newest of every
// account whose margin fails.
std::vector<std::size_t> Exchange::BatchClearing::misfits() const {
  for (std::size_t i = orders_.size(); i-- > 0;) {
    const BatchOrder& order = orders_[i];
    if (order.whole && !order.excluded && order.filled < order.rule.quantity) return {i};
  }
  struct Net {
    Change change;
    std::size_t newest = 0;
  };
  std::map<AccountId, Net> nets;
  const auto add = [&](std::size_t order, const Change& change) {
    Net& net = nets[orders_[order].account];
    net.change.size += change.size;
    net.change.quote += change.quote;
    net.change.coins += change.coins;
    net.newest = std::max(net.newest, order);
  };
  for (const Pair& t : pairs_) {
    const FillTerms& at = t.terms;
    add(t.taker, {at.quantity, at.value - at.taker_fee, at.taker_coins});
    add(t.maker, {-at.quantity, -at.value - at.maker_fee, at.maker_coins});
  }
  const auto long_part = [](Quantity size) { return std::max(size, Quantity::zero()); };
  Quantity open_interest;
  for (const auto& [account, net] : nets) {
    const Quantity held = x_->position(account, instrument_);
    open_interest += long_part(held + net.change.size) - long_part(held);
  }
  std::vector<std::size_t> out;
  for (const auto& [account, net] : nets) {
    if (!x_->may_change(x_->holding(account, instrument_), net.change, open_interest)) {
      out.push_back(net.newest);
    }
  }
  return out;
}

// ---- afterwards --------------------------------------------------------------------------------

void Exchange::BatchClearing::trade() {
  for (const Pair& t : pairs_) {
    const AccountId taker = orders_[t.taker].account;
    const AccountId maker = orders_[t.maker].account;
    x_->trade(instrument_, taker, maker, t.terms);
    out_->trades.push_back({.taker = taker,
                            .maker = maker,
                            .instrument = instrument_,
                            .quantity = t.terms.quantity,
                            .price = price_,
                            .taker_fee = t.terms.taker_fee,
                            .maker_fee = t.terms.maker_fee});
    ++x_->scalars_.trades;
  }
  if (!pairs_.empty()) x_->market_of(instrument_).state.last_trade = price_;
  for (const BatchOrder& order : orders_) {
    if (order.rested.exists()) {
      finish_rested(order);
    } else {
      finish_collected(order);
    }
  }
}

void Exchange::BatchClearing::finish_rested(const BatchOrder& order) {
  OrderBook& book = x_->market_of(instrument_).book;
  const OrderId id = x_->tag(order.rested).id;
  if (order.excluded) return x_->expel_order(order.rested, book.find(id), *out_);
  if (order.filled == Quantity::zero()) return;
  const Quantity left = order.rule.quantity - order.filled;
  out_->maker_fills.push_back(
      {.account = order.account,
       .instrument = instrument_,
       .reference = x_->tag(order.rested).reference,
       .filled = order.rule.side == Side::Buy ? order.filled : -order.filled,
       .price = price_,
       .left = left});
  if (left == Quantity::zero()) return x_->cancel_order(order.rested, order.account);
  book.shrink(id, left);
  x_->hash_order(order.rested, book.find(id));
}

void Exchange::BatchClearing::finish_collected(const BatchOrder& order) {
  const Transaction& tx = x_->collected_[order.collected].order;
  Receipt receipt = x_->collected_[order.collected].receipt;
  const bool traded = order.filled > Quantity::zero();
  const Quantity left = order.rule.quantity - order.filled;
  const bool may_rest =
      !order.excluded && (tx.flags & Transaction::kMarket) == 0 &&
      (tx.time_in_force == TimeInForce::Gtc || tx.time_in_force == TimeInForce::PostOnly);
  const bool rests = may_rest && left > Quantity::zero() &&
                     x_->rest(tx, {.account = tx.account,
                                   .instrument = tx.instrument,
                                   .side = order.rule.side,
                                   .limit = order.rule.limit,
                                   .left = left,
                                   .fee = {}});
  const bool done = rests || (traded && left == Quantity::zero());
  receipt.status = done ? TxStatus::Executed : traded ? TxStatus::PartlyFilled : TxStatus::Rejected;
  const Quantity filled = order.rule.side == Side::Buy ? order.filled : -order.filled;
  if (traded && order.maker) {
    out_->maker_fills.push_back({.account = tx.account,
                                 .instrument = tx.instrument,
                                 .reference = tx.reference,
                                 .filled = filled,
                                 .price = price_,
                                 .left = rests ? left : Quantity::zero()});
  } else if (traded) {
    receipt.filled = filled;
    receipt.average = price_;
  }
  out_->receipts.push_back(receipt);
}

}  // namespace mezz

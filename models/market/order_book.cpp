#include "models/market/order_book.h"

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace mezz {

static_assert(std::has_unique_object_representations_v<Fill>);

OrderBook::OrderBook() : levels_(static_cast<std::size_t>(kWindow)) {
  static_assert(sizeof(Order) == 32 && std::has_unique_object_representations_v<Order>);
  static_assert(sizeof(Level) == 16 && std::has_unique_object_representations_v<Level>);
  static_assert(std::has_unique_object_representations_v<Head>);
}

Placement OrderBook::place(const NewOrder& order) {
  std::vector<Fill> ignored;
  return place(order, ignored);
}

Placement OrderBook::place(const NewOrder& order, std::vector<Fill>& fills) {
  MEZZ_ASSERT(order.quantity.lots > 0);
  MEZZ_ASSERT(order.price.ticks < kMaxTick && order.price.ticks > -kMaxTick);
  const std::int64_t lots = std::min(order.quantity.lots, order.max_quantity.lots);
  if (lots <= 0) return {.status = OrderStatus::NothingToReduce};
  std::int64_t left = lots;
  if (crosses(order, best_or_none(opposite(order.side)))) {
    if (order.tif == TimeInForce::PostOnly && would_trade(order)) {
      return {.status = OrderStatus::PostOnlyWouldCross};
    }
    if (order.tif == TimeInForce::Fok && !would_fill(order, lots)) {
      return {.status = OrderStatus::FokWouldNotFill};
    }
    left = match(order, left, fills);
  } else if (order.tif == TimeInForce::Fok) {
    return {.status = OrderStatus::FokWouldNotFill};
  }
  const Quantity traded{lots - left};
  if (left == 0) return {.status = OrderStatus::Filled, .traded = traded};
  if (order.tif == TimeInForce::Ioc) {
    return {.status = OrderStatus::RestCancelled, .traded = traded};
  }
  MEZZ_ASSERT(order.tif != TimeInForce::Fok);
  return {OrderStatus::Resting, id_of(insert(order, left)), traded, {left}};
}

OrderId OrderBook::rest(const NewOrder& order) {
  MEZZ_ASSERT(order.quantity.lots > 0);
  MEZZ_ASSERT(order.price.ticks < kMaxTick && order.price.ticks > -kMaxTick);
  MEZZ_ASSERT(!crosses(order, best_or_none(opposite(order.side))));
  return id_of(insert(order, order.quantity.lots));
}

Quantity OrderBook::cancel(OrderId id) {
  const std::uint32_t slot = slot_of(id);
  if (slot == kNil) return Quantity::zero();
  const Quantity was{orders_[slot].remaining};
  remove(slot);
  return was;
}

bool OrderBook::shrink(OrderId id, Quantity quantity) {
  MEZZ_ASSERT(quantity.lots > 0);
  const std::uint32_t slot = slot_of(id);
  if (slot == kNil || orders_[slot].remaining <= quantity.lots) return false;
  level(orders_[slot].tick).quantity -= orders_[slot].remaining - quantity.lots;
  orders_[slot].remaining = quantity.lots;
  return true;
}

RestingOrder OrderBook::front(Side side) const {
  if (!has(side)) return {};
  const Level* best = level_at(best_or_none(side));
  MEZZ_ASSERT(best != nullptr && best->head != kNil);
  return describe(best->head);
}

Fill OrderBook::take_front(Side side, Quantity quantity) {
  MEZZ_ASSERT(has(side));
  Level& best = level(best_or_none(side));
  const std::uint32_t slot = best.head;
  Order& maker = orders_[slot];
  MEZZ_ASSERT(quantity.lots > 0 && quantity.lots <= maker.remaining);
  const Fill fill{.maker = id_of(slot),
                  .price = {maker.tick},
                  .quantity = quantity,
                  .maker_left = {maker.remaining - quantity.lots},
                  .maker_account = {maker.owner},
                  .kind = FillKind::Trade};
  if (fill.maker_left == Quantity::zero()) {
    remove(slot);
  } else {
    maker.remaining -= quantity.lots;
    best.quantity -= quantity.lots;
  }
  return fill;
}

// ---- matching --------------------------------------------------------------------------------

std::int64_t OrderBook::match(const NewOrder& taker, std::int64_t left, std::vector<Fill>& fills) {
  const Side makers = opposite(taker.side);
  while (left > 0) {
    const std::int64_t tick = best_or_none(makers);
    if (!crosses(taker, tick)) break;
    left = match_level(taker, tick, left, fills);
  }
  return left;
}

std::int64_t OrderBook::match_level(const NewOrder& taker, std::int64_t tick, std::int64_t left,
                                    std::vector<Fill>& fills) {
  Level& here = level(tick);
  std::uint32_t slot = here.head;
  MEZZ_ASSERT(slot != kNil);
  while (left > 0 && slot != kNil) {
    Order& maker = orders_[slot];
    const std::uint32_t next = maker.next;
    const bool self = taker.account.exists() && maker.owner == taker.account.value;
    const std::int64_t lots = self ? maker.remaining : std::min(left, maker.remaining);
    here.quantity -= lots;
    maker.remaining -= lots;
    if (!self) left -= lots;
    fills.push_back({.maker = id_of(slot),
                     .price = {tick},
                     .quantity = {lots},
                     .maker_left = {maker.remaining},
                     .maker_account = {maker.owner},
                     .kind = self ? FillKind::SelfCross : FillKind::Trade});
    if (maker.remaining != 0) break;
    release(slot);
    slot = next;
  }
  here.head = slot;
  if (slot != kNil) {
    orders_[slot].prev = kNil;
  } else {
    here.tail = kNil;
    emptied(opposite(taker.side), tick);
  }
  return left;
}

// Post-only is refused when it would trade; meeting only one's own orders is not a trade.
bool OrderBook::would_trade(const NewOrder& order) const { return would_fill(order, 1); }

bool OrderBook::would_fill(const NewOrder& order, std::int64_t lots) const {
  const Side makers = opposite(order.side);
  std::int64_t tick = best_or_none(makers);
  while (tick != none(makers) && crosses(order, tick)) {
    for (std::uint32_t slot = level_at(tick)->head; slot != kNil; slot = orders_[slot].next) {
      const Order& maker = orders_[slot];
      if (order.account.exists() && maker.owner == order.account.value) continue;
      if (maker.remaining >= lots) return true;
      lots -= maker.remaining;
    }
    tick = worse(makers, tick);
  }
  return false;
}

// ---- orders and levels -----------------------------------------------------------------------

std::uint32_t OrderBook::slot_of(OrderId id) const {
  const auto slot = static_cast<std::uint32_t>(id.value);
  const auto generation = static_cast<std::uint32_t>(id.value >> 32);
  if (slot >= orders_.size()) return kNil;
  const Order& order = orders_[slot];
  return order.remaining != 0 && order.tag >> 1 == generation ? slot : kNil;
}

std::uint32_t OrderBook::take_slot() {
  if (head_.free == kNil) {
    MEZZ_ASSERT(orders_.size() < kNil);
    orders_.emplace_back();
    return static_cast<std::uint32_t>(orders_.size() - 1);
  }
  const std::uint32_t slot = head_.free;
  head_.free = orders_[slot].next;
  return slot;
}

std::uint32_t OrderBook::insert(const NewOrder& request, std::int64_t lots) {
  const std::int64_t tick = request.price.ticks;
  if (!in_window(tick)) {
    if (head_.live == 0 || ++head_.far_touches >= kFarTouchesMax) recentre(tick);
  }
  const std::uint32_t slot = take_slot();
  Level& here = level(tick);
  Order& order = orders_[slot];
  order.remaining = lots;
  order.tick = tick;
  order.prev = here.tail;
  order.next = kNil;
  order.owner = request.account.value;
  order.tag = (order.tag & ~1u) | static_cast<std::uint32_t>(request.side);
  here.quantity += lots;
  if (here.tail == kNil) {
    here.head = slot;
    here.tail = slot;
    opened(request.side, tick);
  } else {
    orders_[here.tail].next = slot;
    here.tail = slot;
  }
  ++head_.live;
  return slot;
}

// Frees the slot; the caller has unchained it. The next user of the slot has another generation.
void OrderBook::release(std::uint32_t slot) {
  Order& order = orders_[slot];
  order.remaining = 0;
  order.tag += 2;
  order.next = head_.free;
  head_.free = slot;
  --head_.live;
}

void OrderBook::remove(std::uint32_t slot) {
  const Order order = orders_[slot];
  Level& here = level(order.tick);
  here.quantity -= order.remaining;
  if (order.prev == kNil) {
    here.head = order.next;
  } else {
    orders_[order.prev].next = order.next;
  }
  if (order.next == kNil) {
    here.tail = order.prev;
  } else {
    orders_[order.next].prev = order.prev;
  }
  release(slot);
  if (here.head == kNil) {
    MEZZ_ASSERT(here.quantity == 0);
    emptied(side_of(order), order.tick);
  }
}

const OrderBook::Level* OrderBook::level_at(std::int64_t tick) const {
  if (in_window(tick)) return &levels_[offset(tick)];
  const auto found = far_.find(tick);
  return found == far_.end() ? nullptr : &found->second;
}

OrderBook::Level& OrderBook::level(std::int64_t tick) {
  if (in_window(tick)) [[likely]]
    return levels_[offset(tick)];
  return far_[tick];
}

void OrderBook::opened(Side side, std::int64_t tick) {
  if (in_window(tick)) [[likely]] {
    used_[index(side)].insert(static_cast<std::int32_t>(offset(tick)));
  } else {
    ++(side == Side::Buy ? head_.far_bids : head_.far_asks);
  }
  std::int64_t& best = head_.best[index(side)];
  if ((tick ^ flip(side)) > (best ^ flip(side))) best = tick;
}

void OrderBook::emptied(Side side, std::int64_t tick) {
  std::int64_t& best = head_.best[index(side)];
  if (best == tick) best = worse(side, tick);
  if (in_window(tick)) [[likely]] {
    used_[index(side)].erase(static_cast<std::int32_t>(offset(tick)));
  } else {
    far_.erase(tick);
    --(side == Side::Buy ? head_.far_bids : head_.far_asks);
    ++head_.far_touches;
  }
}

// The next level of the side behind `tick`, from the window or from the map, whichever is better.
std::int64_t OrderBook::worse(Side side, std::int64_t tick) const {
  std::int64_t next = none(side);
  if (side == Side::Buy) {
    const std::int64_t top = std::min(tick - 1 - head_.base, kWindow - 1);
    const std::int32_t found = top < 0 ? -1 : used_[0].at_or_below(static_cast<std::int32_t>(top));
    if (found >= 0) next = head_.base + found;
    if (head_.far_bids == 0) return next;
    for (auto it = far_.lower_bound(tick); it != far_.begin();) {
      --it;
      if (side_of(orders_[it->second.head]) == side) return std::max(next, it->first);
    }
    return next;
  }
  const std::int64_t bottom = std::max<std::int64_t>(tick + 1 - head_.base, 0);
  const std::int32_t found =
      bottom >= kWindow ? -1 : used_[1].at_or_above(static_cast<std::int32_t>(bottom));
  if (found >= 0) next = head_.base + found;
  if (head_.far_asks == 0) return next;
  for (auto it = far_.upper_bound(tick); it != far_.end(); ++it) {
    if (side_of(orders_[it->second.head]) == side) return std::min(next, it->first);
  }
  return next;
}

// Moves the window so that `centre` is in its middle. Costs 4096 steps, so it is done only when the
// book is empty or after many touches of levels outside.
void OrderBook::recentre(std::int64_t centre) {
  std::map<std::int64_t, Level> all;
  all.swap(far_);
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (levels_[i].head == kNil) continue;
    all[head_.base + static_cast<std::int64_t>(i)] = levels_[i];
    levels_[i] = {};
  }
  used_[0] = {};
  used_[1] = {};
  head_.base = centre - kWindow / 2;
  head_.far_bids = 0;
  head_.far_asks = 0;
  head_.far_touches = 0;
  for (const auto& [tick, moved] : all) {
    level(tick) = moved;
    opened(side_of(orders_[moved.head]), tick);
  }
}

// ---- looking ---------------------------------------------------------------------------------

RestingOrder OrderBook::describe(std::uint32_t slot) const {
  const Order& order = orders_[slot];
  MEZZ_ASSERT(order.remaining > 0);
  return {.id = id_of(slot),
          .account = {order.owner},
          .side = side_of(order),
          .price = {order.tick},
          .quantity = {order.remaining}};
}

RestingOrder OrderBook::find(OrderId id) const {
  const std::uint32_t slot = slot_of(id);
  return slot == kNil ? RestingOrder{} : describe(slot);
}

Quantity OrderBook::quantity_at(Side side, Price price) const {
  const Level* here = level_at(price.ticks);
  if (here == nullptr || here->head == kNil) return Quantity::zero();
  return side_of(orders_[here->head]) == side ? Quantity{here->quantity} : Quantity::zero();
}

std::vector<DepthLevel> OrderBook::depth(Side side, std::size_t count) const {
  std::vector<DepthLevel> found;
  if (count == 0) return found;
  for_each_level(side, [&](const DepthLevel& l) {
    found.push_back(l);
    return found.size() < count;
  });
  return found;
}

std::vector<RestingOrder> OrderBook::orders(Side side) const {
  std::vector<RestingOrder> found;
  for_each_level(side, [&](const DepthLevel& l) {
    for (std::uint32_t slot = level_at(l.price.ticks)->head; slot != kNil;
         slot = orders_[slot].next) {
      found.push_back(describe(slot));
    }
    return true;
  });
  return found;
}

std::size_t OrderBook::bytes() const {
  constexpr std::size_t kMapNode = 32;  // what a red-black tree adds to each element
  return sizeof(*this) + levels_.capacity() * sizeof(Level) + orders_.capacity() * sizeof(Order) +
         far_.size() * (sizeof(std::pair<const std::int64_t, Level>) + kMapNode);
}

void OrderBook::full_check() const {
  MEZZ_ASSERT(!has(Side::Buy) || !has(Side::Sell) || head_.best[0] < head_.best[1]);
  std::uint32_t counted = 0;
  for (const Side side : {Side::Buy, Side::Sell}) {
    std::uint32_t far = 0;
    for_each_level(side, [&](const DepthLevel& l) {
      const Level& here = *level_at(l.price.ticks);
      MEZZ_ASSERT(here.head != kNil && here.quantity == l.quantity.lots);
      std::int64_t sum = 0;
      std::uint32_t prev = kNil;
      for (std::uint32_t slot = here.head; slot != kNil; slot = orders_[slot].next) {
        const Order& order = orders_[slot];
        MEZZ_ASSERT(order.prev == prev && order.tick == l.price.ticks);
        MEZZ_ASSERT(order.remaining > 0 && side_of(order) == side);
        sum += order.remaining;
        prev = slot;
        ++counted;
      }
      MEZZ_ASSERT(here.tail == prev && here.quantity == sum);
      if (!in_window(l.price.ticks)) ++far;
      return true;
    });
    MEZZ_ASSERT(far == (side == Side::Buy ? head_.far_bids : head_.far_asks));
  }
  MEZZ_ASSERT(counted == head_.live);
  MEZZ_ASSERT(far_.size() == head_.far_bids + head_.far_asks);
}

}  // namespace mezz

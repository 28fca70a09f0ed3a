// One instrument as the exchange keeps it: who holds it, its order book, its mark. A plain value,
// part of the exchange's state; money and margin are the exchange's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/clearing/account_book.h"
#include "models/market/instrument.h"
#include "models/market/order_book.h"
#include "sim/types/money.h"
#include "sim/types/time.h"

namespace mezz {

// A resting order anywhere on the exchange: instrument (8 bits) and slot in its book's pool (24).
struct OrderRef {
  std::uint32_t value = UINT32_MAX;

  static constexpr OrderRef none() { return {}; }
  static constexpr OrderRef of(InstrumentId instrument, OrderId order) {
    const auto slot = static_cast<std::uint32_t>(order.value);
    MEZZ_ASSERT(slot < kSlots && instrument.value < 255);
    return {instrument.value * kSlots + slot};
  }
  [[nodiscard]] constexpr bool exists() const { return value != UINT32_MAX; }
  [[nodiscard]] constexpr InstrumentId instrument() const {
    return {static_cast<std::uint16_t>(value / kSlots)};
  }
  [[nodiscard]] constexpr std::uint32_t slot() const { return value % kSlots; }
  constexpr auto operator<=>(const OrderRef&) const = default;

 private:
  static constexpr std::uint32_t kSlots = 1U << 24;
};

// Whether an order of this side and limit trades with one that stands at `price`.
constexpr bool crosses(Side side, Price limit, Price price) {
  return side == Side::Buy ? price <= limit : price >= limit;
}
// The part of `position` that an order of this side can close.
constexpr Quantity closable_by(Side side, Quantity position) {
  return std::max(Quantity::zero(), side == Side::Buy ? -position : position);
}

// What the book does not know of an order; same slot as in the book's pool.
struct OrderTag {
  std::uint64_t reference = 0;
  std::uint64_t sequence = 0;
  std::uint64_t hash = 0;
  OrderRef prev;  // orders of one account, newest first, over all instruments
  OrderRef next;
  OrderId id;
  std::uint64_t reduce_only = 0;
};

struct Market {
  struct State {
    Price last_trade;
    FundingIndices funding;
    Quantity open_interest_max;
    // Listings.
    std::int64_t normalisation_ppb = 1'000'000'000;  // power perpetuals funded in kind
    std::int64_t fixing_tick_ms = 0;  // the index, summed over the settlement window so far
    Time fixed_to;
    Time settled = Time::never();
    Money settlement;  // per lot
  };

  ContractSpec contract;
  std::int64_t money_per_lot_tick = 1;
  Price price_max;

  State state;
  AccountBook positions;
  OrderBook book;
  std::vector<OrderTag> tags;
  std::vector<Money> costs;   // of the positions, by account; only where deleveraging ranks them
  std::vector<Money> purses;  // of the positions, by account; only where margin is isolated
  std::int32_t pool = -1;     // trades there and not on the book: its place in the list of pools

  void visit_state(auto& v) {
    v("state", state);
    v("positions", positions);
    v("book", book);
    v("tags", tags);
    v("costs", costs);
    v("purses", purses);
  }
};

// Several fills of one order.
struct FillSum {
  Quantity quantity;
  Int128 lot_ticks = 0;

  void add(Quantity lots, Price price) {
    quantity += lots;
    lot_ticks += Int128{lots.lots} * price.ticks;
  }
  [[nodiscard]] Price average() const;
};

}  // namespace mezz

// Workload B1: one book, a random flow of limit orders, cancels and sweeping IOC orders whose
// counts are known from other matching engines (same trades, same traded quantity, same live
// orders).
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "models/market/order_book.h"
#include "tests/models/market/reference_book.h"

namespace mezz::test {

struct SplitMix64 {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  std::uint64_t below(std::uint64_t n) { return ((next() >> 32) * n) >> 32; }
  bool top_bit() { return (next() >> 63) != 0; }
};

struct B1Op {
  enum Type : std::uint8_t { kAdd, kCancel, kIoc };
  std::uint32_t id = 0;
  std::int32_t price = 0;
  std::uint32_t quantity = 0;
  std::uint8_t type = kAdd;
  std::uint8_t side = 0;
};
static_assert(sizeof(B1Op) == 16);

struct B1Flow {
  std::vector<B1Op> ops;
  std::size_t preload = 0;  // leading ops that only build the book
  std::uint32_t ids = 0;
};

struct B1Totals {
  std::int64_t trades = 0, traded = 0, live = 0;
  bool operator==(const B1Totals&) const = default;
};

// Applies ops to a book. A cancel carries the handle its order got (slot in `price`, generation in
// `quantity`), as a trader would keep it: replaying the same flow gives the same handles.
class B1Replay {
 public:
  OrderBook book;
  B1Totals totals;
  std::vector<Fill> fills;

  OrderId apply(const B1Op& op) {
    if (op.type == B1Op::kCancel) {
      book.cancel({std::uint64_t{op.quantity} << 32 | static_cast<std::uint32_t>(op.price)});
      return OrderId::none();
    }
    fills.clear();
    const Placement placed =
        book.place({.account = AccountId::none(),
                    .side = op.side == 0 ? Side::Buy : Side::Sell,
                    .price = {op.price},
                    .quantity = {op.quantity},
                    .tif = op.type == B1Op::kIoc ? TimeInForce::Ioc : TimeInForce::Gtc},
                   fills);
    totals.trades += static_cast<std::int64_t>(fills.size());
    totals.traded += placed.traded.lots;
    return placed.id;
  }
};

inline B1Op cancel_op(std::uint32_t id, OrderId handle) {
  B1Op op;
  op.type = B1Op::kCancel;
  op.id = id;
  op.price = static_cast<std::int32_t>(handle.value);
  op.quantity = static_cast<std::uint32_t>(handle.value >> 32);
  return op;
}

// The price of a limit order lies an exponential distance from the mid.
inline std::int64_t distance(SplitMix64& random) {
  const double u = random.uniform();
  return std::min<std::int64_t>(200, 1 + static_cast<std::int64_t>(-40.0 * std::log(1.0 - u)));
}

// The flow depends on what is filled, so it is made with a book beside it.
inline B1Flow make_b1(std::size_t n, std::size_t target, std::uint64_t seed = 42) {
  B1Flow flow;
  flow.ops.reserve(n + target * 2);
  B1Replay replay;
  SplitMix64 random{seed};
  std::vector<OrderId> handle_of;    // id -> handle
  std::vector<std::uint32_t> id_at;  // slot -> id resting there
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> place_of;  // id -> index in ids
  std::int64_t mid = 10000;
  const auto drop = [&](std::uint32_t id) {
    const std::uint32_t at = place_of[id];
    ids[at] = ids.back();
    place_of[ids[at]] = at;
    ids.pop_back();
  };
  const auto submit = [&](B1Op op) {
    op.id = ++flow.ids;
    place_of.resize(op.id + 1);
    handle_of.resize(op.id + 1);
    const OrderId handle = replay.apply(op);
    flow.ops.push_back(op);
    for (const Fill& f : replay.fills) {
      if (f.maker_left.lots == 0) drop(id_at[static_cast<std::uint32_t>(f.maker.value)]);
    }
    if (!handle.exists()) return;
    const auto slot = static_cast<std::uint32_t>(handle.value);
    if (slot >= id_at.size()) id_at.resize(slot + 1);
    id_at[slot] = op.id;
    handle_of[op.id] = handle;
    place_of[op.id] = static_cast<std::uint32_t>(ids.size());
    ids.push_back(op.id);
  };
  const auto add = [&] {
    B1Op op;
    op.side = random.top_bit() ? 1 : 0;
    const std::int64_t d = distance(random);
    op.price = static_cast<std::int32_t>(op.side == 0 ? mid - d : mid + d);
    op.quantity = static_cast<std::uint32_t>(1 + random.below(100));
    submit(op);
  };
  while (ids.size() < target) add();
  flow.preload = flow.ops.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (random.below(256) == 0) {
      mid += random.top_bit() ? 1 : -1;
      mid = std::min<std::int64_t>(11000, std::max<std::int64_t>(9000, mid));
    }
    const double u = random.uniform();
    const double p = ids.size() < target ? 0.70 : 0.40;
    if (u < 0.10) {
      B1Op op;
      op.type = B1Op::kIoc;
      op.side = random.top_bit() ? 1 : 0;
      op.quantity = static_cast<std::uint32_t>(1 + random.below(100));
      op.price = static_cast<std::int32_t>(op.side == 0 ? mid + 200 : mid - 200);
      submit(op);
    } else if (u < 0.10 + 0.90 * p) {
      add();
    } else if (!ids.empty()) {
      const std::uint32_t id = ids[random.below(ids.size())];
      const B1Op op = cancel_op(id, handle_of[id]);
      replay.apply(op);
      flow.ops.push_back(op);
      drop(id);
    }
  }
  return flow;
}

}  // namespace mezz::test

// An order book with price-time priority, fills at the maker's price, integer ticks and lots.
// Rules of the dYdX v4 memclob: a taker that meets an order of its own account cancels the resting
// order and goes on; post-only is refused when anything would trade; what IOC leaves is cancelled;
// FOK fills wholly or changes nothing. Reduce-only is a cap on the quantity that the caller knows.
//   Layout: one pool of 32-byte orders chained per level; levels of the 4096 ticks around the
//   market in an array with a bitmap per side, the others in a map; a hot map makes the window
//   move. An OrderId is (generation, slot): cancelling is one load, and a stale id is recognised.
// The book is a value: copy it to keep a state, assign it to go back. It knows no money and no
// margin; front() and take_front() let the caller run the match itself where each maker must be
// examined. Left out: stop and iceberg orders, amend upwards, good-til-time (cancel when due).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/market/ids.h"
#include "models/market/instrument.h"
#include "models/market/tick_bitmap.h"

namespace mezz {

enum class FillKind : std::uint32_t {
  Trade,
  SelfCross,  // no trade: the resting order of the taker's own account was cancelled
};

struct Fill {
  OrderId maker;
  Price price;
  Quantity quantity;    // traded, or cancelled by a self-cross
  Quantity maker_left;  // 0: the maker's order is gone
  AccountId maker_account;
  FillKind kind = FillKind::Trade;
};

struct NewOrder {
  AccountId account = {};  // none: takes no part in self-trade prevention
  Side side = Side::Buy;
  Price price = {};
  Quantity quantity = {};
  TimeInForce tif = TimeInForce::Gtc;
  Quantity max_quantity = {INT64_MAX};  // reduce-only: the size of the position it may close
};

enum class OrderStatus : std::uint8_t {
  Resting,
  Filled,
  RestCancelled,       // IOC: the part that did not trade
  PostOnlyWouldCross,  // nothing happened
  FokWouldNotFill,     // nothing happened
  NothingToReduce,     // nothing happened
};
template <>
struct EnumNames<OrderStatus> {
  static constexpr std::string_view names[] = {
      "resting",          "filled", "rest_cancelled", "post_only_would_cross", "fok_would_not_fill",
      "nothing_to_reduce"};
};

struct Placement {
  OrderStatus status = OrderStatus::Filled;
  OrderId id = OrderId::none();  // exists while resting
  Quantity traded = {};
  Quantity resting = {};
};

struct RestingOrder {
  OrderId id = {};
  AccountId account = {};
  Side side = Side::Buy;
  Price price = {};
  Quantity quantity = {};
};

struct DepthLevel {
  Price price;
  Quantity quantity;
};

class OrderBook {
 public:
  OrderBook();

  // Appends what happened to resting orders, in order; never clears `fills`.
  Placement place(const NewOrder& order, std::vector<Fill>& fills);
  Placement place(const NewOrder& order);

  // The quantity that was resting; zero when the id is not (or no longer) in the book.
  Quantity cancel(OrderId id);
  // Shrinks an order to `quantity` (> 0) without loss of priority. False: unknown or not smaller.
  bool shrink(OrderId id, Quantity quantity);

  // Stepwise matching: the order first in line on `side`, and a trade against it.
  [[nodiscard]] RestingOrder front(Side side) const;  // id does not exist when the side is empty
  Fill take_front(Side side, Quantity quantity);
  // Puts an order on the book without matching; it must not cross.
  OrderId rest(const NewOrder& order);

  [[nodiscard]] bool has(Side side) const { return best_or_none(side) != none(side); }
  [[nodiscard]] Price best(Side side) const {
    MEZZ_ASSERT(has(side));
    return {best_or_none(side)};
  }
  [[nodiscard]] bool empty() const { return head_.live == 0; }
  [[nodiscard]] std::uint32_t live() const { return head_.live; }
  [[nodiscard]] RestingOrder find(OrderId id) const;  // id does not exist when unknown
  [[nodiscard]] Quantity quantity_at(Side side, Price price) const;
  // The best `count` levels of a side.
  [[nodiscard]] std::vector<DepthLevel> depth(Side side, std::size_t count = SIZE_MAX) const;
  // Every order of a side in priority order.
  [[nodiscard]] std::vector<RestingOrder> orders(Side side) const;
  // Visits levels from the best on, until `visit(DepthLevel)` returns false.
  template <class F>
  void for_each_level(Side side, F visit) const {
    for (std::int64_t tick = best_or_none(side); tick != none(side); tick = worse(side, tick)) {
      if (!visit(DepthLevel{{tick}, {level_at(tick)->quantity}})) return;
    }
  }

  // Walks everything and asserts: chains, sums, bitmaps, cached bests, not crossed. For tests and
  // checkpoints.
  void full_check() const;
  [[nodiscard]] std::size_t bytes() const;

  void visit_state(auto& v) {
    v("head", head_);
    v("bids", used_[0]);
    v("asks", used_[1]);
    v("levels", levels_);
    v("orders", orders_);
    v("far", far_);
  }

 private:
  static constexpr std::int64_t kWindow = TickBitmap::kSize;
  static constexpr std::int64_t kNoBid = INT64_MIN;
  static constexpr std::int64_t kNoAsk = INT64_MAX;
  static constexpr std::int64_t kMaxTick = INT64_MAX / 2;
  static constexpr std::uint32_t kNil = UINT32_MAX;
  static constexpr std::uint32_t kFarTouchesMax = 1024;  // then the window moves

  struct Order {
    std::int64_t remaining = 0;  // 0: the slot is free and `next` chains the free list
    std::int64_t tick = 0;
    std::uint32_t prev = kNil;
    std::uint32_t next = kNil;
    std::uint32_t owner = 0;
    std::uint32_t tag = 0;  // generation * 2 + side
  };
  // A tick holds orders of one side only, because the book is never crossed.
  struct Level {
    std::int64_t quantity = 0;
    std::uint32_t head = kNil;
    std::uint32_t tail = kNil;
  };
  struct Head {
    std::int64_t base = 0;                    // tick of levels_[0]
    std::int64_t best[2] = {kNoBid, kNoAsk};  // by side
    std::uint32_t free = kNil;
    std::uint32_t live = 0;
    std::uint32_t far_bids = 0;  // levels in far_
    std::uint32_t far_asks = 0;
    std::uint64_t far_touches = 0;
  };

  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
  // All bits of a sell: x ^ flip(side) turns the order of prices round without a branch, and the
  // side of an order is the one thing a branch predictor cannot know.
  static std::int64_t flip(Side side) { return -static_cast<std::int64_t>(side); }
  static std::int64_t none(Side side) { return side == Side::Buy ? kNoBid : kNoAsk; }
  static Side side_of(const Order& order) { return (order.tag & 1) == 0 ? Side::Buy : Side::Sell; }
  static bool crosses(const NewOrder& taker, std::int64_t tick) {
    return (tick ^ flip(taker.side)) <= (taker.price.ticks ^ flip(taker.side));
  }
  [[nodiscard]] std::int64_t best_or_none(Side side) const { return head_.best[index(side)]; }
  [[nodiscard]] std::uint64_t offset(std::int64_t tick) const {
    return static_cast<std::uint64_t>(tick) - static_cast<std::uint64_t>(head_.base);
  }
  [[nodiscard]] bool in_window(std::int64_t tick) const {
    return offset(tick) < static_cast<std::uint64_t>(kWindow);
  }
  [[nodiscard]] OrderId id_of(std::uint32_t slot) const {
    return {(static_cast<std::uint64_t>(orders_[slot].tag >> 1) << 32) | slot};
  }
  [[nodiscard]] std::uint32_t slot_of(OrderId id) const;
  [[nodiscard]] RestingOrder describe(std::uint32_t slot) const;
  [[nodiscard]] const Level* level_at(std::int64_t tick) const;
  [[nodiscard]] Level& level(std::int64_t tick);
  [[nodiscard]] std::int64_t worse(Side side, std::int64_t tick) const;
  [[nodiscard]] bool would_trade(const NewOrder& order) const;
  [[nodiscard]] bool would_fill(const NewOrder& order, std::int64_t lots) const;
  std::int64_t match(const NewOrder& taker, std::int64_t left, std::vector<Fill>& fills);
  std::int64_t match_level(const NewOrder& taker, std::int64_t tick, std::int64_t left,
                           std::vector<Fill>& fills);
  std::uint32_t insert(const NewOrder& order, std::int64_t lots);
  std::uint32_t take_slot();
  void release(std::uint32_t slot);
  void remove(std::uint32_t slot);
  void opened(Side side, std::int64_t tick);
  void emptied(Side side, std::int64_t tick);
  void recentre(std::int64_t centre);

  Head head_;
  TickBitmap used_[2];  // levels of the window that hold orders, by side
  std::vector<Level> levels_;
  std::vector<Order> orders_;
  std::map<std::int64_t, Level> far_;  // levels outside the window, both sides
};

}  // namespace mezz

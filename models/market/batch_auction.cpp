#include "models/market/batch_auction.h"

#include <algorithm>
#include <numeric>

#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz::batch_auction {
namespace {

// At one price; `bid` and `ask` summed up: D and S of the header.
struct Level {
  std::int64_t tick = 0;
  Int128 bid = 0;  // bought here or above
  Int128 ask = 0;  // sold here or below
};

struct Curves {
  std::vector<Level> levels;  // by price
  Int128 any_bid = 0;         // bought at any price

  [[nodiscard]] Int128 bid_above(std::size_t i) const {
    return i + 1 < levels.size() ? levels[i + 1].bid : any_bid;
  }
};

Curves curves_of(std::span<const Order> orders, Price reference) {
  Curves curves;
  Int128 any_ask = 0;
  std::vector<Level>& levels = curves.levels;
  for (const Order& order : orders) {
    const bool buys = order.side == Side::Buy;
    const Int128 lots = order.quantity.lots;
    MEZZ_ASSERT(lots > 0);
    if (order.pricing == Pricing::Any) {
      (buys ? curves.any_bid : any_ask) += lots;
    } else {
      levels.push_back({order.limit.ticks, buys ? lots : 0, buys ? 0 : lots});
    }
  }
  if (curves.any_bid > 0 || any_ask > 0) levels.push_back({.tick = reference.ticks});
  std::sort(levels.begin(), levels.end(),
            [](const Level& a, const Level& b) { return a.tick < b.tick; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < levels.size(); ++i) {
    if (levels[i].tick != levels[last].tick) {
      levels[++last] = levels[i];
      continue;
    }
    levels[last].bid += levels[i].bid;
    levels[last].ask += levels[i].ask;
  }
  levels.resize(std::min(levels.size(), last + 1));
  Int128 sold = any_ask;
  for (Level& level : levels) sold = level.ask += sold;
  Int128 bought = curves.any_bid;
  for (std::size_t i = levels.size(); i-- > 0;) bought = levels[i].bid += bought;
  return curves;
}

// Ticks with the least surplus seen so far; they are neighbours, because D - S only falls.
struct Best {
  Int128 surplus = -1;
  std::int64_t from = 0;
  std::int64_t to = 0;

  void offer(Int128 bid, Int128 ask, std::int64_t first, std::int64_t last) {
    if (first > last) return;
    const Int128 here = bid > ask ? bid - ask : ask - bid;
    if (surplus >= 0 && here > surplus) return;
    if (surplus < 0 || here < surplus) from = first;
    surplus = here;
    to = last;
  }
};

struct Chosen {
  Price price;
  Int128 bid = 0;  // D and S there
  Int128 ask = 0;
};

Chosen choose(const Curves& curves) {
  const std::vector<Level>& levels = curves.levels;
  MEZZ_ASSERT(!levels.empty());
  // The first that leaves nobody above it unserved, the last that leaves nobody below it so.
  std::size_t low = 0;
  while (low + 1 < levels.size() && curves.bid_above(low) > levels[low].ask) ++low;
  std::size_t high = levels.size() - 1;
  while (high > low && levels[high - 1].ask > levels[high].bid) --high;
  Best best;
  for (std::size_t i = low; i <= high; ++i) {
    best.offer(levels[i].bid, levels[i].ask, levels[i].tick, levels[i].tick);
    if (i == high) break;
    best.offer(curves.bid_above(i), levels[i].ask, levels[i].tick + 1, levels[i + 1].tick - 1);
  }
  const Price price{best.from + (best.to - best.from) / 2};
  std::size_t at = low;
  while (at < high && levels[at + 1].tick <= price.ticks) ++at;
  const bool between = levels[at].tick != price.ticks;
  return {price, between ? curves.bid_above(at) : levels[at].bid, levels[at].ask};
}

// ---- who gets how much -------------------------------------------------------------------------

enum class Claim : std::uint8_t { Any, Better, AtThePrice, None };

Claim claim_of(const Order& order, Price price) {
  if (order.pricing == Pricing::Any) return Claim::Any;
  if (order.limit == price) return Claim::AtThePrice;
  const bool better = order.side == Side::Buy ? order.limit > price : order.limit < price;
  return better ? Claim::Better : Claim::None;
}

// Shares `left` among equals, whole lots by largest remainder; `left` is less than they ask for.
void share(std::span<const Order> orders, std::span<const std::size_t> equals, std::int64_t left,
           std::vector<Quantity>& filled) {
  Int128 asked = 0;
  for (const std::size_t i : equals) asked += orders[i].quantity.lots;
  MEZZ_ASSERT(left < asked);
  std::vector<std::pair<Int128, std::size_t>> remainders;  // negative: the largest comes first
  std::int64_t given = 0;
  for (const std::size_t i : equals) {
    const Int128 product = Int128{orders[i].quantity.lots} * left;
    filled[i] = {narrow(product / asked)};
    given += filled[i].lots;
    remainders.emplace_back(-(product % asked), i);
  }
  std::sort(remainders.begin(), remainders.end());
  MEZZ_ASSERT(left - given < static_cast<std::int64_t>(equals.size()));
  for (std::size_t k = 0; given < left; ++k, ++given) filled[remainders[k].second] += Quantity{1};
}

void allocate(std::span<const Order> orders, Side side, Clearing& result) {
  std::vector<std::size_t> queue;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i].side == side && claim_of(orders[i], result.price) != Claim::None) {
      queue.push_back(i);
    }
  }
  const auto rank = [&](std::size_t i) {
    return std::pair{claim_of(orders[i], result.price), orders[i].batch};
  };
  std::stable_sort(queue.begin(), queue.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::int64_t left = result.volume.lots;
  for (std::size_t first = 0; first < queue.size() && left > 0;) {
    std::size_t end = first;
    Int128 asked = 0;
    for (; end < queue.size() && rank(queue[end]) == rank(queue[first]); ++end) {
      asked += orders[queue[end]].quantity.lots;
    }
    const std::span equals{queue.data() + first, end - first};
    if (asked > left) {
      share(orders, equals, left, result.filled);
      return;
    }
    for (const std::size_t i : equals) result.filled[i] = orders[i].quantity;
    left -= static_cast<std::int64_t>(asked);
    first = end;
  }
  MEZZ_ASSERT(left == 0);
}

}  // namespace

Clearing clear(std::span<const Order> orders, Price reference) {
  Clearing result{.filled = std::vector<Quantity>(orders.size())};
  if (orders.empty()) return result;
  const Chosen chosen = choose(curves_of(orders, reference));
  result.price = chosen.price;
  result.volume = {narrow(std::min(chosen.bid, chosen.ask))};
  if (result.volume == Quantity::zero()) return result;
  allocate(orders, Side::Buy, result);
  allocate(orders, Side::Sell, result);
  return result;
}

}  // namespace mezz::batch_auction

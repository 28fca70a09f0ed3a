// A frequent batch auction: all orders of a batch trade at once and at one price. Pure functions.
// Source: Budish, Cramton, Shim, "The high-frequency trading arms race" (Quarterly Journal of
// Economics 130, 2015), section VII; reference sheet "derivatives" section 5.
//
// With D(p) bought at p or above and S(p) sold at p or below, the price is chosen in three steps:
//   1. it clears: all who bid more and all who ask less can trade, D(p+1) <= S(p) and
//      S(p-1) <= D(p). Such prices are an interval, and at no other price more is traded.
//   2. of these, the least surplus |D - S|;
//   3. of these, the middle, rounded down to the tick.
// The longer side is rationed at the margin: orders of an earlier batch come first; those of one
// batch share in proportion to their size (time counts between batches, never within one), whole
// lots by largest remainder, ties to the one named first.
// Ours: orders without a price accept every price and go before all others; where there are any,
// the price stays between the lowest and the highest of the priced orders and `reference`. If they
// alone exceed the other side, they are rationed in the same way.
// Left out: self-trade, margin, minimum sizes (the exchange looks after these).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/market/instrument.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"

namespace mezz::batch_auction {

enum class Pricing : std::uint8_t { Limit, Any };

struct Order {
  Side side = Side::Buy;
  Pricing pricing = Pricing::Limit;
  Price limit = {};         // of no meaning where any price is accepted
  Quantity quantity = {};   // > 0
  std::uint64_t batch = 0;  // in which it came: earlier ones first
};

struct Clearing {
  Price price = {};              // of no meaning where nothing trades
  Quantity volume = {};          // bought, and sold
  std::vector<Quantity> filled;  // by order
};

Clearing clear(std::span<const Order> orders, Price reference);

}  // namespace mezz::batch_auction

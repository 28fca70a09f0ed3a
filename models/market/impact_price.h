// The price at which a market order of a given notional would trade on average (dYdX v4:
// x/clob/memclob getImpactPriceSubticks). Funding compares it with the index, so that one far small
// order cannot move the rate. The answer is an exact fraction of ticks; a side without enough depth
// has none. Upstream ignores makers that fail their margin check; here they are still in the book.
#pragma once

#include <optional>
#include <span>

#include "models/market/instrument.h"
#include "models/market/order_book.h"

namespace mezz {

struct PriceFraction {
  Int128 ticks = 0;  // numerator
  Int128 per = 1;    // denominator, > 0
};

// `levels` from the best on; a notional of zero gives the best price.
std::optional<PriceFraction> impact_price(std::span<const DepthLevel> levels, Money notional,
                                          std::int64_t money_per_lot_tick);
// Side::Buy sweeps the bids (the impact bid), Side::Sell the asks.
std::optional<PriceFraction> impact_price(const OrderBook& book, Side side, Money notional,
                                          const ContractSpec& spec);

}  // namespace mezz

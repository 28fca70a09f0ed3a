// The market outside as a place to trade: who wants to move the index must buy the underlying
// there. An OutsideOrder is filled at once, whatever its size, along the impact curve of the price
// process (price_impact.h); the fill says what it cost. Left out: queues, other limits than price.
#pragma once

#include <cstdint>

#include "sim/engine/message.h"
#include "sim/engine/ref.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"

namespace mezz {

class Context;

struct OutsideFill {
  Quantity quantity;  // as ordered: > 0 bought
  Money value;        // paid (> 0) or received (< 0)
  Price after;        // the outside price that the trade left
};
static_assert(Message<OutsideFill>);

class OutsideTrader {
 public:
  virtual ~OutsideTrader() = default;
  virtual void on(Context& ctx, const OutsideFill& fill) = 0;
};

struct OutsideOrder {
  Ref<OutsideTrader> from;
  std::uint32_t reserved = 0;
  Quantity quantity;  // lots of the contract, > 0 buys
};
static_assert(Message<OutsideOrder>);

class OutsideMarket {
 public:
  virtual ~OutsideMarket() = default;
  virtual void on(Context& ctx, const OutsideOrder& order) = 0;
};

}  // namespace mezz

// What the outside world says about the price of the underlying: one PriceTick per step of the
// fundamental path (price_process.h), sent over a link to everybody who looks at other markets
// (oracles, market makers, arbitrageurs). Ticks of the contract's price grid; `time` is when the
// price was true, not when the message arrives.
#pragma once

#include "sim/engine/message.h"
#include "sim/types/price.h"
#include "sim/types/time.h"

namespace mezz {

class Context;

struct PriceTick {
  Price price;
  Time time;
};
static_assert(Message<PriceTick>);

class PriceObserver {
 public:
  virtual ~PriceObserver() = default;
  virtual void on(Context& ctx, const PriceTick& tick) = 0;
};

}  // namespace mezz

#include "models/liquidation/adl_rank.h"

namespace mezz::liquidation {

Wad adl_leverage(const AdlPosition& position) {
  MEZZ_ASSERT(position.size != Wad::zero());
  const Wad value = multiply(position.size, position.mark);
  const Wad margin = value - multiply(position.size, position.bankruptcy);
  // A position at or beyond bankruptcy is being closed itself; it is never ranked.
  MEZZ_ASSERT(margin > Wad::zero());
  return divide(value.abs(), margin);
}

Wad adl_rank(const AdlPosition& position) {
  MEZZ_ASSERT(position.entry > Wad::zero());
  const Wad cost = multiply(position.size, position.entry);
  const Wad profit = multiply(position.size, position.mark) - cost;
  const Wad gain = divide(profit, cost.abs());
  const Wad leverage = adl_leverage(position);
  return gain > Wad::zero() ? multiply(gain, leverage) : divide(gain, leverage);
}

}  // namespace mezz::liquidation

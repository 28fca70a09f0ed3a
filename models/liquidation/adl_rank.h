// Auto-deleveraging rank of the BitMEX and Binance type: who gains most, with most leverage, closes
// first, at the bankruptcy price of the account taken over.
//   leverage  |mark value| / (mark value - bankruptcy value)
//   rank      return * leverage when winning, return / leverage when losing
// where the return is the profit over the entry value. Wad; values are signed with the position.
// Left out: the light indicator of quintiles, which shows the same order.
#pragma once

#include "models/market/wad.h"

namespace mezz::liquidation {

struct AdlPosition {
  Wad size;  // signed
  Wad entry;
  Wad mark;
  Wad bankruptcy;  // price at which its margin is gone
};
Wad adl_leverage(const AdlPosition& position);
Wad adl_rank(const AdlPosition& position);

}  // namespace mezz::liquidation

#include "models/market/funding_rules/derive.h"

#include <algorithm>

namespace mezz::funding::derive {

Wad hourly_rate(const Quotes& quotes, const Params& params) {
  MEZZ_ASSERT(quotes.index > Wad::zero());
  MEZZ_ASSERT(params.convergence_hours > 0);
  const Wad above = std::max(Wad::zero(), quotes.impact_bid - quotes.index);
  const Wad below = std::max(Wad::zero(), quotes.index - quotes.impact_ask);
  const Wad premium = divide(above - below, quotes.index);
  const Wad hourly = {premium.units / params.convergence_hours};
  return within(hourly + params.static_rate, params.cap);
}

Wad aggregate_change(Wad hourly_rate, Wad index, Duration elapsed) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  return over(multiply(hourly_rate, index), elapsed, 1_h);
}

Wad payment(Wad size, Wad aggregate_change) { return multiply(-size, aggregate_change); }

}  // namespace mezz::funding::derive

#include "models/market/funding_rules/hyperliquid.h"

namespace mezz::funding::hyperliquid {

Wad rate_per_8h(Wad premium, const Params& params) {
  MEZZ_ASSERT(params.clamp >= Wad::zero());
  return premium + within(params.interest_8h - premium, params.clamp);
}

Wad hourly_rate(Wad premium, const Params& params) {
  MEZZ_ASSERT(params.cap_hourly >= Wad::zero());
  return within({rate_per_8h(premium, params).units / 8}, params.cap_hourly);
}

Wad payment(Wad size, Wad oracle_price, Wad hourly_rate) {
  MEZZ_ASSERT(oracle_price >= Wad::zero());
  return multiply(multiply(-size, oracle_price, Round::Down), hourly_rate, Round::Down);
}

}  // namespace mezz::funding::hyperliquid

#include "models/market/funding_rules/synthetix_v3.h"

namespace mezz::funding::synthetix_v3 {

Wad velocity(Wad skew, const Params& params) {
  MEZZ_ASSERT(params.skew_scale > Wad::zero());
  MEZZ_ASSERT(params.velocity_max >= Wad::zero());
  const Wad proportional = within(divide(skew, params.skew_scale), Wad::one());
  return multiply(proportional, params.velocity_max);
}

Rate advance(const Rate& before, Wad velocity, Duration elapsed, Wad price) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  MEZZ_ASSERT(price >= Wad::zero());
  const Wad rate = before.rate + over(velocity, elapsed, 24_h);
  const Wad mean = {(before.rate + rate).units / 2};
  const Wad paid = multiply(over(mean, elapsed, 24_h), price);
  return {.rate = rate, .accrued = before.accrued + paid};
}

}  // namespace mezz::funding::synthetix_v3

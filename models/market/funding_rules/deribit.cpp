#include "models/market/funding_rules/deribit.h"

#include <algorithm>

namespace mezz::funding::deribit {

Wad rate_per_8h(Wad mark, Wad index, const Params& params) {
  MEZZ_ASSERT(index > Wad::zero());
  MEZZ_ASSERT(params.damper >= Wad::zero());
  const Wad premium = divide(mark - index, index);
  const Wad damped = std::max(params.damper, premium) + std::min(-params.damper, premium);
  return within(damped, params.cap);
}

Wad payment(Wad notional, Wad rate_8h, Duration elapsed) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  return over(multiply(-notional, rate_8h, Round::Down), elapsed, 8_h, Round::Down);
}

}  // namespace mezz::funding::deribit

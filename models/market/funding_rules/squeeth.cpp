#include "models/market/funding_rules/squeeth.h"

#include <algorithm>

#include "sim/numeric/elementary.h"

namespace mezz::funding::squeeth {

Wad normalization_factor(Wad factor, const Averages& prices, Duration elapsed,
                         const Params& params) {
  MEZZ_ASSERT(prices.index > Wad::zero() && elapsed >= Duration::zero());
  MEZZ_ASSERT(params.funding_period > Duration::zero());
  const Wad mark = std::clamp(prices.mark, multiply(prices.index, params.mark_ratio_min),
                              multiply(prices.index, params.mark_ratio_max));
  const double ratio = prices.index.value() / mark.value();
  const double power = numeric::pow(ratio, elapsed.seconds() / params.funding_period.seconds());
  const Wad quantised = {static_cast<Int128>(power * 1e18)};
  return multiply(factor, quantised);
}

Wad debt(Wad amount, Wad factor) { return multiply(amount, factor, Round::Up); }

}  // namespace mezz::funding::squeeth

#include "models/market/funding_rules/gmx_v2.h"

#include <algorithm>

#include "models/market/quote_price.h"

namespace mezz::funding::gmx_v2 {
namespace {

Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

}  // namespace

Int128 next_factor(Int128 saved, const OpenInterest& interest, const Params& params,
                   Duration elapsed) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  MEZZ_ASSERT(interest.longs >= Wad::zero() && interest.shorts >= Wad::zero());
  const Wad skew = interest.longs - interest.shorts;
  const Wad total = interest.longs + interest.shorts;
  if (total == Wad::zero()) return saved;
  const std::int64_t seconds = elapsed / 1_s;
  const Int128 imbalance =
      mul_div_wide(skew.abs().units, kFactorOne, total.units, Round::ToZero);  // 10^-30
  const auto threshold = [](Wad t) { return t.units * (kFactorOne / Wad::kOne); };
  const bool same_way = (saved > 0 && skew > Wad::zero()) || (saved < 0 && skew < Wad::zero());
  Int128 next = saved;
  if (!same_way || imbalance > threshold(params.threshold_stable)) {
    const Int128 per_second = mul_div_wide(imbalance, params.increase, kFactorOne, Round::ToZero);
    const Int128 push = multiply(per_second, seconds);
    next += skew < Wad::zero() ? -push : push;
  } else if (imbalance < threshold(params.threshold_decrease) && saved != 0) {
    const Int128 sign = saved < 0 ? -1 : 1;
    const Int128 fall = multiply(params.decrease, seconds);
    next = sign * std::max<Int128>(1, magnitude(saved) - fall);
  }
  return std::clamp(next, -params.max, params.max);
}

Wad side_payment(Int128 factor, const OpenInterest& interest, Duration elapsed) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  const Wad payers = factor > 0 ? interest.longs : interest.shorts;
  const Int128 for_elapsed = multiply(magnitude(factor), elapsed / 1_s);
  return {mul_div_wide(payers.units, for_elapsed, kFactorOne, Round::Up)};
}

Wad claim(Wad side_payment, Wad own, Wad side) {
  MEZZ_ASSERT(own <= side);
  MEZZ_ASSERT(side > Wad::zero());
  return {mul_div_wide(side_payment.units, own.units, side.units, Round::Down)};
}

}  // namespace mezz::funding::gmx_v2

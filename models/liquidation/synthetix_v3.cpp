#include "models/liquidation/synthetix_v3.h"

#include <algorithm>

namespace mezz::liquidation::synthetix_v3 {

Wad window_limit(const WindowRule& rule) {
  MEZZ_ASSERT(rule.window > Duration::zero());
  const Wad per_second =
      multiply(multiply(Wad::from(rule.fees), rule.skew_scale), Wad::from(rule.multiplier));
  const Int128 units = per_second.units * (rule.window.ns / Duration{1_s}.ns);
  return {rule.step == Wad::zero() ? units : units - units % rule.step.units};
}

Wad closable(const WindowRule& rule, std::span<const Closed> before, Time now, Wad skew,
             Wad wanted) {
  MEZZ_ASSERT(wanted >= Wad::zero());
  const Wad most = window_limit(rule);
  if (most == Wad::zero()) return wanted;
  Wad used = Wad::zero();
  Time latest = Time::never();
  for (const Closed& closed : before) {
    MEZZ_ASSERT(closed.at <= now);
    latest = closed.at;
    if (now - closed.at < rule.window) used = used + closed.units;
  }
  if (used < most) return std::min(most - used, wanted);
  const bool again = rule.premium_max > Ratio::zero() && latest != now &&
                     divide(skew.abs(), rule.skew_scale) < Wad::from(rule.premium_max);
  return again ? std::min(most, wanted) : Wad::zero();
}

}  // namespace mezz::liquidation::synthetix_v3

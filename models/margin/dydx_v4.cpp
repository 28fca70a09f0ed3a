#include "models/margin/dydx_v4.h"

#include <algorithm>

namespace mezz::margin {
namespace {
constexpr std::int64_t kMillion = 1'000'000;
Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }
}  // namespace

// protocol/testing/genesis.sh
LiquidityTier preset(Tier tier) {
  switch (tier) {
    case Tier::LargeCap:
      return {20'000, 600'000, {}, {}, 10'000_usd};
    case Tier::MidCap:
      return {50'000, 600'000, 40'000'000_usd, 100'000'000_usd, 5'000_usd};
    case Tier::SmallCap:
      return {100'000, 500'000, 20'000'000_usd, 50'000'000_usd, 5'000_usd};
    case Tier::LongTail:
      return {200'000, 500'000, 5'000'000_usd, 10'000'000_usd, 2'500_usd};
    case Tier::Isolated:
      return {50'000, 600'000, 500'000_usd, 1'000'000_usd, 2'500_usd};
    case Tier::Safety:
      return {1'000'000, 200'000, 2'000'000_usd, 5'000'000_usd, 2'500_usd};
  }
  MEZZ_ASSERT(false);
  return {};
}

Int128 net_notional(Int128 base, QuotePrice price) {
  MEZZ_ASSERT(price.value >= 0);
  return scale_by_ten(multiply(base, price.value), price.exponent);
}

std::int64_t maintenance_margin_ppm(const LiquidityTier& tier) {
  return mul_div(tier.initial_margin_ppm, tier.maintenance_fraction_ppm, kMillion, Round::Down);
}

std::int64_t effective_initial_margin_ppm(const LiquidityTier& tier, Int128 open_interest) {
  MEZZ_ASSERT(open_interest >= 0);
  const Int128 lower = tier.open_interest_lower.micros;
  const Int128 upper = tier.open_interest_upper.micros;
  if (upper == 0 || open_interest <= lower) return tier.initial_margin_ppm;
  if (open_interest >= upper) return kMillion;
  const Int128 growth =
      multiply(kMillion - tier.initial_margin_ppm, open_interest - lower) / (upper - lower);
  const std::int64_t fraction = tier.initial_margin_ppm + narrow(growth);
  MEZZ_ASSERT(fraction >= tier.initial_margin_ppm);
  return std::min(fraction, kMillion);
}

Int128 initial_margin(Int128 notional, std::int64_t fraction_ppm) {
  MEZZ_ASSERT(fraction_ppm >= 0);
  return divide(multiply(magnitude(notional), fraction_ppm), kMillion, Round::Up);
}

Int128 maintenance_margin(Int128 notional, const LiquidityTier& tier) {
  const Int128 base = initial_margin(notional, tier.initial_margin_ppm);
  const Int128 margin = divide(multiply(base, tier.maintenance_fraction_ppm), kMillion, Round::Up);
  MEZZ_ASSERT(margin >= 0);
  return margin;
}

Risk position_risk(const PositionInputs& position, const LiquidityTier& tier) {
  const Int128 notional = net_notional(position.quantity.lots, position.price);
  const std::int64_t fraction =
      std::max(effective_initial_margin_ppm(tier, position.open_interest.micros),
               position.custom_initial_margin_ppm);
  const Risk risk{.net_collateral = {narrow(notional)},
                  .initial_margin = {narrow(initial_margin(notional, fraction))},
                  .maintenance_margin = {narrow(maintenance_margin(notional, tier))}};
  MEZZ_ASSERT(risk.initial_margin >= Money::zero());
  return risk;
}

bool is_initial_collateralised(const Risk& risk) {
  return risk.net_collateral >= risk.initial_margin;
}

bool is_liquidatable(const Risk& risk) {
  return risk.maintenance_margin > Money::zero() && risk.net_collateral < risk.maintenance_margin;
}

UpdateResult check_update(const Risk& before, const Risk& after) {
  MEZZ_ASSERT(before.maintenance_margin >= Money::zero());
  MEZZ_ASSERT(after.maintenance_margin >= Money::zero());
  if (is_initial_collateralised(after)) return UpdateResult::Success;
  const UpdateResult refused = is_initial_collateralised(before)
                                   ? UpdateResult::NewlyUndercollateralised
                                   : UpdateResult::StillUndercollateralised;
  if (after.maintenance_margin > before.maintenance_margin) return refused;
  const bool none_before = before.maintenance_margin == Money::zero();
  const bool none_after = after.maintenance_margin == Money::zero();
  if (none_before || none_after) {
    // No ratio to compare: only an account without positions that gets less poor may pass.
    const bool improves = after.net_collateral > before.net_collateral;
    return none_before && none_after && improves ? UpdateResult::Success : refused;
  }
  const Int128 ratio_after = Int128{after.net_collateral.micros} * before.maintenance_margin.micros;
  const Int128 ratio_before =
      Int128{before.net_collateral.micros} * after.maintenance_margin.micros;
  return ratio_after >= ratio_before ? UpdateResult::Success : refused;
}

}  // namespace mezz::margin

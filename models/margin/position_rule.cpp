#include "models/margin/position_rule.h"

#include "sim/check/assert.h"

namespace mezz::margin {
namespace {

struct Need {
  Money initial;
  Money maintenance;
};

Wad units_of(const VenuePosition& p) { return Wad::of(p.quantity.lots, p.lots_per_unit); }

// Of one unit.
Wad price_of(const VenuePosition& p) {
  MEZZ_ASSERT(p.price.exponent == 0);
  return {multiply(Int128{p.price.value} * p.lots_per_unit, 1'000'000'000'000)};
}

Need hyperliquid_need(std::span<const LeverageTier> tiers, Money notional) {
  return {initial_margin(tiers, notional, tiers[0].leverage_max),
          maintenance_margin(tiers, notional)};
}

Need gmx_need(const PositionRule& rule, Money notional) {
  const Money closing = scale(notional, rule.gmx_closing_fee, Round::Up);
  return {gmx_v2::least_remaining(rule.gmx, notional, gmx_v2::Purpose::Open) + closing,
          gmx_v2::least_remaining(rule.gmx, notional, gmx_v2::Purpose::Liquidation) + closing};
}

Need drift_need(const drift::Market& market, const VenuePosition& p) {
  constexpr std::int64_t kBaseOne = 1'000'000'000;
  MEZZ_ASSERT(kBaseOne % p.lots_per_unit == 0);
  const drift::Position position{
      .base = narrow(Int128{p.quantity.lots} * (kBaseOne / p.lots_per_unit)),
      .price = narrow(Int128{p.price.value} * p.lots_per_unit)};
  const auto need = [&](drift::Requirement which) {
    return Money{narrow(drift::position_margin(market, position, which).requirement)};
  };
  return {need(drift::Requirement::Initial), need(drift::Requirement::Maintenance)};
}

Need need_of(const PositionRule& rule, const VenuePosition& p, Money notional) {
  switch (rule.venue) {
    case Venue::Hyperliquid:
      return hyperliquid_need(rule.leverage, notional);
    case Venue::GmxV2:
      return gmx_need(rule, notional);
    case Venue::Drift:
      return drift_need(rule.drift, p);
    case Venue::DydxV4:
    case Venue::SynthetixV3:
      break;
  }
  MEZZ_ASSERT(false);
  return {};
}

Money value_of(const VenuePosition& p) { return {narrow(net_notional(p.quantity.lots, p.price))}; }

}  // namespace

Risk positions_risk(const PositionRule& rule, std::span<const VenuePosition> positions) {
  Risk risk;
  std::vector<synthetix_v3::Margins> margins;
  for (const VenuePosition& p : positions) {
    if (p.quantity == Quantity::zero()) continue;
    if (rule.venue == Venue::DydxV4) {
      risk += position_risk(
          {.quantity = p.quantity, .price = p.price, .open_interest = p.open_interest}, rule.tier);
      continue;
    }
    const Money value = value_of(p);
    risk.net_collateral += value;
    if (rule.venue == Venue::SynthetixV3) {
      margins.push_back(synthetix_v3::position_margins(rule.synthetix, units_of(p), price_of(p)));
      continue;
    }
    const Need need = need_of(rule, p, value.abs());
    risk.initial_margin += need.initial;
    risk.maintenance_margin += need.maintenance;
  }
  if (margins.empty()) return risk;
  const synthetix_v3::Requirements all =
      synthetix_v3::account_requirements(margins, rule.synthetix_keeper, {});
  risk.initial_margin = to_money(all.initial, Round::Up);
  risk.maintenance_margin = to_money(all.maintenance, Round::Up);
  return risk;
}

Risk position_risk(const PositionRule& rule, const VenuePosition& p) {
  if (rule.venue == Venue::DydxV4) {
    return position_risk(
        {.quantity = p.quantity, .price = p.price, .open_interest = p.open_interest}, rule.tier);
  }
  return positions_risk(rule, {&p, 1});
}

LiquidityTier nearest_tier(const PositionRule& rule) {
  LiquidityTier tier = rule.tier;
  const auto set = [&](Ratio initial, Ratio maintenance) {
    tier.initial_margin_ppm = initial.ppm(Round::Up);
    tier.maintenance_fraction_ppm = mul_div(maintenance.ppb, 1'000'000, initial.ppb, Round::Up);
    tier.open_interest_lower = Money::zero();
    tier.open_interest_upper = Money::zero();
  };
  switch (rule.venue) {
    case Venue::DydxV4:
      break;
    case Venue::Hyperliquid: {
      const std::int64_t leverage = rule.leverage.front().leverage_max;
      set(Ratio{Ratio::kScale / leverage}, Ratio{Ratio::kScale / (2 * leverage)});
      break;
    }
    case Venue::GmxV2:
      set(rule.gmx.collateral_min_open + rule.gmx_closing_fee,
          rule.gmx.collateral_min_liquidation + rule.gmx_closing_fee);
      break;
    case Venue::SynthetixV3:
      set(rule.synthetix.initial_min,
          {mul_div(rule.synthetix.initial_min.ppb, rule.synthetix.maintenance_scalar.ppb,
                   Ratio::kScale, Round::Up)});
      break;
    case Venue::Drift:
      set(Ratio{rule.drift.ratio_initial * 100'000}, Ratio{rule.drift.ratio_maintenance * 100'000});
      break;
  }
  return tier;
}

}  // namespace mezz::margin

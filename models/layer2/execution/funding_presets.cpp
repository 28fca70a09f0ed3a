#include "models/layer2/execution/funding_presets.h"

#include "models/market/funding_rules/deribit.h"
#include "models/market/funding_rules/derive.h"
#include "models/market/funding_rules/hyperliquid.h"

namespace mezz {
namespace {

constexpr Int128 kUnitsPerMillionth = Wad::kOne / 1'000'000;

std::int64_t millionths(Wad rate) { return narrow(rate.units / kUnitsPerMillionth); }

std::int64_t dydx_rate(const FundingParams& rule, const margin::LiquidityTier& tier,
                       std::int64_t premium_ppm) {
  const std::int64_t bound = funding::max_abs_ppm(
      rule.rate_clamp_factor_ppm, tier.initial_margin_ppm, margin::maintenance_margin_ppm(tier));
  return funding::clamp_ppm(premium_ppm + rule.default_rate_ppm, bound);
}

}  // namespace

std::int64_t premium_sample(const FundingPreset& preset, const margin::LiquidityTier& tier,
                            const OrderBook& book, const ContractSpec& contract, Price index) {
  const Money depth = tier.impact_notional;
  const std::int64_t premium =
      funding::premium_ppm(impact_price(book, Side::Buy, depth, contract),
                           impact_price(book, Side::Sell, depth, contract), index);
  const std::int64_t bound =
      funding::max_abs_ppm(preset.dydx.vote_clamp_factor_ppm, tier.initial_margin_ppm,
                           margin::maintenance_margin_ppm(tier));
  return funding::clamp_ppm(premium, bound);
}

std::int64_t funding_rate(const FundingPreset& preset, const margin::LiquidityTier& tier,
                          std::int64_t premium_ppm) {
  const Wad premium{premium_ppm * kUnitsPerMillionth};
  switch (preset.rule) {
    case FundingRule::DydxV4:
      return dydx_rate(preset.dydx, tier, premium_ppm);
    case FundingRule::Hyperliquid: {
      const HyperliquidFundingParams& p = preset.venue.hyperliquid;
      const Wad hourly =
          funding::hyperliquid::hourly_rate(premium, {.interest_8h = Wad::from(p.interest),
                                                      .clamp = Wad::from(p.clamp),
                                                      .cap_hourly = Wad::from(p.cap)});
      return millionths({hourly.units * 8});
    }
    case FundingRule::Deribit: {
      const DeribitFundingParams& p = preset.venue.deribit;
      return millionths(
          funding::deribit::rate_per_8h(Wad::one() + premium, Wad::one(),
                                        {.damper = Wad::from(p.damper), .cap = Wad::from(p.cap)}));
    }
    case FundingRule::Derive: {
      const DeriveFundingParams& p = preset.venue.derive;
      const Wad traded = Wad::one() + premium;
      const Wad hourly = funding::derive::hourly_rate(
          {.index = Wad::one(), .impact_bid = traded, .impact_ask = traded},
          {.convergence_hours = p.convergence_hours,
           .static_rate = Wad::from(p.static_rate),
           .cap = Wad::from(p.cap)});
      return millionths({hourly.units * 8});
    }
    case FundingRule::SynthetixV3:
    case FundingRule::GmxV2:
      return 0;
  }
  MEZZ_ASSERT(false);
  return 0;
}

}  // namespace mezz

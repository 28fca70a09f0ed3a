#include "models/layer2/execution/margin_presets.h"

#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr std::int64_t kBasisPoint = 100'000;  // in billionths

margin::Venue venue_of(MarginRule rule) {
  switch (rule) {
    case MarginRule::Hyperliquid:
      return margin::Venue::Hyperliquid;
    case MarginRule::GmxV2:
      return margin::Venue::GmxV2;
    case MarginRule::SynthetixV3:
      return margin::Venue::SynthetixV3;
    case MarginRule::Drift:
      return margin::Venue::Drift;
    case MarginRule::DydxV4:
    case MarginRule::DeriveSrm:
    case MarginRule::DerivePmrm:
    case MarginRule::DerivePmrm2:
    case MarginRule::DeribitPm:
    case MarginRule::Span16:
    case MarginRule::AevoPm:
    case MarginRule::ScenarioGrid:
      break;
  }
  return margin::Venue::DydxV4;
}

}  // namespace

margin::PositionRule VenueMargins::rule(MarginRule which) const {
  margin::PositionRule made;
  made.venue = venue_of(which);
  made.leverage.clear();
  for (const LeverageTierParams& tier : leverage) {
    made.leverage.push_back({tier.from, tier.leverage_max});
  }
  made.gmx.collateral_min_open = gmx_v2.open;
  made.gmx.collateral_min_liquidation = gmx_v2.liquidation;
  made.gmx.collateral_floor = gmx_v2.floor;
  made.gmx_closing_fee = gmx_v2.closing_fee;
  made.synthetix.skew_scale = Wad::whole(synthetix_v3.skew_scale);
  made.synthetix.initial_ratio = Wad::from(synthetix_v3.initial_ratio);
  made.synthetix.initial_min = synthetix_v3.initial_min;
  made.synthetix.maintenance_scalar = synthetix_v3.maintenance_scalar;
  made.synthetix.reward = synthetix_v3.reward;
  made.synthetix.position_min = Wad::from(synthetix_v3.position_min);
  made.synthetix_keeper.reward_max = Wad::from(synthetix_v3.reward_max);
  made.drift.ratio_initial = drift.initial.ppb / kBasisPoint;
  made.drift.ratio_maintenance = drift.maintenance.ppb / kBasisPoint;
  made.drift.size_factor = drift.size_factor_ppm;
  return made;
}

void VenueMargins::check(MarginRule which, const std::string& path) const {
  const margin::PositionRule made = rule(which);
  margin::check_tiers(made.leverage, (path + ".leverage").c_str());
  made.gmx.check((path + ".gmx_v2").c_str());
  if (gmx_v2.closing_fee < Ratio::zero()) {
    throw ScenarioError(path + ".gmx_v2.closing_fee", "must not be negative");
  }
  made.synthetix.check((path + ".synthetix_v3").c_str());
  made.synthetix_keeper.check((path + ".synthetix_v3").c_str());
  for (const Ratio ratio : {drift.initial, drift.maintenance}) {
    if (ratio.ppb % kBasisPoint != 0) {
      throw ScenarioError(path + ".drift", "initial and maintenance must be whole basis points");
    }
  }
  made.drift.check((path + ".drift").c_str());
}

}  // namespace mezz

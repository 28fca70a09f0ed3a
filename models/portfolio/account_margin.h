// What a whole account must hold: the margin rule of a preset over the perpetual and all listings
// of an exchange. The rules themselves are in models/margin; this translates positions and marks.
//   dydx_v4       every linear position by its tier, added up; options may not be listed
//   hyperliquid, gmx_v2, synthetix_v3, drift   the same by the rule of that venue
//                 (models/margin/position_rule)
//   derive_srm    linear positions by a share of their notional, coins held by base_factor, options
//                 by the standard rule per expiry, everlasting ones each as an expiry of its own.
//                 Ours: a sold digital needs its payout, a power perpetual `power` times a
//                 perpetual's share, and a bought one counts that much less than its mark
//   derive_pmrm, derive_pmrm2   the scenario grid over the sum of all linear positions and over
//                 every listing revalued; what never expires is shocked as an expiry one funding
//                 period away. Ours, in the second: coins are the collateral, with the haircuts of
//                 the contract's tests for the underlying
//   deribit_pm, span16, aevo_pm, scenario_grid   the worst of one grid of moves over the same, with
//                 charges; the first three are presets of it, Deribit's and Aevo's APPROXIMATE
//                 (margin/scenario_grid.h)
// Prices come in ticks, already quantised, and are the same for every account: computed once per
// oracle price. Requirements round up to the micro-dollar.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/margin/derive_pmrm.h"
#include "models/margin/derive_pmrm2.h"
#include "models/margin/derive_srm.h"
#include "models/margin/dydx_v4.h"
#include "models/margin/position_rule.h"
#include "models/margin/scenario_grid.h"
#include "models/market/listing.h"
#include "sim/types/enum_names.h"

namespace mezz {

enum class MarginRule : std::uint8_t {
  DydxV4,
  DeriveSrm,
  DerivePmrm,
  DerivePmrm2,
  DeribitPm,
  Hyperliquid,
  GmxV2,
  SynthetixV3,
  Drift,
  Span16,
  AevoPm,
  ScenarioGrid,
};
template <>
struct EnumNames<MarginRule> {
  static constexpr std::string_view names[] = {
      "dydx_v4", "derive_srm",   "derive_pmrm", "derive_pmrm2", "deribit_pm", "hyperliquid",
      "gmx_v2",  "synthetix_v3", "drift",       "span16",       "aevo_pm",    "scenario_grid"};
};
// The rules whose grid is data (margin/scenario_grid.h).
[[nodiscard]] constexpr bool runs_scenario_grid(MarginRule rule) {
  return rule == MarginRule::DeribitPm || rule == MarginRule::Span16 ||
         rule == MarginRule::AevoPm || rule == MarginRule::ScenarioGrid;
}
// A rule over everything an account holds; the others look at one position after the other.
[[nodiscard]] constexpr bool revalues_on_grid(MarginRule rule) {
  return rule == MarginRule::DerivePmrm || rule == MarginRule::DerivePmrm2 ||
         runs_scenario_grid(rule);
}
[[nodiscard]] constexpr bool margins_portfolios(MarginRule rule) {
  return rule == MarginRule::DeriveSrm || revalues_on_grid(rule);
}

struct CoinHaircut {  // of a coin's value
  Ratio maintenance = 150_bp;
  Ratio initial = 50_bp;  // on top

  void visit(auto& v) {
    v("maintenance", maintenance,
      {.doc = "Of a coin's value", .min = Ratio::zero(), .max = Ratio::one()});
    v("initial", initial,
      {.doc = "More for initial margin", .min = Ratio::zero(), .max = Ratio::one()});
  }
};

struct MarginPreset {
  MarginRule rule = MarginRule::DydxV4;
  margin::PositionRule position;  // where positions are looked at one by one
  margin::DeriveSrm srm;
  margin::DerivePmrm pmrm = {};
  margin::DerivePmrm2 pmrm2 = {};
  CoinHaircut coin_haircut = {};                     // derive_pmrm2
  margin::ScenarioGrid grid = margin::deribit_pm();  // where the rule runs one
};

// The prices of one listing that the rule needs: its mark, then (rules on a grid, not linear) one
// for each of its moves.
[[nodiscard]] std::vector<Price> prices_of(const MarginPreset& preset, const ListingSpec& listing,
                                           const MarkState& state);
// Worth its price, one to one with the index. (An inverse perpetual is a debt of its notional; what
// it moves with the index are the coins it brought.)
[[nodiscard]] bool is_linear(ListingKind kind);
[[nodiscard]] std::size_t price_count(const MarginPreset& preset, const ListingSpec& listing);

struct Leg {
  const ListingSpec* listing = nullptr;  // none: the exchange's own perpetual
  const ContractSpec* contract = nullptr;
  Quantity size;
  std::span<const Price> prices;  // as prices_of() made them
  Duration to_expiry = {};
};
struct AccountPortfolio {
  Money quote;
  Money index;  // of one unit
  std::vector<Leg> legs;
};

// net_collateral is the value at the marks; an account that owns nothing needs nothing.
[[nodiscard]] margin::Risk account_risk(const MarginPreset& preset,
                                        const AccountPortfolio& account);
[[nodiscard]] Money account_value(const AccountPortfolio& account);

// The tier that gives an account with nothing but the perpetual what the rule would, rounded up to
// a millionth: such accounts are found by their liquidation price.
[[nodiscard]] margin::LiquidityTier perpetual_tier(const MarginPreset& preset);

// Of the rules on a grid, beside their own check(): throws ScenarioError with the key below `path`
// when an exchange cannot work with the numbers.
void check_grid(const MarginPreset& preset, const std::string& path);

}  // namespace mezz

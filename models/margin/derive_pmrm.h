// Derive's portfolio margin, first version (PMRM.sol, PMRMLib.sol of v2-core): what a portfolio of
// one underlying would lose in the worst of a grid of spot and volatility moves.
//   loss        the least over scenarios of: sum over expiries of (shocked value, when positive
//               discounted, less value) + perpetual and base at the shocked spot; never better than
//               the basis contingency, a share of each expiry's loss when forwards part
//   static      a share of spot per perpetual, per unit of base, per option sold net at a strike
//   maintenance value + cash + loss - static
//   initial     value + cash + factor x (loss - static) - what uncertain oracles cost; the factor
//               grows when the stablecoin is below its peg
// Exact in 18 decimals, products truncated toward zero. Option values under each shock are inputs
// in the order of shocks(): whoever prices them does so in doubles and quantises. Left out:
// netting over underlyings. The second version (tails, skews, haircuts) is derive_pmrm2.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/margin/derive_srm.h"
#include "models/margin/grid_limits.h"
#include "models/market/wad.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {
enum class VolatilityMove : std::uint8_t { None, Up, Down };
}  // namespace mezz::margin

namespace mezz {
template <>
struct EnumNames<margin::VolatilityMove> {
  static constexpr std::string_view names[] = {"none", "up", "down"};
};
}  // namespace mezz

namespace mezz::margin {

struct PmrmScenario {
  Ratio spot = Ratio::one();
  VolatilityMove volatility = VolatilityMove::None;

  void visit(auto& v) {
    v("spot", spot,
      {.doc = "Spot after the move, of the spot now", .min = kSpotMin, .max = kSpotMax});
    v("volatility", volatility, {.doc = "Which way volatilities go with it"});
  }
};
// Seven spots from -15 % to +15 %, each with three volatilities.
std::vector<PmrmScenario> pmrm_grid();

struct DerivePmrm {
  std::vector<PmrmScenario> scenarios = pmrm_grid();
  Ratio basis_up = 105_percent;
  Ratio basis_down = 95_percent;
  Ratio basis_share = 25_percent;
  Ratio basis_share_per_year = 1_percent;
  // Volatility times 1 + range (30 d / time to expiry)^power, one power up to 30 days, one beyond.
  Ratio volatility_up = 45_percent;
  Ratio volatility_down = 30_percent;
  double short_power = 0.3;
  double long_power = 0.13;
  Duration expiry_floor = 1_d;
  // Of positive shocked values: discount exp(-time (rate rate_factor + rate_add)).
  Ratio discount = 95_percent;
  Ratio rate_factor = 400_percent;
  Ratio rate_add = 12_percent;
  Ratio perp_static = 250_bp;
  Ratio base_static = 250_bp;
  Ratio option_static = 1_percent;
  Ratio initial_factor = 130_percent;
  Ratio peg_threshold = 98_percent;
  Ratio peg_factor = 200_percent;
  Ratio confidence_threshold = 60_percent;
  Ratio confidence_factor = 40_percent;

  // What an exchange has inputs for: it has no interest rates, no base collateral beside the
  // listings, oracles that are sure and a stablecoin at its peg.
  void visit(auto& v) {
    const Ratio none = Ratio::zero();
    const Ratio all = Ratio::one();
    v("scenarios", scenarios,
      {.doc =
           "Moves, the worst of which counts; []: Derive's 21, seven spots within 15 % with three "
           "volatilities each",
       .count_max = kScenariosMax});
    visit_basis(*this, v);
    v("volatility_up", volatility_up,
      {.doc = "Range at 30 days to expiry", .min = none, .max = kFactorMax});
    v("volatility_down", volatility_down, {.doc = "The same, down", .min = none, .max = all});
    visit_term(*this, v);
    v("discount", discount, {.doc = "Part of a gain that counts", .min = none, .max = all});
    v("rate_add", rate_add,
      {.doc = "Rate at which gains are discounted to the expiry", .min = none, .max = kFactorMax});
    v("perp_static", perp_static,
      {.doc = "Kept back per perpetual, of the spot", .min = none, .max = all});
    v("option_static", option_static,
      {.doc = "Kept back per option sold net at a strike, of the spot", .min = none, .max = all});
    v("initial_factor", initial_factor,
      {.doc = "Initial margin, of what maintenance needs", .min = all, .max = kFactorMax});
  }
  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

// What every option has to be priced at, for an expiry this far away: the market as it is, the two
// moves of the basis, then the scenarios.
struct PmrmShock {
  Ratio spot = Ratio::one();  // times the forward
  double volatility = 1.0;    // times the volatility
};
std::vector<PmrmShock> shocks(const DerivePmrm& rule, Duration to_expiry);

struct PmrmOption {
  Wad strike;
  Wad amount;               // negative: sold
  std::vector<Wad> values;  // per option, one for each of shocks()
  Wad confidence = Wad::one();
};
struct PmrmExpiry {
  Duration to_expiry;
  double rate = 0.0;  // per year
  Wad confidence = Wad::one();
  std::vector<PmrmOption> options;
};
// All that the rule looks at of an expiry: what its options come to together.
struct PmrmExpirySum {
  Duration to_expiry;
  double rate = 0.0;
  std::vector<Wad> values;      // amount x value, one for each of shocks()
  Wad sold;                     // net of those bought at the same strike
  Wad size;                     // bought and sold
  Wad confidence = Wad::one();  // the least: of the expiry and of its options
};
struct PmrmPortfolio {
  Wad cash;
  Wad stable_price = Wad::one();
  Wad spot;
  Wad spot_confidence = Wad::one();
  Wad perp_price;
  Wad perp_confidence = Wad::one();
  Wad perp_size;
  Wad perp_profit;
  Wad base;  // not negative
  std::vector<PmrmExpiry> expiries;
  std::vector<PmrmExpirySum> sums;  // further expiries, by whoever has added them up already
};

struct PmrmMargin {
  Wad value;                // cash, marks, base, unsettled profit
  Wad loss;                 // <= 0
  std::int32_t worst = -1;  // scenario, -1: the basis contingency
  Wad static_cost;
  Wad confidence_cost;  // initial only
  Wad net;
};
// Both requirements look at the same worst scenario.
struct PmrmMargins {
  PmrmMargin initial;
  PmrmMargin maintenance;
  [[nodiscard]] const PmrmMargin& of(Requirement requirement) const {
    return requirement == Requirement::Initial ? initial : maintenance;
  }
};
[[nodiscard]] PmrmMargins net_margins(const DerivePmrm& rule, const PmrmPortfolio& portfolio);
[[nodiscard]] inline PmrmMargin net_margin(const DerivePmrm& rule, const PmrmPortfolio& portfolio,
                                           Requirement requirement) {
  return net_margins(rule, portfolio).of(requirement);
}

}  // namespace mezz::margin

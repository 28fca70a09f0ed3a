// Derive's portfolio margin, second version (PMRM_2.sol, PMRMLib_2.sol of v2-core): the worst of a
// grid of moves of one underlying, with tails of which only a part counts and two skews of the
// volatility surface.
//   loss        the least over scenarios of weight x (sum over expiries of the shocked value,
//               discounted when positive and marked up when negative, less value; perpetual; the
//               collateral that moves with spot); in a skew every expiry loses what it would move;
//               never better than the basis contingency
//   kept back   of spot per perpetual and per option sold net at a strike, of collateral its
//               haircut: one part for maintenance, a further one for initial margin
//   maintenance value + maintenance_factor x loss - kept back
//   initial     value + initial_factor x loss - both parts kept back - what uncertain oracles cost
// Exact in 18 decimals, products truncated toward zero. Option values are inputs, one for each of
// quotes(); they are discounted at the expiry's rate, which counts as zero when negative, as do the
// discounts here. Collateral is worth amount x price / stablecoin price. Defaults are the mainnet
// configuration and, where it is silent (skews, discounts, basis, peg), that of the contract's
// portfolio tests. Left out: which trades may skip the check, netting over underlyings.
#pragma once

#include <cstdint>
#include <vector>

#include "models/margin/derive_pmrm.h"

namespace mezz::margin {
enum class Pmrm2Move : std::uint8_t { None, Up, Down, LinearSkew, AbsoluteSkew };
}  // namespace mezz::margin

namespace mezz {
template <>
struct EnumNames<margin::Pmrm2Move> {
  static constexpr std::string_view names[] = {"none", "up", "down", "linear_skew",
                                               "absolute_skew"};
};
}  // namespace mezz

namespace mezz::margin {

constexpr bool is_skew(Pmrm2Move move) {
  return move == Pmrm2Move::LinearSkew || move == Pmrm2Move::AbsoluteSkew;
}
struct Pmrm2Scenario {
  Ratio spot = Ratio::one();
  Pmrm2Move move = Pmrm2Move::None;
  Ratio weight = Ratio::one();  // the part of the loss that counts

  void visit(auto& v) {
    v("spot", spot,
      {.doc = "Spot after the move, of the spot now", .min = kSpotMin, .max = kSpotMax});
    v("move", move, {.doc = "What volatilities do; in a skew options stay at their spot"});
    v("weight", weight,
      {.doc = "Part of the loss that counts", .min = Ratio::zero(), .max = Ratio::one()});
  }
};
// 23 moves within 18 %, eight tails, two skews.
std::vector<Pmrm2Scenario> pmrm2_grid();

// Volatility times 1 + cap x k / width, within 1 +- cap, where k is log(strike / forward) or its
// absolute value; both cap and width depend on the root of the time in years.
struct SkewShock {
  Ratio linear_cap = 15_percent;
  Ratio linear_cap_per_root = -5_percent;
  Ratio absolute_cap = 15_percent;
  Ratio absolute_cap_per_root = -5_percent;
  Ratio width_min = 1_percent;
  Ratio width_scale = 400_percent;
  Ratio width_volatility = 60_percent;
  Ratio width_volatility_per_root = -10_percent;

  void visit(auto& v) {
    const Ratio none = Ratio::zero();
    const Ratio all = Ratio::one();
    v("linear_cap", linear_cap, {.doc = "Most that volatilities change", .min = none, .max = all});
    v("linear_cap_per_root", linear_cap_per_root,
      {.doc = "On top, per root of a year", .min = -all, .max = all});
    v("absolute_cap", absolute_cap, {.doc = "The same, both wings", .min = none, .max = all});
    v("absolute_cap_per_root", absolute_cap_per_root,
      {.doc = "On top, per root of a year", .min = -all, .max = all});
    v("width_min", width_min,
      {.doc = "Least log moneyness at which the cap is reached", .min = 1_bp, .max = kFactorMax});
    v("width_scale", width_scale,
      {.doc = "It is this times a volatility and the root of time",
       .min = none,
       .max = kFactorMax});
    v("width_volatility", width_volatility,
      {.doc = "That volatility", .min = none, .max = kFactorMax});
    v("width_volatility_per_root", width_volatility_per_root,
      {.doc = "On top, per root of a year", .min = -all, .max = all});
  }
};

struct DerivePmrm2 {
  std::vector<Pmrm2Scenario> scenarios = pmrm2_grid();
  Ratio basis_up = 10'450_bp;
  Ratio basis_down = 9'550_bp;
  Ratio basis_share = 50_percent;
  Ratio basis_share_per_year = 200_percent;
  Ratio volatility_up = 50_percent;
  Ratio volatility_down = 30_percent;
  Ratio volatility_min_up = 40_percent;  // least volatility after a move up
  double short_power = 0.3;
  double long_power = 0.13;
  Duration expiry_floor = 1_d;
  SkewShock skew = {};
  // Of positive shocked values: discount exp(-time (rate factor + add)); of negative ones the
  // inverse of the same, but not more than the payment itself.
  Ratio long_discount = 95_percent;
  Ratio long_rate_factor = 100_percent;
  Ratio long_rate_add = 8_percent;
  Ratio short_markup = 104_percent;
  Ratio short_rate_factor = 50_percent;
  Ratio short_rate_add = 8_percent;
  Ratio perp_maintenance = 3_percent;
  Ratio perp_initial = 1_percent;  // on top
  Ratio option_maintenance = 30_bp;
  Ratio option_initial = 20_bp;  // on top
  Ratio maintenance_factor = 80_percent;
  Ratio initial_factor = 100_percent;
  Ratio peg_threshold = 98_percent;
  Ratio peg_factor = 200_percent;
  Ratio confidence_threshold = 55_percent;
  Ratio confidence_factor = 100_percent;

  // What an exchange has inputs for, as in DerivePmrm; without interest rates nothing is marked up.
  void visit(auto& v) {
    const Ratio none = Ratio::zero();
    const Ratio all = Ratio::one();
    v("scenarios", scenarios,
      {.doc = "Moves, the worst of which counts; []: Derive's 33, 23 within 18 %, eight tails, two "
              "skews",
       .count_max = kScenariosMax});
    visit_basis(*this, v);
    v("volatility_up", volatility_up,
      {.doc = "Range at 30 days to expiry", .min = none, .max = kFactorMax});
    v("volatility_down", volatility_down, {.doc = "The same, down", .min = none, .max = all});
    v("volatility_min_up", volatility_min_up,
      {.doc = "Least volatility after a move up", .min = none, .max = kFactorMax});
    visit_term(*this, v);
    v("skew", skew, {.doc = "How skews tilt volatilities by strike"});
    v("long_discount", long_discount,
      {.doc = "Part of a gain that counts", .min = none, .max = all});
    v("long_rate_add", long_rate_add,
      {.doc = "Rate at which gains are discounted to the expiry", .min = none, .max = all});
    v("perp_maintenance", perp_maintenance,
      {.doc = "Kept back per perpetual, of the spot", .min = none, .max = all});
    v("perp_initial", perp_initial, {.doc = "More for initial margin", .min = none, .max = all});
    v("option_maintenance", option_maintenance,
      {.doc = "Kept back per option sold net at a strike, of the spot", .min = none, .max = all});
    v("option_initial", option_initial,
      {.doc = "More for initial margin", .min = none, .max = all});
    v("maintenance_factor", maintenance_factor,
      {.doc = "Part of the loss that maintenance needs", .min = 1_percent, .max = kFactorMax});
    v("initial_factor", initial_factor,
      {.doc = "And initial margin", .min = 1_percent, .max = kFactorMax});
  }
  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

struct Pmrm2Contract {
  double forward = 0.0;  // the part that the settlement average has not fixed yet
  double fixed = 0.0;    // the part that it has; no move of spot reaches it
  double strike = 0.0;
  double volatility = 0.0;
  Duration to_expiry = {};
};
struct Pmrm2Quote {
  double forward = 0.0;
  double volatility = 0.0;
};
// At what the contract has to be priced: the market as it is, the two moves of the basis, then the
// scenarios.
std::vector<Pmrm2Quote> quotes(const DerivePmrm2& rule, const Pmrm2Contract& contract);

struct Pmrm2Collateral {
  Wad amount;  // not negative
  Wad price;
  Wad confidence = Wad::one();
  bool moves_with_spot = false;
  Ratio haircut_maintenance = {};
  Ratio haircut_initial = {};  // on top
};
// PmrmPortfolio::base stays zero: the underlying is one of the collaterals.
struct Pmrm2Portfolio {
  PmrmPortfolio positions;
  std::vector<Pmrm2Collateral> collateral;
};

[[nodiscard]] PmrmMargins net_margins(const DerivePmrm2& rule, const Pmrm2Portfolio& portfolio);
[[nodiscard]] inline PmrmMargin net_margin(const DerivePmrm2& rule, const Pmrm2Portfolio& portfolio,
                                           Requirement requirement) {
  return net_margins(rule, portfolio).of(requirement);
}

}  // namespace mezz::margin

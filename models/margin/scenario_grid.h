// Margin as the worst of a grid of moves of one underlying, whatever the venue: the grid, the
// ranges and the charges are data.
//   loss         the least over scenarios of weight x (value after the move - value now), at most 0
//   roll         deltas that cancel over different expiries: units matched x spot x a rate that
//                grows with the farthest expiry held
//   least        a part of spot per option sold, net of those bought
//   requirement  factor x the larger of (roll - loss) and least
// Presets. deribit_pm(): Deribit's published ranges, 27 moves within 16 % and eight tails,
// APPROXIMATE: how Deribit joins the parts is not published in full; a tail counts with
// range / |move|, so that a linear position never loses more there than at the edge. aevo_pm(): the
// 15 moves of Aevo's documentation (spot 20 % and half of it either way, or none; volatility 50
// points up, none, 25 points down), APPROXIMATE: its floor and what maintenance needs of initial
// margin are ours (1 % of the spot per option sold net; 80 %). span16(): the form of CME's SPAN,
// seven prices with two volatilities each and two extreme moves of which a part counts.
// Exact in 18 decimals, losses and requirements round up. Option values after each move are inputs;
// moved_volatility() says at what they are priced. Derive's two rules (derive_pmrm.h,
// derive_pmrm2.h) discount each expiry and share only term_scale(). Left out: netting over
// underlyings, SPAN's delivery months and credits between products.
#pragma once

#include <cstdint>
#include <vector>

#include "models/margin/grid_limits.h"
#include "models/market/wad.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {
enum class VolatilityShift : std::uint8_t { Relative, Absolute };
}  // namespace mezz::margin

namespace mezz {
template <>
struct EnumNames<margin::VolatilityShift> {
  static constexpr std::string_view names[] = {"relative", "absolute"};
};
}  // namespace mezz

namespace mezz::margin {

struct GridScenario {
  Ratio spot = Ratio::one();
  Ratio volatility = {};        // of the range: +1 up, -1 down
  Ratio weight = Ratio::one();  // the part of the loss that counts

  void visit(auto& v) {
    v("spot", spot,
      {.doc = "Spot after the move, of the spot now", .min = kSpotMin, .max = kSpotMax});
    v("volatility", volatility,
      {.doc = "Part of the range; negative is down", .min = -Ratio::one(), .max = Ratio::one()});
    v("weight", weight,
      {.doc = "Part of the loss that counts", .min = Ratio::zero(), .max = Ratio::one()});
  }
};

struct ScenarioGrid {
  std::vector<GridScenario> scenarios = {};
  // Relative: volatility times 1 +- range (30 d / time to expiry)^power, one power up to 30 days,
  // one beyond. Absolute: volatility +- range, whatever the expiry.
  VolatilityShift shift = VolatilityShift::Relative;
  Ratio volatility_up = {};
  Ratio volatility_down = {};
  Ratio volatility_min_up = {};  // least volatility after a move up
  double short_power = 0.0;
  double long_power = 0.0;
  Duration expiry_floor = 1_d;
  // The rate of the roll is per_year x years to expiry, within min and max.
  Ratio roll_per_year = {};
  Ratio roll_min = {};
  Ratio roll_max = {};
  Ratio option_min = {};  // of spot
  Ratio maintenance_factor = Ratio::one();
  Ratio initial_factor = Ratio::one();

  void visit(auto& v) {
    const Ratio none = Ratio::zero();
    const Ratio all = Ratio::one();
    v("scenarios", scenarios,
      {.doc = "Moves, the worst of which counts; []: the preset's own",
       .count_max = kScenariosMax});
    v("shift", shift,
      {.doc = "Ranges of volatility are parts of it, or points whatever the expiry"});
    v("volatility_up", volatility_up,
      {.doc = "Range (relative: at 30 days to expiry)", .min = none, .max = kFactorMax});
    v("volatility_down", volatility_down,
      {.doc = "The same, down", .min = none, .max = kFactorMax});
    v("volatility_min_up", volatility_min_up,
      {.doc = "Least volatility after a move up", .min = none, .max = kFactorMax});
    visit_term(*this, v);
    v("roll_per_year", roll_per_year,
      {.doc = "Of deltas matched over expiries, per year to the farthest",
       .min = none,
       .max = kFactorMax});
    v("roll_min", roll_min, {.doc = "At least", .min = none, .max = all});
    v("roll_max", roll_max, {.doc = "At most", .min = none, .max = all});
    v("option_min", option_min,
      {.doc = "Least requirement per option sold net, of the spot", .min = none, .max = all});
    v("maintenance_factor", maintenance_factor,
      {.doc = "Part of the risk that maintenance needs", .min = 1_percent, .max = kFactorMax});
    v("initial_factor", initial_factor,
      {.doc = "And initial margin", .min = 1_percent, .max = kFactorMax});
  }
  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

[[nodiscard]] ScenarioGrid deribit_pm();
[[nodiscard]] ScenarioGrid aevo_pm();

struct SpanRanges {
  Ratio price = {};                   // of the spot
  Ratio volatility = {};              // points
  std::int64_t extreme_multiple = 3;  // of the price range
  Ratio extreme_cover = 33_percent;   // the part of such a loss that counts
  Ratio spread_charge = {};           // of spot, per unit matched over expiries
  Ratio option_min = {};              // of spot
  Ratio initial_factor = 110_percent;

  void visit(auto& v) {
    const Ratio none = Ratio::zero();
    const Ratio all = Ratio::one();
    v("price", price, {.doc = "Price range, of the spot; in thirds", .min = 1_bp, .max = all});
    v("volatility", volatility, {.doc = "Range in points", .min = none, .max = kFactorMax});
    v("extreme_multiple", extreme_multiple,
      {.doc = "Extreme moves, in price ranges", .min = 1, .max = 10});
    v("extreme_cover", extreme_cover,
      {.doc = "Part of such a loss that counts", .min = none, .max = all});
    v("spread_charge", spread_charge,
      {.doc = "Of the spot, per delta matched over expiries", .min = none, .max = all});
    v("option_min", option_min,
      {.doc = "Least requirement per option sold net, of the spot", .min = none, .max = all});
    v("initial_factor", initial_factor,
      {.doc = "Initial margin, of what maintenance needs", .min = all, .max = kFactorMax});
  }
  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};
// Of checked ranges.
[[nodiscard]] ScenarioGrid span16(const SpanRanges& ranges);

// Of an option this far from expiry after the scenario's move; per root of a year, 1.00 = 100 %.
[[nodiscard]] double moved_volatility(const ScenarioGrid& grid, const GridScenario& scenario,
                                      double volatility, Duration to_expiry);

struct GridPosition {
  Wad amount;               // negative: sold
  std::vector<Wad> values;  // per unit: now, then after each scenario
  Wad delta = Wad::one();   // per unit
  bool option = false;
};
struct GridExpiry {
  Duration to_expiry;  // zero for perpetuals
  std::vector<GridPosition> positions;
};
struct GridPortfolio {
  Wad cash;
  Wad spot;
  std::vector<GridExpiry> expiries;
};

struct GridMargin {
  Wad value;                // cash and marks
  Wad loss;                 // <= 0
  std::int32_t worst = -1;  // scenario, -1: none loses
  Wad roll;
  Wad least;
  Wad initial;      // requirement
  Wad maintenance;  // requirement
};
[[nodiscard]] GridMargin grid_margin(const ScenarioGrid& grid, const GridPortfolio& portfolio);

}  // namespace mezz::margin

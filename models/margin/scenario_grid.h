// Margin as the worst of a grid of moves of one underlying, whatever the venue: the grid, the
// ranges and the charges are data.
//   loss         the least over scenarios of weight x (value after the move - value now), at most 0
//   roll         deltas that cancel over different expiries: units matched x spot x a rate that
//                grows with the farthest expiry held
//   least        a part of spot per option sold, net of those bought
//   requirement  factor x the larger of (roll - loss) and least
// Presets. deribit_pm(): Deribit's published ranges, 27 moves within 16 % and eight tails,
// APPROXIMATE: how Deribit joins the parts is not published in full; a tail counts with
// range / |move|, so that a linear position never loses more there than at the edge. span16(): the
// form of CME's SPAN, seven prices with two volatilities each and two extreme moves of which a part
// counts. Exact in 18 decimals, losses and requirements round up. Option values after each move are
// inputs; moved_volatility() says at what they are priced. Derive's two rules (derive_pmrm.h,
// derive_pmrm2.h) discount each expiry and share only term_scale(). Left out: netting over
// underlyings, SPAN's delivery months and credits between products.
#pragma once

#include <cstdint>
#include <vector>

#include "models/market/wad.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {

struct GridScenario {
  Ratio spot = Ratio::one();
  Ratio volatility = {};        // of the range: +1 up, -1 down
  Ratio weight = Ratio::one();  // the part of the loss that counts
};
enum class VolatilityShift : std::uint8_t { Relative, Absolute };

struct ScenarioGrid {
  std::vector<GridScenario> scenarios;
  // Relative: volatility times 1 +- range (30 d / time to expiry)^power, one power up to 30 days,
  // one beyond. Absolute: volatility +- range, whatever the expiry.
  VolatilityShift shift = VolatilityShift::Relative;
  Ratio volatility_up;
  Ratio volatility_down;
  Ratio volatility_min_up;  // least volatility after a move up
  double short_power = 0.0;
  double long_power = 0.0;
  Duration expiry_floor = 1_d;
  // The rate of the roll is per_year x years to expiry, within min and max.
  Ratio roll_per_year;
  Ratio roll_min;
  Ratio roll_max;
  Ratio option_min;  // of spot
  Ratio maintenance_factor = Ratio::one();
  Ratio initial_factor = Ratio::one();

  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

[[nodiscard]] ScenarioGrid deribit_pm();

struct SpanRanges {
  Ratio price;                        // of the spot
  Ratio volatility;                   // points
  std::int64_t extreme_multiple = 3;  // of the price range
  Ratio extreme_cover = 33_percent;   // the part of such a loss that counts
  Ratio spread_charge = {};           // of spot, per unit matched over expiries
  Ratio option_min = {};              // of spot
  Ratio initial_factor = 110_percent;

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

// The rules that revalue a whole account on a grid of moves: which prices each asks of a listing,
// and what an account needs by them.
//   derive_pmrm   the volatility of the mark times a factor; a smile moves with the index
//   derive_pmrm2  the volatility that the strike has now, moved. Coins held count as collateral
//                 with a haircut; what never expires has no log moneyness of its own (power
//                 perpetuals: none)
//   grids that are data (deribit_pm, span16, aevo_pm, scenario_grid)   as derive_pmrm2. Ours: a
//                 delta is the secant between the nearest spot below and above, each with the
//                 volatility as it is, or the mean over its moves of volatility where none leaves
//                 it
// Prices are whole ticks, so amounts times prices are exact sums of integers.
#pragma once

#include <vector>

#include "models/portfolio/account_margin.h"

namespace mezz::portfolio {

// At what the listing has to be priced beside its mark.
[[nodiscard]] std::vector<MarkState> shocked_states(const MarginPreset& preset,
                                                    const ListingSpec& listing,
                                                    const MarkState& state);
[[nodiscard]] std::size_t shock_count(const MarginPreset& preset);
[[nodiscard]] margin::Risk grid_risk(const MarginPreset& preset, const AccountPortfolio& account);

// The moves between which deltas are measured, by their place in the grid.
struct InnerMoves {
  std::vector<std::size_t> down;
  std::vector<std::size_t> up;
  Ratio width;  // from one spot to the other, of the index
};
[[nodiscard]] InnerMoves inner_moves(const margin::ScenarioGrid& grid);

// The most that counts of a spot's move.
struct Widest {
  Ratio down;
  Ratio up;
};
[[nodiscard]] Widest widest_moves(const MarginPreset& preset);

// What a perpetual alone needs, of its notional.
struct Shares {
  Ratio initial;
  Ratio maintenance;
};
[[nodiscard]] Shares perpetual_shares(const MarginPreset& preset);

}  // namespace mezz::portfolio

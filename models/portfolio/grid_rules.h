// The rules that revalue a whole account on a grid of moves (derive_pmrm, derive_pmrm2,
// deribit_pm): which prices each asks of a listing, and what an account needs by them.
//   derive_pmrm   the volatility of the mark times a factor; a smile moves with the index
//   derive_pmrm2  the volatility that the strike has now, moved. Coins held count as collateral
//                 with a haircut; what never expires has no log moneyness of its own (power
//                 perpetuals: none)
//   deribit_pm    as derive_pmrm2. Ours: a delta is the secant over the two innermost moves
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

// From one to the other of the two moves nearest to none, as a share of the index.
[[nodiscard]] Ratio inner_width(const margin::ScenarioGrid& grid);

// What a perpetual alone needs, of its notional.
struct Shares {
  Ratio initial;
  Ratio maintenance;
};
[[nodiscard]] Shares perpetual_shares(const MarginPreset& preset);

}  // namespace mezz::portfolio

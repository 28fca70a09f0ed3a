// Margin of Drift v2 perpetuals (programs/drift/src/math/margin.rs, state/perp_market.rs), on its
// own integer grids: quote and prices 10^-6, base 10^-9, ratios and weights 10^-4, size factors
// 10^-6.
//   margin ratio  the larger of base ratio and 4/5 of it + factor x sqrt(base)
//   profit        counts with a weight, at most 1.1 / (1 + factor x sqrt(profit)); losses in full
//   requirement   |notional| x ratio
// `Fill` (what a maker needs) lies half way between the two other ratios. Divisions truncate, as
// the program's do. Left out: high-leverage mode, open orders, the weight's fall when a market owes
// more than it has, the cap on profits that count for initial margin, spot balances other than by
// weight.
#pragma once

#include "sim/types/rounding.h"

namespace mezz::margin::drift {

enum class Requirement : std::uint8_t { Initial, Fill, Maintenance };

struct Market {
  std::int64_t ratio_initial = 1'000;
  std::int64_t ratio_maintenance = 500;
  std::int64_t size_factor = 0;  // of the margin ratio
  std::int64_t profit_weight_initial = 10'000;
  std::int64_t profit_weight_maintenance = 10'000;
  std::int64_t profit_size_factor = 0;

  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

// floor(sqrt(10 size + 1)), five decimals of the root of a size with nine.
[[nodiscard]] Int128 size_root(Int128 size);
// Of debts and positions: grows with the size. Base ratio and result at 10^-4.
[[nodiscard]] std::int64_t size_premium(Int128 size, std::int64_t factor, std::int64_t ratio);
// Of assets and profits: shrinks with the size.
[[nodiscard]] std::int64_t size_discount(Int128 size, std::int64_t factor, std::int64_t weight);

[[nodiscard]] std::int64_t margin_ratio(const Market& market, std::int64_t base,
                                        Requirement requirement);
[[nodiscard]] std::int64_t profit_weight(const Market& market, std::int64_t profit,
                                         Requirement requirement);

struct Position {
  std::int64_t base = 0;          // signed
  std::int64_t price = 0;         // of the oracle
  std::int64_t quote = 0;         // what it cost, negative for a long
  std::int64_t ratio_custom = 0;  // an account's own, stricter ratio; not for maintenance
};
struct PositionMargin {
  Int128 requirement = 0;
  Int128 counted_profit = 0;  // adds to the collateral
};
[[nodiscard]] PositionMargin position_margin(const Market& market, const Position& position,
                                             Requirement requirement);

}  // namespace mezz::margin::drift

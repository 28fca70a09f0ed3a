// When a position of GMX v2 may be closed by a keeper (gmx-synthetics
// PositionUtils.isPositionLiquidatable). Positions are isolated; what is left of one is
//   collateral at its lowest price + profit at the worse price + impact of closing it - costs
// where a favourable impact counts as none and an adverse one as at most a part of the size. It is
// liquidatable when that is not above zero, below a least amount of dollars or below a part of its
// size. Opening uses the same rule with a part of its own. Parts of the size round down as the
// contract's factors do, values of tokens toward the pool. Left out: the cap on profits a pool can
// pay, the factor that grows with open interest, the computation of fees and impact (market/pool).
#pragma once

#include "models/market/wad.h"
#include "sim/types/ratio.h"

namespace mezz::margin::gmx_v2 {

struct Params {
  Ratio collateral_min_open = 1_percent;         // of the size
  Ratio collateral_min_liquidation = 1_percent;  // of the size
  Money collateral_floor = 1_usd;
  Ratio impact_max = 50_bp;  // of the size, adverse

  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

// The oracle signs a lowest and a highest price: each side gets the worse one.
struct PriceRange {
  Wad low;
  Wad high;
};
enum class Direction : std::uint8_t { Long, Short };
struct Position {
  Direction direction = Direction::Long;
  Money size;      // dollars when it was opened
  Wad tokens;      // of the index, bought with the size
  Wad collateral;  // tokens
  Money costs;     // borrowing, funding and closing fees due
};

// At the worse price of the range.
[[nodiscard]] Money profit(const Position& position, const PriceRange& index);
// `impact` is that of closing the position, in its favour when positive.
[[nodiscard]] Money remaining_collateral(const Params& params, const Position& position,
                                         const PriceRange& index, const PriceRange& collateral,
                                         Money impact);

enum class Purpose : std::uint8_t { Open, Liquidation };
// The smallest remainder that need not be closed.
[[nodiscard]] Money least_remaining(const Params& params, Money size, Purpose purpose);
[[nodiscard]] bool is_liquidatable(const Params& params, Money size, Money remaining,
                                   Purpose purpose);

}  // namespace mezz::margin::gmx_v2

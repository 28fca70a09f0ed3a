// Fixed-bonus liquidation of Aave v3 (LiquidationLogic): the liquidator repays debt and takes
// collateral worth a bonus more.
//   close factor   half of the debt while the health factor is above 0.95, else all of it
//   collateral     value of the debt in collateral * bonus; when the account holds less, all of
//                  it, and the debt repaid is solved back
//   protocol fee   a share of the bonus only
// What debt remains without collateral stays: bad debt is nobody's until someone repays it.
// Percentages in 10^-4 rounded half up; amounts in the tokens' smallest units. Left out: eMode,
// isolation, receiving interest-bearing tokens.
#pragma once

#include "sim/types/rounding.h"

namespace mezz::liquidation::aave {

Int128 percent_mul(Int128 value, std::int64_t bp);  // half up
Int128 percent_div(Int128 value, std::int64_t bp);  // half up

// `health` in 10^-4.
Int128 debt_closable(Int128 debt, std::int64_t health);

struct Asset {
  Int128 price = 0;  // per whole token
  std::int32_t decimals = 18;
};
struct Terms {
  std::int64_t bonus_bp = 10'500;  // 105 %: five above the debt's value
  std::int64_t fee_bp = 1'000;     // of the bonus, to the protocol
};
struct Seizure {
  Int128 to_liquidator = 0;
  Int128 protocol_fee = 0;
  Int128 debt_repaid = 0;
};
Seizure seize(Int128 debt_to_cover, Int128 collateral, const Asset& debt_asset,
              const Asset& collateral_asset, const Terms& terms);

}  // namespace mezz::liquidation::aave

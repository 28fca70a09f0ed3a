#include "models/liquidation/aave.h"

#include "models/market/quote_price.h"
#include "models/market/wad.h"

namespace mezz::liquidation::aave {
namespace {

constexpr std::int64_t kHundredPercent = 10'000;
constexpr std::int64_t kCloseFactorHealth = 9'500;

// The amount of `to` worth `amount` of `from`.
Int128 convert(Int128 amount, const Asset& from, const Asset& to) {
  return mul_div_wide(multiply(amount, from.price), power_of_ten(to.decimals),
                      multiply(to.price, power_of_ten(from.decimals)), Round::Down);
}

}  // namespace

Int128 percent_mul(Int128 value, std::int64_t bp) {
  MEZZ_ASSERT(value >= 0 && bp >= 0);
  return (multiply(value, bp) + kHundredPercent / 2) / kHundredPercent;
}

Int128 percent_div(Int128 value, std::int64_t bp) {
  MEZZ_ASSERT(value >= 0 && bp > 0);
  return (multiply(value, kHundredPercent) + bp / 2) / bp;
}

Int128 debt_closable(Int128 debt, std::int64_t health) {
  MEZZ_ASSERT(debt >= 0);
  return health > kCloseFactorHealth ? percent_mul(debt, kHundredPercent / 2) : debt;
}

Seizure seize(Int128 debt_to_cover, Int128 collateral, const Asset& debt_asset,
              const Asset& collateral_asset, const Terms& terms) {
  MEZZ_ASSERT(debt_to_cover >= 0 && collateral >= 0);
  MEZZ_ASSERT(debt_asset.price > 0 && collateral_asset.price > 0);
  Int128 seized = percent_mul(convert(debt_to_cover, debt_asset, collateral_asset), terms.bonus_bp);
  Int128 repaid = debt_to_cover;
  if (seized > collateral) {
    seized = collateral;
    repaid = percent_div(convert(seized, collateral_asset, debt_asset), terms.bonus_bp);
  }
  const Int128 bonus = seized - percent_div(seized, terms.bonus_bp);
  const Int128 fee = percent_mul(bonus, terms.fee_bp);
  return {.to_liquidator = seized - fee, .protocol_fee = fee, .debt_repaid = repaid};
}

}  // namespace mezz::liquidation::aave

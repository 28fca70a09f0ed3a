#include "models/liquidation/hyperliquid.h"

namespace mezz::liquidation::hyperliquid {

Wad liquidation_price(const Position& position) {
  MEZZ_ASSERT(position.size != Wad::zero());
  MEZZ_ASSERT(position.maintenance_leverage > 1);
  // side / (1 - side / L) = side * L / (L - side): no rounded 1 / L.
  const std::int64_t side = position.size > Wad::zero() ? 1 : -1;
  const Wad per_unit = divide(position.margin_available, position.size.abs());
  const Wad distance = {mul_div_wide(per_unit.units, side * position.maintenance_leverage,
                                     position.maintenance_leverage - side, Round::ToZero)};
  return position.price - distance;
}

Stage stage(Wad equity, Wad maintenance) {
  MEZZ_ASSERT(maintenance >= Wad::zero());
  if (equity >= maintenance) return Stage::None;
  // equity < 2/3 maintenance, without a division.
  return equity.units * 3 < maintenance.units * 2 ? Stage::Backstop : Stage::MarketClose;
}

Wad first_close(Wad size, Wad notional, Wad partial_above) {
  MEZZ_ASSERT(notional >= Wad::zero());
  return notional > partial_above ? Wad{size.units / 5} : size;
}

Wad adl_index(const Ranked& position) {
  MEZZ_ASSERT(position.mark > Wad::zero() && position.entry > Wad::zero());
  MEZZ_ASSERT(position.account_value > Wad::zero());
  const Wad notional = multiply(position.size.abs(), position.mark);
  const bool is_long = position.size > Wad::zero();
  const Wad leverage = divide(notional, position.account_value);
  return {
      is_long
          ? mul_div_wide(leverage.units, position.mark.units, position.entry.units, Round::ToZero)
          : mul_div_wide(leverage.units, position.entry.units, position.mark.units, Round::ToZero)};
}

}  // namespace mezz::liquidation::hyperliquid

#include "models/market/venue/trade.h"

namespace mezz::venue {
namespace {

constexpr Int128 kPriceMax = Int128{10'000'000'000'000} * Money::kScale;  // micro-dollars per unit
constexpr Int128 kWadPerMicro = 1'000'000'000'000;

}  // namespace

Amounts after(const Amounts& held, const Trade& trade) {
  return {.quote = held.quote - trade.cash(), .lots = held.lots - trade.quantity};
}

Terms Terms::of(const ContractSpec& contract, Ratio fee) {
  return {.money_per_lot_tick = contract.money_per_lot_tick(),
          .lots_per_unit = contract.lots_per_unit(),
          .tick = contract.tick,
          .fee = fee};
}

// lots_per_unit is a power of ten up to 10^12, so it divides 10^18.
Wad Terms::units(Quantity lots) const { return {Int128{lots.lots} * (Wad::kOne / lots_per_unit)}; }

Wad Terms::price(Price price) const { return {Int128{price.ticks} * tick.micros * kWadPerMicro}; }

std::optional<Money> checked_money(Int128 micros) {
  if (!is_amount(micros)) return {};
  return Money{static_cast<std::int64_t>(micros)};
}

bool is_price(const Terms& terms, Price price) {
  return price.ticks > 0 && Int128{price.ticks} * terms.tick.micros < kPriceMax;
}

std::optional<Money> checked_notional(const Terms& terms, Quantity lots, Price price) {
  const Int128 lot_ticks = Int128{lots.lots} * price.ticks;
  if (!is_amount(lot_ticks)) return {};
  return checked_money(lot_ticks * terms.money_per_lot_tick);
}

std::optional<Money> checked_value(Wad size, Wad price, Round round) {
  MEZZ_ASSERT(size >= Wad::zero() && price >= Wad::zero());
  const pool::Wide product = pool::Wide{size.units} * pool::Wide{price.units};
  const pool::Wide micro = pool::Wide{Wad::kOne} * pool::Wide{kWadPerMicro};
  const pool::Wide micros = pool::divide(product, micro, round);
  if (micros > pool::Wide{kAmountMax}) return {};
  return checked_money(micros.to_128());
}

std::optional<Trade> with_fee(const Terms& terms, Quantity change, Money value) {
  const Trade trade{
      .quantity = change, .value = value, .fee = scale(value.abs(), terms.fee, Round::Up)};
  if (!is_amount(Int128{value.micros} - trade.fee.micros)) return {};
  return trade;
}

Price nearest_tick(const pool::Wide& numerator, const pool::Wide& denominator) {
  const pool::Wide whole = numerator / denominator;
  if (whole >= pool::Wide{kAmountMax}) return {kAmountMax};
  const pool::Wide rest = numerator - whole * denominator;
  const std::int64_t ticks = narrow(whole.to_128());
  return {rest >= denominator - rest ? ticks + 1 : ticks};
}

}  // namespace mezz::venue

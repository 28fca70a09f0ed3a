#include "models/market/venue/vamm.h"

#include <algorithm>

namespace mezz::venue {
namespace {

using pool::Direction;
using pool::VirtualAmm;
using pool::Wide;

// A Wad holds 1.7 * 10^20; products and reserves beyond these end the venue's range.
constexpr Wad kReserveMax{Int128{10} * Wad::kOne * Wad::kOne};  // 10^19
constexpr Wad kProductMax{Int128{100} * Wad::kOne * Wad::kOne};

Wide product(const VirtualAmm& amm) { return Wide{amm.quote.units} * Wide{amm.base.units}; }

bool in_range(const VirtualAmm& amm) {
  return amm.quote > Wad::zero() && amm.base > Wad::zero() && amm.quote <= kReserveMax &&
         amm.base <= kReserveMax && product(amm) <= Wide{kProductMax.units} * Wide{Wad::kOne};
}

VirtualAmm after_trade(const Terms& terms, const VirtualAmm& amm, const Trade& trade) {
  return {.quote = amm.quote - Wad::from(trade.value),
          .base = amm.base - terms.units(trade.quantity)};
}

}  // namespace

std::optional<Vamm> Vamm::start(const PoolParams& params, const Terms& terms, Price initial) {
  const Wad base = terms.units(params.virtual_lots);
  Wad quote = Wad::from(params.virtual_quote);
  if (quote == Wad::zero()) {
    const auto value = checked_value(base, terms.price(initial), Round::Down);
    if (!value) return {};
    quote = Wad::from(*value);
  }
  const VirtualAmm reserves{.quote = quote, .base = base};
  if (!in_range(reserves)) return {};
  return Vamm(terms, reserves);
}

std::optional<Trade> Vamm::quote(const Amounts&, Quantity change, Price) const {
  const Wad size = terms_.units(change.abs());
  const bool buys = change.lots > 0;
  if (size > kReserveMax) return {};
  const Wad base_after = buys ? reserves_.base - size : reserves_.base + size;
  // The quote after the trade is product / base: in range before the rule divides.
  if (base_after <= Wad::zero() || base_after > kReserveMax) return {};
  if (product(reserves_) > Wide{base_after.units} * Wide{kReserveMax.units}) return {};
  const Wad exact = pool::quote_for_base(
      reserves_, buys ? Direction::RemoveFromPool : Direction::AddToPool, size);
  // The unit that goes against the trader can be all he would get.
  const Wad owed = std::max(exact, Wad::zero());
  const auto value = checked_value(owed, Wad::one(), buys ? Round::Up : Round::Down);
  if (!value) return {};
  const std::optional<Trade> trade = with_fee(terms_, change, buys ? -*value : *value);
  if (!trade || !in_range(after_trade(terms_, reserves_, *trade))) return {};
  return trade;
}

void Vamm::apply(const Amounts&, const Trade& trade, Price) {
  const VirtualAmm now = after_trade(terms_, reserves_, trade);
  MEZZ_ASSERT(in_range(now));
  MEZZ_ASSERT(product(now) >= product(reserves_));
  reserves_ = now;
}

// ticks = quote / base in USD per unit over the tick in USD.
Price Vamm::spot(const Amounts&, Price) const {
  return nearest_tick(Wide{reserves_.quote.units} * Wide{Money::kScale},
                      Wide{reserves_.base.units} * Wide{terms_.tick.micros});
}

}  // namespace mezz::venue

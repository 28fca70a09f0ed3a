#include "models/market/impact_price.h"

namespace mezz {
namespace {

// Sums up levels until the notional is reached.
struct Sweep {
  Int128 left;  // of the notional, in micro-dollars
  Int128 notional;
  std::int64_t money_per_lot_tick;
  Int128 lots = 0;  // bought with whole levels
  std::optional<PriceFraction> answer = {};

  // Returns true while more depth is needed.
  bool add(const DepthLevel& level) {
    MEZZ_ASSERT(level.price.ticks > 0 && level.quantity.lots > 0);
    const Int128 lot_value = Int128{level.price.ticks} * money_per_lot_tick;
    const Int128 level_value = lot_value * level.quantity.lots;
    if (left > level_value) {
      left -= level_value;
      lots += level.quantity.lots;
      return true;
    }
    // average = notional / (lots + left / lot_value), in money per lot, then in ticks.
    answer = notional == 0 ? PriceFraction{level.price.ticks, 1}
                           : PriceFraction{notional * level.price.ticks, lots * lot_value + left};
    return false;
  }
};

Sweep start(Money notional, std::int64_t money_per_lot_tick) {
  MEZZ_ASSERT(notional.micros >= 0);
  MEZZ_ASSERT(money_per_lot_tick > 0);
  return {notional.micros, notional.micros, money_per_lot_tick};
}

}  // namespace

std::optional<PriceFraction> impact_price(std::span<const DepthLevel> levels, Money notional,
                                          std::int64_t money_per_lot_tick) {
  Sweep sweep = start(notional, money_per_lot_tick);
  for (const DepthLevel& level : levels) {
    if (!sweep.add(level)) break;
  }
  return sweep.answer;
}

std::optional<PriceFraction> impact_price(const OrderBook& book, Side side, Money notional,
                                          const ContractSpec& spec) {
  Sweep sweep = start(notional, spec.money_per_lot_tick());
  book.for_each_level(side, [&](const DepthLevel& level) { return sweep.add(level); });
  return sweep.answer;
}

}  // namespace mezz

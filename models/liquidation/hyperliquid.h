// Liquidation on Hyperliquid (docs, "Liquidations" and "Auto-deleveraging").
//   liquidation price  p - side * available / size / (1 - l * side), l = 1 / maintenance leverage,
//                      available = equity over the maintenance requirement at p
//   stage              above maintenance: none; below: market close; below two thirds of it: the
//                      backstop vault takes the position over and the margin with it
//   partial close      positions over 100 000 USD send a fifth first; while that cools down, all
//   ADL index          (mark / entry) * (notional / account value) for longs, entry / mark for
//                      shorts; the largest closes first
// Wad. Left out: order routing, the cool-down clock, tiered deductions (models/margin).
#pragma once

#include "models/market/wad.h"

namespace mezz::liquidation::hyperliquid {

struct Position {
  Wad price;
  Wad size;  // signed
  Wad margin_available;
  std::int64_t maintenance_leverage = 1;  // twice the maximum leverage
};
// May be zero or below: then no price liquidates a long.
Wad liquidation_price(const Position& position);

enum class Stage : std::uint8_t { None, MarketClose, Backstop };
Stage stage(Wad equity, Wad maintenance);
Wad first_close(Wad size, Wad notional, Wad partial_above = Wad::whole(100'000));

struct Ranked {
  Wad mark;
  Wad entry;
  Wad size;  // signed
  Wad account_value;
};
Wad adl_index(const Ranked& position);

}  // namespace mezz::liquidation::hyperliquid

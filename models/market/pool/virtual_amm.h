// Virtual market maker of Perpetual Protocol v1 (Amm.sol): a constant product of reserves that
// nobody owns prices a perpetual. Wad. A division that leaves a rest goes one unit against the
// trader: it gets one base unit less when it adds quote (long), owes one more when it removes it.
//   base for quote:  | k / (Q +- q) - B |,  k = Q B truncated at 18 decimals
//   quote for base:  | k / (B +- b) - Q |
// Left out: fluctuation limits, the repeg, open-interest caps, the trade fee.
#pragma once

#include "models/market/wad.h"

namespace mezz::pool {

struct VirtualAmm {
  Wad quote;
  Wad base;
};
enum class Direction : std::uint8_t { AddToPool, RemoveFromPool };

// Base amount for `quote` added to (a long) or removed from (a short) the pool.
Wad base_for_quote(const VirtualAmm& amm, Direction direction, Wad quote);
// Quote amount for `base` added to (a short) or removed from (a long) the pool.
Wad quote_for_base(const VirtualAmm& amm, Direction direction, Wad base);
VirtualAmm after_quote(const VirtualAmm& amm, Direction direction, Wad quote);

}  // namespace mezz::pool

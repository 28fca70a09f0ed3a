// In-kind funding of a power perpetual (opynfinance/squeeth Controller): no cash changes hands, the
// debt of shorts shrinks through a normalisation factor.
//   mark' = mark kept within [0.8, 1.4] * index,   both averages over 420 s
//   factor <- factor * (index / mark')^(elapsed / funding period)
// The power is computed in double by sim/numeric and quantised to 18 decimals (toward zero) before
// it touches the factor; the contract's own 64.64 power differs by about 10^-9 of it.
// Left out: the averages themselves, the scale of 10^4 of the contract's index.
#pragma once

#include "models/market/wad.h"

namespace mezz::funding::squeeth {

struct Params {
  Wad mark_ratio_min = Wad::of(8, 10);
  Wad mark_ratio_max = Wad::of(14, 10);
  Duration funding_period = 420_h;
};
struct Averages {
  Wad index;
  Wad mark;
};

Wad normalization_factor(Wad factor, const Averages& prices, Duration elapsed,
                         const Params& params);
// Debt of a short of `amount` contracts, in units of the power perpetual, rounded up.
Wad debt(Wad amount, Wad factor);

}  // namespace mezz::funding::squeeth

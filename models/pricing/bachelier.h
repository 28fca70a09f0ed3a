// Options on a normally distributed price (L. Bachelier 1900), for spreads, rates and anything that
// may be negative. Volatility is absolute: currency per square root of a year. Price, and Greeks in
// the units of black.h.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

// `volatility` of the option is absolute here; forward and strike may have any sign.
[[nodiscard]] OptionGreeks bachelier(const ForwardOption& option);

}  // namespace mezz::pricing

// Standard margin of options on Deribit (help pages, "Standard margin"), in coin per option sold,
// with out = how far the strike is out of the money, as a part of the underlying:
//   call  maintenance 7.5 % + mark                initial max(15 % - out, 10 %) + mark
//   put   maintenance max(7.5 %, 7.5 % mark) + mark
//         initial the larger of maintenance and max(15 % - out, 10 %) + mark
// Bought options need nothing. Requirements round up at 18 decimals. Left out: futures and
// perpetuals, whose ratios grow with the size of the position.
#pragma once

#include "models/margin/derive_srm.h"
#include "models/market/wad.h"
#include "sim/types/ratio.h"

namespace mezz::margin {

struct DeribitSm {
  Ratio initial_max = 15_percent;
  Ratio initial_min = 10_percent;
  Ratio maintenance = 750_bp;

  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

struct CoinOption {
  bool call = true;
  Wad underlying;  // dollars
  Wad strike;      // dollars
  Wad mark;        // coin
  Wad amount;      // negative: sold
};
// Coin, not negative.
[[nodiscard]] Wad option_margin(const DeribitSm& rule, const CoinOption& option,
                                Requirement requirement);

}  // namespace mezz::margin

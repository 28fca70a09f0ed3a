// Pools that trade at the oracle price and charge for imbalance.
//
// GMX v2 (gmx-synthetics PricingUtils, PositionPricingUtils): with d = |long - short| of open
// interest and power(d) = factor * d^exponent (zero below one dollar),
//   same side   d shrinks: + (power(d before) - power(d after)) with the positive factor
//               d grows:   - (power(d after) - power(d before)) with the negative one
//   cross-over  (the heavy side changes) + positive power(d before) - negative power(d after)
// The positive factor never exceeds the negative one. A positive impact is paid from the impact
// pool and is at most what it holds and at most `impact_max` of the size; negative impact fills it.
//
// Synthetix v3 (AsyncOrder.sol): the fill is the mean of p (1 + skew / scale) before and after.
//
// The power is a double from sim/numeric, rounded to micro-dollars against the trader.
// Left out: the virtual inventory of GMX, spread between its minimum and maximum prices.
#pragma once

#include "models/market/wad.h"
#include "sim/types/ratio.h"

namespace mezz::pool {

// factor * dollars^exponent; zero below one dollar.
double impact_power(double dollars, double exponent, double factor);

struct ImpactFactors {
  double positive = 0;
  double negative = 0;
  double exponent = 2;
};
struct Imbalance {
  Money longs;
  Money shorts;
};
// In favour of the trader when positive.
Money price_impact(const Imbalance& before, const Imbalance& after, const ImpactFactors& factors);

struct ImpactPool {
  Money balance;
};
struct ImpactCaps {
  Ratio positive_max;  // of the size
  Ratio negative_max;  // of the size
};
// Caps the impact and books it against the pool.
Money settle_impact(ImpactPool& pool, Money impact, Money size, const ImpactCaps& caps);

struct SkewMarket {
  Wad skew;
  Wad skew_scale;
};
// `size` is signed: buying raises the skew.
Wad skew_fill_price(const SkewMarket& market, Wad size, Wad oracle_price);

}  // namespace mezz::pool

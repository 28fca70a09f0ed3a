// Funding that follows the skew of a pool: the rules of Synthetix v3 and GMX v2 (models/market/
// funding_rules) for one perpetual of a running market, as a value. The skew is the net position of
// all who trade there, vault included: what the pool holds with the opposite sign. A book alone has
// as many longs as shorts and no skew, so the perpetual pays nothing under these rules.
//   synthetix_v3  velocity = clamp(skew / skew_scale) * velocity_max; the rate moves on from where
//                 it was, also through zero; a lot pays the mean of the rate before and after *
//                 time * index price. The pool takes the other side: what it pays or receives is
//                 that of its own position.
//   gmx_v2        one side pays what its factor says of its open interest, rounded up; the other
//                 side gets that by lots, rounded down. The pool neither pays nor receives, and
//                 nobody does while a side is empty; then the factor stays. Whole seconds.
// Both count from one change of the positions to the next, so a position pays for the time it was
// held, a halt of the chain included: at the skew before it, and at the index price that the first
// settlement after it sees.
// Left out: open interest in dollars at entry (GMX; ours is lots at the index), GMX's charge by the
// open interest of the larger side while the smaller one still pays (ours: by that of who pays),
// interest on utilisation (Synthetix), payment in the collateral of each side.
#pragma once

#include "models/layer2/execution/funding_presets.h"
#include "models/market/ids.h"
#include "models/market/wad.h"
#include "sim/types/quantity.h"
#include "sim/types/time.h"

namespace mezz {

struct SkewFunding {
  Int128 rate = 0;     // synthetix_v3: Wad per day; gmx_v2: saved factor, 10^-30 per second
  Int128 accrued = 0;  // synthetix_v3: Wad, paid so far by one lot held long
  Time updated;
  Time all_settled;  // everybody's position, at that time
  Money paid = {};   // since the last tick, sum over payers
  Money rounding = {};
  std::uint64_t instrument = 0;
  std::uint64_t reserved = 0;
};

// Of those who trade against the pool.
struct TradersInterest {
  Quantity longs;
  Quantity shorts;  // >= 0

  // Of everybody's, the pool included.
  static TradersInterest without_pool(Quantity open_interest, Quantity pool);
  [[nodiscard]] Quantity skew() const { return longs - shorts; }
};

struct SkewTerms {
  const FundingPreset& preset;
  std::int64_t lots_per_unit = 1;
  Wad lot_price;  // index price of one lot, USD
};

// From the last update until now, at this interest; what a lot has paid goes into `indices`.
void advance(SkewFunding& funding, FundingIndices& indices, const TradersInterest& interest,
             const SkewTerms& terms, Time now);
// Of the side that pays, positive where the longs do. A table shows millionths per 8 hours,
// truncated.
[[nodiscard]] double rate_per_day(const SkewFunding& funding, FundingRule rule);
[[nodiscard]] std::int64_t rate_ppm(const SkewFunding& funding, FundingRule rule);

}  // namespace mezz

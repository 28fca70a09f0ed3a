// What both versions of Derive's portfolio margin do with the options of an expiry.
#pragma once

#include <algorithm>
#include <map>

#include "models/margin/common.h"
#include "models/margin/derive_pmrm.h"
#include "sim/check/assert.h"

namespace mezz::margin::derive {

// Where PmrmOption::values has which price.
constexpr std::size_t kAsItIs = 0;
constexpr std::size_t kBasisUp = 1;
constexpr std::size_t kBasisDown = 2;
constexpr std::size_t kFirstScenario = 3;

inline Wad value_of(const PmrmExpiry& expiry, std::size_t at) {
  Wad sum;
  for (const PmrmOption& o : expiry.options) sum = sum + multiply(o.amount, o.values.at(at));
  return sum;
}

// Options sold net of those bought at the same strike.
inline Wad sold_net(const PmrmExpiry& expiry) {
  std::map<Wad, Wad> net;
  for (const PmrmOption& o : expiry.options) net[o.strike] = net[o.strike] + o.amount;
  Wad sold;
  for (const auto& [strike, amount] : net) sold = sold + std::max(-amount, Wad::zero());
  return sold;
}

inline PmrmExpirySum sum_of(const PmrmExpiry& expiry) {
  PmrmExpirySum sum{.to_expiry = expiry.to_expiry,
                    .rate = expiry.rate,
                    .values = {},
                    .sold = sold_net(expiry),
                    .size = {},
                    .confidence = expiry.confidence};
  for (std::size_t at = 0; at < expiry.options.front().values.size(); ++at) {
    sum.values.push_back(value_of(expiry, at));
  }
  for (const PmrmOption& o : expiry.options) {
    MEZZ_ASSERT(o.values.size() == sum.values.size());
    sum.size = sum.size + o.amount.abs();
    sum.confidence = std::min(sum.confidence, o.confidence);
  }
  return sum;
}

// The same portfolio without single options.
inline PmrmPortfolio summed(PmrmPortfolio p) {
  for (const PmrmExpiry& expiry : p.expiries) {
    if (!expiry.options.empty()) p.sums.push_back(sum_of(expiry));
  }
  p.expiries.clear();
  return p;
}

// A part of what the expiry loses when its forward parts from the spot, more with time; <= 0.
inline Wad basis_loss(Ratio part, Ratio part_per_year, const PmrmExpirySum& expiry) {
  const Wad now = expiry.values[kAsItIs];
  const Wad up = expiry.values[kBasisUp] - now;
  const Wad down = expiry.values[kBasisDown] - now;
  const Wad counted =
      Wad::from(part) + multiply(Wad::from(part_per_year), quantised(years(expiry.to_expiry)));
  return multiply(std::min({up, down, Wad::zero()}), counted);
}

}  // namespace mezz::margin::derive

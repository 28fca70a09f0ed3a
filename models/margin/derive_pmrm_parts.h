// What both versions of Derive's portfolio margin do with the options of an expiry.
#pragma once

#include <algorithm>
#include <map>

#include "models/margin/common.h"
#include "models/margin/derive_pmrm.h"

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

// A part of what the expiry loses when its forward parts from the spot, more with time; <= 0.
inline Wad basis_loss(Ratio part, Ratio part_per_year, const PmrmExpiry& expiry) {
  const Wad now = value_of(expiry, kAsItIs);
  const Wad up = value_of(expiry, kBasisUp) - now;
  const Wad down = value_of(expiry, kBasisDown) - now;
  const Wad counted =
      to_wad(part) + multiply(to_wad(part_per_year), quantised(years(expiry.to_expiry)));
  return multiply(std::min({up, down, Wad::zero()}), counted);
}

// Options sold net of those bought at the same strike.
inline Wad sold_net(const PmrmExpiry& expiry) {
  std::map<Wad, Wad> net;
  for (const PmrmOption& o : expiry.options) net[o.strike] = net[o.strike] + o.amount;
  Wad sold;
  for (const auto& [strike, amount] : net) sold = sold + std::max(-amount, Wad::zero());
  return sold;
}

}  // namespace mezz::margin::derive

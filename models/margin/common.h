// What several margin rules need: ratios and doubles as 18-decimal numbers, how far volatility
// moves by expiry, and the refusal of a wrong preset.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "models/market/wad.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {

inline Wad share(Wad value, Ratio ratio) { return multiply(value, Wad::from(ratio)); }

inline double years(Duration time) { return time.seconds() / (365_d).seconds(); }
// A double below 1e9 as the contract's number, at nine decimals.
inline Wad quantised(double value) { return {Int128{std::llround(value * 1e9)} * 1'000'000'000}; }

// Short expiries move more: (30 d / time to expiry)^power, one power up to 30 days, one beyond.
struct VolatilityTerm {
  double short_power;
  double long_power;
  Duration expiry_floor;
};
inline double term_scale(const VolatilityTerm& term, Duration to_expiry) {
  const Duration time = std::max(to_expiry, term.expiry_floor);
  const double power = to_expiry <= 30_d ? term.short_power : term.long_power;
  return numeric::pow((30_d).seconds() / time.seconds(), power);
}

inline void require(bool holds, const char* path, const char* key, const char* allowed) {
  if (!holds) throw ScenarioError(std::string(path) + "." + key, allowed);
}

}  // namespace mezz::margin

// What several margin rules need: ratios and doubles as 18-decimal numbers, and the refusal of a
// wrong preset.
#pragma once

#include <cmath>
#include <string>

#include "models/market/wad.h"
#include "sim/check/error.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {

constexpr Wad to_wad(Ratio ratio) { return {Int128{ratio.ppb} * 1'000'000'000}; }
inline Wad share(Wad value, Ratio ratio) { return multiply(value, to_wad(ratio)); }

inline double years(Duration time) { return time.seconds() / (365_d).seconds(); }
// A double below 1e9 as the contract's number, at nine decimals.
inline Wad quantised(double value) { return {Int128{std::llround(value * 1e9)} * 1'000'000'000}; }

inline void require(bool holds, const char* path, const char* key, const char* allowed) {
  if (!holds) throw ScenarioError(std::string(path) + "." + key, allowed);
}

}  // namespace mezz::margin

// What a scenario file may say of a grid of moves: more scenarios would be slow, and no price
// survives wilder ones.
#pragma once

#include <cstddef>

#include "sim/types/ratio.h"

namespace mezz::margin {

inline constexpr std::size_t kScenariosMax = 64;
inline constexpr Ratio kSpotMin = 1_percent;
inline constexpr Ratio kSpotMax = 1'000_percent;
inline constexpr Ratio kFactorMax = 1'000_percent;  // of ranges and multipliers
inline constexpr double kPowerMax = 2.0;            // by which ranges grow as the expiry nears

}  // namespace mezz::margin

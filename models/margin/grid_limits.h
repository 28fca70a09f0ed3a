// What a scenario file may say of a grid of moves: more scenarios would be slow, and no price
// survives wilder ones. And the keys that several of the rules have, with their bounds.
#pragma once

#include <cstddef>

#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz::margin {

inline constexpr std::size_t kScenariosMax = 64;
inline constexpr Ratio kSpotMin = 1_percent;
inline constexpr Ratio kSpotMax = 1'000_percent;
inline constexpr Ratio kFactorMax = 1'000_percent;  // of ranges and multipliers
inline constexpr double kPowerMax = 2.0;            // by which ranges grow as the expiry nears

// How far volatility moves by expiry (term_scale in common.h).
void visit_term(auto& rule, auto& v) {
  v("short_power", rule.short_power,
    {.doc = "Range grows with (30 d / time to expiry)^power, up to 30 days",
     .min = 0.0,
     .max = kPowerMax});
  v("long_power", rule.long_power, {.doc = "And beyond", .min = 0.0, .max = kPowerMax});
  v("expiry_floor", rule.expiry_floor, {.doc = "Nearer expiries count as this", .min = 1_s});
}

// The forward moves by itself: Derive's two rules.
void visit_basis(auto& rule, auto& v) {
  const Ratio none = Ratio::zero();
  const Ratio all = Ratio::one();
  v("basis_up", rule.basis_up,
    {.doc = "Forward after a move of the basis, of the forward now", .min = all, .max = kSpotMax});
  v("basis_down", rule.basis_down, {.doc = "The same, down", .min = kSpotMin, .max = all});
  v("basis_share", rule.basis_share,
    {.doc = "Of what an expiry loses then", .min = none, .max = kFactorMax});
  v("basis_share_per_year", rule.basis_share_per_year,
    {.doc = "More, per year to expiry", .min = none, .max = kFactorMax});
}

}  // namespace mezz::margin

// Hyperliquid's margin tiers (documentation, "Margin tiers"): the larger a position's notional, the
// smaller the greatest leverage. The maintenance rate of a tier is half its initial one, and each
// part of the notional pays the rate of the tier it lies in, which is what the documentation's
// deductions do. Requirements round up to the micro-dollar. Left out: isolated and cross collateral
// (whoever sums the positions), the table of tiers itself (data).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/types/money.h"

namespace mezz::margin {

struct LeverageTier {
  Money from;                     // notional above which it holds; 0 for the first
  std::int64_t leverage_max = 1;  // at most
};

// Throws ScenarioError naming `path`: no tier, first not from 0, bounds not rising, leverage below
// 1 or rising with size.
void check_tiers(std::span<const LeverageTier> tiers, const char* path);

// Both need checked tiers and a notional that is not negative (asserted).
[[nodiscard]] Money maintenance_margin(std::span<const LeverageTier> tiers, Money notional);
// At the leverage the account chose, never above what the tier of the whole notional allows.
[[nodiscard]] Money initial_margin(std::span<const LeverageTier> tiers, Money notional,
                                   std::int64_t leverage);
// What must stay when money is taken out: initial margin, and a tenth of the notional.
[[nodiscard]] Money transfer_requirement(Money initial_margin, Money notional);

}  // namespace mezz::margin

// The bond a claim must post, by depth: base gas * (high / base)^(depth / max depth), priced at a
// fixed gas price, so that a bond covers what countering the claim can cost. Source:
// FaultDisputeGame.getRequiredBond ("big bonds"): 400 000 gas at the root, 300 000 000 at depth 73,
// 200 gwei. The contract computes the power through 18-digit fixed-point ln and exp, every step
// rounded down. We do the same in binary fixed point (2^-60); the gas amounts are equal at all 74
// depths (tested against a replay of the contract's arithmetic), among them 299 999 999 and not 300
// 000 000 at the bottom. For other parameters the two may differ by one gas where the exact value
// is within 10^-9 of an integer.
#pragma once

#include <cstdint>

#include "sim/types/wei.h"

namespace mezz::layer2 {

struct BondCurve {
  Gas base{400'000};
  Gas high{300'000'000};
  std::uint32_t max_depth = 73;
};
Gas bond_gas(const BondCurve& curve, std::uint32_t depth);

}  // namespace mezz::layer2

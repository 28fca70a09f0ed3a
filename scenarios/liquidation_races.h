// How hard keepers competed, read from the chain: every liquidation that was executed, with or
// without a rival. An attempt is a Liquidate transaction in a block; an attempt on the same account
// by another keeper within `kRaceWindow` of a success contests it. What Maker's auctions of March
// 2020 call a zero bid is a liquidation without a rival. Left out: rivals whose transaction never
// came into a block.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/chain.h"
#include "models/market/ids.h"
#include "sim/types/time.h"

namespace mezz {

inline constexpr Duration kRaceWindow = 30_s;

struct LiquidationAttempt {
  AccountId target;
  AccountId keeper;
  Time time;
  bool won = false;  // executed, in part or whole
};

struct LiquidationRaces {
  std::uint64_t attempts = 0;
  std::uint64_t won = 0;
  std::uint64_t uncontested = 0;  // of those won
};

LiquidationRaces count_races(std::vector<LiquidationAttempt> attempts, Duration window);
std::vector<LiquidationAttempt> liquidation_attempts(const Layer2Chain& chain);

}  // namespace mezz

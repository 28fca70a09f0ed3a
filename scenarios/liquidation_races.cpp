#include "scenarios/liquidation_races.h"

#include <algorithm>
#include <tuple>

namespace mezz {

LiquidationRaces count_races(std::vector<LiquidationAttempt> attempts, Duration window) {
  std::sort(attempts.begin(), attempts.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.target, a.time, a.keeper) < std::tuple(b.target, b.time, b.keeper);
  });
  LiquidationRaces races{.attempts = attempts.size()};
  std::size_t first = 0;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const LiquidationAttempt& attempt = attempts[i];
    while (attempts[first].target != attempt.target ||
           attempt.time - attempts[first].time > window) {
      ++first;
    }
    if (!attempt.won) continue;
    ++races.won;
    bool contested = false;
    for (std::size_t j = first; j < attempts.size() && !contested; ++j) {
      if (attempts[j].target != attempt.target || attempts[j].time - attempt.time > window) break;
      contested = attempts[j].keeper != attempt.keeper;
    }
    races.uncontested += contested ? 0 : 1;
  }
  return races;
}

std::vector<LiquidationAttempt> liquidation_attempts(const Layer2Chain& chain) {
  std::vector<LiquidationAttempt> attempts;
  for (std::uint64_t n = 1; n <= chain.head().value; ++n) {
    const Layer2Block& block = chain.block(BlockId{n});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const ChainTransaction& entry = chain.transaction(i);
      const Transaction& tx = entry.transaction;
      if (tx.kind != TxKind::Liquidate || tx.reference >= UINT32_MAX) continue;
      attempts.push_back(
          {.target = AccountId{static_cast<std::uint32_t>(tx.reference)},
           .keeper = tx.account,
           .time = block.sealed,
           .won = entry.status == TxStatus::Executed || entry.status == TxStatus::PartlyFilled});
    }
  }
  return attempts;
}

}  // namespace mezz

// The role of whatever holds a layer two's money on layer one: canonical bridge, exit game, quorum
// bridge, channel contract. Each has its own rule for letting money out; all keep the same books
// (EscrowAccount) and answer the same questions.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/bridge/escrow_account.h"

namespace mezz {

struct WithdrawalSummary {
  std::uint64_t count = 0;    // asked for, without dropped ones
  std::uint64_t dropped = 0;  // void: their block is gone (the user's transaction usually comes
                              // again), or a channel ended without them
  std::uint64_t reproved = 0;
  std::vector<Duration>
      paid;  // from the block on layer two (or the call on layer one) to the money
};

class Bridge {
 public:
  virtual ~Bridge() = default;

  // ---- while building: the money that layer two starts with, insurance fund included
  virtual void lock_genesis(const ExchangeTotals& totals) = 0;

  // ---- at the end and at checkpoints
  [[nodiscard]] virtual const BridgeTotals& totals() const = 0;
  [[nodiscard]] virtual WithdrawalSummary withdrawal_summary() const = 0;
  // Asserts that the escrow equals, to the last unit, what layer two owes. False, without a check,
  // while the two layers cannot agree because news is on its way.
  virtual bool check_conservation(const ExchangeTotals& layer2) const = 0;
};

}  // namespace mezz

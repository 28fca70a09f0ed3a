// Deposits, as the layer-one inbox reports them to the bridge that holds the money: locked when the
// L1Execute of the deposit arrives, undone when its L1Undo does. The credit on layer two follows in
// a block, as a Transaction of kind Deposit with the same account and amount.
#pragma once

#include <cstdint>

#include "models/layer2/messages.h"

namespace mezz {

struct DepositLocked {
  AccountId account;
  std::uint32_t reserved = 0;
  Money amount;
  std::uint64_t height;  // of layer one
};
struct DepositUndone {
  AccountId account;
  std::uint32_t reserved = 0;
  Money amount;
  std::uint64_t height;
};
static_assert(Message<DepositLocked> && Message<DepositUndone>);

class EscrowLedger {
 public:
  virtual ~EscrowLedger() = default;
  virtual void on(Context& ctx, const DepositLocked& deposit) = 0;
  virtual void on(Context& ctx, const DepositUndone& deposit) = 0;
};

}  // namespace mezz

// Orders of a batch auction, as the exchange keeps them while a block is executed and while it ends
// (exchange_batch.cpp). Not state: nothing of it is left between blocks.
#pragma once

#include <cstddef>

#include "models/layer2/execution/market.h"
#include "models/layer2/messages.h"
#include "models/market/batch_auction.h"

namespace mezz {

// Waits for the end of its block.
struct CollectedOrder {
  Transaction order;
  Receipt receipt;
};

// In the auction: resting since an earlier one, or collected.
struct BatchOrder {
  AccountId account;
  batch_auction::Order rule;
  OrderRef rested = {};
  std::size_t collected = 0;  // its place in the list, where it has not rested
  bool maker = false;
  bool whole = false;     // fill or kill
  bool excluded = false;  // its account cannot carry it, or it must fill whole and cannot
  Quantity filled = {};
};

}  // namespace mezz

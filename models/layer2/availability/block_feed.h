// Who hears about new blocks: owners of accounts get their receipts and fills, market observers the
// market data, block observers the block number. All of it travels over the links of the place
// where the block was made. Filled while building; a plain part of the layer two's node, shared by
// the sequencer (blocks with user transactions) and by derivation (blocks that follow from layer
// one alone). Receipts come again when a block is built again after a re-organisation.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/messages.h"
#include "sim/engine/context.h"
#include "sim/engine/ref.h"

namespace mezz {

struct OwnedAccounts {
  AccountId first;
  std::uint32_t count = 0;
  Ref<AccountOwner> owner;
};

class BlockFeed {
 public:
  // ---- while building. Ranges must not overlap (ScenarioError).
  void register_owner(AccountId first, std::uint32_t count, Ref<AccountOwner> owner);
  void observe_market(Ref<MarketObserver> observer) { market_observers_.push_back(observer); }
  void observe_blocks(Ref<BlockObserver> observer) { block_observers_.push_back(observer); }

  // ---- while running
  void announce(Context& ctx, BlockId block, const BlockOutput& output,
                const MarketUpdate& market) const;
  void announce_reorg(Context& ctx, BlockId kept) const;
  // One receipt for a transaction that no block holds (refused, expired).
  void tell(Context& ctx, const Receipt& receipt) const;
  [[nodiscard]] Ref<AccountOwner> owner_of(AccountId account) const;  // may be none

 private:
  std::vector<OwnedAccounts> ranges_;  // by first account
  std::vector<Ref<MarketObserver>> market_observers_;
  std::vector<Ref<BlockObserver>> block_observers_;
};

}  // namespace mezz

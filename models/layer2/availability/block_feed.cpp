#include "models/layer2/availability/block_feed.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

void BlockFeed::register_owner(AccountId first, std::uint32_t count, Ref<AccountOwner> owner) {
  MEZZ_ASSERT(first.exists() && owner.exists());
  if (count == 0) return;
  const auto place =
      std::lower_bound(ranges_.begin(), ranges_.end(), first,
                       [](const OwnedAccounts& r, AccountId id) { return r.first < id; });
  const bool before_next = place == ranges_.end() || place->first.value - first.value >= count;
  const bool after_previous =
      place == ranges_.begin() || first.value - (place - 1)->first.value >= (place - 1)->count;
  if (!before_next || !after_previous) {
    throw ScenarioError("accounts", "account ranges of two owners overlap at account " +
                                        std::to_string(first.value));
  }
  ranges_.insert(place, {.first = first, .count = count, .owner = owner});
}

Ref<AccountOwner> BlockFeed::owner_of(AccountId account) const {
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), account,
                       [](AccountId id, const OwnedAccounts& r) { return id < r.first; });
  if (after == ranges_.begin()) return {};
  const OwnedAccounts& range = *(after - 1);
  return account.value - range.first.value < range.count ? range.owner : Ref<AccountOwner>{};
}

void BlockFeed::tell(Context& ctx, const Receipt& receipt) const {
  const Ref<AccountOwner> owner = owner_of(receipt.account);
  if (owner.exists()) ctx.send(owner, receipt);
}

void BlockFeed::announce(Context& ctx, BlockId block, const BlockOutput& output,
                         const MarketUpdate& market) const {
  for (const Receipt& receipt : output.receipts) tell(ctx, receipt);
  for (const MakerFill& fill : output.maker_fills) {
    const Ref<AccountOwner> owner = owner_of(fill.account);
    if (owner.exists()) ctx.send(owner, fill);
  }
  for (const Ref<MarketObserver>& observer : market_observers_) ctx.send(observer, market);
  for (const Ref<BlockObserver>& observer : block_observers_)
    ctx.send(observer, BlockSealed{block});
}

void BlockFeed::announce_reorg(Context& ctx, BlockId kept) const {
  for (const Ref<BlockObserver>& observer : block_observers_) ctx.send(observer, Layer2Reorg{kept});
}

}  // namespace mezz

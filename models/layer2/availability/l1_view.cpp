#include "models/layer2/availability/l1_view.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

std::uint64_t L1View::hear_head(const L1Head& head, Time now) {
  if (head.height == 0) return kNothingLost;
  const bool known = head.height < blocks_.size();
  if (head.block.value < newest_) {  // overtaken by a later head
    if (known && !blocks_[head.height].block.exists()) blocks_[head.height].block = head.block;
    return kNothingLost;
  }
  newest_ = head.block.value;
  std::uint64_t kept = kNothingLost;
  if (known) {
    kept = head.height - 1;
    announced_.push_back(kept);
    blocks_.resize(head.height);
  }
  // Heights in between are on their way; they cannot have been heard later than this one.
  while (blocks_.size() < head.height) blocks_.push_back({.block = {}, .heard = now});
  blocks_.push_back({.block = head.block, .heard = now});
  MEZZ_ASSERT(height() == head.height);
  return kept;
}

std::uint64_t L1View::hear_reorg(const L1Reorg& reorg) {
  const auto expected = std::find(announced_.begin(), announced_.end(), reorg.kept);
  if (expected != announced_.end()) {
    announced_.erase(expected);
    return kNothingLost;
  }
  if (reorg.kept >= height()) return kNothingLost;  // the orphans were never heard of
  blocks_.resize(reorg.kept + 1);
  return reorg.kept;
}

Time L1View::heard(std::uint64_t height) const {
  MEZZ_ASSERT(height < blocks_.size());
  return blocks_[height].heard;
}

L1BlockId L1View::block(std::uint64_t height) const {
  MEZZ_ASSERT(height < blocks_.size());
  return blocks_[height].block;
}

}  // namespace mezz

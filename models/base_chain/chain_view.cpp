#include "models/base_chain/chain_view.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::base_chain {

ChainBlock ChainView::append(std::uint64_t slot) {
  MEZZ_ASSERT(empty() || slot > head().slot);
  const ChainBlock block{.id = {blocks_.size()},
                         .parent = empty() ? L1BlockId::none() : canonical_.back(),
                         .height = canonical_.size(),
                         .slot = slot};
  blocks_.push_back(block);
  canonical_.push_back(block.id);
  MEZZ_ASSERT(is_canonical(block.id));
  return block;
}

std::vector<ChainBlock> ChainView::undo(std::uint64_t depth) {
  MEZZ_ASSERT(depth <= depth_above_final());
  std::vector<ChainBlock> orphans;
  orphans.reserve(depth);
  for (std::uint64_t i = 0; i < depth; ++i) {
    orphans.push_back(head());
    canonical_.pop_back();
  }
  MEZZ_ASSERT(length() >= final_length_);
  return orphans;
}

void ChainView::finalise(std::uint64_t height) {
  MEZZ_ASSERT(height < length());
  final_length_ = std::max(final_length_, height + 1);
}

ChainBlock ChainView::head() const {
  MEZZ_ASSERT(!empty());
  return block(canonical_.back());
}

bool ChainView::is_canonical(L1BlockId id) const {
  const std::uint64_t height = block(id).height;
  return height < length() && canonical_[height] == id;
}

ChainBlock ChainView::block(L1BlockId id) const {
  MEZZ_ASSERT(id.value < blocks_.size());
  return blocks_[id.value];
}

ChainBlock ChainView::canonical_at(std::uint64_t height) const {
  MEZZ_ASSERT(height < length());
  return block(canonical_[height]);
}

}  // namespace mezz::base_chain

#include "models/layer2/settlement/node_roots.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

void NodeRoots::catch_up() {
  const Layer2Block& head = chain_->head_block();
  // A block sealed after a rollback carries a new incarnation: what was read before may be gone.
  if (head.incarnation != incarnation_ || roots_.size() > head.number.value) roots_.clear();
  incarnation_ = head.incarnation;
  while (roots_.size() < head.number.value) {
    roots_.push_back(chain_->root(BlockId{roots_.size() + 1}));
  }
  MEZZ_ASSERT(roots_.size() == head.number.value);
  MEZZ_ASSERT(roots_.empty() || roots_.back() == head.root);
}

std::span<const std::uint64_t> NodeRoots::between(BlockId anchor, BlockId claimed) {
  MEZZ_ASSERT(anchor <= claimed);
  catch_up();
  const std::uint64_t last = std::min<std::uint64_t>(claimed.value, roots_.size());
  if (last <= anchor.value) return {};
  return std::span<const std::uint64_t>(roots_).subspan(anchor.value, last - anchor.value);
}

}  // namespace mezz

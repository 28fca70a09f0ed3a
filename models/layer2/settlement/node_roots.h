// The state roots that a party's own layer-two node computes, as the contiguous list that a Trace
// wants. A cache of the chain, brought up to date on every call; not state.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/layer2/chain.h"

namespace mezz {

class NodeRoots {
 public:
  explicit NodeRoots(const Layer2Chain& chain) : chain_(&chain) {}

  // Roots after blocks anchor + 1 .. claimed, cut at the head of the chain; empty when the head is
  // not above the anchor. Valid until the next call.
  [[nodiscard]] std::span<const std::uint64_t> between(BlockId anchor, BlockId claimed);

 private:
  void catch_up();

  const Layer2Chain* chain_;
  std::vector<std::uint64_t> roots_;  // [i] after block i + 1
  std::uint64_t incarnation_ = 0;
};

}  // namespace mezz

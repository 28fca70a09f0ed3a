// One node's view of the base chain: which block is canonical at each height, and what a
// reorganisation undoes. Ids count blocks in creation order, orphans included, so an id is never
// used twice. A reorg of depth d undoes the newest d blocks and is followed by appends of the other
// branch; blocks at or below the final height cannot be undone (asserted: finality is enforced by
// whoever decides on reorgs). An orphan does not come back: a branch that wins a second time is a
// new set of blocks, as its transactions are packed anew. Left out: fork choice itself (weights,
// proposer boost) and the transactions of a block.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/messages.h"

namespace mezz::base_chain {

struct ChainBlock {
  L1BlockId id;
  L1BlockId parent;  // none for the first block
  std::uint64_t height = 0;
  std::uint64_t slot = 0;  // slots may be missed: strictly increasing along a chain, not contiguous

  bool operator==(const ChainBlock&) const = default;
};

class ChainView {
 public:
  // Puts a new block on the head and returns it. The slot must be later than the head's.
  ChainBlock append(std::uint64_t slot);
  // Undoes the newest `depth` blocks; returns them newest first, the order in which their effects
  // are undone.
  std::vector<ChainBlock> undo(std::uint64_t depth);
  void finalise(std::uint64_t height);

  [[nodiscard]] bool empty() const { return canonical_.empty(); }
  [[nodiscard]] ChainBlock head() const;
  [[nodiscard]] std::uint64_t length() const { return canonical_.size(); }
  [[nodiscard]] std::uint64_t created() const { return blocks_.size(); }
  [[nodiscard]] bool is_canonical(L1BlockId id) const;
  [[nodiscard]] ChainBlock block(L1BlockId id) const;
  [[nodiscard]] ChainBlock canonical_at(std::uint64_t height) const;
  // How many blocks the next reorg may undo.
  [[nodiscard]] std::uint64_t depth_above_final() const { return length() - final_length_; }

  void visit_state(auto& v) {
    v("blocks", blocks_);
    v("canonical", canonical_);
    v("final_length", final_length_);
  }

 private:
  std::vector<ChainBlock> blocks_;    // by id
  std::vector<L1BlockId> canonical_;  // by height
  std::uint64_t final_length_ = 0;    // canonical blocks that can no longer be undone
};

}  // namespace mezz::base_chain

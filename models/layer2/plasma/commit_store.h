// What the operator keeps of each block root: which blocks it covers, what changed, whether the
// data was given out; and the outputs that it invented. The contract on layer one reads it by the
// number in the call, as it would read the Merkle root and check proofs against it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/plasma/output_set.h"
#include "sim/check/assert.h"

namespace mezz::plasma {

// An output that no transaction made.
struct Invention {
  std::uint64_t commit = 0;  // the root that holds it
  AccountId victim = {};     // whose coin it takes (Cash), or none: out of the common escrow
  std::uint32_t reserved = 0;
  Money amount = {};
};

struct BlockCommit {
  BlockId last = {};
  std::uint64_t root = 0;
  std::uint64_t base = 0;  // plasma block it continues
  Price mark = {};
  std::uint32_t withheld = 0;  // 1: nobody but the operator has the data
  std::uint32_t invalid = 0;   // 1: holds inventions
  std::uint64_t height = 0;    // of layer one, 0: not included
  std::vector<OutputChange> changes = {};

  void visit_state(auto& v) {
    v("last", last);
    v("root", root);
    v("base", base);
    v("mark", mark);
    v("withheld", withheld);
    v("invalid", invalid);
    v("height", height);
    v("changes", changes);
  }
};

class CommitStore {
 public:
  [[nodiscard]] std::uint64_t size() const { return commits_.size(); }
  [[nodiscard]] bool holds(std::uint64_t commit) const { return commit < commits_.size(); }
  [[nodiscard]] const BlockCommit& at(std::uint64_t commit) const {
    MEZZ_ASSERT(holds(commit));
    return commits_[commit];
  }
  [[nodiscard]] BlockCommit& at(std::uint64_t commit) {
    MEZZ_ASSERT(holds(commit));
    return commits_[commit];
  }
  std::uint64_t add(BlockCommit commit) {
    commits_.push_back(std::move(commit));
    return commits_.size() - 1;
  }
  // The changes of roots that are final on layer one will not be read again.
  void drop_final(std::uint64_t height) {
    for (; dropped_ < commits_.size(); ++dropped_) {
      BlockCommit& commit = commits_[dropped_];
      if (commit.height == 0 || commit.height > height) return;
      commit.changes = {};
    }
  }
  [[nodiscard]] const std::vector<Invention>& inventions() const { return inventions_; }
  std::uint64_t invent(const Invention& invention) {
    MEZZ_ASSERT(invention.amount > Money::zero());
    inventions_.push_back(invention);
    return inventions_.size() - 1;
  }

  void visit_state(auto& v) {
    v("commits", commits_);
    v("inventions", inventions_);
    v("dropped", dropped_);
  }

 private:
  std::vector<BlockCommit> commits_;
  std::vector<Invention> inventions_;
  std::uint64_t dropped_ = 0;  // commits whose changes are forgotten
};

}  // namespace mezz::plasma

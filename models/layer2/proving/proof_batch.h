// A proof batch: a run of layer-two blocks that one proof covers, from seal to execution, and the
// operator's store of them. The contract on layer one reads the store by the numbers that a call
// names, like the commitments in a real call's arguments. Numbers are never used again; a batch
// whose blocks were rolled back stays as Dropped.
//
//   Witness -> Base -> Recursion (level by level) -> Rooted -> Wrapping -> Ready
//      `----------------------- Dropped ------------------------------------'
//
// Batches that are wrapped together form a group: one proof, one call.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/proving/sealing.h"
#include "sim/check/assert.h"

namespace mezz {

using ProofBatchId = Id<struct ProofBatchTag, std::uint64_t>;

enum class ProofStage : std::uint8_t {
  Witness,
  Base,
  Recursion,
  Rooted,
  Wrapping,
  Ready,
  Dropped,
};
template <>
struct EnumNames<ProofStage> {
  static constexpr std::string_view names[] = {"witness",  "base",  "recursion", "rooted",
                                               "wrapping", "ready", "dropped"};
};

struct ProofBatch {
  ProofBatchId id = {};
  BlockId first;
  BlockId last;
  std::uint64_t incarnation = 0;  // of the last block
  BatchFill fill;
  std::uint64_t base_jobs = 0;
  std::uint64_t level = 0;      // of the recursion that runs
  std::uint64_t jobs_left = 0;  // of the stage that runs
  std::uint64_t attempts = 0;   // jobs started, all stages
  ProofBatchId group = {};      // first and last of those wrapped together
  ProofBatchId group_last = {};
  Time opened;  // its first block was sealed
  Time sealed;
  Time witnessed = Time::never();
  Time based = Time::never();  // all base proofs done
  Time recursed = Time::never();
  Time wrapped = Time::never();
  Duration witness_time = {};  // of machines, failed attempts included
  Duration gpu_time = {};
  Duration wrap_time = {};  // of the first of a group
  SealReason reason = SealReason::None;
  ProofStage stage = ProofStage::Witness;
  std::uint8_t reserved[6] = {};
};

class ProofStore {
 public:
  [[nodiscard]] std::uint64_t size() const { return batches_.size(); }
  [[nodiscard]] bool holds(ProofBatchId id) const { return id.value < batches_.size(); }
  [[nodiscard]] const ProofBatch& at(ProofBatchId id) const {
    MEZZ_ASSERT(holds(id));
    return batches_[id.value];
  }
  [[nodiscard]] ProofBatch& at(ProofBatchId id) {
    MEZZ_ASSERT(holds(id));
    return batches_[id.value];
  }
  ProofBatch& add(const ProofBatch& batch) {
    batches_.push_back(batch);
    batches_.back().id = ProofBatchId{batches_.size() - 1};
    return batches_.back();
  }

  void visit_state(auto& v) { v("batches", batches_); }

 private:
  std::vector<ProofBatch> batches_;
};

}  // namespace mezz

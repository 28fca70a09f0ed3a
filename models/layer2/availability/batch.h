// A batch: consecutive layer-two blocks whose data travels in one layer-one transaction, and the
// store where the poster keeps what it has sent (the calldata or blobs of the transaction, as far
// as the model needs them: which blocks, how many bytes). The contract on layer one reads the store
// by the id that the transaction names. `incarnation` tells blocks that a re-organisation has
// replaced since from those the batch holds (chain.h). With a committee, `committee_bytes` of the
// data stay off layer one and a certificate stands for them; the rest, if any (volition), goes
// along in blobs or calldata.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/layer2/messages.h"
#include "sim/check/assert.h"
#include "sim/types/enum_names.h"

namespace mezz {

enum class BatchMedium : std::uint8_t { Blobs, Calldata, Committee };
template <>
struct EnumNames<BatchMedium> {
  static constexpr std::string_view names[] = {"blobs", "calldata", "committee"};
};

struct Batch {
  BatchId id = {};
  BlockId first;
  BlockId last;
  std::uint64_t incarnation = 0;  // of the last block
  std::uint64_t bytes = 0;
  std::uint64_t transactions = 0;
  Time opened;     // its oldest block was sealed
  Time submitted;  // to the mempool of layer one; until then the time of cutting it
  Time included = Time::never();
  L1BlockId block = {};                  // that holds it, none until included
  std::uint64_t execution_fee_gwei = 0;  // 0 until included
  std::uint64_t blob_fee_gwei = 0;
  std::uint32_t gas = 0;
  std::uint16_t blobs = 0;
  BatchMedium medium = BatchMedium::Blobs;
  std::uint8_t reserved = 0;
  std::uint64_t committee_bytes = 0;  // not on layer one
  Time asked = Time::never();         // the committee, first
  Time certified = Time::never();     // its quorum has signed
  std::uint32_t certificate_gas = 0;  // of `gas`
  std::uint32_t fell_back = 0;        // 1: asked the committee in vain
};

class BatchStore {
 public:
  [[nodiscard]] std::uint64_t size() const { return batches_.size(); }
  [[nodiscard]] bool holds(BatchId id) const { return id.value < batches_.size(); }
  [[nodiscard]] const Batch& at(BatchId id) const {
    MEZZ_ASSERT(holds(id));
    return batches_[id.value];
  }
  [[nodiscard]] Batch& at(BatchId id) {
    MEZZ_ASSERT(holds(id));
    return batches_[id.value];
  }
  // Numbers the batch and keeps it.
  Batch& add(const Batch& batch) {
    batches_.push_back(batch);
    batches_.back().id = BatchId{batches_.size() - 1};
    return batches_.back();
  }

  void visit_state(auto& v) { v("batches", batches_); }

 private:
  std::vector<Batch> batches_;
};

}  // namespace mezz

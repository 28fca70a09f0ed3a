// Entities that load layer one and watch it: BlockFiller fills blocks by a pattern and writes down
// the fees, ClaimWatcher waits for a number of blocks on top of a claim, FinalityProbe measures
// submission to finality.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/base_chain.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz::validation {

// Layer one without background demand, missed slots or reorgs.
BaseChainParams quiet_chain();

struct FillerParams {
  std::vector<Ratio> pattern = {Ratio::one()};
  std::int64_t blobs = 0;
  Gas gas_limit{30'000'000};

  void visit(auto& v) {
    v("pattern", pattern,
      {.doc = "Gas of the blocks as a share of the limit, over and over",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("blobs", blobs, {.doc = "In each block", .min = 0});
    v("gas_limit", gas_limit, {.doc = "Of the chain"});
  }
};

// The gas that a block with this fullness carries: what the law must use too.
Gas filled_gas(Gas limit, Ratio fullness, std::int64_t blobs);

class BlockFiller final : public EntityOf<BlockFiller, FillerParams, L1Observer> {
 public:
  BlockFiller(const Site& site, const FillerParams& params, Ref<BaseChain> chain);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}

  void stop_blobs() { blobs_ = 0; }
  // Fees after block n, in wei; element 0 is that of the first block.
  [[nodiscard]] const std::vector<std::int64_t>& base_fees() const { return base_fees_; }
  [[nodiscard]] const std::vector<std::int64_t>& blob_fees() const { return blob_fees_; }

  void visit_state(auto& v) {
    v("next", next_);
    v("blobs", blobs_);
    v("base_fees", base_fees_);
    v("blob_fees", blob_fees_);
  }

 private:
  void fill(Context& ctx);

  Ref<BaseChain> chain_;
  std::uint64_t next_ = 0;
  std::int64_t blobs_ = 0;
  std::vector<std::int64_t> base_fees_;
  std::vector<std::int64_t> blob_fees_;
};

struct ClaimParams {
  std::int64_t period = 45'818;
  void visit(auto& v) { v("period", period, {.doc = "Layer-one blocks", .min = 1}); }
};

class ClaimWatcher final : public EntityOf<ClaimWatcher, ClaimParams, L1Observer, L1Sender> {
 public:
  ClaimWatcher(const Site& site, const ClaimParams& params, Ref<BaseChain> chain);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const L1Included& included) override;
  void on(Context&, const L1Reverted&) override {}
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}

  [[nodiscard]] Time included() const { return included_; }
  [[nodiscard]] Time confirmed() const { return confirmed_; }
  void visit_state(auto& v) {
    v("height", height_);
    v("included", included_);
    v("confirmed", confirmed_);
  }

 private:
  Ref<BaseChain> chain_;
  std::uint64_t height_ = 0;
  Time included_ = Time::never();
  Time confirmed_ = Time::never();
};

struct FinalityProbeParams {
  std::int64_t transactions = 1'000;
  Duration interval = 7_min;
  void visit(auto& v) {
    v("transactions", transactions, {.doc = "Sent in all", .min = 1});
    v("interval", interval, {.doc = "Mean time between two; Poisson", .min = 1_ms});
  }
};

class FinalityProbe final
    : public EntityOf<FinalityProbe, FinalityProbeParams, L1Observer, L1Sender> {
 public:
  struct Send {};

  FinalityProbe(const Site& site, const FinalityProbeParams& params, Ref<BaseChain> chain);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Send&);
  void on(Context& ctx, const L1Included& included) override;
  void on(Context&, const L1Reverted&) override {}
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;

  [[nodiscard]] const std::vector<Duration>& delays() const { return delays_; }
  void visit_state(auto& v) {
    v("sent", sent_);
    v("waiting", waiting_);
    v("delays", delays_);
  }

 private:
  struct Waiting {
    Time submitted;
    std::uint64_t height = 0;
  };
  Ref<BaseChain> chain_;
  std::vector<Time> sent_;        // by tag
  std::vector<Waiting> waiting_;  // included, in order of height
  std::vector<Duration> delays_;
};

}  // namespace mezz::validation

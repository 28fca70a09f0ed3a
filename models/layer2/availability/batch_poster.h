// The batch poster: collects sealed layer-two blocks and sends their data to layer one. Source:
// op-batcher (channels, target frames, max-channel-duration, max-pending-tx, data availability
// type, poll interval); reference sheet "layer-two protocols" sections 2.1 and 2.2.
//
//   Collecting -> full (bytes), old (age) or urgent (window)
//              -> submitted (at most max_pending) -> included
//                     ^------ reverted (L1 reorg) -----'
//
// A batch is the longest run of unsent blocks that fits, one transaction. Price: blobs or calldata,
// whichever is cheaper at the fees last heard; with wait_for_cheap it also waits while the cost is
// above its own average, until the oldest block is wait_max old. The chain raises the tip of a
// transaction that waits, up to fee_cap; above the cap the batch is stuck and the age grows.
// With a committee (committee.h) a batch waits for a certificate first, which is then what goes to
// layer one; without a quorum in time its data goes there after all (layer_one), or it asks again
// and again (wait). Batches are cut as for layer one, so that falling back is one transaction. In a
// volition the data of accounts that chose layer one goes along with the certificate.
//
// Rungs are not set here: the inbox contract marks Published, derivation marks OrderFinal, so both
// go on when the poster is down. After a re-organisation of layer two the poster starts again
// behind the kept block; what is under way for dropped blocks is paid for nothing.
// Fees: of all included batches, in gwei rounded up per batch as layer one reports them.
// Left out: compression state of a channel, nonces, replacement of a stuck transaction by hand, a
// second try when the wire loses a transaction. A single block larger than target_blobs goes out
// alone in as many blobs as it needs; the sequencer's block_bytes_max keeps that below a
// transaction's limit.
#pragma once

#include <cstdint>

#include "models/base_chain/base_chain.h"
#include "models/layer2/availability/batch.h"
#include "models/layer2/availability/committee.h"
#include "models/layer2/availability/l1_inbox.h"
#include "models/layer2/availability/posting_rules.h"
#include "models/layer2/chain.h"
#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "models/shock/live.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

struct TransactionSizes;

struct BatchPosterParams {
  std::int64_t target_blobs = 1;
  Duration max_channel_duration = 5_min;
  Duration poll_interval = 6_s;
  std::int64_t max_pending = 1;
  std::int64_t safety_margin = 10;
  posting::MediumPolicy medium = posting::MediumPolicy::Auto;
  std::int64_t calldata_bytes_max = 120'000;
  bool wait_for_cheap = false;
  Duration wait_max = 1_h;
  std::int64_t average_blocks = 300;
  GasPrice tip = 1_gwei;
  GasPrice fee_cap = 500_gwei;

  static constexpr std::string_view kLive[] = {"max_channel_duration"};
  void visit(auto& v) {
    v("target_blobs", target_blobs,
      {.doc = "Blobs per transaction at which a batch is full (op-batcher target-num-frames)",
       .min = 1,
       .max = 6});
    v("max_channel_duration", max_channel_duration,
      {.doc = "Age of the oldest block at which a batch goes out even if not full"});
    v("poll_interval", poll_interval,
      {.doc = "How often the poster looks (op-batcher: 6 s); 0 looks at every block"});
    v("max_pending", max_pending,
      {.doc = "Transactions under way at one time (op-batcher max-pending-tx)", .min = 1});
    v("safety_margin", safety_margin,
      {.doc = "Layer-one blocks before the end of the sequencing window at which a batch goes out "
              "even if neither full nor old (op-batcher sub-safety-margin)",
       .min = 0});
    v("medium", medium, {.doc = "Blobs, calldata, or the cheaper one (auto)"});
    v("calldata_bytes_max", calldata_bytes_max,
      {.doc = "Bytes of one calldata transaction (op-batcher max-l1-tx-size-bytes)",
       .min = 1'000,
       .max = 400'000});
    v("wait_for_cheap", wait_for_cheap,
      {.doc = "A full or old batch waits while posting costs more than its average"});
    v("wait_max", wait_max, {.doc = "Age at which waiting for a lower fee ends"});
    v("average_blocks", average_blocks,
      {.doc = "Layer-one blocks over which the cost is averaged", .min = 1});
    v("tip", tip, {.doc = "Priority fee offered at first"});
    v("fee_cap", fee_cap, {.doc = "Most that base fee and tip, or the blob fee, may reach"});
  }
};

// One row per inclusion; a batch comes again after a reorg of layer one.
struct BatchRow {
  Time time;
  BatchId batch;
  BlockId first_block;
  BlockId last_block;
  std::uint64_t transactions;
  std::uint64_t bytes;
  std::uint16_t blobs;
  BatchMedium medium;
  Wei execution_fee;
  Wei blob_fee;
  Wei cost_per_transaction;
  Duration collecting;
  Duration inclusion;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion in a block of layer one, as the poster hears of it"});
    v("batch", batch, {.doc = "Number of the batch"});
    v("first_block", first_block, {.doc = "Oldest block of layer two in the batch"});
    v("last_block", last_block, {.doc = "Newest block of layer two in the batch"});
    v("transactions", transactions, {.doc = "Transactions of layer two in the batch"});
    v("bytes", bytes, {.doc = "Compressed"});
    v("blobs", blobs, {.doc = "Blobs of the transaction; 0 with calldata"});
    v("medium", medium, {.doc = "How the data was carried"});
    v("execution_fee", execution_fee, {.doc = "Base fee and tip"});
    v("blob_fee", blob_fee, {.doc = "Fee of the blob gas"});
    v("cost_per_transaction", cost_per_transaction, {.doc = "Share of each transaction"});
    v("collecting", collecting, {.doc = "From its oldest block to submission"});
    v("inclusion", inclusion, {.doc = "From submission to inclusion"});
  }
};

// One row per inclusion of a batch that the committee was asked for; again after a reorg.
struct CommitteeBatchRow {
  Time time;
  BatchId batch;
  bool fallback;
  std::uint64_t committee_bytes;
  std::uint64_t layer1_bytes;
  Duration signatures;
  Wei certificate_fee;
  Wei data_fee;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion in a block of layer one, as the poster hears of it"});
    v("batch", batch, {.doc = "Number of the batch"});
    v("fallback", fallback, {.doc = "No quorum in time: all data went to layer one"});
    v("committee_bytes", committee_bytes, {.doc = "Kept by the committee"});
    v("layer1_bytes", layer1_bytes, {.doc = "Posted on layer one"});
    v("signatures", signatures, {.doc = "From asking the committee to submission"});
    v("certificate_fee", certificate_fee, {.doc = "Of the transaction, for the certificate"});
    v("data_fee", data_fee, {.doc = "Of the transaction, for data: gas and blobs"});
  }
};

struct PostingTotals {
  std::uint64_t batches = 0;  // included now
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
  std::uint64_t execution_fee_gwei = 0;
  std::uint64_t blob_fee_gwei = 0;
  std::uint64_t reverted = 0;  // inclusions undone by reorgs of layer one
  std::uint64_t calldata_batches = 0;
  std::uint64_t certificates = 0;  // batches with one
  std::uint64_t committee_bytes = 0;
  std::uint64_t certificate_fee_gwei = 0;  // of the execution fees
  std::uint64_t fallbacks = 0;  // times the quorum was missing and data went to layer one
  std::uint64_t asked_again = 0;
};

struct BatchPosterWiring {
  Ref<BaseChain> l1;
  Ref<L1Contract> inbox_ref;
  L1Inbox* inbox = nullptr;
  const Layer2Chain* chain = nullptr;
  std::int64_t sequencing_window = 3'600;  // as in the derivation
  posting::FeeQuote fees = {};             // at the start; until then only age and size decide
  // Where a committee keeps data; all none or null without.
  Ref<DataCommittee> committee_ref = {};
  const DataCommittee* committee = nullptr;
  const TransactionSizes* sizes = nullptr;
};

class BatchPoster final : public EntityOf<BatchPoster, BatchPosterParams, BlockObserver, L1Sender,
                                          L1Observer, Shockable, SignatureCollector, Tunable>,
                          public Reporter {
 public:
  struct Look {};  // poll, or the age limit of the oldest block
  struct SignaturesLate {
    BatchId batch;
  };

  BatchPoster(const Site& site, const BatchPosterParams& params, const BatchPosterWiring& wiring);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const CertificateReady& certificate) override;
  void on(Context& ctx, const SignaturesLate& late);
  void on(Context& ctx, const ParameterChange& change) override;

  void report(MetricList& out) const override;

  [[nodiscard]] const BatchStore& batches() const { return batches_; }
  [[nodiscard]] const PostingTotals& totals() const { return totals_; }
  [[nodiscard]] std::int64_t pending() const { return pending_; }
  [[nodiscard]] std::uint64_t waiting_bytes() const { return waiting_bytes_; }

  void visit_state(auto& v) {
    v("batches", batches_);
    v("totals", totals_);
    v("next", next_);
    v("heard", heard_);
    v("heard_incarnation", heard_incarnation_);
    v("waiting_bytes", waiting_bytes_);
    v("pending", pending_);
    v("quote", quote_);
    v("l1_height", l1_height_);
    v("average", average_);
    v("age_timer", age_timer_);
    v("down", down_);
    v("ready", ready_);
    v("live", live_);
  }

 private:
  struct Run {  // of blocks, next_ to last
    BlockId last;
    std::uint64_t bytes = 0;
    std::uint64_t transactions = 0;
  };
  [[nodiscard]] bool event_driven() const { return params().poll_interval == Duration::zero(); }
  [[nodiscard]] bool waiting() const { return next_ <= heard_; }
  // The chain went back below what was announced, and Layer2Reorg is on its way.
  [[nodiscard]] bool rolled_back() const;
  [[nodiscard]] Time oldest() const { return chain_->block(next_).sealed; }
  [[nodiscard]] std::uint64_t capacity(BatchMedium medium) const;
  [[nodiscard]] std::uint64_t full_bytes() const;
  [[nodiscard]] bool due(Time now) const;
  [[nodiscard]] bool urgent() const;
  [[nodiscard]] bool too_dear(Time now) const;
  [[nodiscard]] Run take(std::uint64_t bytes_max) const;
  void skip_published();
  void post_all(Context& ctx);
  void post(Context& ctx);
  void set_age_timer(Context& ctx);
  void revert(Batch& batch);
  void record(Time now, const Batch& batch);
  void count(const Batch& batch, std::int64_t sign);
  static void price(Batch& batch);
  void submit(Context& ctx, Batch& batch);

  // batch_poster_committee.cpp
  void ask_committee(Context& ctx, Batch& batch);
  void fall_back(Context& ctx, Batch& batch);
  void submit_ready(Context& ctx, Batch& batch);
  void submit_waiting(Context& ctx);
  void price_certificate(Batch& batch) const;
  [[nodiscard]] std::uint64_t committee_bytes(const Run& run) const;
  [[nodiscard]] BatchMedium medium_for(std::uint64_t bytes) const;
  [[nodiscard]] static std::uint64_t certificate_fee_gwei(const Batch& batch);
  void record_committee(Time now, const Batch& batch);
  void report_committee(MetricList& out) const;

  Ref<BaseChain> l1_;
  Ref<L1Contract> inbox_;
  const Layer2Chain* chain_;
  std::uint64_t window_;
  Ref<DataCommittee> committee_ref_;
  const DataCommittee* committee_;
  const TransactionSizes* sizes_;
  BatchStore batches_;
  PostingTotals totals_;
  BlockId next_{1};   // oldest block not in a batch
  BlockId heard_{0};  // newest block announced
  std::uint64_t heard_incarnation_ = 0;
  std::uint64_t waiting_bytes_ = 0;
  std::int64_t pending_ = 0;
  std::vector<BatchId> ready_;  // certified or fallen back while the poster was down
  posting::FeeQuote quote_;     // for the next block of layer one
  std::uint64_t average_ = 0;
  std::uint64_t l1_height_ = 0;  // last heard
  Timer age_timer_;
  Switch down_;
  Live<BatchPosterParams> live_{params()};

  Probe<Duration> age_probe_{{.name = "batch_age",
                              .doc = "Age of the oldest block of a batch when it is submitted",
                              .recorders = "mean quantiles"}};
  Probe<std::uint64_t> waiting_probe_{{.name = "waiting_bytes",
                                       .doc = "Batch data not yet submitted, at each block",
                                       .recorders = "timeavg",
                                       .unit = "byte"}};
  EventTable<BatchRow> table_;
  EventTable<CommitteeBatchRow> committee_table_;
};

}  // namespace mezz

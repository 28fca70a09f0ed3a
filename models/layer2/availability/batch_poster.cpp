#include "models/layer2/availability/batch_poster.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

static_assert(Flat<PostingTotals> && Flat<Switch>);

namespace {
std::uint64_t in_gwei(Wei amount) {
  return static_cast<std::uint64_t>(narrow(divide(amount.value, 1'000'000'000, Round::Up)));
}
Wei from_gwei(std::uint64_t gwei) { return {static_cast<Int128>(gwei) * 1'000'000'000}; }
}  // namespace

BatchPoster::BatchPoster(const Site& site, const BatchPosterParams& params,
                         const BatchPosterWiring& wiring)
    : EntityOf(site, params),
      l1_(wiring.l1),
      inbox_(wiring.inbox_ref),
      chain_(wiring.chain),
      window_(static_cast<std::uint64_t>(wiring.sequencing_window)),
      committee_ref_(wiring.committee_ref),
      committee_(wiring.committee),
      sizes_(wiring.sizes),
      quote_(wiring.fees) {
  MEZZ_ASSERT(wiring.sequencing_window > 0);
  MEZZ_ASSERT(wiring.inbox != nullptr && chain_ != nullptr);
  if (params.fee_cap < params.tip) {
    throw ScenarioError("availability.fee_cap", "must be at least the tip");
  }
  MEZZ_ASSERT(committee_ref_.exists() == (committee_ != nullptr));
  MEZZ_ASSERT(committee_ == nullptr || sizes_ != nullptr);
  if (committee_ != nullptr && params.wait_for_cheap) {
    throw ScenarioError("availability.wait_for_cheap",
                        "has no meaning with a committee: a certificate costs the same always");
  }
  wiring.inbox->read_batches(batches_);
  if (site.recording == nullptr) return;
  if (committee_ != nullptr) {
    committee_table_.declare(*site.recording, "committee_batches",
                             "Batches that a committee was asked to sign for");
  }
  table_.declare(*site.recording, "batches", "Batches included in blocks of layer one");
  age_probe_.bind(*site.recording, path());
  waiting_probe_.bind(*site.recording, path());
}

void BatchPoster::on(Context& ctx, const Start&) {
  if (!event_driven()) after(ctx, params().poll_interval, Look{});
}

void BatchPoster::on(Context& ctx, const Look&) {
  if (!event_driven()) after(ctx, params().poll_interval, Look{});
  post_all(ctx);
}

void BatchPoster::on(Context& ctx, const BlockSealed& sealed) {
  if (sealed.block > chain_->head() || rolled_back()) return;  // the news is on its way
  for (BlockId n{heard_.value + 1}; n <= sealed.block; ++n.value) {
    waiting_bytes_ += chain_->block(n).bytes;
    heard_ = n;
  }
  heard_incarnation_ = chain_->block(heard_).incarnation;
  skip_published();
  waiting_probe_.record(ctx.now(), waiting_bytes_);
  if (!event_driven()) return;
  post_all(ctx);
}

void BatchPoster::on(Context& ctx, const Layer2Reorg& reorg) {
  if (reorg.kept >= heard_) return;
  heard_ = reorg.kept;
  if (heard_ <= chain_->head()) heard_incarnation_ = chain_->block(heard_).incarnation;
  next_ = std::min(next_, BlockId{reorg.kept.value + 1});
  waiting_bytes_ = 0;
  const BlockId last = std::min(heard_, chain_->head());
  for (BlockId n = next_; n <= last; ++n.value) waiting_bytes_ += chain_->block(n).bytes;
  if (event_driven()) set_age_timer(ctx);
}

void BatchPoster::on(Context& ctx, const L1Included& included) {
  Batch& batch = batches_.at(BatchId{included.tag});
  if (batch.block.exists() && included.block < batch.block) return;  // overtaken by later news
  // Included a second time: the news that the first block was orphaned is still on its way.
  if (batch.included.happened()) revert(batch);
  MEZZ_ASSERT(pending_ > 0);
  --pending_;
  batch.included = ctx.now();
  batch.block = included.block;
  batch.execution_fee_gwei = included.execution_fee_gwei;
  batch.blob_fee_gwei = included.blob_fee_gwei;
  count(batch, 1);
  record(ctx.now(), batch);
  if (event_driven()) post_all(ctx);
}

void BatchPoster::on(Context&, const L1Reverted& reverted) {
  Batch& batch = batches_.at(BatchId{reverted.tag});
  if (batch.block == reverted.block) revert(batch);
}

// The transaction waits in the mempool again; nothing is owed for an orphan.
void BatchPoster::revert(Batch& batch) {
  MEZZ_ASSERT(batch.included.happened());
  MEZZ_ASSERT(totals_.batches > 0);
  ++pending_;
  ++totals_.reverted;
  count(batch, -1);
  batch.included = Time::never();
  batch.block = L1BlockId::none();
}

// An included batch enters the totals, an orphaned one leaves them.
void BatchPoster::count(const Batch& batch, std::int64_t sign) {
  MEZZ_ASSERT(sign == 1 || sign == -1);
  const auto factor = static_cast<std::uint64_t>(sign);  // modulo 2^64: -1 takes away
  totals_.batches += factor;
  totals_.transactions += factor * batch.transactions;
  totals_.bytes += factor * batch.bytes;
  totals_.execution_fee_gwei += factor * batch.execution_fee_gwei;
  totals_.blob_fee_gwei += factor * batch.blob_fee_gwei;
  if (batch.medium == BatchMedium::Calldata) totals_.calldata_batches += factor;
  if (batch.medium != BatchMedium::Committee) return;
  totals_.certificates += factor;
  totals_.committee_bytes += factor * batch.committee_bytes;
  totals_.certificate_fee_gwei += factor * certificate_fee_gwei(batch);
}

void BatchPoster::on(Context& ctx, const L1Head& head) {
  quote_ = {.base_fee = head.base_fee, .blob_fee = head.blob_fee};
  const std::uint64_t bytes = full_bytes();
  const BatchMedium medium = posting::choose_medium(bytes, quote_, params().medium);
  const std::uint64_t now = in_gwei(posting::cost(bytes, quote_, medium));
  average_ = average_ == 0
                 ? now
                 : posting::next_average(average_, now,
                                         static_cast<std::uint64_t>(params().average_blocks));
  l1_height_ = head.height;
  if (event_driven()) post_all(ctx);
}

void BatchPoster::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::BatcherDown) return;
  down_.apply(shock);
  if (!down_.on()) submit_waiting(ctx);
  if (!down_.on() && event_driven()) post_all(ctx);
}

std::uint64_t BatchPoster::capacity(BatchMedium medium) const {
  return static_cast<std::uint64_t>(medium == BatchMedium::Blobs
                                        ? params().target_blobs * base_chain::kBlobBytesUsable
                                        : params().calldata_bytes_max);
}

std::uint64_t BatchPoster::full_bytes() const {
  return capacity(params().medium == posting::MediumPolicy::Calldata ? BatchMedium::Calldata
                                                                     : BatchMedium::Blobs);
}

bool BatchPoster::due(Time now) const {
  return waiting() && (waiting_bytes_ >= full_bytes() ||
                       now - oldest() >= live_->max_channel_duration || urgent());
}

// The oldest block must be on layer one when the window of its epoch ends (derivation.h).
bool BatchPoster::urgent() const {
  const std::uint64_t origin = chain_->block(next_).l1_origin;
  const std::uint64_t parent = chain_->block(BlockId{next_.value - 1}).l1_origin;
  const std::uint64_t deadline = std::min(origin, parent + 1) + window_;
  return l1_height_ + static_cast<std::uint64_t>(params().safety_margin) >= deadline;
}

bool BatchPoster::too_dear(Time now) const {
  if (!params().wait_for_cheap || now - oldest() >= params().wait_max || urgent()) return false;
  const std::uint64_t bytes = full_bytes();
  const BatchMedium medium = posting::choose_medium(bytes, quote_, params().medium);
  return in_gwei(posting::cost(bytes, quote_, medium)) > average_;
}

// At least one block, whatever its size.
BatchPoster::Run BatchPoster::take(std::uint64_t bytes_max) const {
  MEZZ_ASSERT(waiting());
  Run run{.last = next_};
  for (BlockId n = next_; n <= heard_; ++n.value) {
    const Layer2Block& block = chain_->block(n);
    if (n != next_ && run.bytes + block.bytes > bytes_max) break;
    run.last = n;
    run.bytes += block.bytes;
    run.transactions += block.count;
  }
  return run;
}

// Blocks that were derived from layer one alone need no batch.
void BatchPoster::skip_published() {
  while (waiting() && chain_->block(next_).ladder[Rung::Published].happened()) {
    waiting_bytes_ -= chain_->block(next_).bytes;
    ++next_.value;
  }
}

// Blocks may have been made anew within the same instant: their number alone tells nothing.
bool BatchPoster::rolled_back() const {
  return heard_ > chain_->head() || chain_->block(heard_).incarnation != heard_incarnation_;
}

void BatchPoster::post_all(Context& ctx) {
  if (rolled_back()) return;  // it will look again when it hears of it
  skip_published();
  while (!down_.on() && pending_ < params().max_pending && due(ctx.now()) && !too_dear(ctx.now())) {
    post(ctx);
  }
  if (event_driven()) set_age_timer(ctx);
}

void BatchPoster::post(Context& ctx) {
  Run run = take(full_bytes());
  BatchMedium medium = posting::choose_medium(run.bytes, quote_, params().medium);
  if (committee_ == nullptr && medium == BatchMedium::Calldata) {
    run = take(capacity(BatchMedium::Calldata));
  }
  if (posting::calldata_gas(run.bytes) > base_chain::kTransactionGasMax) {
    medium = BatchMedium::Blobs;  // one block too large for the gas of one transaction
  }
  const std::uint64_t off_layer1 = committee_bytes(run);
  Batch& batch = batches_.add({.first = next_,
                               .last = run.last,
                               .incarnation = chain_->block(run.last).incarnation,
                               .bytes = run.bytes,
                               .transactions = run.transactions,
                               .opened = oldest(),
                               .submitted = ctx.now(),
                               .medium = medium,
                               .committee_bytes = off_layer1});
  MEZZ_ASSERT(waiting_bytes_ >= run.bytes);
  waiting_bytes_ -= run.bytes;
  next_ = BlockId{run.last.value + 1};
  ++pending_;
  if (off_layer1 > 0) return ask_committee(ctx, batch);
  price(batch);
  submit(ctx, batch);
}

// Gas and blobs of a batch that goes to layer one whole.
void BatchPoster::price(Batch& batch) {
  MEZZ_ASSERT(batch.medium != BatchMedium::Committee && batch.committee_bytes == 0);
  const bool by_blob = batch.medium == BatchMedium::Blobs;
  const Gas gas = by_blob ? posting::blob_transaction_gas() : posting::calldata_gas(batch.bytes);
  const std::int64_t blobs = base_chain::blobs_for_bytes(
      static_cast<std::int64_t>(std::max<std::uint64_t>(batch.bytes, 1)));
  batch.gas = static_cast<std::uint32_t>(gas.units);
  batch.blobs = static_cast<std::uint16_t>(by_blob ? blobs : 0);
}

void BatchPoster::submit(Context& ctx, Batch& batch) {
  MEZZ_ASSERT(batch.gas > 0 && !batch.included.happened());
  batch.submitted = ctx.now();
  age_probe_.record(ctx.now(), batch.submitted - batch.opened);
  ctx.send(l1_, SubmitL1Transaction{.to = inbox_,
                                    .from = self(),
                                    .tag = batch.id.value,
                                    .a = batch.id.value,
                                    .gas = batch.gas,
                                    .blobs = batch.blobs,
                                    .kind = L1CallKind::BatchData,
                                    .tip = MilliGwei::from(params().tip),
                                    .cap = MilliGwei::from(params().fee_cap)});
}

// A poster that polls hears of it at the next look.
void BatchPoster::on(Context& ctx, const ParameterChange& change) {
  live_.apply(change);
  if (event_driven()) post_all(ctx);
}

// Looks when the oldest block reaches the next limit that lies ahead.
void BatchPoster::set_age_timer(Context& ctx) {
  ctx.cancel(age_timer_);
  if (!waiting() || next_ > chain_->head()) return;
  const Time by_age = oldest() + live_->max_channel_duration;
  const Time by_patience = oldest() + params().wait_max;
  const Time next = by_age > ctx.now() ? by_age : by_patience;
  if (next > ctx.now()) age_timer_ = after(ctx, next - ctx.now(), Look{});
}

void BatchPoster::record(Time now, const Batch& batch) {
  const Wei execution = from_gwei(batch.execution_fee_gwei);
  const Wei blob = from_gwei(batch.blob_fee_gwei);
  const std::uint64_t sharers = std::max<std::uint64_t>(batch.transactions, 1);
  table_.append({.time = now,
                 .batch = batch.id,
                 .first_block = batch.first,
                 .last_block = batch.last,
                 .transactions = batch.transactions,
                 .bytes = batch.bytes,
                 .blobs = batch.blobs,
                 .medium = batch.medium,
                 .execution_fee = execution,
                 .blob_fee = blob,
                 .cost_per_transaction = {(execution + blob).value / static_cast<Int128>(sharers)},
                 .collecting = batch.submitted - batch.opened,
                 .inclusion = now - batch.submitted});
  if (batch.asked.happened()) record_committee(now, batch);
}

void BatchPoster::report(MetricList& out) const {
  out.count("batches", totals_.batches);
  out.count("batches.reverted", totals_.reverted);
  if (committee_ != nullptr) report_committee(out);
}

}  // namespace mezz

// The batch poster's dealings with a data-availability committee.
#include <algorithm>

#include "models/layer2/availability/batch_poster.h"
#include "models/layer2/execution/node.h"
#include "sim/check/assert.h"

namespace mezz {

// What the committee keeps of these blocks. Messages of layer one are there already and count
// nowhere (Derivation::build); headers of blocks go where layer one's part of the data goes.
std::uint64_t BatchPoster::committee_bytes(const Run& run) const {
  if (committee_ == nullptr) return 0;
  if (!committee_->volition()) return run.bytes;
  std::uint64_t bytes = 0;
  for (BlockId n = next_; n <= run.last; ++n.value) {
    const Layer2Block& block = chain_->block(n);
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = chain_->transaction(i).transaction;
      if ((tx.flags & Transaction::kForced) != 0 || committee_->on_layer_one(tx.account)) continue;
      bytes += sizes_->published(tx);
    }
  }
  MEZZ_ASSERT(bytes <= run.bytes);
  return bytes;
}

void BatchPoster::ask_committee(Context& ctx, Batch& batch) {
  MEZZ_ASSERT(committee_ref_.exists());
  MEZZ_ASSERT(batch.committee_bytes > 0 && batch.committee_bytes <= batch.bytes);
  batch.medium = BatchMedium::Committee;
  batch.asked = ctx.now();
  ctx.send(committee_ref_,
           AskSignatures{.batch = batch.id, .first = batch.first, .last = batch.last});
  after(ctx, committee_->params().request_timeout, SignaturesLate{batch.id});
}

void BatchPoster::on(Context& ctx, const CertificateReady& certificate) {
  Batch& batch = batches_.at(certificate.batch);
  if (batch.fell_back != 0) return;  // too late: its data is on the way to layer one
  MEZZ_ASSERT(batch.medium == BatchMedium::Committee && !batch.certified.happened());
  batch.certified = ctx.now();
  submit_ready(ctx, batch);
}

void BatchPoster::on(Context& ctx, const SignaturesLate& late) {
  Batch& batch = batches_.at(late.batch);
  if (batch.certified.happened()) return;
  MEZZ_ASSERT(batch.fell_back == 0);
  if (committee_->params().fallback == CommitteeFallback::LayerOne) {
    ctx.send(committee_ref_, DropRequest{batch.id});
    fall_back(ctx, batch);
    return;
  }
  ++totals_.asked_again;
  ctx.send(committee_ref_,
           AskSignatures{.batch = batch.id, .first = batch.first, .last = batch.last});
  after(ctx, committee_->params().retry_delay, SignaturesLate{batch.id});
}

void BatchPoster::fall_back(Context& ctx, Batch& batch) {
  batch.fell_back = 1;
  batch.committee_bytes = 0;
  ++totals_.fallbacks;
  submit_ready(ctx, batch);
}

// A poster that is down sends it when it is back.
void BatchPoster::submit_ready(Context& ctx, Batch& batch) {
  if (down_.on()) {
    ready_.push_back(batch.id);
    return;
  }
  if (batch.fell_back != 0) {
    batch.medium = medium_for(batch.bytes);
    price(batch);
  } else {
    price_certificate(batch);
  }
  submit(ctx, batch);
}

void BatchPoster::submit_waiting(Context& ctx) {
  const std::vector<BatchId> waiting = std::move(ready_);
  ready_.clear();
  for (const BatchId id : waiting) submit_ready(ctx, batches_.at(id));
}

BatchMedium BatchPoster::medium_for(std::uint64_t bytes) const {
  const BatchMedium medium = posting::choose_medium(bytes, quote_, params().medium);
  const bool small = bytes <= capacity(BatchMedium::Calldata) &&
                     posting::calldata_gas(bytes) <= base_chain::kTransactionGasMax;
  return small ? medium : BatchMedium::Blobs;
}

void BatchPoster::price_certificate(Batch& batch) const {
  MEZZ_ASSERT(batch.certified.happened() && batch.medium == BatchMedium::Committee);
  const std::uint64_t on_layer1 = batch.bytes - batch.committee_bytes;
  const bool by_blob = on_layer1 > 0 && medium_for(on_layer1) == BatchMedium::Blobs;
  const posting::CertificateGas gas =
      posting::certificate_gas(static_cast<std::uint64_t>(committee_->params().certificate_bytes),
                               committee_->params().certificate_gas, by_blob ? 0 : on_layer1);
  batch.gas = static_cast<std::uint32_t>(gas.total.units);
  batch.certificate_gas = static_cast<std::uint32_t>(gas.certificate.units);
  if (!by_blob) return;
  const std::int64_t blobs = base_chain::blobs_for_bytes(static_cast<std::int64_t>(on_layer1));
  batch.blobs = static_cast<std::uint16_t>(blobs);
}

// Its share of the execution fee by gas.
std::uint64_t BatchPoster::certificate_fee_gwei(const Batch& batch) {
  if (batch.medium != BatchMedium::Committee) return 0;
  MEZZ_ASSERT(batch.certificate_gas <= batch.gas);
  const auto fee = static_cast<std::int64_t>(batch.execution_fee_gwei);
  return static_cast<std::uint64_t>(mul_div(fee, batch.certificate_gas, batch.gas, Round::Up));
}

void BatchPoster::record_committee(Time now, const Batch& batch) {
  const auto from_gwei = [](std::uint64_t gwei) {
    return Wei{static_cast<Int128>(gwei) * 1'000'000'000};
  };
  const std::uint64_t certificate = certificate_fee_gwei(batch);
  committee_table_.append(
      {.time = now,
       .batch = batch.id,
       .fallback = batch.fell_back != 0,
       .committee_bytes = batch.committee_bytes,
       .layer1_bytes = batch.bytes - batch.committee_bytes,
       .signatures = batch.submitted - batch.asked,
       .certificate_fee = from_gwei(certificate),
       .data_fee = from_gwei(batch.execution_fee_gwei - certificate + batch.blob_fee_gwei)});
}

void BatchPoster::report_committee(MetricList& out) const {
  out.count("batches.certified", totals_.certificates);
  out.count("batches.fallbacks", totals_.fallbacks);
  out.count("batches.asked_again", totals_.asked_again);
  out.count("data.bytes.committee", totals_.committee_bytes);
  out.count("data.bytes.layer_one", totals_.bytes - totals_.committee_bytes);
  const auto ether = [](std::uint64_t gwei) { return static_cast<double>(gwei) * 1e-9; };
  const std::uint64_t all = totals_.execution_fee_gwei + totals_.blob_fee_gwei;
  out.add("data.fee.certificates", ether(totals_.certificate_fee_gwei), "ETH");
  out.add("data.fee.layer_one", ether(all - totals_.certificate_fee_gwei), "ETH");
}

}  // namespace mezz

#include "scenarios/validation/chain_probes.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

namespace {
constexpr MilliGwei kAnyPrice{0xFFFFFFFFU};  // 4.2 million gwei
constexpr MilliGwei kTip{1'000};
}  // namespace

BaseChainParams quiet_chain() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.participation = Ratio::one();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  return p;
}

Gas filled_gas(Gas limit, Ratio fullness, std::int64_t blobs) {
  const Gas gas{mul_div(limit.units, fullness.ppb, Ratio::kScale, Round::Down)};
  // Less than one transaction is none, unless one is needed to carry blobs.
  if (gas < base_chain::kTransactionGas) return blobs > 0 ? base_chain::kTransactionGas : Gas{0};
  return gas;
}

BlockFiller::BlockFiller(const Site& site, const FillerParams& params, Ref<BaseChain> chain)
    : EntityOf(site, params), chain_(chain), blobs_(params.blobs) {
  MEZZ_ASSERT(!params.pattern.empty() && chain.exists());
}

void BlockFiller::on(Context& ctx, const Start&) { fill(ctx); }

void BlockFiller::on(Context& ctx, const L1Head& head) {
  base_fees_.push_back(head.base_fee.wei_per_gas);
  blob_fees_.push_back(head.blob_fee.wei_per_gas);
  MEZZ_ASSERT(head.height == base_fees_.size());
  fill(ctx);
}

void BlockFiller::fill(Context& ctx) {
  const Ratio fullness = params().pattern[next_++ % params().pattern.size()];
  const std::int64_t total = filled_gas(params().gas_limit, fullness, blobs_).units;
  if (total == 0) return;
  const std::int64_t largest = base_chain::kTransactionGasMax.units;
  const std::int64_t count = (total + largest - 1) / largest;
  for (std::int64_t i = 0; i < count; ++i) {
    // Equal parts: none is too small to be a transaction.
    const std::int64_t gas = total * (i + 1) / count - total * i / count;
    SubmitL1Transaction call;
    call.tag = next_;
    call.gas = static_cast<std::uint32_t>(gas);
    call.blobs = static_cast<std::uint16_t>(i == 0 ? blobs_ : 0);
    call.tip = kTip;
    call.cap = kAnyPrice;
    ctx.send(chain_, call);
  }
}

ClaimWatcher::ClaimWatcher(const Site& site, const ClaimParams& params, Ref<BaseChain> chain)
    : EntityOf(site, params), chain_(chain) {
  MEZZ_ASSERT(params.period > 0 && chain.exists());
}

void ClaimWatcher::on(Context& ctx, const Start&) {
  SubmitL1Transaction call;
  call.from = self();
  call.kind = L1CallKind::StateClaim;
  call.tip = kTip;
  call.cap = kAnyPrice;
  ctx.send(chain_, call);
}

void ClaimWatcher::on(Context& ctx, const L1Included& included) {
  MEZZ_ASSERT(!included_.happened());
  height_ = included.height;
  included_ = ctx.now();
}

void ClaimWatcher::on(Context& ctx, const L1Head& head) {
  if (!included_.happened() || confirmed_.happened()) return;
  if (head.height < height_ + static_cast<std::uint64_t>(params().period)) return;
  confirmed_ = ctx.now();
  ctx.stop();
}

FinalityProbe::FinalityProbe(const Site& site, const FinalityProbeParams& params,
                             Ref<BaseChain> chain)
    : EntityOf(site, params), chain_(chain) {
  MEZZ_ASSERT(params.transactions > 0 && chain.exists());
}

void FinalityProbe::on(Context& ctx, const Start&) {
  after(ctx, exponential(rng(), params().interval), Send{});
}

void FinalityProbe::on(Context& ctx, const Send&) {
  SubmitL1Transaction call;
  call.from = self();
  call.tag = sent_.size();
  call.tip = kTip;
  call.cap = kAnyPrice;
  ctx.send(chain_, call);
  sent_.push_back(ctx.now());
  if (static_cast<std::int64_t>(sent_.size()) >= params().transactions) return;
  after(ctx, exponential(rng(), params().interval), Send{});
}

void FinalityProbe::on(Context&, const L1Included& included) {
  MEZZ_ASSERT(included.tag < sent_.size());
  MEZZ_ASSERT(waiting_.empty() || waiting_.back().height <= included.height);
  waiting_.push_back({sent_[included.tag], included.height});
}

void FinalityProbe::on(Context& ctx, const L1Finalised& finalised) {
  const auto open = std::find_if(waiting_.begin(), waiting_.end(), [&finalised](const Waiting& w) {
    return w.height > finalised.height;
  });
  for (auto it = waiting_.begin(); it != open; ++it) delays_.push_back(ctx.now() - it->submitted);
  waiting_.erase(waiting_.begin(), open);
  if (static_cast<std::int64_t>(delays_.size()) >= params().transactions) ctx.stop();
}

}  // namespace mezz::validation

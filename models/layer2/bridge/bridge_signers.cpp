// The off-chain half of quorum_bridge.h: signers, relayer, thief.
#include <algorithm>
#include <vector>

#include "models/layer2/bridge/quorum_bridge.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

BridgeSigners::BridgeSigners(const Site& site, const QuorumBridgeParams& p, Ref<BaseChain> l1,
                             Ref<QuorumBridge> contract, const QuorumBridge& bridge)
    : EntityOf(site, p),
      bridge_(&bridge),
      contract_(contract),
      address_{.l1 = l1, .contract = contract, .sender = self()},
      stream_(site.stream("signatures")) {
  MEZZ_ASSERT(l1.exists() && contract.exists());
  MEZZ_ASSERT(p.threshold >= 1 && p.threshold <= p.keys);
}

std::int64_t BridgeSigners::silent() const {
  if (!down_.on()) return 0;
  return mul_div(params().keys, down_.magnitude.ppb, Ratio::kScale, Round::Up);
}

// Until `threshold` signers have answered; negative if there are not so many.
Duration BridgeSigners::gather() {
  delays_.clear();
  for (std::int64_t i = 0; i < params().keys; ++i) {
    delays_.push_back(draw(params().sign_delay, stream_));
  }
  const std::int64_t awake = params().keys - std::min(silent(), params().keys);
  if (awake < params().threshold) return Duration{-1};
  delays_.resize(static_cast<std::size_t>(awake));
  std::sort(delays_.begin(), delays_.end());
  return delays_[static_cast<std::size_t>(params().threshold - 1)];
}

// ---- deposits

void BridgeSigners::attest(Context& ctx, std::uint64_t height) {
  const auto depth = static_cast<std::uint64_t>(params().confirmations);
  if (height < depth || height - depth <= attested_) return;
  const Duration delay = gather();
  if (delay >= Duration::zero()) after(ctx, delay, Attested{height - depth});
}

void BridgeSigners::on(Context&, const Attested& attested) {
  attested_ = std::max(attested_, attested.height);
}

// ---- withdrawals

void BridgeSigners::sign_some(Context& ctx) {
  for (; known_ < bridge_->withdrawals(); ++known_) unsigned_.insert(known_);
  while (!due_.empty() && due_.begin()->first <= ctx.now()) {
    unsigned_.insert(due_.begin()->second);
    due_.erase(due_.begin());
  }
  if (bridge_->paused(ctx.now())) return;
  std::int64_t left = params().batch_max;
  auto next = unsigned_.begin();
  while (next != unsigned_.end() && left > 0) {
    const std::uint64_t withdrawal = *next;
    if (bridge_->withdrawal({withdrawal}).stage != WithdrawalStage::Initiated) {
      next = unsigned_.erase(next);
      continue;
    }
    if (!bridge_->ready({withdrawal})) {
      ++next;  // after a rollback later numbers may stand in earlier blocks
      continue;
    }
    // A proof against a checkpoint carries the checkpoint's signatures: nobody signs again.
    const bool proof = params().release == ReleaseRule::Checkpoint;
    const Duration delay = proof ? Duration::zero() : gather();
    if (delay < Duration::zero()) return;
    after(ctx, delay, Release{withdrawal});
    next = unsigned_.erase(next);
    --left;
  }
}

void BridgeSigners::on(Context& ctx, const Release& release) {
  submit(ctx, release.withdrawal, params().threshold);
}

void BridgeSigners::submit(Context& ctx, std::uint64_t withdrawal, std::int64_t signatures) {
  MEZZ_ASSERT(signatures >= 0);
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::ReleaseFunds,
                  .a = withdrawal,
                  .b = static_cast<std::uint64_t>(signatures),
                  .gas = params().release_gas});
}

void BridgeSigners::on(Context& ctx, const L1Head& head) {
  attest(ctx, head.height);
  sign_some(ctx);
}

void BridgeSigners::on(Context& ctx, const L1Included& included) {
  const std::uint64_t withdrawal = outbox_.included(included).call.a;
  if (withdrawal == QuorumBridge::kEverything) {
    if (detecting_ == 0 && bridge_->totals().stolen > Money::zero()) {
      detecting_ = 1;
      after(ctx, params().detection, Detected{theft_});
    }
    if (params().daily_limit == Money::zero()) return;
    // A new day has a new limit.
    const std::int64_t day = (ctx.now() - Time::zero()).ns / Duration{1_d}.ns;
    const Time tomorrow = Time::zero() + Duration{1_d} * (day + 1);
    steal_timer_ = after(ctx, tomorrow - ctx.now(), Steal{});
    return;
  }
  if (withdrawal >= bridge_->withdrawals()) return;
  if (bridge_->withdrawal({withdrawal}).stage != WithdrawalStage::Initiated) return;
  due_.insert({ctx.now() + params().retry_delay, withdrawal});  // refused
}

void BridgeSigners::on(Context&, const L1Reverted& reverted) {
  // The transaction waits again and will do the same again.
  const L1Outbox::Sent& sent = outbox_.reverted(reverted);
  if (sent.height != 0) return;
  const auto entry = std::find_if(due_.begin(), due_.end(),
                                  [&](const Due& due) { return due.second == sent.call.a; });
  if (entry != due_.end()) due_.erase(entry);
}

void BridgeSigners::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
}

// ---- keys in the wrong hand

void BridgeSigners::on(Context& ctx, const Shock& shock) {
  if (shock.kind == ShockKind::ValidatorsDown) down_.apply(shock);
  if (shock.kind != ShockKind::KeysCompromised) return;
  if (shock.edge == ShockEdge::Ends) {
    stolen_keys_ = 0;  // replaced
    return;
  }
  stolen_keys_ = mul_div(params().keys, shock.magnitude.ppb, Ratio::kScale, Round::Down);
  ++theft_;
  detecting_ = 0;
  MEZZ_ASSERT(stolen_keys_ >= 0 && stolen_keys_ <= params().keys);
  if (stolen_keys_ >= params().threshold) after(ctx, Duration::zero(), Steal{});
}

void BridgeSigners::on(Context& ctx, const Steal&) {
  if (stolen_keys_ < params().threshold) return;
  ++thefts_;
  submit(ctx, QuorumBridge::kEverything, stolen_keys_);
}

void BridgeSigners::on(Context& ctx, const Detected& detected) {
  if (detected.theft != theft_) return;
  stolen_keys_ = 0;
  ctx.cancel(steal_timer_);
  ctx.send(contract_, PauseBridge{ctx.now() + params().recovery});
}

void BridgeSigners::report(MetricList& out) const {
  out.count("bridge.theft_attempts", thefts_);
  out.count("bridge.releases_waiting", unsigned_.size() + due_.size());
}

}  // namespace mezz

#include "models/layer2/sequencing/single_sequencer.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"

namespace mezz {

static_assert(Flat<SequencerCounts>);

bool censors(Ratio share, AccountId account) {
  constexpr std::uint64_t kPurpose = 0x63656E736F72;  // "censor": not the hash of anything else
  const std::uint64_t draw =
      mix(account.value, kPurpose) % static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < share.ppb;
}

SingleSequencer::SingleSequencer(const Site& site, const SequencerParams& params,
                                 ExecutionNode& node, Derivation& derivation)
    : EntityOf(site, params), node_(&node), derivation_(&derivation) {
  derivation.return_to(*this);
  if (site.recording == nullptr) return;
  queue_probe_.bind(*site.recording, path());
  delay_probe_.bind(*site.recording, path());
}

void SingleSequencer::on(Context& ctx, const Start&) {
  after(ctx, params().block_time, SlotTick{});
}

void SingleSequencer::on(Context& ctx, const SlotTick&) {
  after(ctx, params().block_time, SlotTick{});
  queue_probe_.record(ctx.now(), queue_.size());
  if (down_.on()) return;
  const std::uint64_t ahead = node_->chain().head().value - derivation_->safe_head().value;
  if (params().max_safe_lag > 0 && ahead >= static_cast<std::uint64_t>(params().max_safe_lag)) {
    ++counts_.safe_lag_waits;
    return;
  }
  if (derivation_->window_at_risk()) {
    recover(ctx);
  } else {
    build(ctx);
  }
}

void SingleSequencer::on(Context& ctx, const SubmitTransaction& message) {
  MEZZ_ASSERT(message.transaction.kind != TxKind::Deposit);  // only from layer one
  MEZZ_ASSERT((message.transaction.flags & Transaction::kForced) == 0);
  if (rpc_down_.on() || (down_.on() && !params().rpc_accepts_in_outage)) {
    ++counts_.lost_at_rpc;
    return;
  }
  if (queue_.size() >= static_cast<std::size_t>(params().queue_max)) {
    ++counts_.refused;
    refuse(ctx, message.transaction);
    return;
  }
  ++counts_.accepted;
  queue_.push_back(message.transaction);
}

void SingleSequencer::on(Context&, const Shock& shock) {
  switch (shock.kind) {
    case ShockKind::RpcDown:
      rpc_down_.apply(shock);
      break;
    case ShockKind::SequencerDown:
      down_.apply(shock);
      break;
    case ShockKind::SequencerDegraded:
      degraded_.apply(shock);
      break;
    case ShockKind::Censorship:
      censorship_.apply(shock);
      break;
    case ShockKind::CensorWithdrawals:
      censor_withdrawals_.apply(shock);
      break;
    default:
      break;  // meant for another part
  }
}

void SingleSequencer::take_back(Context&, const std::vector<Transaction>& dropped) {
  counts_.returned += dropped.size();
  // They were promised a place before anything that waits now; queue_max does not apply.
  queue_.insert(queue_.begin(), dropped.begin(), dropped.end());
}

// A layer-one block heard of at this very moment may still have calls on their way through other
// contracts; it can be adopted a moment later.
std::uint64_t SingleSequencer::next_origin(Time now) const {
  const L1View& l1 = derivation_->l1();
  const std::uint64_t current = node_->chain().head_block().l1_origin;
  MEZZ_ASSERT(current <= l1.height());
  const auto depth = static_cast<std::uint64_t>(params().l1_confirmation_depth);
  if (l1.height() < depth) return current;
  std::uint64_t target = l1.height() - depth;
  while (target > current && l1.heard(target) >= now) --target;
  return std::max(current, target);
}

std::size_t SingleSequencer::capacity() const {
  if (!degraded_.on()) return static_cast<std::size_t>(params().transactions_per_block);
  const std::int64_t left =
      mul_div(params().transactions_per_block, degraded_.magnitude.ppb, Ratio::kScale, Round::Down);
  return static_cast<std::size_t>(std::max<std::int64_t>(left, 0));
}

bool SingleSequencer::ignores(const Transaction& tx) const {
  if (censor_withdrawals_.on() && tx.kind == TxKind::Withdraw) return true;
  return censorship_.on() && censors(censorship_.magnitude, tx.account);
}

void SingleSequencer::build(Context& ctx) {
  const std::uint64_t current = node_->chain().head_block().l1_origin;
  const std::uint64_t origin = next_origin(ctx.now());
  MEZZ_ASSERT(origin >= current);
  block_.clear();
  for (std::uint64_t height = current + 1; height <= origin; ++height) {
    derivation_->inbox().collect(height, block_);
  }
  counts_.messages += block_.size();
  if (ctx.now() - derivation_->l1().heard(origin) > params().max_sequencer_drift) {
    ++counts_.drift_blocks;
  } else {
    take_from_queue(ctx);
  }
  ++counts_.blocks;
  derivation_->build(ctx, origin, block_);
}

void SingleSequencer::recover(Context& ctx) {
  const std::uint64_t target = next_origin(ctx.now());
  for (std::uint64_t origin = node_->chain().head_block().l1_origin + 1; origin <= target;
       ++origin) {
    block_.clear();
    derivation_->inbox().collect(origin, block_);
    counts_.messages += block_.size();
    ++counts_.blocks;
    ++counts_.recovery_blocks;
    derivation_->build(ctx, origin, block_);
  }
}

void SingleSequencer::take_from_queue(Context& ctx) {
  const std::size_t most = capacity();
  std::uint64_t bytes = node_->block_bytes({});
  while (block_.size() < most && !queue_.empty()) {
    const Transaction tx = queue_.front();
    const std::uint64_t after_this = bytes + node_->transaction_bytes(tx);
    if (after_this > static_cast<std::uint64_t>(params().block_bytes_max)) break;
    queue_.pop_front();
    const Duration age = ctx.now() - tx.submitted;
    if (ignores(tx)) {
      ++counts_.censored;
    } else if (params().queue_timeout > Duration::zero() && age > params().queue_timeout) {
      ++counts_.expired;
      refuse(ctx, tx);
    } else {
      ++counts_.included;
      delay_probe_.record(ctx.now(), age);
      bytes = after_this;
      block_.push_back(tx);
    }
  }
}

void SingleSequencer::refuse(Context& ctx, const Transaction& tx) const {
  derivation_->feed().tell(ctx, {.transaction = TxId::none(),
                                 .account = tx.account,
                                 .kind = tx.kind,
                                 .status = TxStatus::Expired,
                                 .reference = tx.reference,
                                 .filled = Quantity{},
                                 .average = Price{},
                                 .block = BlockId::none()});
}

}  // namespace mezz

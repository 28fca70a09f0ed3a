#include "models/layer2/sequencing/sequencer_core.h"

#include <algorithm>

#include "models/layer2/sequencing/express_lane.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/check/fingerprint.h"
#include "sim/config/units.h"

namespace mezz {

static_assert(Flat<SequencerCounts>);

bool censors(Ratio share, AccountId account) {
  constexpr std::uint64_t kPurpose = 0x63656E736F72;  // "censor": not the hash of anything else
  const std::uint64_t draw =
      mix(account.value, kPurpose) % static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < share.ppb;
}

namespace {
void check_batches(const SequencerParams& p) {
  const Duration interval = p.batch_auction.interval;
  if (p.order != OrderingRule::BatchAuction || interval == Duration::zero()) return;
  if (interval < p.block_time) {
    throw ScenarioError("sequencing.batch_auction.interval",
                        "must not be shorter than sequencing.block_time, " +
                            config::to_text(p.block_time) + ", got " + config::to_text(interval) +
                            ": a batch ends with a block (0: with every block)");
  }
  if (p.queue_timeout > Duration::zero() && p.queue_timeout <= interval) {
    throw ScenarioError("sequencing.queue_timeout",
                        "must be longer than sequencing.batch_auction.interval, " +
                            config::to_text(interval) + ", got " +
                            config::to_text(p.queue_timeout) +
                            ": orders would expire before their batch ends");
  }
}

void check_order(const SequencerParams& p) {
  const Duration sub_block = p.priority_fee.sub_block;
  if (p.order != OrderingRule::PriorityFee || sub_block == Duration::zero()) return;
  if (sub_block >= p.block_time) {
    throw ScenarioError("sequencing.priority_fee.sub_block",
                        "must be shorter than sequencing.block_time");
  }
  if (p.kind != SequencingKind::Single) {
    throw ScenarioError("sequencing.priority_fee.sub_block",
                        "needs sequencing.kind = single: others have no flashblocks");
  }
}
}  // namespace

SequencerCore::SequencerCore(const Site& site, const SequencerParams& params, ExecutionNode& node,
                             Derivation& derivation)
    : params_(&params), node_(&node), derivation_(&derivation) {
  check_order(params);
  check_batches(params);
  derivation.return_to(*this);
  if (site.recording == nullptr) return;
  queue_probe_.bind(*site.recording, site.path);
  delay_probe_.bind(*site.recording, site.path);
  if (by_priority() && params.priority_fee.sub_block > Duration::zero()) {
    sub_block_probe_.bind(*site.recording, site.path);
  }
}

// ---- users

bool SequencerCore::reached(bool up) {
  if (!rpc_down_.on() && (up || params_->rpc_accepts_in_outage)) return true;
  ++counts_.lost_at_rpc;
  return false;
}

bool SequencerCore::must_wait(Time now, const Transaction& tx) const {
  if (lane_ == nullptr) return false;
  const std::uint8_t holder = lane_->holder(now);
  return holder != ExpressLane::kNobody && tx.priority != holder;
}

// A full queue refuses the newest; by priority it refuses the lowest tip instead, which may wait
// already.
bool SequencerCore::make_room(Context& ctx, const Transaction& tx) {
  if (queue_.size() < static_cast<std::size_t>(params_->queue_max)) return true;
  ++counts_.refused;
  if (by_priority()) {
    const auto first = queue_.begin() + static_cast<std::ptrdiff_t>(placed_);
    auto lowest = queue_.end();
    for (auto entry = first; entry != queue_.end(); ++entry) {
      if (lowest == queue_.end() || entry->priority <= lowest->priority) lowest = entry;
    }
    if (lowest != queue_.end() && lowest->priority < tx.priority) {
      refuse(ctx, *lowest);
      queue_.erase(lowest);
      return true;
    }
  }
  refuse(ctx, tx);
  return false;
}

void SequencerCore::enqueue(Context& ctx, Transaction tx) {
  MEZZ_ASSERT(tx.kind != TxKind::Deposit);  // only from layer one
  MEZZ_ASSERT((tx.flags & Transaction::kForced) == 0);
  if (!make_room(ctx, tx)) return;
  ++counts_.accepted;
  if (lane_ != nullptr && tx.priority != 0 && tx.priority == lane_->holder(ctx.now())) {
    tx.flags |= ordering::kExpress;
  }
  queue_.push_back(tx);
}

void SequencerCore::take_back(Context&, const std::vector<Transaction>& dropped) {
  counts_.returned += dropped.size();
  // They were promised a place before anything that waits now; queue_max does not apply.
  queue_.insert(queue_.begin(), dropped.begin(), dropped.end());
  if (!by_priority()) return;
  placed_ += placed_ > 0 ? dropped.size() : 0;
  for (const Transaction& tx : dropped) {
    tips_ -= ordering::tip_paid(tx, params_->priority_fee.tip_floor, params_->priority_fee.gas);
  }
  MEZZ_ASSERT(tips_ >= Wei::zero());
}

// ---- blocks

// A layer-one block heard of at this very moment may still have calls on their way through other
// contracts; it can be adopted a moment later.
std::uint64_t SequencerCore::next_origin(Time now) const {
  const L1View& l1 = derivation_->l1();
  const std::uint64_t current = node_->chain().head_block().l1_origin;
  MEZZ_ASSERT(current <= l1.height());
  const auto depth = static_cast<std::uint64_t>(params_->l1_confirmation_depth);
  if (l1.height() < depth || messages_stalled()) return current;
  std::uint64_t target = l1.height() - depth;
  if (gate_ != nullptr) target = std::min(target, gate_->open_height());
  while (target > current && l1.heard(target) >= now) --target;
  return std::max(current, target);
}

bool SequencerCore::messages_stalled() const {
  return stalled_.on() &&
         derivation_->params().forced_inclusion != ForcedInclusion::SequencingWindow;
}

std::size_t SequencerCore::capacity() const {
  if (!degraded_.on()) return static_cast<std::size_t>(params_->transactions_per_block);
  const std::int64_t left =
      mul_div(params_->transactions_per_block, degraded_.magnitude.ppb, Ratio::kScale, Round::Down);
  return static_cast<std::size_t>(std::max<std::int64_t>(left, 0));
}

Taking SequencerCore::own_taking() const {
  return {.censored = censorship_.on() ? censorship_.magnitude : Ratio::zero(),
          .censor_withdrawals = censor_withdrawals_.on()};
}

void SequencerCore::make_blocks(Context& ctx, const Taking& taking) {
  if (derivation_->frozen()) return;
  const std::uint64_t ahead = node_->chain().head().value - derivation_->safe_head().value;
  if (params_->max_safe_lag > 0 && ahead >= static_cast<std::uint64_t>(params_->max_safe_lag)) {
    ++counts_.safe_lag_waits;
    return;
  }
  if (derivation_->window_at_risk()) {
    recover(ctx);
  } else {
    build(ctx, taking);
  }
}

void SequencerCore::build(Context& ctx, const Taking& taking) {
  const std::uint64_t current = node_->chain().head_block().l1_origin;
  const std::uint64_t origin = next_origin(ctx.now());
  MEZZ_ASSERT(origin >= current);
  block_.clear();
  for (std::uint64_t height = current + 1; height <= origin; ++height) {
    derivation_->inbox().collect(height, block_);
  }
  counts_.messages += block_.size();
  const bool stalled = messages_stalled();
  if (stalled) ++counts_.stalled_blocks;
  if (!stalled && ctx.now() - derivation_->l1().heard(origin) > params_->max_sequencer_drift) {
    ++counts_.drift_blocks;
  } else {
    take_from_queue(ctx, taking);
  }
  ++counts_.blocks;
  derivation_->build(ctx, origin, block_);
  if (lane_ != nullptr) note_express();
}

void SequencerCore::recover(Context& ctx) {
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

void SequencerCore::take_from_queue(Context& ctx, const Taking& taking) {
  std::size_t waiting = std::min(taking.waiting, queue_.size());
  if (by_priority() && placed_ < waiting) {
    ordering::by_priority(queue_.begin() + static_cast<std::ptrdiff_t>(placed_),
                          queue_.begin() + static_cast<std::ptrdiff_t>(waiting));
  }
  placed_ = 0;
  ignored_.clear();
  const bool gathers = params_->order == OrderingRule::BatchAuction &&
                       !ordering::batch_ends(params_->batch_auction.interval,
                                             node_->chain().head_block().sealed, ctx.now());
  const std::size_t most = capacity();
  std::uint64_t bytes = node_->block_bytes({});
  for (; waiting > 0 && block_.size() < most; --waiting) {
    const Transaction tx = queue_.front();
    if (gathers && ordering::is_batched(tx.kind)) {
      ignored_.push_back(tx);
      queue_.pop_front();
      continue;
    }
    const std::uint64_t after_this = bytes + node_->transaction_bytes(tx);
    if (after_this > static_cast<std::uint64_t>(params_->block_bytes_max)) break;
    queue_.pop_front();
    const Duration age = ctx.now() - tx.submitted;
    const bool ignored = (taking.censor_withdrawals && tx.kind == TxKind::Withdraw) ||
                         censors(taking.censored, tx.account);
    if (ignored) {
      ++counts_.censored;
      if (taking.ignored == Taking::Ignored::Wait) ignored_.push_back(tx);
    } else if (params_->queue_timeout > Duration::zero() && age > params_->queue_timeout) {
      ++counts_.expired;
      refuse(ctx, tx);
    } else {
      ++counts_.included;
      delay_probe_.record(ctx.now(), age);
      bytes = after_this;
      block_.push_back(tx);
      if (by_priority()) {
        tips_ += ordering::tip_paid(tx, params_->priority_fee.tip_floor, params_->priority_fee.gas);
      }
    }
  }
  queue_.insert(queue_.begin(), ignored_.begin(), ignored_.end());
}

void SequencerCore::close_sub_block(Context& ctx, std::int64_t number, std::int64_t count) {
  MEZZ_ASSERT(by_priority() && number >= 1 && number <= count);
  if (placed_ >= queue_.size()) return;
  ordering::by_priority(queue_.begin() + static_cast<std::ptrdiff_t>(placed_), queue_.end());
  // So far no more than this part of the block's capacity is given away.
  const auto share = static_cast<std::uint64_t>(
      mul_div(static_cast<std::int64_t>(capacity()), number, count, Round::Down));
  const std::uint64_t end = std::min<std::uint64_t>(queue_.size(), std::max(share, placed_));
  for (; placed_ < end; ++placed_) {
    sub_block_probe_.record(ctx.now(), ctx.now() - queue_[placed_].submitted);
  }
}

void SequencerCore::note_express() {
  const Layer2Chain& chain = node_->chain();
  const Layer2Block& block = chain.head_block();
  for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
    const ChainTransaction& entry = chain.transaction(i);
    if ((entry.transaction.flags & ordering::kExpress) == 0) continue;
    ++counts_.express;
    if (entry.status == TxStatus::Rejected || entry.status == TxStatus::NotLiquidatable) {
      ++counts_.express_reverted;
    }
  }
}

void SequencerCore::drop_blocks(Context& ctx, std::uint64_t depth, Layer2ReorgCause cause,
                                BlockId floor) {
  const Layer2Chain& chain = node_->chain();
  MEZZ_ASSERT(floor >= chain.fixed() && floor <= chain.head());
  if (derivation_->frozen() || depth == 0) return;
  const std::uint64_t most = chain.head().value - floor.value;
  const BlockId kept{chain.head().value - std::min(depth, most)};
  if (kept == chain.head()) return;
  ++counts_.reorgs;
  derivation_->drop_above(ctx, kept, cause);
}

void SequencerCore::drop_blocks(Context& ctx, const Shock& shock, Layer2ReorgCause cause) {
  MEZZ_ASSERT(shock.kind == ShockKind::SequencerReorg);
  if (shock.edge != ShockEdge::Begins) return;
  const auto depth =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, shock.magnitude.ppb / Ratio::kScale));
  drop_blocks(ctx, depth, cause, std::max(derivation_->safe_head(), node_->chain().fixed()));
}

void SequencerCore::refuse(Context& ctx, const Transaction& tx) const {
  derivation_->feed().tell(ctx, {.transaction = TxId::none(),
                                 .account = tx.account,
                                 .kind = tx.kind,
                                 .status = TxStatus::Expired,
                                 .reference = tx.reference,
                                 .filled = Quantity{},
                                 .average = Price{},
                                 .block = BlockId::none()});
}

void SequencerCore::apply(const Shock& shock) {
  switch (shock.kind) {
    case ShockKind::RpcDown:
      rpc_down_.apply(shock);
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
    case ShockKind::ForcedQueueStalled:
      stalled_.apply(shock);
      break;
    default:
      break;  // meant for another part
  }
}

void SequencerCore::report(MetricList& out) const {
  out.count("sequencer.included", counts_.included);
  out.count("sequencer.lost_at_rpc", counts_.lost_at_rpc);
  out.count("sequencer.censored", counts_.censored);
  out.count("sequencer.returned", counts_.returned);
  if (counts_.reorgs > 0) out.count("sequencer.reorgs", counts_.reorgs);
  if (by_priority()) out.add("sequencer.tips", tips_.ether(), "ETH");
  if (lane_ == nullptr) return;
  out.count("express_lane.transactions", counts_.express);
  const auto included = static_cast<double>(std::max<std::uint64_t>(counts_.express, 1));
  out.add("express_lane.revert_share", static_cast<double>(counts_.express_reverted) / included,
          "1");
}

}  // namespace mezz

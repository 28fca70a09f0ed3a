#include "models/layer2/settlement/checkpoint.h"

#include <algorithm>
#include <utility>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

Duration quorum_delay(const ValidatorSet& set, const std::vector<Duration>& delays) {
  MEZZ_ASSERT(delays.size() == set.size());
  std::vector<std::pair<Duration, std::uint32_t>> answers;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (delays[i] >= Duration::zero()) answers.push_back({delays[i], i});
  }
  std::sort(answers.begin(), answers.end());
  std::uint64_t power = 0;
  for (const auto& [delay, validator] : answers) {
    power += set.stake(validator);
    if (set.quorum(power)) return delay;
  }
  return Duration{-1};
}

// ---- contract

CheckpointContract::CheckpointContract(const Site& site, const NoParams& params, Layer2Chain& chain)
    : EntityOf(site, params), chain_(&chain) {
  if (site.recording != nullptr) {
    table_.declare(*site.recording, "checkpoints", "Checkpoints of the sidechain on layer one");
  }
}

void CheckpointContract::on(Context& ctx, const L1Execute& call) {
  Call done{.tag = call.tag, .block = call.block, .height = call.height};
  const BlockId last{call.a};
  const BlockId covered = chain_->reached(Rung::Asserted);
  // Signatures ride with the call of those who gathered them; a call of anybody else has none.
  const bool accept = call.kind == L1CallKind::Checkpoint && call.from == signers_ &&
                      last > covered && last <= chain_->head() && chain_->root(last) == call.b;
  if (accept) {
    done.first = BlockId{covered.value + 1};
    done.last = last;
    chain_->reach(Rung::Asserted, done.first, last, ctx.now());
    ++accepted_;
    const Duration age = ctx.now() - chain_->block(done.first).sealed;
    longest_age_ = std::max(longest_age_, age);
    table_.append(
        {.time = ctx.now(), .first = done.first, .last = last, .height = call.height, .age = age});
  } else {
    ++refused_;
  }
  calls_.push_back(done);
}

void CheckpointContract::on(Context&, const L1Undo& call) {
  MEZZ_ASSERT(!calls_.empty());
  const Call undone = calls_.back();
  calls_.pop_back();
  MEZZ_ASSERT(undone.tag == call.tag && undone.block == call.block);
  if (!undone.first.exists()) {
    --refused_;
    return;
  }
  --accepted_;
  const BlockId last = std::min(undone.last, chain_->head());
  if (undone.first <= last) chain_->clear(Rung::Asserted, undone.first, last);
}

void CheckpointContract::on(Context& ctx, const L1Finalised& finalised) {
  while (!calls_.empty() && calls_.front().height <= finalised.height) {
    const Call call = calls_.front();
    calls_.erase(calls_.begin());
    if (!call.first.exists()) continue;
    MEZZ_ASSERT(call.last <= chain_->reached(Rung::Asserted));
    chain_->reach(Rung::Settled, call.first, call.last, ctx.now());
    chain_->fix(call.last);
  }
}

void CheckpointContract::report(MetricList& out) const {
  out.count("checkpoint.count", accepted_);
  out.count("checkpoint.refused", refused_);
  out.add("checkpoint.longest_age", longest_age_.seconds(), "s");
}

void CheckpointContract::check() const {
  MEZZ_ASSERT(chain_->reached(Rung::Settled) <= chain_->reached(Rung::Asserted));
  MEZZ_ASSERT(chain_->reached(Rung::Asserted) <= chain_->reached(Rung::OrderFinal));
}

// ---- signers

CheckpointSigners::CheckpointSigners(const Site& site, const CheckpointParams& p, Ref<BaseChain> l1,
                                     Ref<CheckpointContract> contract, const ValidatorSet& set,
                                     Layer2Chain& chain)
    : EntityOf(site, p),
      address_{.l1 = l1, .contract = contract, .sender = self()},
      set_(set),
      chain_(&chain),
      milestone_stream_(site.stream("milestones")),
      sign_stream_(site.stream("signatures")) {
  mezz::check(p.milestone_delay, "checkpoint.milestone_delay");
  mezz::check(p.sign_delay, "checkpoint.sign_delay");
  if (p.interval < p.milestone_interval) {
    throw ScenarioError("checkpoint.interval",
                        "must not be shorter than checkpoint.milestone_interval");
  }
}

void CheckpointSigners::on(Context& ctx, const Start&) {
  after(ctx, params().milestone_interval, Look{});
}

Duration CheckpointSigners::gather(const DelayDistribution& delay, Stream& stream) {
  delays_.clear();
  for (std::uint32_t i = 0; i < set_.size(); ++i) {
    // The silent ones draw too: a shock must not shift what the others do.
    const Duration own = draw(delay, stream);
    const bool silent = down_.on() && set_.among_last(i, down_.magnitude);
    delays_.push_back(silent ? Duration{-1} : own);
  }
  return quorum_delay(set_, delays_);
}

void CheckpointSigners::on(Context& ctx, const Look&) {
  after(ctx, params().milestone_interval, Look{});
  const Layer2Block& head = chain_->head_block();
  const Duration delay = gather(params().milestone_delay, milestone_stream_);
  if (delay < Duration::zero()) {
    ++stalled_;
    return;
  }
  if (head.number > chain_->reached(Rung::OrderFinal)) {
    after(ctx, delay, Milestone{.block = head.number, .incarnation = head.incarnation});
  }
  begin_checkpoint(ctx);
}

bool CheckpointSigners::stands(BlockId block, std::uint64_t incarnation) const {
  return block <= chain_->head() && chain_->block(block).incarnation == incarnation;
}

void CheckpointSigners::on(Context& ctx, const Milestone& milestone) {
  const BlockId done = chain_->reached(Rung::OrderFinal);
  if (!stands(milestone.block, milestone.incarnation) || milestone.block <= done) return;
  publish();
  MEZZ_ASSERT(milestone.block <= chain_->reached(Rung::Published));
  chain_->reach(Rung::OrderFinal, BlockId{done.value + 1}, milestone.block, ctx.now());
  ++milestones_;
}

void CheckpointSigners::begin_checkpoint(Context& ctx) {
  const BlockId target = chain_->reached(Rung::OrderFinal);
  if (under_way_ != 0 || ctx.now() - last_begun_ < params().interval) return;
  if (target <= chain_->reached(Rung::Asserted)) return;
  last_begun_ = ctx.now();
  const Duration delay = gather(params().sign_delay, sign_stream_);
  MEZZ_ASSERT(delay >= Duration::zero());  // the milestone had a quorum a moment ago
  under_way_ = 1;
  after(ctx, delay, Signed{.block = target, .incarnation = chain_->block(target).incarnation});
}

void CheckpointSigners::on(Context& ctx, const Signed& message) {
  MEZZ_ASSERT(under_way_ == 1);
  if (!stands(message.block, message.incarnation)) {  // the chain went back meanwhile
    under_way_ = 0;
    return;
  }
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::Checkpoint,
                  .a = message.block.value,
                  .b = chain_->root(message.block),
                  .gas = params().gas});
}

void CheckpointSigners::on(Context&, const L1Included& included) {
  outbox_.included(included);
  under_way_ = 0;
}

void CheckpointSigners::on(Context&, const L1Reverted& reverted) {
  // It waits again and will be included again.
  const L1Outbox::Sent& sent = outbox_.reverted(reverted);
  if (sent.height == 0) under_way_ = 1;
}

void CheckpointSigners::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
}

void CheckpointSigners::on(Context&, const BlockSealed&) { publish(); }

void CheckpointSigners::publish() {
  for (BlockId next{chain_->reached(Rung::Published).value + 1}; next <= chain_->head();
       ++next.value) {
    // Whoever votes for a block has it: its data is there from the commit on.
    chain_->reach(Rung::Published, next, next, chain_->block(next).ladder[Rung::Preconfirmed]);
  }
}

void CheckpointSigners::on(Context&, const Shock& shock) {
  if (shock.kind != ShockKind::ValidatorsDown) return;
  down_.apply(shock);
  MEZZ_ASSERT(down_.active >= 0);
}

void CheckpointSigners::report(MetricList& out) const {
  out.count("milestone.count", milestones_);
  out.count("milestone.stalled", stalled_);
}

}  // namespace mezz

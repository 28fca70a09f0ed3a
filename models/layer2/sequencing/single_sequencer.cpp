#include "models/layer2/sequencing/single_sequencer.h"

#include "sim/check/assert.h"

namespace mezz {

SingleSequencer::SingleSequencer(const Site& site, const SequencerParams& p, ExecutionNode& node,
                                 Derivation& derivation)
    : EntityOf(site, p), core_(site, params(), node, derivation) {}

void SingleSequencer::on(Context& ctx, const Start&) {
  after(ctx, params().block_time, SlotTick{});
  start_sub_blocks(ctx);
}

// Flashblocks that lie within the block; the block itself is the last.
std::int64_t SingleSequencer::sub_blocks() const {
  if (params().order != OrderingRule::PriorityFee) return 0;
  const Duration each = params().priority_fee.sub_block;
  if (each == Duration::zero()) return 0;
  return (params().block_time.ns - 1) / each.ns;
}

void SingleSequencer::start_sub_blocks(Context& ctx) const {
  if (sub_blocks() > 0) after(ctx, params().priority_fee.sub_block, SubBlockTick{1});
}

void SingleSequencer::on(Context& ctx, const SubBlockTick& tick) {
  MEZZ_ASSERT(tick.number >= 1 && tick.number <= sub_blocks());
  if (tick.number < sub_blocks()) {
    after(ctx, params().priority_fee.sub_block, SubBlockTick{tick.number + 1});
  }
  if (!down_.on()) core_.close_sub_block(ctx, tick.number, sub_blocks() + 1);
}

void SingleSequencer::on(Context& ctx, const SlotTick&) {
  after(ctx, params().block_time, SlotTick{});
  start_sub_blocks(ctx);
  core_.note_queue(ctx.now());
  if (!down_.on()) core_.make_blocks(ctx, core_.own_taking());
}

void SingleSequencer::on(Context& ctx, const SubmitTransaction& message) {
  if (!core_.reached(!down_.on())) return;
  if (core_.must_wait(ctx.now(), message.transaction)) {
    after(ctx, params().express_lane.delay, Delayed{message.transaction});
    return;
  }
  core_.enqueue(ctx, message.transaction);
}

void SingleSequencer::on(Context& ctx, const Delayed& message) {
  core_.enqueue(ctx, message.transaction);
}

void SingleSequencer::on(Context& ctx, const Shock& shock) {
  core_.apply(shock);
  if (shock.kind == ShockKind::SequencerDown) down_.apply(shock);
  if (shock.kind == ShockKind::SequencerReorg) {
    core_.drop_blocks(ctx, shock, Layer2ReorgCause::SequencerReorg);
  }
  MEZZ_ASSERT(down_.active >= 0);
}

}  // namespace mezz

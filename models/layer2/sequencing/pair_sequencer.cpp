#include "models/layer2/sequencing/pair_sequencer.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

static_assert(Flat<PairSequencer::Counts>);

Time lease_over(Time failed, const PairParams& p) {
  MEZZ_ASSERT(failed.happened());
  MEZZ_ASSERT(p.health_interval > Duration::zero());
  const std::int64_t checks = (failed - Time::zero()).ns / p.health_interval.ns;
  const Time last_good = Time::zero() + p.health_interval * checks;
  return std::max(last_good + p.health_interval * p.unhealthy_checks, last_good + p.lease);
}

PairSequencer::PairSequencer(const Site& site, const SequencerParams& p, ExecutionNode& node,
                             Derivation& derivation)
    : EntityOf(site, p), core_(site, params(), node, derivation), stream_(site.stream("failover")) {
  mezz::check(p.pair.takeover, "sequencing.pair.takeover");
  mezz::check(p.pair.repair, "sequencing.pair.repair");
  mezz::check(p.pair.replication, "sequencing.pair.replication");
  if (p.pair.lease < p.pair.health_interval) {
    throw ScenarioError("sequencing.pair.lease",
                        "must not be shorter than sequencing.pair.health_interval: it would run "
                        "out between two good checks");
  }
  if (site.recording != nullptr) {
    table_.declare(*site.recording, "failovers", "Who leads a sequencer with a standby");
  }
}

void PairSequencer::on(Context& ctx, const Start&) { after(ctx, params().block_time, SlotTick{}); }

void PairSequencer::on(Context& ctx, const SlotTick&) {
  after(ctx, params().block_time, SlotTick{});
  core_.note_queue(ctx.now());
  if (phase_ == PairPhase::Leading) core_.make_blocks(ctx, core_.own_taking());
}

void PairSequencer::on(Context& ctx, const SubmitTransaction& message) {
  if (!core_.reached(phase_ == PairPhase::Leading)) return;
  if (core_.must_wait(ctx.now(), message.transaction)) {
    after(ctx, params().express_lane.delay, Delayed{message.transaction});
    return;
  }
  core_.enqueue(ctx, message.transaction);
}

void PairSequencer::on(Context& ctx, const Delayed& message) {
  core_.enqueue(ctx, message.transaction);
}

// ---- who leads

bool PairSequencer::machine_down(std::uint64_t machine) const {
  return std::any_of(outages_.begin(), outages_.end(),
                     [&](const Outage& outage) { return outage.machine == machine; });
}

void PairSequencer::enter(Context& ctx, PairPhase phase, std::uint64_t dropped) {
  phase_ = phase;
  const Duration without = failed_at_.happened() ? ctx.now() - failed_at_ : Duration::zero();
  table_.append({.time = ctx.now(),
                 .phase = phase,
                 .leader = leader_,
                 .dropped = dropped,
                 .without_blocks = without});
  if (phase != PairPhase::Leading) return;
  downtime_ += without;
  failed_at_ = Time::never();
}

void PairSequencer::leader_failed(Context& ctx) {
  MEZZ_ASSERT(phase_ == PairPhase::Leading);
  failed_at_ = ctx.now();
  lag_ = draw(params().pair.replication, stream_);
}

void PairSequencer::begin_outage(Context& ctx, const Shock& shock) {
  // A second outage takes the machine that is left.
  const std::uint64_t machine = machine_down(leader_) ? 1 - leader_ : leader_;
  outages_.push_back({.shock = shock.number, .machine = machine});
  if (phase_ != PairPhase::Leading || machine != leader_) return;
  leader_failed(ctx);
  enter(ctx, PairPhase::LeaseRuns);
  lease_timer_ = after(ctx, lease_over(ctx.now(), params().pair) - ctx.now(), LeaseOver{});
}

void PairSequencer::end_outage(Context& ctx, const Shock& shock) {
  const auto found = std::find_if(outages_.begin(), outages_.end(),
                                  [&](const Outage& o) { return o.shock == shock.number; });
  MEZZ_ASSERT(found != outages_.end());
  outages_.erase(found);
  if (phase_ == PairPhase::LeaseRuns && !machine_down(leader_)) {
    ctx.cancel(lease_timer_);
    enter(ctx, PairPhase::Leading);
  } else if (phase_ == PairPhase::Stuck && repairing_ == 0 && !failover_fails_.on()) {
    resume(ctx);
  }
}

void PairSequencer::on(Context& ctx, const LeaseOver&) {
  MEZZ_ASSERT(phase_ == PairPhase::LeaseRuns);
  const bool fails = stream_.chance(params().pair.failover_fails);
  if (failover_fails_.on()) {
    ++counts_.stuck;
    get_stuck(ctx);
    return;
  }
  if (fails) {
    ++counts_.stuck;
    const Duration repair = draw(params().pair.repair, stream_);
    repair_timer_ = after(ctx, repair, Repaired{});
    repairing_ = 1;
    get_stuck(ctx);
    return;
  }
  enter(ctx, PairPhase::TakingOver);
  const Duration takeover = draw(params().pair.takeover, stream_);
  after(ctx, takeover, TakeOver{});
}

void PairSequencer::get_stuck(Context& ctx) {
  leader_ = 1 - leader_;
  enter(ctx, PairPhase::Stuck);
}

void PairSequencer::on(Context& ctx, const TakeOver&) {
  if (phase_ != PairPhase::TakingOver) return;  // overtaken by FailoverFails
  leader_ = 1 - leader_;
  if (machine_down(leader_)) {
    enter(ctx, PairPhase::Stuck);
    return;
  }
  ++counts_.failovers;
  const std::uint64_t dropped = drop_unknown(ctx);
  counts_.dropped += dropped;
  enter(ctx, PairPhase::Leading, dropped);
}

std::uint64_t PairSequencer::drop_unknown(Context& ctx) {
  const Layer2Chain& chain = core_.chain();
  const BlockId floor = std::max(core_.derivation().safe_head(), chain.fixed());
  const Time known = failed_at_ - lag_;
  BlockId kept = chain.head();
  // Blocks derived since the failure follow from layer one: everybody has them.
  while (kept > floor && chain.block(kept).sealed > known) --kept.value;
  const std::uint64_t dropped = chain.head().value - kept.value;
  core_.drop_blocks(ctx, dropped, Layer2ReorgCause::SequencerReorg, floor);
  return dropped;
}

void PairSequencer::on(Context& ctx, const Repaired&) {
  MEZZ_ASSERT(repairing_ == 1);
  repairing_ = 0;
  if (phase_ == PairPhase::Stuck && !failover_fails_.on()) resume(ctx);
}

// Whoever works leads; the operator has brought the most complete copy with him.
void PairSequencer::resume(Context& ctx) {
  MEZZ_ASSERT(phase_ == PairPhase::Stuck);
  if (machine_down(leader_)) leader_ = 1 - leader_;
  if (machine_down(leader_)) return;
  enter(ctx, PairPhase::Leading);
}

void PairSequencer::on(Context& ctx, const Shock& shock) {
  core_.apply(shock);
  const bool begins = shock.edge == ShockEdge::Begins;
  switch (shock.kind) {
    case ShockKind::SequencerDown:
      if (begins) {
        begin_outage(ctx, shock);
      } else {
        end_outage(ctx, shock);
      }
      break;
    case ShockKind::FailoverFails:
      failover_fails_.apply(shock);
      if (begins && (phase_ == PairPhase::Leading || phase_ == PairPhase::TakingOver)) {
        if (phase_ == PairPhase::Leading) leader_failed(ctx);
        ++counts_.stuck;
        get_stuck(ctx);
      } else if (!failover_fails_.on() && phase_ == PairPhase::Stuck && repairing_ == 0) {
        resume(ctx);
      }
      break;
    case ShockKind::SequencerReorg:
      core_.drop_blocks(ctx, shock, Layer2ReorgCause::SequencerReorg);
      break;
    default:
      break;
  }
}

void PairSequencer::report(MetricList& out) const {
  core_.report(out);
  out.count("sequencer.failovers", counts_.failovers);
  out.count("sequencer.failovers_stuck", counts_.stuck);
  out.count("sequencer.failover_dropped_blocks", counts_.dropped);
  out.add("sequencer.downtime", downtime_.seconds(), "s");
}

}  // namespace mezz

// A sequencer with a standby. The leader holds a lease that good health checks renew; when it
// fails, the lease runs out and the standby takes over. Source: op-conductor (health checks, raft
// leadership); incidents base-2025-08-05 (the standby elected was not provisioned: 33 min) and
// op-2024-02-15 of the reference sheet "layer-two protocols" sections 8 and 13.
//
//   Leading -> (machine fails) LeaseRuns -> TakingOver -> Leading (the other machine)
//                  |               \-> Stuck (in name only) -> (repair) Leading
//                  \-> Leading, if the machine is back before the lease is over
//
// The shock SequencerDown takes the machine that leads; during FailoverFails leadership passes at
// once to a standby that makes no blocks, until the shock ends. A take-over fails by itself with
// probability failover_fails; then an operator repairs it after a drawn time, without loss. After a
// good take-over the blocks that the standby's copy lacked and that are not on layer one are
// dropped and their transactions wait again (equivocation, Layer2ReorgCause::SequencerReorg). What
// users send meanwhile waits, or is lost, by rpc_accepts_in_outage. Left out: three or more
// machines, split brain.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/sequencing/sequencer_core.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

enum class PairPhase : std::uint8_t { Leading, LeaseRuns, TakingOver, Stuck };
template <>
struct EnumNames<PairPhase> {
  static constexpr std::string_view names[] = {"leading", "lease_runs", "taking_over", "stuck"};
};

// When a leader that failed then has lost its lease: the checks have failed often enough and the
// lease of the last good check is over. Checks are at multiples of the interval.
Time lease_over(Time failed, const PairParams& params);

struct FailoverRow {
  Time time;
  PairPhase phase;
  std::uint64_t leader = 0;
  std::uint64_t dropped = 0;
  Duration without_blocks;

  void visit(auto& v) {
    v("time", time);
    v("phase", phase, {.doc = "Entered now"});
    v("leader", leader, {.doc = "Machine that leads, or led last"});
    v("dropped", dropped, {.doc = "Blocks the standby did not have"});
    v("without_blocks", without_blocks, {.doc = "Since the leader failed"});
  }
};

class PairSequencer final : public EntityOf<PairSequencer, SequencerParams, Inbox, Shockable>,
                            public Reporter {
 public:
  struct SlotTick {};
  struct LeaseOver {};
  struct TakeOver {};
  struct Repaired {};
  struct Delayed {
    Transaction transaction;
  };
  struct Counts {
    std::uint64_t failovers = 0;  // that succeeded
    std::uint64_t stuck = 0;      // that did not
    std::uint64_t dropped = 0;    // blocks
  };

  PairSequencer(const Site& site, const SequencerParams& params, ExecutionNode& node,
                Derivation& derivation);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const SlotTick&);
  void on(Context& ctx, const LeaseOver&);
  void on(Context& ctx, const TakeOver&);
  void on(Context& ctx, const Repaired&);
  void on(Context& ctx, const SubmitTransaction& message) override;
  void on(Context& ctx, const Delayed& message);
  void on(Context& ctx, const Shock& shock) override;

  [[nodiscard]] SequencerCore& core() { return core_; }
  [[nodiscard]] const SequencerCounts& sequencer_counts() const { return core_.counts(); }
  [[nodiscard]] PairPhase phase() const { return phase_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] Duration downtime() const { return downtime_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("core", core_);
    v("outages", outages_);
    v("stream", stream_);
    v("phase", phase_);
    v("leader", leader_);
    v("failed_at", failed_at_);
    v("lag", lag_);
    v("lease_timer", lease_timer_);
    v("repair_timer", repair_timer_);
    v("repairing", repairing_);
    v("failover_fails", failover_fails_);
    v("counts", counts_);
    v("downtime", downtime_);
  }

 private:
  struct Outage {
    std::uint64_t shock = 0;  // its number in the scenario
    std::uint64_t machine = 0;
  };

  [[nodiscard]] bool machine_down(std::uint64_t machine) const;
  void enter(Context& ctx, PairPhase phase, std::uint64_t dropped = 0);
  void begin_outage(Context& ctx, const Shock& shock);
  void end_outage(Context& ctx, const Shock& shock);
  void leader_failed(Context& ctx);
  void get_stuck(Context& ctx);
  void resume(Context& ctx);
  [[nodiscard]] std::uint64_t drop_unknown(Context& ctx);

  SequencerCore core_;
  Stream stream_;
  std::vector<Outage> outages_;
  PairPhase phase_ = PairPhase::Leading;
  std::uint64_t leader_ = 0;
  Time failed_at_ = Time::never();
  Duration lag_;  // of the standby's copy, at that moment
  Timer lease_timer_;
  Timer repair_timer_;
  std::uint64_t repairing_ = 0;
  Switch failover_fails_;
  Counts counts_;
  Duration downtime_;
  EventTable<FailoverRow> table_;
};

}  // namespace mezz

// The operator's proving system: seals blocks into proof batches, proves them, sends proofs and
// executions to layer one. Source: ZKsync Era (state keeper, witness generator, prover gateway,
// proof compressor, eth_sender's aggregator), Starknet's SHARP for several batches per proof;
// reference sheet "layer-two protocols" sections 3.1 and 3.2.
//
//   blocks -> seal -> witness (a server per batch, serial) -> n base proofs (GPU pool, the
//   oldest batch first) -> recursion tree, level by level, same pool -> group of
//   batches_per_proof -> wrap (serial) -> ValidityProof -> ... execution delay ... -> ExecuteBatch
//
// A job that fails or exceeds its timeout is queued again; out of attempts it waits repair_delay
// for people. Committing data is the batch poster's business, and goes on when proving stands
// still. Up to pending_max proofs and one execution are under way at a time; a call that layer one
// refused (a later proof that overtook an earlier one) is sent again when its conditions hold.
//
// Switches: ProverDown (jobs on the machines are lost and begin anew), ProverDegraded (share of the
// machines), ProverLoad (factor on the proof units of blocks sealed from then on), ProposerDown (no
// calls). ProofMismatch: the next block is one that execution sealed and proving cannot confirm.
// Nobody knows until the witness of its batch is done (the prover executes again): then the chain
// goes back, minutes after users saw the block (Starknet 2024-04, 2026-01). Executed blocks stay.
// Left out: proofs bought from a market, jobs that start before their whole level is done,
// layer-one checks of a wrong proof, several executions under way.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/base_chain/base_chain.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/proving/job_pool.h"
#include "models/layer2/proving/proof_batch.h"
#include "models/layer2/proving/prover_params.h"
#include "models/layer2/proving/validity_contract.h"
#include "models/layer2/reporter.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

enum class ProofEvent : std::uint8_t { Proven, Executed, Dropped };
template <>
struct EnumNames<ProofEvent> {
  static constexpr std::string_view names[] = {"proven", "executed", "dropped"};
};

// One row per batch and event: the rows with event = proven are one per batch.
struct ProofRow {
  Time time;
  ProofBatchId batch;
  ProofEvent event;
  BlockId first_block;
  BlockId last_block;
  SealReason reason;
  std::uint64_t transactions;
  std::uint64_t accounts;
  std::uint64_t units;
  std::uint64_t jobs;
  std::uint64_t attempts;
  Time opened;
  Time sealed;
  Time committed;
  Time witnessed;
  Time based;
  Time recursed;
  Time wrapped;
  Time proven;
  Time executed;
  Duration gpu_time;

  void visit(auto& v) {
    v("time", time, {.doc = "When the operator heard of it"});
    v("batch", batch, {.doc = "Number of the proof batch"});
    v("event", event, {.doc = "What happened; comes again after a reorg of layer one"});
    v("first_block", first_block, {.doc = "Oldest block of the batch"});
    v("last_block", last_block, {.doc = "Newest block of the batch"});
    v("reason", reason, {.doc = "Limit that closed it"});
    v("transactions", transactions, {.doc = "Transactions in it"});
    v("accounts", accounts, {.doc = "Accounts touched"});
    v("units", units, {.doc = "Circuits to prove"});
    v("jobs", jobs, {.doc = "Base jobs"});
    v("attempts", attempts, {.doc = "Jobs started in all stages, repeated ones included"});
    v("opened", opened, {.doc = "Its first block was sealed"});
    v("sealed", sealed, {.doc = "The batch was closed"});
    v("committed", committed, {.doc = "Its data was on layer one"});
    v("witnessed", witnessed, {.doc = "Its witness was done"});
    v("based", based, {.doc = "Its last base proof was done"});
    v("recursed", recursed, {.doc = "The root of its tree was done"});
    v("wrapped", wrapped, {.doc = "The proof for layer one was done"});
    v("proven", proven, {.doc = "The proof was accepted on layer one"});
    v("executed", executed, {.doc = "The batch was executed on layer one"});
    v("gpu_time", gpu_time, {.doc = "Machine time of the pool, failed attempts included"});
  }
};

struct ProverTotals {
  std::uint64_t sealed = 0;
  std::uint64_t dropped = 0;
  std::uint64_t failed = 0;     // attempts that came to nothing
  std::uint64_t timed_out = 0;  // of them, by timeout
  std::uint64_t stuck = 0;      // jobs out of attempts
  std::uint64_t lost = 0;       // to an outage of the machines
  std::uint64_t mismatches = 0;
  std::uint64_t reverted_blocks = 0;  // by them
  std::uint64_t wrapped = 0;          // batches
  Duration witness_time;              // of wrapped batches
  Duration gpu_time;
  Duration wrap_time;
};

class Prover final
    : public EntityOf<Prover, ProverParams, BlockObserver, L1Sender, L1Observer, Shockable>,
      public Reporter {
 public:
  enum class Pool : std::uint64_t { Witness, Gpu, Wrap };
  struct JobEnded {
    Pool pool;
    std::uint64_t number;
  };
  struct Repaired {
    Pool pool;
    std::uint64_t batch;
  };
  struct AgeReached {};
  struct WaitOver {};

  // On the node of the layer two; the builder subscribes it to layer one and to the blocks.
  Prover(const Site& site, const ProverParams& params, Ref<BaseChain> l1,
         Ref<ValidityContract> contract_ref, ValidityContract& contract, Layer2Chain& chain,
         Derivation& derivation);

  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const JobEnded& ended);
  void on(Context& ctx, const Repaired& repaired);
  void on(Context& ctx, const AgeReached&);
  void on(Context& ctx, const WaitOver&);

  void report(MetricList& out) const override;
  void check() const override;

  [[nodiscard]] const ProofStore& batches() const { return store_; }
  [[nodiscard]] const ProverTotals& totals() const { return totals_; }
  [[nodiscard]] const JobPool& pool(Pool which) const { return pools_[index(which)]; }
  [[nodiscard]] const L1Outbox& outbox() const { return outbox_; }
  // Sealed batches that are not proven on layer one.
  [[nodiscard]] std::uint64_t backlog() const;

  void visit_state(auto& v) {
    v("store", store_);
    v("live", live_);
    v("open", open_);
    v("next", next_);
    v("heard", heard_);
    v("age_timer", age_timer_);
    v("pools", pools_);
    v("streams", streams_);
    v("group_timer", group_timer_);
    v("outbox", outbox_);
    v("last_execution", last_execution_);
    v("stuck", stuck_);
    v("mismatch_block", mismatch_block_);
    v("totals", totals_);
    v("down", down_);
    v("degraded", degraded_);
    v("load", load_);
    v("silent", silent_);
  }

 private:
  static constexpr std::size_t kPools = 3;
  struct Range {  // of batches, as sent
    ProofBatchId first = {};
    ProofBatchId last = {};
  };
  [[nodiscard]] static std::size_t index(Pool pool) { return static_cast<std::size_t>(pool); }
  [[nodiscard]] const MachineParams& machines(Pool pool) const;

  // ---- sealing (prover.cpp)
  void take_block(Context& ctx, BlockId block);
  void seal(Context& ctx, SealReason reason);
  void forget_above(Context& ctx, BlockId kept);
  [[nodiscard]] ProofBatchId release_group(std::size_t dropped);
  void forget_jobs(Context& ctx, Pool pool, ProofBatchId from);
  void set_age_timer(Context& ctx);

  // ---- proving (prover_jobs.cpp)
  void push_jobs(ProofBatch& batch, ProofStage stage, Pool pool, std::uint64_t jobs);
  void fail(Context& ctx, Pool pool, const RunningJob& job, const ProofBatch& batch);
  void dispatch(Context& ctx);
  void start_job(Context& ctx, Pool pool);
  [[nodiscard]] Duration draw_time(Pool pool, const ProofBatch& batch);
  void end_stage(Context& ctx, ProofBatch& batch);
  void end_wrap(Context& ctx, const ProofBatch& head);
  void next_level(Context& ctx, ProofBatch& batch);
  void group(std::size_t first, std::size_t count);
  void count_wrapped(const ProofBatch& batch);
  void uncount_wrapped(const ProofBatch& batch);
  void form_groups(Context& ctx);
  [[nodiscard]] bool mismatched(const ProofBatch& batch) const;
  void revert(Context& ctx, const ProofBatch& batch);
  void set_machines(Context& ctx);

  // ---- layer one (prover_calls.cpp)
  void send_calls(Context& ctx);
  void send_proofs(Context& ctx);
  void send_proof(Context& ctx, const Range& range);
  void send_execution(Context& ctx);
  void record(Time now, const ProofBatch& batch, ProofEvent event);
  void record_range(Time now, const L1Outbox::Call& call);

  Layer2Chain* chain_;
  Derivation* derivation_;
  ValidityContract* contract_;
  L1Outbox::Address address_;

  ProofStore store_;
  std::vector<ProofBatchId> live_;  // ascending; not dropped and not yet fixed for ever
  OpenBatch open_;
  BlockId next_{1};   // first block of the open batch
  BlockId heard_{0};  // last block taken
  Timer age_timer_;
  std::array<JobPool, kPools> pools_;
  std::array<Stream, kPools> streams_;
  Timer group_timer_;
  L1Outbox outbox_;
  Range last_execution_;
  std::vector<Repaired> stuck_;  // jobs out of attempts
  BlockId mismatch_block_ = {};  // that cannot be proven; none: all can
  ProverTotals totals_;
  Switch down_;
  Switch degraded_;
  Switch load_;
  Switch silent_;

  Probe<std::uint64_t> backlog_probe_{{.name = "backlog",
                                       .doc = "Sealed batches not proven on layer one",
                                       .recorders = "timeavg vector",
                                       .unit = "batch"}};
  Probe<std::uint64_t> busy_probe_{{.name = "busy_machines",
                                    .doc = "Machines of the pool that work, at each L1 block",
                                    .recorders = "timeavg vector",
                                    .unit = "machine"}};
  Probe<std::uint64_t> queue_probe_{{.name = "waiting_jobs",
                                     .doc = "Jobs that wait for the pool, at each L1 block",
                                     .recorders = "timeavg vector",
                                     .unit = "job"}};
  EventTable<ProofRow> table_;
};

}  // namespace mezz

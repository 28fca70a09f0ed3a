// The prover's jobs: from a sealed batch to a proof that layer one can check.
#include <algorithm>

#include "models/layer2/proving/proof_rules.h"
#include "models/layer2/proving/prover.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

void Prover::push_jobs(ProofBatch& batch, ProofStage stage, Pool pool, std::uint64_t jobs) {
  MEZZ_ASSERT(jobs >= 1 && batch.jobs_left == 0);
  batch.stage = stage;
  batch.jobs_left = jobs;
  for (std::uint64_t i = 0; i < jobs; ++i) pools_[index(pool)].push({.batch = batch.id.value});
}

void Prover::dispatch(Context& ctx) {
  for (const Pool pool : {Pool::Witness, Pool::Gpu, Pool::Wrap}) {
    while (pools_[index(pool)].can_start()) start_job(ctx, pool);
  }
}

void Prover::start_job(Context& ctx, Pool pool) {
  RunningJob& job = pools_[index(pool)].start(ctx.now());
  ProofBatch& batch = store_.at(ProofBatchId{job.job.batch});
  MEZZ_ASSERT(batch.stage != ProofStage::Dropped && batch.jobs_left > 0);
  ++batch.attempts;
  const Duration time = draw_time(pool, batch);
  const bool late = time > machines(pool).timeout;
  const bool broken =
      params().failure > Ratio::zero() && streams_[index(pool)].chance(params().failure);
  job.fails = late || broken ? 1 : 0;
  if (late) ++totals_.timed_out;
  const Duration busy = std::min(time, machines(pool).timeout);
  job.timer = after(ctx, busy, JobEnded{.pool = pool, .number = job.number});
}

Duration Prover::draw_time(Pool pool, const ProofBatch& batch) {
  const bool recursion = batch.stage == ProofStage::Recursion;
  MEZZ_ASSERT(!recursion || pool == Pool::Gpu);
  const Duration time =
      draw(recursion ? params().recursion_time : machines(pool).time, streams_[index(pool)]);
  if (pool != Pool::Witness) return time;
  // Execution once more: as long as what there is to execute. An absurd draw ends at the timeout.
  const Duration most = machines(pool).timeout * 2;
  const auto units = static_cast<Int128>(std::max<std::uint64_t>(batch.fill.units, 1));
  const Int128 scaled = divide(Int128{time.ns} * units, 1'000, Round::Up);
  return scaled > most.ns ? most : Duration{narrow(scaled)};
}

void Prover::on(Context& ctx, const JobEnded& ended) {
  const RunningJob job = pools_[index(ended.pool)].finish(ended.number, ctx.now());
  ProofBatch& batch = store_.at(ProofBatchId{job.job.batch});
  MEZZ_ASSERT(batch.stage != ProofStage::Dropped && batch.jobs_left > 0);
  Duration& used = ended.pool == Pool::Witness ? batch.witness_time
                   : ended.pool == Pool::Gpu   ? batch.gpu_time
                                               : batch.wrap_time;
  used = used + (ctx.now() - job.started);
  if (job.fails != 0) {
    fail(ctx, ended.pool, job, batch);
  } else if (--batch.jobs_left == 0) {
    end_stage(ctx, batch);
  }
  dispatch(ctx);
}

void Prover::fail(Context& ctx, Pool pool, const RunningJob& job, const ProofBatch& batch) {
  ++totals_.failed;
  const auto most = static_cast<std::uint64_t>(machines(pool).attempts);
  MEZZ_ASSERT(job.job.attempt <= most);
  if (job.job.attempt < most) {
    pools_[index(pool)].push({.batch = job.job.batch, .attempt = job.job.attempt + 1});
    return;
  }
  ++totals_.stuck;
  stuck_.push_back({.pool = pool, .batch = batch.id.value});
  after(ctx, params().repair_delay, stuck_.back());
}

void Prover::on(Context& ctx, const Repaired& repaired) {
  const auto found = std::find_if(stuck_.begin(), stuck_.end(), [&](const Repaired& job) {
    return job.pool == repaired.pool && job.batch == repaired.batch;
  });
  if (found == stuck_.end()) return;  // its batch was dropped
  stuck_.erase(found);
  pools_[index(repaired.pool)].push({.batch = repaired.batch});
  dispatch(ctx);
}

void Prover::end_stage(Context& ctx, ProofBatch& batch) {
  switch (batch.stage) {
    case ProofStage::Witness:
      batch.witnessed = ctx.now();
      if (mismatched(batch)) {
        revert(ctx, batch);
      } else {
        push_jobs(batch, ProofStage::Base, Pool::Gpu, batch.base_jobs);
      }
      return;
    case ProofStage::Base:
      batch.based = ctx.now();
      next_level(ctx, batch);
      return;
    case ProofStage::Recursion:
      next_level(ctx, batch);
      return;
    case ProofStage::Wrapping:
      end_wrap(ctx, batch);
      return;
    case ProofStage::Rooted:
    case ProofStage::Ready:
    case ProofStage::Dropped:
      break;
  }
  const bool no_job_runs_in_this_stage = false;
  MEZZ_ASSERT(no_job_runs_in_this_stage);
}

void Prover::next_level(Context& ctx, ProofBatch& batch) {
  const auto arity = static_cast<std::uint64_t>(params().arity);
  if (batch.level == proving::recursion_levels(batch.base_jobs, arity)) {
    batch.stage = ProofStage::Rooted;
    batch.recursed = ctx.now();
    form_groups(ctx);
    return;
  }
  ++batch.level;
  push_jobs(batch, ProofStage::Recursion, Pool::Gpu,
            proving::recursion_jobs(batch.base_jobs, arity, batch.level));
}

// ---- groups

// In order of the chain: a batch waits for those before it.
void Prover::form_groups(Context& ctx) {
  const auto size = static_cast<std::size_t>(params().batches_per_proof);
  std::size_t first = 0;
  while (first < live_.size() && store_.at(live_[first]).group.exists()) ++first;
  std::size_t end = first;
  while (end < live_.size() && store_.at(live_[end]).stage == ProofStage::Rooted) ++end;
  for (; end - first >= size; first += size) group(first, size);
  ctx.cancel(group_timer_);
  if (first == end) return;
  const Time due = store_.at(live_[first]).recursed + params().proof_max_wait;
  if (due <= ctx.now()) {
    group(first, end - first);
  } else {
    group_timer_ = after(ctx, due - ctx.now(), WaitOver{});
  }
}

void Prover::group(std::size_t first, std::size_t count) {
  MEZZ_ASSERT(count >= 1 && first + count <= live_.size());
  for (std::size_t i = first; i < first + count; ++i) {
    ProofBatch& member = store_.at(live_[i]);
    MEZZ_ASSERT(member.stage == ProofStage::Rooted && !member.group.exists());
    member.stage = ProofStage::Wrapping;
    member.group = live_[first];
    member.group_last = live_[first + count - 1];
  }
  ProofBatch& head = store_.at(live_[first]);
  head.jobs_left = 0;  // of a wrap that became void
  push_jobs(head, ProofStage::Wrapping, Pool::Wrap, 1);
}

void Prover::on(Context& ctx, const WaitOver&) {
  form_groups(ctx);
  dispatch(ctx);
}

void Prover::end_wrap(Context& ctx, const ProofBatch& head) {
  MEZZ_ASSERT(head.group == head.id);
  for (std::uint64_t n = head.id.value; n <= head.group_last.value; ++n) {
    ProofBatch& member = store_.at(ProofBatchId{n});
    if (member.group != head.group) continue;
    MEZZ_ASSERT(member.stage == ProofStage::Wrapping);
    member.stage = ProofStage::Ready;
    member.wrapped = ctx.now();
    count_wrapped(member);
  }
  send_calls(ctx);
}

void Prover::count_wrapped(const ProofBatch& batch) {
  MEZZ_ASSERT(batch.wrapped.happened());
  ++totals_.wrapped;
  totals_.witness_time = totals_.witness_time + batch.witness_time;
  totals_.gpu_time = totals_.gpu_time + batch.gpu_time;
  totals_.wrap_time = totals_.wrap_time + batch.wrap_time;
}

void Prover::uncount_wrapped(const ProofBatch& batch) {
  MEZZ_ASSERT(totals_.wrapped > 0 && totals_.gpu_time >= batch.gpu_time);
  --totals_.wrapped;
  totals_.witness_time = totals_.witness_time - batch.witness_time;
  totals_.gpu_time = totals_.gpu_time - batch.gpu_time;
  totals_.wrap_time = totals_.wrap_time - batch.wrap_time;
}

// ---- mismatch

bool Prover::mismatched(const ProofBatch& batch) const {
  return mismatch_block_.exists() && batch.first <= mismatch_block_ &&
         mismatch_block_ <= batch.last;
}

void Prover::revert(Context& ctx, const ProofBatch& batch) {
  MEZZ_ASSERT(batch.stage == ProofStage::Witness && batch.first.value > 0);
  ++totals_.mismatches;
  if (derivation_->frozen() || !contract_->alive(batch)) return;
  BlockId kept{batch.first.value - 1};
  if (params().mismatch_reverts == MismatchReverts::Unproven) {
    kept = std::min(kept, chain_->reached(Rung::Asserted));
  }
  // The contract takes back what was committed or proven, never what was executed.
  kept = std::max(kept, chain_->reached(Rung::Settled));
  MEZZ_ASSERT(kept >= chain_->fixed() && kept < batch.first);
  totals_.reverted_blocks += chain_->head().value - kept.value;
  derivation_->drop_above(ctx, kept, Layer2ReorgCause::ProofMismatch);
  forget_above(ctx, kept);
  MEZZ_ASSERT(!mismatch_block_.exists());
}

// ---- machines

void Prover::set_machines(Context& ctx) {
  const Ratio share = down_.on()       ? Ratio::zero()
                      : degraded_.on() ? degraded_.magnitude
                                       : Ratio::one();
  for (JobPool& pool : pools_) {
    pool.set_share(share, ctx.now());
    if (!down_.on()) continue;
    for (RunningJob& job : pool.interrupt(ctx.now())) {
      ctx.cancel(job.timer);
      ++totals_.lost;
    }
  }
  dispatch(ctx);
}

}  // namespace mezz

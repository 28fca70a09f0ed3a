// The prover's calls to layer one and what it hears of them.
#include <algorithm>

#include "models/layer2/proving/proof_rules.h"
#include "models/layer2/proving/prover.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

void Prover::send_calls(Context& ctx) {
  if (silent_.on() || derivation_->frozen()) return;
  send_proofs(ctx);
  send_execution(ctx);
}

// In order of the chain, one group after the other.
void Prover::send_proofs(Context& ctx) {
  std::int64_t pending = 0;
  for (std::size_t i = 0; i < live_.size() && pending < params().pending_max;) {
    const ProofBatch& batch = store_.at(live_[i]);
    if (contract_->proven(batch)) {
      ++i;
      continue;
    }
    if (batch.stage != ProofStage::Ready) return;
    const Range range{.first = batch.group, .last = batch.group_last};
    const ProofBatch& last = store_.at(range.last);
    // Its data must be there first; and what is no longer on the chain is about to be dropped.
    if (!contract_->alive(last) || last.last > chain_->reached(Rung::Published)) return;
    send_proof(ctx, range);
    ++pending;
    while (i < live_.size() && live_[i] <= range.last) ++i;
  }
}

void Prover::send_proof(Context& ctx, const Range& range) {
  if (outbox_.waits(L1CallKind::ValidityProof, range.first.value, range.last.value)) return;
  const auto count =
      static_cast<std::uint64_t>(std::count_if(live_.begin(), live_.end(), [&](ProofBatchId id) {
        return store_.at(id).group == range.first;
      }));
  MEZZ_ASSERT(count >= 1);
  const ValidityParams& p = contract_->params();
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::ValidityProof,
                  .a = range.first.value,
                  .b = range.last.value,
                  .gas = proving::call_gas(p.verify_gas, p.prove_batch_gas, count)});
}

void Prover::send_execution(Context& ctx) {
  if (outbox_.waits(L1CallKind::ExecuteBatch, last_execution_.first.value,
                    last_execution_.last.value)) {
    return;
  }
  const ValidityParams& p = contract_->params();
  const auto most = static_cast<std::uint64_t>(p.execute_batches_max);
  Range range;
  std::uint64_t count = 0;
  Time since;
  for (const ProofBatchId id : live_) {
    const ProofBatch& batch = store_.at(id);
    if (contract_->executed(batch)) continue;
    if (count == most || !contract_->proven(batch)) break;
    const Time at = contract_->executable_at(batch);
    if (!at.happened() || at > ctx.now()) break;
    if (count == 0) {
      range.first = id;
      since = std::max(at, chain_->block(batch.last).ladder[Rung::Asserted]);
    }
    range.last = id;
    ++count;
  }
  if (count == 0 || (count < most && ctx.now() - since < params().execute_max_wait)) return;
  last_execution_ = range;
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::ExecuteBatch,
                  .a = range.first.value,
                  .b = range.last.value,
                  .gas = proving::call_gas(p.execute_gas, p.execute_batch_gas, count)});
}

void Prover::on(Context& ctx, const L1Head&) {
  for (JobPool& pool : pools_) pool.measure(ctx.now());
  backlog_probe_.record(ctx.now(), backlog());
  busy_probe_.record(ctx.now(), pool(Pool::Gpu).busy());
  queue_probe_.record(ctx.now(), pool(Pool::Gpu).waiting());
  send_calls(ctx);
}

void Prover::on(Context& ctx, const L1Included& included) {
  record_range(ctx.now(), outbox_.included(included).call);
  send_calls(ctx);
}

void Prover::on(Context&, const L1Reverted& reverted) { outbox_.reverted(reverted); }

void Prover::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
  const auto open = std::find_if(live_.begin(), live_.end(), [this](ProofBatchId id) {
    return store_.at(id).last > chain_->fixed();
  });
  live_.erase(live_.begin(), open);
}

// What the call did: nothing if layer one refused it.
void Prover::record_range(Time now, const L1Outbox::Call& call) {
  const bool execution = call.kind == L1CallKind::ExecuteBatch;
  for (std::uint64_t n = call.a; n <= call.b; ++n) {
    const ProofBatch& batch = store_.at(ProofBatchId{n});
    if (batch.stage == ProofStage::Dropped) continue;
    if (execution ? contract_->executed(batch) : contract_->proven(batch)) {
      record(now, batch, execution ? ProofEvent::Executed : ProofEvent::Proven);
    }
  }
}

void Prover::record(Time now, const ProofBatch& batch, ProofEvent event) {
  if (!table_.enabled()) return;
  const bool there = batch.last <= chain_->head() && contract_->alive(batch);
  const FinalityLadder ladder = there ? chain_->block(batch.last).ladder : FinalityLadder{};
  table_.append({.time = now,
                 .batch = batch.id,
                 .event = event,
                 .first_block = batch.first,
                 .last_block = batch.last,
                 .reason = batch.reason,
                 .transactions = batch.fill.transactions,
                 .accounts = batch.fill.accounts,
                 .units = batch.fill.units,
                 .jobs = batch.base_jobs,
                 .attempts = batch.attempts,
                 .opened = batch.opened,
                 .sealed = batch.sealed,
                 .committed = ladder[Rung::Published],
                 .witnessed = batch.witnessed,
                 .based = batch.based,
                 .recursed = batch.recursed,
                 .wrapped = batch.wrapped,
                 .proven = ladder[Rung::Asserted],
                 .executed = ladder[Rung::Settled],
                 .gpu_time = batch.gpu_time});
}

}  // namespace mezz

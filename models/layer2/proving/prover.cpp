#include "models/layer2/proving/prover.h"

#include <algorithm>

#include "models/base_chain/fee_rules.h"
#include "models/layer2/proving/proof_rules.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

static_assert(Flat<ProverTotals> && Message<Prover::JobEnded> && Message<Prover::Repaired>);

namespace {
const ProverParams& checked(const ProverParams& p, const ValidityParams& call) {
  p.check("prover");
  const Gas most = proving::call_gas(call.verify_gas, call.prove_batch_gas,
                                     static_cast<std::uint64_t>(p.batches_per_proof));
  if (most > base_chain::kTransactionGasMax) {
    throw ScenarioError("prover.batches_per_proof",
                        "a proof of so many batches takes " + std::to_string(most.units) +
                            " gas, more than a transaction may (16 777 216)");
  }
  return p;
}
}  // namespace

Prover::Prover(const Site& site, const ProverParams& p, Ref<BaseChain> l1,
               Ref<ValidityContract> contract_ref, ValidityContract& contract, Layer2Chain& chain,
               Derivation& derivation)
    : EntityOf(site, checked(p, contract.params())),
      chain_(&chain),
      derivation_(&derivation),
      contract_(&contract),
      address_{.l1 = l1, .contract = contract_ref, .sender = self()},
      pools_{JobPool(p.witness.machines), JobPool(p.gpu.machines), JobPool(p.wrap.machines)},
      streams_{site.stream("witness"), site.stream("gpu"), site.stream("wrap")} {
  MEZZ_ASSERT(l1.exists() && contract_ref.exists());
  contract.read_batches(store_);
  if (site.recording == nullptr) return;
  table_.declare(*site.recording, "proofs", "Proof batches: proven, executed, dropped");
  backlog_probe_.bind(*site.recording, path());
  busy_probe_.bind(*site.recording, path());
  queue_probe_.bind(*site.recording, path());
}

const MachineParams& Prover::machines(Pool pool) const {
  if (pool == Pool::Witness) return params().witness;
  return pool == Pool::Gpu ? params().gpu : params().wrap;
}

// ---- sealing

void Prover::on(Context& ctx, const BlockSealed& sealed) {
  if (sealed.block > chain_->head()) return;  // already rolled back; the news is on its way
  while (heard_ < sealed.block) take_block(ctx, BlockId{heard_.value + 1});
  set_age_timer(ctx);
  dispatch(ctx);
}

void Prover::take_block(Context& ctx, BlockId block) {
  MEZZ_ASSERT(block.value == heard_.value + 1);
  const SealingRules& rules = params().seal;
  const Ratio load = load_.on() ? load_.magnitude : Ratio::one();
  OpenBatch::Addition with = open_.with(*chain_, block, rules, load);
  const SealReason over = rules.over(with.fill);
  if (over != SealReason::None && next_ < block) {
    seal(ctx, over);
    with = open_.with(*chain_, block, rules, load);
  }
  open_.take(with);
  heard_ = block;
  const SealReason full = rules.full(open_.fill());
  if (full != SealReason::None) seal(ctx, full);
}

void Prover::seal(Context& ctx, SealReason reason) {
  MEZZ_ASSERT(next_ <= heard_ && heard_ <= chain_->head());
  const auto per_job = static_cast<std::uint64_t>(params().units_per_job);
  ProofBatch& batch = store_.add({.first = next_,
                                  .last = heard_,
                                  .incarnation = chain_->block(heard_).incarnation,
                                  .fill = open_.fill(),
                                  .base_jobs = proving::base_jobs(open_.fill().units, per_job),
                                  .opened = chain_->block(next_).sealed,
                                  .sealed = ctx.now(),
                                  .reason = reason});
  live_.push_back(batch.id);
  ++totals_.sealed;
  next_ = BlockId{heard_.value + 1};
  open_.clear();
  push_jobs(batch, ProofStage::Witness, Pool::Witness, 1);
}

void Prover::set_age_timer(Context& ctx) {
  ctx.cancel(age_timer_);
  if (next_ > heard_ || next_ > chain_->head()) return;
  const Time due = chain_->block(next_).sealed + params().seal.max_age;
  age_timer_ = after(ctx, std::max(due - ctx.now(), Duration::zero()), AgeReached{});
}

void Prover::on(Context& ctx, const AgeReached&) {
  if (next_ > heard_ || heard_ > chain_->head()) return;
  seal(ctx, SealReason::Age);
  dispatch(ctx);
}

// ---- rollbacks of layer two

void Prover::on(Context& ctx, const Layer2Reorg& reorg) {
  forget_above(ctx, reorg.kept);
  form_groups(ctx);
  dispatch(ctx);
}

void Prover::forget_above(Context& ctx, BlockId kept) {
  if (kept >= heard_) return;
  // A block that cannot be proven and was not sealed yet is now the next one; one that was is gone.
  if (mismatch_block_.exists() && mismatch_block_ > kept) {
    mismatch_block_ = mismatch_block_ > heard_ ? BlockId{kept.value + 1} : BlockId::none();
  }
  heard_ = kept;
  std::size_t first = live_.size();
  while (first > 0 && store_.at(live_[first - 1]).last > kept) --first;
  if (first < live_.size()) {
    const ProofBatchId dropped = live_[first];
    next_ = store_.at(dropped).first;
    forget_jobs(ctx, Pool::Wrap, release_group(first));
    forget_jobs(ctx, Pool::Witness, dropped);
    forget_jobs(ctx, Pool::Gpu, dropped);
    for (std::size_t i = first; i < live_.size(); ++i) {
      ProofBatch& batch = store_.at(live_[i]);
      batch.stage = ProofStage::Dropped;
      ++totals_.dropped;
      record(ctx.now(), batch, ProofEvent::Dropped);
    }
    live_.resize(first);
  }
  next_ = std::min(next_, BlockId{kept.value + 1});
  open_.clear();
  const Ratio load = load_.on() ? load_.magnitude : Ratio::one();
  for (BlockId n = next_; n <= std::min(kept, chain_->head()); ++n.value) {
    open_.take(open_.with(*chain_, n, params().seal, load));
  }
  set_age_timer(ctx);
}

// The batches that stay of a group that loses its end are wrapped anew. Returns the first batch
// whose wrap is void; `dropped` is a position in live_.
ProofBatchId Prover::release_group(std::size_t dropped) {
  const ProofBatchId lost = live_[dropped];
  if (dropped == 0) return lost;
  const ProofBatch& before = store_.at(live_[dropped - 1]);
  if (!before.group.exists() || before.group_last < lost || contract_->proven(before)) return lost;
  const ProofBatchId head = before.group;
  for (std::size_t i = 0; i < dropped; ++i) {
    ProofBatch& member = store_.at(live_[i]);
    if (member.group != head) continue;
    MEZZ_ASSERT(member.stage == ProofStage::Wrapping || member.stage == ProofStage::Ready);
    if (member.stage == ProofStage::Ready) uncount_wrapped(member);
    member.stage = ProofStage::Rooted;
    member.group = member.group_last = ProofBatchId::none();
    member.wrapped = Time::never();
  }
  return head;
}

void Prover::forget_jobs(Context& ctx, Pool pool, ProofBatchId from) {
  for (RunningJob& job : pools_[index(pool)].forget_from(from.value, ctx.now())) {
    ctx.cancel(job.timer);
  }
  std::erase_if(stuck_,
                [&](const Repaired& job) { return job.pool == pool && job.batch >= from.value; });
}

// ---- shocks

void Prover::on(Context& ctx, const Shock& shock) {
  switch (shock.kind) {
    case ShockKind::ProverDown:
      down_.apply(shock);
      set_machines(ctx);
      break;
    case ShockKind::ProverDegraded:
      degraded_.apply(shock);
      set_machines(ctx);
      break;
    case ShockKind::ProverLoad:
      load_.apply(shock);
      break;
    case ShockKind::ProofMismatch:
      if (shock.edge == ShockEdge::Begins && !mismatch_block_.exists()) {
        mismatch_block_ = BlockId{heard_.value + 1};
      }
      break;
    case ShockKind::ProposerDown:
      silent_.apply(shock);
      send_calls(ctx);
      break;
    default:
      break;
  }
  MEZZ_ASSERT(down_.active >= 0 && degraded_.active >= 0);
  MEZZ_ASSERT(load_.active >= 0 && silent_.active >= 0);
}

// ---- looking

std::uint64_t Prover::backlog() const {
  std::uint64_t count = 0;
  for (const ProofBatchId id : live_) count += contract_->proven(store_.at(id)) ? 0 : 1;
  return count;
}

void Prover::report(MetricList& out) const {
  std::vector<Duration> latencies;
  std::vector<Duration> machine;
  for (std::uint64_t n = 0; n < store_.size(); ++n) {
    const ProofBatch& batch = store_.at(ProofBatchId{n});
    if (batch.stage == ProofStage::Dropped) continue;
    if (batch.wrapped.happened()) machine.push_back(batch.wrapped - batch.sealed);
    if (!contract_->proven(batch)) continue;
    latencies.push_back(chain_->block(batch.last).ladder[Rung::Asserted] - batch.sealed);
  }
  out.delays("proving.latency", std::move(latencies));
  out.delays("proving.pipeline", std::move(machine));
  out.add("proving.utilisation", pool(Pool::Gpu).utilisation(), "1");
  out.count("proving.backlog", backlog());
  out.count("proving.retries", totals_.failed);
  out.count("proving.timeouts", totals_.timed_out);
  out.count("proving.stuck", totals_.stuck);
  out.count("proving.lost", totals_.lost);
  const auto cost = [](Duration used, Money hour) {
    return Money{mul_div(used.ns, hour.micros, Duration{1_h}.ns, Round::Up)};
  };
  const Money spent = cost(totals_.witness_time, params().witness.hour) +
                      cost(totals_.gpu_time, params().gpu.hour) +
                      cost(totals_.wrap_time, params().wrap.hour);
  if (totals_.wrapped > 0) {
    out.add("proving.cost.mean", spent.usd() / static_cast<double>(totals_.wrapped), "USD");
  }
  out.add("proving.l1_cost", static_cast<double>(outbox_.spent_gwei()) * 1e-9, "ETH");
  out.count("batches.sealed", totals_.sealed);
  out.count("batches.dropped", totals_.dropped);
  out.count("l2.reverts", totals_.mismatches);
  out.count("l2.reverts.blocks", totals_.reverted_blocks);
}

void Prover::check() const {
  for (const JobPool& pool : pools_) MEZZ_ASSERT(pool.busy() <= pool.machines());
  MEZZ_ASSERT(totals_.wrapped + totals_.dropped <= 2 * totals_.sealed);
  for (std::size_t i = 1; i < live_.size(); ++i) {
    MEZZ_ASSERT(store_.at(live_[i]).first.value == store_.at(live_[i - 1]).last.value + 1);
  }
  if (!live_.empty()) MEZZ_ASSERT(next_.value == store_.at(live_.back()).last.value + 1);
}

}  // namespace mezz

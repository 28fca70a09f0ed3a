#include "models/layer2/proving/validity_contract.h"

#include <algorithm>

#include "models/base_chain/fee_rules.h"
#include "models/layer2/proving/proof_rules.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

static_assert(Flat<ValidityTotals> && Flat<ProofBatch>);

ValidityContract::ValidityContract(const Site& site, const ValidityParams& p, Layer2Chain& chain)
    : EntityOf(site, p), chain_(&chain) {
  if (p.verify_gas < proving::groth16_gas(1)) {
    throw ScenarioError("validity.verify_gas",
                        "no verifier is cheaper than Groth16 with one public input: " +
                            std::to_string(proving::groth16_gas(1).units) + " gas");
  }
  const auto batches = static_cast<std::uint64_t>(p.execute_batches_max);
  const Gas most = proving::call_gas(p.execute_gas, p.execute_batch_gas, batches);
  if (most > base_chain::kTransactionGasMax) {
    throw ScenarioError("validity.execute_batches_max",
                        "a call for so many batches takes " + std::to_string(most.units) +
                            " gas, more than a transaction may (16 777 216)");
  }
  if (p.execute_gas + p.execute_batch_gas < base_chain::kTransactionGas) {
    throw ScenarioError("validity.execute_gas", "a transaction takes at least 21 000 gas");
  }
}

// ---- calls

bool ValidityContract::alive(const ProofBatch& batch) const {
  return batch.stage != ProofStage::Dropped && batch.last <= chain_->head() &&
         chain_->block(batch.last).incarnation == batch.incarnation;
}

bool ValidityContract::proven(const ProofBatch& batch) const {
  return alive(batch) && batch.last <= chain_->reached(Rung::Asserted);
}

bool ValidityContract::executed(const ProofBatch& batch) const {
  return alive(batch) && batch.last <= chain_->reached(Rung::Settled);
}

Time ValidityContract::executable_at(const ProofBatch& batch) const {
  if (!alive(batch) || batch.last > chain_->reached(Rung::Published)) return Time::never();
  const Time published = chain_->block(batch.last).ladder[Rung::Published];
  MEZZ_ASSERT(published.happened());
  return published + params().execution_delay;
}

bool ValidityContract::may_execute(const ProofBatch& batch, Time now) const {
  const Time at = executable_at(batch);
  return proven(batch) && at.happened() && at <= now;
}

std::uint64_t ValidityContract::acceptable(const L1Execute& call, Rung rung, Time now) const {
  MEZZ_ASSERT(batches_ != nullptr);
  if (derivation_ != nullptr && derivation_->frozen()) return 0;
  const ProofBatchId first{call.a};
  const ProofBatchId last{call.b};
  if (first > last || !batches_->holds(last)) return 0;
  if (!alive(batches_->at(first)) || !alive(batches_->at(last))) return 0;
  const BlockId reached = chain_->reached(rung);
  if (batches_->at(first).first.value > reached.value + 1) return 0;
  if (batches_->at(last).last <= reached) return 0;
  std::uint64_t batches = 0;
  for (std::uint64_t n = first.value; n <= last.value; ++n) {
    const ProofBatch& batch = batches_->at(ProofBatchId{n});
    if (!alive(batch)) continue;  // a number between two others that is not used any more
    const bool ready = rung == Rung::Asserted ? batch.stage == ProofStage::Ready &&
                                                    batch.last <= chain_->reached(Rung::Published)
                                              : may_execute(batch, now);
    if (!ready) return 0;
    ++batches;
  }
  const auto most = static_cast<std::uint64_t>(params().execute_batches_max);
  return rung == Rung::Settled && batches > most ? 0 : batches;
}

void ValidityContract::on(Context& ctx, const L1Execute& call) {
  Change change{.tag = call.tag, .block = call.block, .height = call.height};
  const bool known =
      call.kind == L1CallKind::ValidityProof || call.kind == L1CallKind::ExecuteBatch;
  change.rung = call.kind == L1CallKind::ExecuteBatch ? Rung::Settled : Rung::Asserted;
  if (known) change.batches = acceptable(call, change.rung, ctx.now());
  if (change.batches > 0) {
    const ProofBatch& last = batches_->at(ProofBatchId{call.b});
    change.first = BlockId{chain_->reached(change.rung).value + 1};
    change.last = last.last;
    change.incarnation = last.incarnation;
    MEZZ_ASSERT(change.first <= change.last && change.first > chain_->fixed());
    chain_->reach(change.rung, change.first, change.last, ctx.now());
    MEZZ_ASSERT(chain_->reached(change.rung) == change.last);
  }
  count(change, false);
  changes_.add(change);
}

// Of the blocks of the call, those that have not been replaced since (l1_inbox.cpp).
BlockId ValidityContract::last_living(const Change& change) const {
  BlockId last = std::min(change.last, chain_->head());
  while (last >= change.first && chain_->block(last).incarnation > change.incarnation) --last.value;
  return last;
}

void ValidityContract::on(Context&, const L1Undo& call) {
  const Change change = changes_.take(call);
  count(change, true);
  if (change.batches == 0) return;
  const BlockId last = last_living(change);
  if (last < change.first) return;
  MEZZ_ASSERT(change.first > chain_->fixed());
  chain_->clear(change.rung, change.first, last);
}

void ValidityContract::count(const Change& change, bool undo) {
  const auto add = [undo](std::uint64_t& total, std::uint64_t amount) {
    MEZZ_ASSERT(!undo || total >= amount);
    total = undo ? total - amount : total + amount;
  };
  if (change.batches == 0) {
    add(totals_.refused, 1);
  } else if (change.rung == Rung::Asserted) {
    add(totals_.proofs, 1);
    add(totals_.proven, change.batches);
  } else {
    add(totals_.executed, change.batches);
  }
}

void ValidityContract::on(Context&, const L1Finalised& finalised) {
  changes_.finalised(finalised.height, [this](const Change& change) {
    if (change.batches > 0 && change.rung == Rung::Settled) executed_finally_ = change.last;
  });
  // Executed blocks are published in an earlier block, so they are in final order as well, as soon
  // as derivation has heard of it; rows of transactions are written when all rungs are there.
  const BlockId fixed = std::min(executed_finally_, chain_->reached(Rung::OrderFinal));
  MEZZ_ASSERT(executed_finally_ <= chain_->reached(Rung::Settled));
  if (fixed > chain_->fixed()) chain_->fix(fixed);
}

void ValidityContract::report(MetricList& out) const {
  out.count("batches.proven", totals_.proven);
  out.count("batches.executed", totals_.executed);
  out.count("proofs", totals_.proofs);
  out.count("proofs.refused", totals_.refused);
}

void ValidityContract::check() const {
  MEZZ_ASSERT(chain_->reached(Rung::Settled) <= chain_->reached(Rung::Asserted));
  MEZZ_ASSERT(chain_->reached(Rung::Asserted) <= chain_->reached(Rung::Published));
  MEZZ_ASSERT(totals_.executed <= totals_.proven);
}

}  // namespace mezz

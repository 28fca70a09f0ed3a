// The rollup's contract on layer one as far as proofs go. Source: ZKsync Era's executor facet
// (commit, prove, execute; revertBatches down to the last executed one; execution delay of the
// ValidatorTimelock); reference sheet "layer-two protocols" section 3.1.
//
//   ValidityProof  a, b = first and last proof batch: accepted when all their blocks still exist,
//                  their data is on layer one (Published, whoever published it) and everything
//                  before them is proven. The blocks are Asserted from then on.
//   ExecuteBatch   a, b: accepted when they are proven and their data has been on layer one for
//                  execution_delay. The blocks are Settled: withdrawals open, nobody reverts them.
//
// All of a call or nothing. A call refused costs its gas. The heads of the contract are the rungs
// of the chain, so a rollback of layer two moves them as revertBatches does. Calls are undone
// exactly when layer one reorganises; when the block that holds an execution is final, the rungs up
// to there are fixed. Gas: all of commit (21 000 of the poster's blob transaction), proof and
// execution comes to 800 000 per batch that goes alone (batch_overhead_l1_gas); the split is a
// modelling default. Left out: priority operations, upgrades, the call that reverts batches.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/base_chain/undo_log.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/chain.h"
#include "models/layer2/proving/proof_batch.h"
#include "models/layer2/reporter.h"
#include "sim/engine/entity.h"
#include "sim/types/wei.h"

namespace mezz {

struct ValidityParams {
  Duration execution_delay = 10'800_s;
  std::int64_t execute_batches_max = 10;
  Gas verify_gas{500'000};
  Gas prove_batch_gas{59'000};
  Gas execute_gas{50'000};
  Gas execute_batch_gas{170'000};

  void visit(auto& v) {
    v("execution_delay", execution_delay,
      {.doc = "Least time from the data of a batch on layer one to its execution (Era: about 3 h, "
              "76 000 s in its mainnet file, 24 h in 2023)"});
    v("execute_batches_max", execute_batches_max,
      {.doc = "Batches that one call executes (Era: 10)", .min = 1, .max = 1'000});
    v("verify_gas", verify_gas,
      {.doc = "Gas of checking one proof (Groth16 about 190 000, PLONK-KZG 300 000 to 500 000, "
              "STARK 1 to 5 million)"});
    v("prove_batch_gas", prove_batch_gas, {.doc = "Gas of a proof call, per batch"});
    v("execute_gas", execute_gas, {.doc = "Gas of an execution call"});
    v("execute_batch_gas", execute_batch_gas, {.doc = "Gas of an execution call, per batch"});
  }
};

struct ValidityTotals {
  std::uint64_t proofs = 0;  // accepted now
  std::uint64_t proven = 0;  // batches
  std::uint64_t executed = 0;
  std::uint64_t refused = 0;
};

class ValidityContract final
    : public EntityOf<ValidityContract, ValidityParams, L1Contract, L1Observer>,
      public Reporter {
 public:
  // The builder subscribes it to layer one, after the derivation.
  ValidityContract(const Site& site, const ValidityParams& params, Layer2Chain& chain);
  void read_batches(const ProofStore& store) { batches_ = &store; }
  // A chain that an escape hatch froze is settled no further (StarkEx: updateState is notFrozen).
  void stop_when_frozen(const Derivation& derivation) { derivation_ = &derivation; }

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;

  void report(MetricList& out) const override;
  void check() const override;

  // ---- for readers with nodes of both layers
  [[nodiscard]] bool alive(const ProofBatch& batch) const;
  [[nodiscard]] bool proven(const ProofBatch& batch) const;
  [[nodiscard]] bool executed(const ProofBatch& batch) const;
  // When a proven batch may be executed; never() while its data is not on layer one.
  [[nodiscard]] Time executable_at(const ProofBatch& batch) const;
  [[nodiscard]] const ValidityTotals& totals() const { return totals_; }

  void visit_state(auto& v) {
    v("totals", totals_);
    v("changes", changes_);
    v("executed_finally", executed_finally_);
  }

 private:
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    BlockId first = {};  // blocks that reached the rung
    BlockId last = {};
    std::uint64_t incarnation = 0;
    std::uint64_t batches = 0;  // 0: refused
    Rung rung = Rung::Asserted;
    std::uint8_t reserved[7] = {};
  };

  // Of the live batches a..b; 0 when the call is refused.
  [[nodiscard]] std::uint64_t acceptable(const L1Execute& call, Rung rung, Time now) const;
  [[nodiscard]] bool may_execute(const ProofBatch& batch, Time now) const;
  [[nodiscard]] BlockId last_living(const Change& change) const;
  void count(const Change& change, bool undo);

  Layer2Chain* chain_;
  const Derivation* derivation_ = nullptr;
  const ProofStore* batches_ = nullptr;
  ValidityTotals totals_;
  UndoLog<Change> changes_;  // above the final height, in order of inclusion
  BlockId executed_finally_{0};
};

}  // namespace mezz

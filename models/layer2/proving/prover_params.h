// Parameters of the operator's proving system. Defaults: ZKsync Era (reference sheet "layer-two
// protocols" section 3.1) where it publishes numbers; machine times and prices are modelling
// defaults of ours: 2 s of GPU per circuit at 1.20 USD an hour make about 2 USD per 1000 orders,
// the lower end of the public estimates for 2025 (2 to 10 USD). 1000 machines serve some 150 orders
// a second.
#pragma once

#include <cstdint>
#include <string>

#include "models/layer2/proving/sealing.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/random/distribution_params.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"

namespace mezz {

struct MachineParams {
  std::int64_t machines = 1;
  DelayDistribution time;
  Duration timeout = 600_s;
  std::int64_t attempts = 10;
  Money hour = Money::zero();

  void visit(auto& v) {
    v("machines", machines, {.doc = "Machines that share the jobs", .min = 1, .max = 1'000'000});
    v("time", time, {.doc = "Machine time of a job"});
    v("timeout", timeout, {.doc = "Age at which a running job is given up", .min = 1_ms});
    v("attempts", attempts,
      {.doc = "Attempts until a job waits for people to repair it", .min = 1, .max = 1'000});
    v("hour", hour, {.doc = "Price of a machine for an hour", .min = Money::zero()});
  }
};

// Back to where the chain goes when proving disagrees with what was sealed.
enum class MismatchReverts : std::uint8_t {
  Unproven,  // everything that is not proven on layer one
  FromHere,  // the batch that cannot be proven and what was built on it
};
template <>
struct EnumNames<MismatchReverts> {
  static constexpr std::string_view names[] = {"unproven", "from_here"};
};

struct ProverParams {
  SealingRules seal;
  MachineParams witness{.machines = 32,
                        .time = DelayDistribution::lognormal(5_s, 0.3),
                        .timeout = 900_s,
                        .attempts = 10,
                        .hour = Money{500'000}};
  MachineParams gpu{.machines = 1'000,
                    .time = DelayDistribution::lognormal(50_s, 0.5),
                    .timeout = 600_s,
                    .attempts = 10,
                    .hour = Money{1'200'000}};
  MachineParams wrap{.machines = 4,
                     .time = DelayDistribution::lognormal(120_s, 0.2),
                     .timeout = 3'600_s,
                     .attempts = 5,
                     .hour = Money{1'200'000}};
  std::int64_t units_per_job = 25;
  std::int64_t arity = 32;
  DelayDistribution recursion_time = DelayDistribution::lognormal(20_s, 0.3);
  Ratio failure = Ratio::from_ppm(2'000);
  Duration repair_delay = 1_h;
  std::int64_t pending_max = 4;
  std::int64_t batches_per_proof = 1;
  Duration proof_max_wait = 300_s;
  Duration execute_max_wait = 300_s;
  MismatchReverts mismatch_reverts = MismatchReverts::Unproven;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("seal", seal, {.doc = "When a batch is closed"});
    v("witness", witness,
      {.doc = "Servers that execute a batch again; `time` is for 1000 circuits (Era: 900 s x 10)"});
    v("gpu", gpu,
      {.doc = "Pool for base and recursion proofs; `time` is of one base job (600 s x 10)"});
    v("wrap", wrap, {.doc = "Last proof, that layer one can check; one per group (3600 s x 5)"});
    v("units_per_job", units_per_job,
      {.doc = "Circuits that one job of the pool proves one after the other", .min = 1});
    v("arity", arity, {.doc = "Proofs that one recursion proof joins (Era: 32)", .min = 2});
    v("recursion_time", recursion_time, {.doc = "Machine time of a recursion proof"});
    v("failure", failure,
      {.doc = "Share of the jobs that come to nothing", .min = Ratio::zero(), .max = 90_percent});
    v("repair_delay", repair_delay,
      {.doc = "Until people have repaired a job that is out of attempts", .min = 1_s});
    v("pending_max", pending_max,
      {.doc = "Proofs under way to layer one at one time", .min = 1, .max = 100});
    v("batches_per_proof", batches_per_proof,
      {.doc = "Batches wrapped and checked together: cheaper and later", .min = 1, .max = 1'000});
    v("proof_max_wait", proof_max_wait,
      {.doc = "Age of the oldest at which a smaller group is wrapped (Era: 300 s)"});
    v("execute_max_wait", execute_max_wait,
      {.doc = "Age of the oldest at which fewer batches than possible are executed (Era: 300 s)"});
    v("mismatch_reverts", mismatch_reverts,
      {.doc = "What is dropped when proving disagrees with what was sealed"});
    v("fees", fees, {.doc = "What the operator offers for inclusion on layer one"});
  }
  // Throws ScenarioError naming path.field.
  void check(const std::string& path) const;
};

}  // namespace mezz

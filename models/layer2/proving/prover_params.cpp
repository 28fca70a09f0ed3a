#include "models/layer2/proving/prover_params.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz {

namespace {

void check_machines(const MachineParams& p, Duration typical, const std::string& path,
                    const std::string& job) {
  mezz::check(p.time, path + ".time");
  if (typical >= p.timeout) {
    throw ScenarioError(path + ".timeout",
                        job + " takes " + std::to_string(typical.seconds()) +
                            " s on average, so that most are given up: use faster machines, "
                            "smaller jobs or a longer timeout");
  }
}

}  // namespace

void ProverParams::check(const std::string& path) const {
  seal.check(path + ".seal");
  const Duration full_witness{mul_div(witness.time.mean.ns,
                                      std::min<std::int64_t>(seal.units_max, 1'000'000'000), 1'000,
                                      Round::Up)};
  check_machines(witness, full_witness, path + ".witness", "the witness of a full batch");
  check_machines(gpu, gpu.time.mean, path + ".gpu", "a base job");
  check_machines(wrap, wrap.time.mean, path + ".wrap", "a wrap");
  mezz::check(recursion_time, path + ".recursion_time");
  if (recursion_time.mean >= gpu.timeout) {
    throw ScenarioError(path + ".recursion_time", "must be shorter than gpu.timeout on average");
  }
  if (fees.cap < fees.tip) {
    throw ScenarioError(path + ".fees.cap", "must be at least the tip");
  }
}

}  // namespace mezz

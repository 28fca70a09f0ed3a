// The shape and the price of a validity proof: pure functions. Sources: reference sheet "layer-two
// protocols" section 3.1 (fan-in tree of arity a over n base proofs, ceil(log_a n) levels);
// EIP-1108 (pairing check 45 000 + 34 000 per pair, scalar multiplication 6 000 + addition 150 per
// public input): a Groth16 verifier checks four pairs. Gas of layer one.
#pragma once

#include <cstdint>

#include "sim/types/wei.h"

namespace mezz::proving {

// Base proofs of a batch: at least one, whatever it holds.
std::uint64_t base_jobs(std::uint64_t units, std::uint64_t units_per_job);
// Levels of the tree above n base proofs; 0 for one.
std::uint64_t recursion_levels(std::uint64_t base, std::uint64_t arity);
// Proofs of a level, from 1; 1 at the root.
std::uint64_t recursion_jobs(std::uint64_t base, std::uint64_t arity, std::uint64_t level);
// Machines in step, all jobs equally long: rounds until the last job is done.
std::uint64_t waves(std::uint64_t jobs, std::uint64_t machines);

Gas groth16_gas(std::int64_t public_inputs);
// Of a call for several batches.
constexpr Gas call_gas(Gas once, Gas per_batch, std::uint64_t batches) {
  return once + per_batch * static_cast<std::int64_t>(batches);
}

}  // namespace mezz::proving

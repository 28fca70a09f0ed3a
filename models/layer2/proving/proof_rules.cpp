#include "models/layer2/proving/proof_rules.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::proving {

namespace {
std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) {
  MEZZ_ASSERT(b > 0);
  return a / b + (a % b > 0 ? 1 : 0);
}
}  // namespace

std::uint64_t base_jobs(std::uint64_t units, std::uint64_t units_per_job) {
  return std::max<std::uint64_t>(1, divide_up(units, units_per_job));
}

std::uint64_t recursion_levels(std::uint64_t base, std::uint64_t arity) {
  MEZZ_ASSERT(base >= 1 && arity >= 2);
  std::uint64_t levels = 0;
  for (std::uint64_t proofs = base; proofs > 1; proofs = divide_up(proofs, arity)) ++levels;
  return levels;
}

std::uint64_t recursion_jobs(std::uint64_t base, std::uint64_t arity, std::uint64_t level) {
  MEZZ_ASSERT(level >= 1 && level <= recursion_levels(base, arity));
  std::uint64_t proofs = base;
  for (std::uint64_t i = 0; i < level; ++i) proofs = divide_up(proofs, arity);
  return proofs;
}

std::uint64_t waves(std::uint64_t jobs, std::uint64_t machines) {
  return divide_up(jobs, machines);
}

Gas groth16_gas(std::int64_t public_inputs) {
  MEZZ_ASSERT(public_inputs >= 0);
  constexpr std::int64_t kPairs = 4;
  return Gas{45'000 + 34'000 * kPairs + (6'000 + 150) * public_inputs};
}

}  // namespace mezz::proving

#include "scenarios/validation/hawkes_flow.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

HawkesFlow::HawkesFlow(const Site& site, const HawkesFlowParams& p)
    : EntityOf(site, p), counts_(static_cast<std::size_t>(p.windows)) {
  MEZZ_ASSERT(p.base > 0 && p.decay > p.jump);
}

void HawkesFlow::on(Context& ctx, const Start&) {
  last_ = ctx.now();
  propose(ctx);
}

void HawkesFlow::propose(Context& ctx) {
  const double wait = exponential(rng()) / intensity();
  const auto ns = static_cast<std::int64_t>(wait * 1e9) + 1;
  const Time end = Time{} + params().warm_up + params().window * params().windows;
  if (Duration{ns} < end - ctx.now()) after(ctx, Duration{ns}, Candidate{});
}

void HawkesFlow::on(Context& ctx, const Candidate&) {
  const double bound = intensity();
  excited_ *= numeric::exp(-params().decay * (ctx.now() - last_).seconds());
  last_ = ctx.now();
  if (rng().uniform() * bound < intensity()) {
    excited_ += params().jump;
    const Duration age = ctx.now() - (Time{} + params().warm_up);
    if (age >= Duration::zero()) counts_[static_cast<std::size_t>(age / params().window)] += 1;
  }
  propose(ctx);
}

}  // namespace mezz::validation

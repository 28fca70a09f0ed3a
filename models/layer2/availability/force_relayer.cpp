#include "models/layer2/availability/force_relayer.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

ForceRelayer::ForceRelayer(const Site& site, const ForceRelayerParams& params, Ref<BaseChain> l1,
                           Ref<L1Contract> contract, const Derivation& derivation)
    : EntityOf(site, params), l1_(l1), contract_(contract), derivation_(&derivation) {
  MEZZ_ASSERT(l1.exists() && contract.exists());
}

void ForceRelayer::on(Context& ctx, const L1Head& head) {
  if (waiting_ != 0) return;
  const auto patience = static_cast<std::uint64_t>(params().patience);
  if (head.height + 1 < patience) return;
  const std::optional<std::uint64_t> due = derivation_->forceable(head.height + 1 - patience);
  if (!due) return;
  waiting_ = 1;
  ctx.send(l1_, SubmitL1Transaction{.to = contract_,
                                    .from = self(),
                                    .tag = calls_++,
                                    .a = *due,
                                    .gas = static_cast<std::uint32_t>(params().gas.units),
                                    .kind = L1CallKind::ForcedRequest,
                                    .tip = MilliGwei::from(params().tip),
                                    .cap = MilliGwei::from(params().cap)});
}

// Answers may overtake each other on the wire: block ids grow, so the newest one holds.
void ForceRelayer::on(Context&, const L1Included& included) {
  MEZZ_ASSERT(included.tag < calls_);
  if (included.tag + 1 == calls_ && included.block > heard_) waiting_ = 0;
  heard_ = std::max(heard_, included.block);
}

void ForceRelayer::on(Context&, const L1Reverted& reverted) {
  MEZZ_ASSERT(reverted.tag < calls_);
  if (reverted.tag + 1 == calls_ && reverted.block == heard_) waiting_ = 1;
}

void ForceRelayer::report(MetricList& out) const {
  out.count("forced.calls", calls_);
  out.count("forced.derived_messages", derivation_->counts().forced_messages);
}

}  // namespace mezz

// Whoever pays for forced inclusion where it takes a call: it watches the messages of layer one
// that the sequencer leaves unread, and when the window of the delay buffer is over sends one call
// for all that are due (Derivation::forceable). Source: SequencerInbox.forceInclusion, the force
// inclusion tool of the Arbitrum SDK; reference sheet "layer-two protocols" section 2.2. Left out:
// several callers who race.
#pragma once

#include <cstdint>

#include "models/base_chain/base_chain.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz {

struct ForceRelayerParams {
  std::int64_t patience = 0;
  Gas gas{200'000};
  GasPrice tip = 2_gwei;
  GasPrice cap = 1'000_gwei;

  void visit(auto& v) {
    v("patience", patience,
      {.doc = "Blocks of layer one it waits after the window", .min = 0, .max = 10'000'000});
    v("gas", gas, {.doc = "Gas of the call", .min = Gas{21'000}});
    v("tip", tip, {.doc = "Priority fee offered at first; rises by 1/8 per block passed over"});
    v("cap", cap, {.doc = "Most that base fee and tip may reach"});
  }
};

class ForceRelayer final : public EntityOf<ForceRelayer, ForceRelayerParams, L1Sender, L1Observer>,
                           public Reporter {
 public:
  // The builder subscribes it to layer one.
  ForceRelayer(const Site& site, const ForceRelayerParams& params, Ref<BaseChain> l1,
               Ref<L1Contract> contract, const Derivation& derivation);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void report(MetricList& out) const override;

  [[nodiscard]] std::uint64_t calls() const { return calls_; }

  void visit_state(auto& v) {
    v("calls", calls_);
    v("waiting", waiting_);
    v("heard", heard_);
  }

 private:
  Ref<BaseChain> l1_;
  Ref<L1Contract> contract_;
  const Derivation* derivation_;
  std::uint64_t calls_ = 0;
  std::uint64_t waiting_ = 0;  // the newest call is in the mempool
  L1BlockId heard_{0};         // newest block that answers named
};

}  // namespace mezz

// The watchtower that the hub pays: it gets every state that both have signed, looks at layer one
// every poll_interval (with a random phase) and answers challenges with older states. Source:
// reference sheet "layer-two protocols" section 4: a stale close wins iff the challenge window is
// shorter than the time to the next look plus inclusion, or the tower is away for all of it.
// Switch: WatchtowerDown. Left out: several towers, encrypted states, towers that are bribed.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "models/layer2/channel/channel_contract.h"
#include "models/layer2/channel/channel_params.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"

namespace mezz {

struct WatchtowerWiring {
  const ChannelBook* book = nullptr;
  ChannelContract* contract = nullptr;
  Ref<ChannelContract> contract_ref;
  Ref<BaseChain> l1;
};

class Watchtower final
    : public EntityOf<Watchtower, WatchtowerParams, L1Sender, L1Observer, Shockable>,
      public Reporter {
 public:
  struct Look {};

  Watchtower(const Site& site, const WatchtowerParams& params, const WatchtowerWiring& wiring);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const Shock& shock) override;

  [[nodiscard]] std::uint64_t looks() const { return looks_; }
  [[nodiscard]] std::uint64_t answers() const { return answers_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("answered", answered_);
    v("looks", looks_);
    v("missed", missed_);
    v("answers", answers_);
    v("earned", earned_);
    v("down", down_);
    v("response", response_);
  }

 private:
  void answer_stale(Context& ctx);

  const ChannelBook* book_;
  ChannelContract* contract_;
  L1Outbox::Address address_;
  L1Outbox outbox_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> answered_;  // account, turn challenged
  std::uint64_t looks_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t answers_ = 0;
  Money earned_;
  Switch down_;
  Stream response_;
};

}  // namespace mezz

// Whoever serves the exit game for a fee: processes exits that are due (bounty per exit) and
// challenges exits of spent outputs (the bond). Anybody can; one entity stands for them. It offers
// for gas what the bounty pays and no more, so that exits wait when gas is dear. The owners of
// coins in danger (Cash) challenge for themselves: exit_crowd.h.
//
// Switches: ChallengerDown, WatchtowerDown (no challenges; processing goes on).
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/plasma/plasma_operator.h"

namespace mezz {

class ExitKeeper final
    : public EntityOf<ExitKeeper, PlasmaParams, L1Sender, L1Observer, Shockable> {
 public:
  ExitKeeper(const Site& site, const PlasmaParams& params, const PlasmaWiring& wiring);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised& finalised) override { outbox_.finalised(finalised.height); }
  void on(Context&, const L1Included& included) override;
  void on(Context&, const L1Reverted& reverted) override;
  void on(Context& ctx, const Shock& shock) override;

  // The most it offers per gas for processing.
  [[nodiscard]] GasPrice break_even() const;

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("calls", calls_);
    v("challenger_down", challenger_down_);
    v("watchtower_down", watchtower_down_);
  }

 private:
  void challenge(Context& ctx);
  void process(Context& ctx);

  const ExitGame* game_;
  L1Outbox::Address address_;
  L1Outbox outbox_;
  std::vector<std::uint64_t> calls_;  // tags of ProcessExits calls that wait
  Switch challenger_down_;
  Switch watchtower_down_;
};

}  // namespace mezz

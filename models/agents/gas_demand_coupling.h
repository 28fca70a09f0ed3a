// Ties layer one's congestion to the market: at every interval in which the outside price moved, it
// sends the size of the move to the base chain's demand model (DemandPulse). Keeper transactions,
// deposits and oracle reports then meet dear gas exactly when they are needed (Polygon 2023-08-17:
// 9 558 gwei in the minute of the low). Left out: the reverse effect.
#pragma once

#include "models/base_chain/base_chain.h"
#include "models/market/price/price_tick.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz {

struct GasDemandCouplingParams {
  Duration interval = 12_s;
  Ratio threshold = 10_bp;
  void visit(auto& v) {
    v("interval", interval, {.doc = "Over which moves are taken", .min = 1_ms});
    v("threshold", threshold, {.doc = "Smaller moves go unnoticed", .min = Ratio::zero()});
  }
};

// |now - before| / before.
Ratio relative_move(Price before, Price now);

class GasDemandCoupling final
    : public EntityOf<GasDemandCoupling, GasDemandCouplingParams, PriceObserver> {
 public:
  GasDemandCoupling(const Site& site, const GasDemandCouplingParams& params, Ref<BaseChain> l1)
      : EntityOf(site, params), l1_(l1) {}

  void on(Context& ctx, const PriceTick& tick) override;
  [[nodiscard]] std::uint64_t pulses() const { return pulses_; }
  void visit_state(auto& v) {
    v("last", last_);
    v("pulses", pulses_);
  }

 private:
  Ref<BaseChain> l1_;
  PriceTick last_{{}, Time::never()};
  std::uint64_t pulses_ = 0;
};

}  // namespace mezz

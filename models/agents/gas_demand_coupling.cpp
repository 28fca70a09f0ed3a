#include "models/agents/gas_demand_coupling.h"

namespace mezz {

Ratio relative_move(Price before, Price now) {
  MEZZ_ASSERT(before.ticks > 0);
  const Int128 move = Int128{now.ticks} - before.ticks;
  return {narrow(divide((move < 0 ? -move : move) * Ratio::kScale, before.ticks, Round::HalfEven))};
}

void GasDemandCoupling::on(Context& ctx, const PriceTick& tick) {
  if (!last_.time.happened()) {
    last_ = tick;
    return;
  }
  if (tick.time - last_.time < params().interval) return;
  const Ratio move = relative_move(last_.price, tick.price);
  last_ = tick;
  if (move < params().threshold) return;
  ++pulses_;
  ctx.send(l1_, DemandPulse{move});
}

}  // namespace mezz

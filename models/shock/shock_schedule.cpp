#include "models/shock/shock_schedule.h"

namespace mezz {

void ShockSchedule::on(Context& ctx, const Start&) {
  std::uint32_t number = 0;
  for (const PlannedShock& planned : params().shocks) {
    Shock shock{planned.kind, ShockEdge::Begins, 0, number++, planned.magnitude};
    for (const Ref<Shockable> target : targets_) ctx.send_after(planned.at, target, shock);
    shock.edge = ShockEdge::Ends;
    for (const Ref<Shockable> target : targets_) {
      ctx.send_after(planned.at + planned.duration, target, shock);
    }
  }
}

}  // namespace mezz

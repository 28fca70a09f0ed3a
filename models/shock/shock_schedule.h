// Sends the scenario's shocks to every part when they begin and when they end; each part keeps the
// switches that concern it and ignores the rest. A shock of no duration begins and ends at one
// instant.
#pragma once

#include <utility>
#include <vector>

#include "models/shock/shock.h"
#include "sim/engine/entity.h"

namespace mezz {

struct PlannedShock {
  ShockKind kind = ShockKind::SequencerDown;
  Duration at;
  Duration duration;
  Ratio magnitude = Ratio::one();
};
struct ShockScheduleParams {
  std::vector<PlannedShock> shocks;
  void visit(auto&) {}
};

class ShockSchedule final : public EntityOf<ShockSchedule, ShockScheduleParams> {
 public:
  ShockSchedule(const Site& site, const ShockScheduleParams& params,
                std::vector<Ref<Shockable>> targets)
      : EntityOf(site, params), targets_(std::move(targets)) {}
  void on(Context& ctx, const Start&);

  // Whom a shock reaches, in the order of sending.
  [[nodiscard]] const std::vector<Ref<Shockable>>& targets() const { return targets_; }

 private:
  std::vector<Ref<Shockable>> targets_;
};

}  // namespace mezz

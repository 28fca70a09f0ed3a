#include "models/margin/deribit_sm.h"

#include <algorithm>

#include "models/margin/common.h"

namespace mezz::margin {

Wad option_margin(const DeribitSm& rule, const CoinOption& o, Requirement requirement) {
  MEZZ_ASSERT(o.underlying > Wad::zero());
  MEZZ_ASSERT(o.mark >= Wad::zero());
  if (o.amount >= Wad::zero()) return Wad::zero();
  const Wad gap = o.call ? o.strike - o.underlying : o.underlying - o.strike;
  const Wad out = divide(std::max(gap, Wad::zero()), o.underlying);
  const Wad floor = Wad::from(rule.maintenance);
  const Wad kept = o.call ? floor : std::max(floor, multiply(floor, o.mark, Round::Up));
  const Wad opened = std::max(Wad::from(rule.initial_max) - out, Wad::from(rule.initial_min));
  const Wad each = requirement == Requirement::Initial ? std::max(opened, kept) : kept;
  return multiply(o.amount.abs(), each + o.mark, Round::Up);
}

void DeribitSm::check(const char* path) const {
  require(maintenance > Ratio::zero(), path, "maintenance", "must be above 0");
  require(initial_min >= maintenance, path, "initial_min", "must not be below maintenance");
  require(initial_max >= initial_min && initial_max <= Ratio::one(), path, "initial_max",
          "must not be below initial_min and at most 1");
}

}  // namespace mezz::margin

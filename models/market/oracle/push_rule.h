// When a push oracle reports: the price has left the reported one by the deviation threshold, or
// the report is as old as the heartbeat (Chainlink ETH/USD on layer one: 0.5 %, 3600 s; reference
// sheet "layer-two protocols", section 12). Both bounds are inclusive, compared in integers.
#pragma once

#include "sim/types/price.h"
#include "sim/types/ratio.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

struct PushRule {
  Ratio deviation = 50_bp;
  Duration heartbeat = 1_h;
};

// |now - reported| / reported >= threshold.
constexpr bool deviates(Price reported, Price now, Ratio threshold) {
  const Int128 move = Int128{now.ticks} - reported.ticks;
  const Int128 size = move < 0 ? -move : move;
  return size * Ratio::kScale >= Int128{reported.ticks} * threshold.ppb;
}

struct Report {
  Price price;
  Time time;  // of observation; never() = nothing reported yet
};

// `seen` is what the reporter sees; the age of a report counts from its observation.
constexpr bool should_update(const PushRule& rule, const Report& reported, const Report& seen,
                             Time now) {
  if (!seen.time.happened()) return false;
  if (!reported.time.happened()) return true;
  return deviates(reported.price, seen.price, rule.deviation) ||
         now - reported.time >= rule.heartbeat;
}

}  // namespace mezz

// Latency belongs to the wire: a Link describes the way from one place to another (a place is a
// name like "trader", "sequencer", "l1"). A message sent along it arrives after a drawn delay, or
// never. Draws come from the sender's own link stream, so that one sender never shifts another's
// latency. Messages on one link may overtake each other when delays are random, as datagrams do.
// Links within one place, and those not set, deliver at once (same time, later in the sequence).
#pragma once

#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/types/ratio.h"

namespace mezz {

struct Link {
  DelayDistribution delay = {};
  Ratio loss = Ratio::zero();

  void visit(auto& v) {
    v("delay", delay, {.doc = "Time on the way"});
    v("loss", loss,
      {.doc = "Share of messages that never arrive", .min = Ratio::zero(), .max = Ratio::one()});
  }
};

}  // namespace mezz

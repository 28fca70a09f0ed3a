// The steps of designs whose data a committee keeps, and the escape hatch.
#include "models/layer2/designs/parts.h"

namespace mezz {

void add_committee(Parts& parts, DataCommittee::Choice choice) {
  World& world = *parts.world;
  world.place("l2");
  parts.committee = world.add<DataCommittee>("l2/committee", parts.params->committee, choice);
  parts.out.feed->observe_blocks(parts.committee);
  list_part(parts, parts.committee);
}

EscapeHatch& add_escape_hatch(Parts& parts) {
  World& world = *parts.world;
  MEZZ_ASSERT(parts.bridge != nullptr);
  world.place("l1");
  const auto hatch = world.add<EscapeHatch>(
      "l1/escape_hatch", parts.params->escape_hatch,
      EscapeWiring{.escrow = &parts.bridge->escrow(),
                   .node = parts.node,
                   .derivation = parts.derivation,
                   .inbox_ref = parts.inbox_ref,
                   .inbox = parts.inbox,
                   .data = parts.committee.exists() ? &world.get(parts.committee) : nullptr});
  parts.chain1->subscribe(hatch);
  parts.out.feed->observe_blocks(hatch);
  parts.out.escape = &world.get(hatch);
  parts.out.escape_contract = hatch;
  list_part(parts, hatch);
  return world.get(hatch);
}

}  // namespace mezz

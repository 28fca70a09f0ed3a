// Volition: a validium where each account chooses where its data goes, to the committee or to layer
// one. Those on layer one can always build the witnesses they need to leave.
#include "models/layer2/designs/validity.h"

namespace mezz {

Layer2 build_volition(World& world, const Layer2Params& params, Ref<BaseChain> l1) {
  Layer2Params p = params;
  p.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_committee(parts, DataCommittee::Choice::Volition);
  add_batch_poster(parts);
  add_validity_settlement(parts);
  add_canonical_bridge(parts, {});
  add_escape_hatch(parts);
  return parts.out;
}

}  // namespace mezz

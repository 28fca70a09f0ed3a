// Validium (StarkEx): proven state, data with a committee, and an escape hatch for those whom the
// operator ignores. Nobody has to serve messages of layer one, so forced_inclusion is queue_only
// here whatever the scenario says: the freeze is what makes the operator serve them. Withheld data
// freezes the money of users, and cannot steal it: every settled state is proven.
#include "models/layer2/designs/validity.h"

namespace mezz {

Layer2 build_validium(World& world, const Layer2Params& params, Ref<BaseChain> l1) {
  Layer2Params p = params;
  p.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_committee(parts, DataCommittee::Choice::CommitteeOnly);
  add_batch_poster(parts);
  add_validity_settlement(parts);
  add_canonical_bridge(parts, {});
  add_escape_hatch(parts);
  return parts.out;
}

}  // namespace mezz

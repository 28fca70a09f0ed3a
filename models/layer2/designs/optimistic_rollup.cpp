// OP-Stack composition: one sequencer, batches in blobs or calldata, fault dispute games, canonical
// bridge. See the README of this folder for the picture.
#include "models/layer2/designs/parts.h"

namespace mezz {

Layer2 build_optimistic_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_batch_poster(parts);
  const auto proof = add_dispute_games(parts);
  add_canonical_bridge(parts, proof);
  add_disputes(parts, world.get(proof));
  return parts.out;
}

}  // namespace mezz

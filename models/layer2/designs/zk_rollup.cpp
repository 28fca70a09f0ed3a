// ZK rollup: one sequencer, batches in blobs or calldata, every batch proven, a one-step bridge
// that pays when the batch of a withdrawal is executed on layer one. Source: ZKsync Era, Starknet,
// Linea; reference sheet "layer-two protocols" section 3. What users force over layer one waits in
// a queue that nobody must serve (forced_inclusion = "queue_only" unless the scenario says
// otherwise).
#include "models/layer2/designs/validity.h"
#include "models/layer2/proving/prover.h"

namespace mezz {

void add_validity_settlement(Parts& parts) {
  World& world = *parts.world;
  const Layer2Params& p = *parts.params;
  world.place("l1");
  const auto contract = world.add<ValidityContract>("l1/validity", p.validity, *parts.chain);
  world.get(contract).stop_when_frozen(*parts.derivation);
  parts.chain1->subscribe(contract);
  list_part(parts, contract);
  world.place("l2");  // with the node: it can take the chain back
  const auto prover = world.add<Prover>("l2/prover", p.prover, parts.l1, contract,
                                        world.get(contract), *parts.chain, *parts.derivation);
  parts.chain1->subscribe(prover);
  parts.out.feed->observe_blocks(prover);
  list_part(parts, prover);
}

Layer2 build_zk_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_batch_poster(parts);
  add_validity_settlement(parts);
  add_canonical_bridge(parts, {});
  return parts.out;
}

}  // namespace mezz

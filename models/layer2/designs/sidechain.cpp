// Sidechain: its own validators order (Tendermint rounds), keep the data, vote milestones and sign
// checkpoints; a quorum bridge holds the money. Source: Polygon PoS, Gnosis bridge, Ronin.
//
//   users -> validators -> node          order and execute
//   milestone (own finality) -> checkpoint -> layer one
//   bridge contract <- signers           pay
//
// There is no batch and no rule that forces inclusion: data is published to the validators alone;
// the messages of layer one are taken when the bridge's signers attest them. Sequencing is leader
// rotation whatever [sequencing] says, but for a pair, which is refused.
#include <algorithm>

#include "models/layer2/bridge/quorum_bridge.h"
#include "models/layer2/designs/parts.h"
#include "models/layer2/settlement/checkpoint.h"
#include "sim/check/error.h"

namespace mezz {

namespace {

Layer2Params as_sidechain(const Layer2Params& given) {
  Layer2Params p = given;
  if (p.sequencing.kind == SequencingKind::Pair) {
    throw ScenarioError("sequencing.kind",
                        "a sidechain is ordered by its validators: must be leader_rotation");
  }
  p.sequencing.kind = SequencingKind::LeaderRotation;
  // The age of the adopted layer-one block restricts rollups only.
  p.sequencing.max_sequencer_drift = 3'650_d;
  p.sequencing.max_safe_lag = 0;
  p.sequencing.l1_confirmation_depth =
      std::max(p.sequencing.l1_confirmation_depth, p.quorum_bridge.confirmations);
  p.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  return p;
}

void add_checkpoints(Parts& parts) {
  World& world = *parts.world;
  world.place("l1");
  const auto contract = world.add<CheckpointContract>("l1/checkpoints", NoParams{}, *parts.chain);
  parts.chain1->subscribe(contract);
  list_part(parts, contract);
  world.place("l2");
  const auto signers =
      world.add<CheckpointSigners>("l2/checkpoint_signers", parts.params->checkpoint, parts.l1,
                                   contract, parts.rotation->validators(), *parts.chain);
  world.get(contract).accept_from(signers);
  parts.chain1->subscribe(signers);
  parts.out.feed->observe_blocks(signers);
  list_part(parts, signers);
}

void add_quorum_bridge(Parts& parts, SequencerCore& core) {
  World& world = *parts.world;
  const QuorumBridgeParams& p = parts.params->quorum_bridge;
  world.place("l1");
  const auto bridge = world.add<QuorumBridge>("l1/bridge", p, *parts.chain);
  parts.inbox->escrow_with(bridge);
  parts.chain1->subscribe(bridge);
  parts.out.feed->observe_blocks(bridge);
  parts.out.bridge = &world.get(bridge);
  list_part(parts, bridge);
  world.place("l2");
  const auto signers =
      world.add<BridgeSigners>("l2/bridge_signers", p, parts.l1, bridge, world.get(bridge));
  parts.chain1->subscribe(signers);
  core.use_gate(world.get(signers));
  list_part(parts, signers);
}

}  // namespace

Layer2 build_sidechain(World& world, const Layer2Params& given, Ref<BaseChain> l1) {
  const Layer2Params p = as_sidechain(given);
  Parts parts = begin_layer2(world, p, l1);
  SequencerCore& core = add_sequencer(parts);
  parts.rotation->bound_reorgs_by(Rung::Asserted);
  add_checkpoints(parts);
  add_quorum_bridge(parts, core);
  return parts.out;
}

}  // namespace mezz

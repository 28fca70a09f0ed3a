// The steps that compositions have in common, in the order in which a design calls them. Each adds
// entities at their place, subscribes them and lists them in the Layer2; a design picks steps and
// adds its own settlement between them.
#pragma once

#include "models/layer2/designs/layer2.h"
#include "models/layer2/sequencing/leader_rotation.h"

namespace mezz {

// What the steps hand to each other.
struct Parts {
  World* world = nullptr;
  const Layer2Params* params = nullptr;
  Ref<BaseChain> l1;
  BaseChain* chain1 = nullptr;
  ExecutionNode* node = nullptr;
  Layer2Chain* chain = nullptr;
  Ref<L1Inbox> inbox_ref;
  L1Inbox* inbox = nullptr;
  Derivation* derivation = nullptr;
  BatchPoster* poster = nullptr;
  Ref<DataCommittee> committee;  // where one keeps the data
  CanonicalBridge* bridge = nullptr;
  LeaderRotation* rotation = nullptr;  // where validators take turns
  Layer2 out;                          // what has been composed so far
};

// Node, inbox contract, derivation.
Parts begin_layer2(World& world, const Layer2Params& params, Ref<BaseChain> l1);
// Who orders: the sequencer that the section [sequencing] names. The result is for further wiring.
SequencerCore& add_sequencer(Parts& parts);
// Who keeps data off layer one; before the batch poster, which then asks it.
void add_committee(Parts& parts, DataCommittee::Choice choice);
// Who publishes: batches to layer one.
void add_batch_poster(Parts& parts);
// Escrow on layer one and the relayer; two steps with dispute games, one step without (null).
void add_canonical_bridge(Parts& parts, Ref<FaultProof> games);
// Fault dispute games on layer one, and who plays them: proposer, challengers, attacker. The bridge
// stands between the two steps.
Ref<FaultProof> add_dispute_games(Parts& parts);
Ref<FraudulentProposer> add_disputes(Parts& parts, FaultProof& proof);
// Forced requests, freeze and escape, beside the canonical bridge.
EscapeHatch& add_escape_hatch(Parts& parts);

// Adds an entity of the design's own to the lists of the layer two.
template <class Part>
void list_part(Parts& parts, Ref<Part> ref) {
  if constexpr (std::is_base_of_v<Shockable, Part>) parts.out.shockables.push_back(ref);
  if constexpr (std::is_base_of_v<Reporter, Part>) {
    parts.out.reporters.push_back(&parts.world->get(ref));
  }
}

}  // namespace mezz

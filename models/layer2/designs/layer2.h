// What a composed layer two offers to those who build around it. Null or none where a design has no
// such part.
#pragma once

#include <vector>

#include "models/layer2/designs/params.h"
#include "sim/world/world.h"

namespace mezz {

struct Layer2 {
  Ref<Inbox> inbox;          // where users send transactions
  Ref<L1Contract> deposits;  // where users deposit on layer one
  ExecutionNode* node = nullptr;
  BlockFeed* feed = nullptr;
  SingleSequencer* sequencer = nullptr;
  L1Inbox* l1_inbox = nullptr;
  BatchPoster* poster = nullptr;
  FaultProof* proof = nullptr;
  CanonicalBridge* bridge = nullptr;
  std::vector<HonestChallenger*> challengers;
  std::vector<Ref<Shockable>> shockables;  // each part keeps the switches that concern it
};

// Places used: "l2" (node, sequencer, batch poster), "settlement" (proposer, challengers,
// attacker), "l1" (contracts).
Layer2 build_optimistic_rollup(World& world, const Layer2Params& params, Ref<BaseChain> l1);

}  // namespace mezz

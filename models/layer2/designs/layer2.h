// What a composed layer two offers to those who build around it. Null or none where a design has no
// such part.
#pragma once

#include <vector>

#include "models/layer2/bridge/bridge.h"
#include "models/layer2/designs/params.h"
#include "models/layer2/escape.h"
#include "models/layer2/reporter.h"
#include "sim/world/world.h"

namespace mezz {

struct Layer2 {
  Ref<Inbox> inbox;               // where users send transactions
  Ref<L1Contract> deposits;       // where users deposit on layer one
  ForcedInbox* forced = nullptr;  // where users write what they force over layer one
  ExecutionNode* node = nullptr;
  BlockFeed* feed = nullptr;
  Bridge* bridge = nullptr;
  EscapeDoor* escape = nullptr;            // where users write forced requests and look at claims
  Ref<L1Contract> escape_contract;         // and where they call
  FaultProof* games = nullptr;             // of designs with dispute games: more parties may join
  std::vector<Ref<Shockable>> shockables;  // each part keeps the switches that concern it
  std::vector<Reporter*> reporters;        // in the order of the headline
};

// One function per name of Design. Places used: "l2" (node, sequencer, batch poster), "settlement"
// (those who claim, prove and dispute), "l1" (contracts).
Layer2 build_optimistic_rollup(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_zk_rollup(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_validium(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_optimium(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_volition(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_state_channel(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_plasma(World& world, const Layer2Params& params, Ref<BaseChain> l1);
Layer2 build_sidechain(World& world, const Layer2Params& params, Ref<BaseChain> l1);

}  // namespace mezz

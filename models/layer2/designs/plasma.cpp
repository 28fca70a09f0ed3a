// Plasma: a single operator orders and keeps the data, block roots go to layer one, money leaves by
// the exit game. Nobody has to serve messages of layer one; who is not served exits.
#include "models/layer2/designs/parts.h"
#include "models/layer2/plasma/exit_crowd.h"
#include "models/layer2/plasma/exit_keeper.h"

namespace mezz {

Layer2 build_plasma(World& world, const Layer2Params& params, Ref<BaseChain> l1) {
  Layer2Params p = params;
  p.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  world.place("l1");
  const auto game = world.add<ExitGame>("l1/exit_game", p.plasma, *parts.node, *parts.derivation);
  parts.inbox->escrow_with(game);
  parts.chain1->subscribe(game);
  parts.out.feed->observe_blocks(game);
  parts.out.bridge = &world.get(game);
  list_part(parts, game);
  const PlasmaWiring wiring{
      .l1 = l1, .contract = game, .game = &world.get(game), .node = parts.node};
  world.place("l2");
  const auto op = world.add<PlasmaOperator>("l2/operator", p.plasma, wiring);
  world.get(game).read_commits(world.get(op).commits());
  parts.chain1->subscribe(op);
  list_part(parts, op);
  world.place("agents");
  const auto keeper = world.add<ExitKeeper>("agents/exit_keeper", p.plasma, wiring);
  parts.chain1->subscribe(keeper);
  list_part(parts, keeper);
  const auto crowd = world.add<ExitCrowd>("agents/exit_crowd", p.plasma, wiring,
                                          world.get(op).commits(), parts.out.inbox);
  parts.chain1->subscribe(crowd);
  list_part(parts, crowd);
  world.get(crowd).open_holders(parts.node->genesis());
  return parts.out;
}

}  // namespace mezz

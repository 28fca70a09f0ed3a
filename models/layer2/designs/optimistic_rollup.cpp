// Optimistic rollup: one sequencer, batches in blobs or calldata, then either OP-Stack settlement
// (fault dispute games, a bridge of two steps) or Arbitrum's (assertions with BoLD challenges, a
// bridge of one step: a withdrawal is payable when its assertion is confirmed). See the README of
// this folder for the picture.
#include <string>

#include "models/layer2/designs/parts.h"

namespace mezz {

namespace {

void add_bold(Parts& parts) {
  World& world = *parts.world;
  const BoldParams& p = parts.params->bold;
  world.place("l1");
  const auto contract = world.add<AssertionChain>("l1/assertions", p.rules, *parts.chain);
  parts.chain1->subscribe(contract);
  list_part(parts, contract);
  AssertionChain& assertions = world.get(contract);
  world.place("settlement");
  for (std::int64_t i = 0; i < p.defender.count; ++i) {
    const auto defender = world.add<BoldDefender>("l2/defender/" + std::to_string(i), p.defender,
                                                  parts.l1, assertions, *parts.chain, i);
    parts.chain1->subscribe(defender);
    list_part(parts, defender);
  }
  for (std::int64_t i = 0; i < p.adversary.count; ++i) {
    const auto adversary = world.add<BoldAdversary>(
        "l2/adversary/" + std::to_string(i), p.adversary, parts.l1, assertions, *parts.chain, i);
    parts.chain1->subscribe(adversary);
    list_part(parts, adversary);
  }
}

}  // namespace

Layer2 build_optimistic_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_batch_poster(parts);
  if (p.protocol == SettlementProtocol::Bold) {
    add_bold(parts);
    add_canonical_bridge(parts, {});
    return parts.out;
  }
  const auto proof = add_dispute_games(parts);
  add_canonical_bridge(parts, proof);
  add_disputes(parts, world.get(proof));
  return parts.out;
}

}  // namespace mezz

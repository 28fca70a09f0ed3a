// The steps of designs that settle by fault dispute games.
#include <string>

#include "models/layer2/designs/parts.h"

namespace mezz {

Ref<FaultProof> add_dispute_games(Parts& parts) {
  World& world = *parts.world;
  world.place("l1");
  const auto proof =
      world.add<FaultProof>("l1/dispute_games", parts.params->settlement, *parts.chain);
  parts.chain1->subscribe(proof);
  parts.out.games = &world.get(proof);
  list_part(parts, proof);
  return proof;
}

Ref<FraudulentProposer> add_disputes(Parts& parts, FaultProof& proof) {
  World& world = *parts.world;
  const Layer2Params& p = *parts.params;
  world.place("settlement");
  const auto proposer =
      world.add<Proposer>("l2/proposer", p.proposer, parts.l1, proof, *parts.chain);
  parts.chain1->subscribe(proposer);
  list_part(parts, proposer);
  for (std::int64_t i = 0; i < p.challengers; ++i) {
    const std::string path = "l2/challenger/" + std::to_string(i);
    const auto challenger =
        world.add<HonestChallenger>(path, p.challenger, parts.l1, proof, *parts.chain);
    if (parts.committee.exists()) world.get(challenger).see_data(world.get(parts.committee));
    parts.chain1->subscribe(challenger);
    parts.out.feed->observe_blocks(challenger);
    list_part(parts, challenger);
  }
  const auto attacker =
      world.add<FraudulentProposer>("l2/attacker", p.attacker, parts.l1, proof, *parts.chain);
  parts.chain1->subscribe(attacker);
  list_part(parts, attacker);
  return attacker;
}

}  // namespace mezz

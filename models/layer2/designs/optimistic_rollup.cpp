// OP-Stack composition: one sequencer, batches in blobs or calldata, fault dispute games, canonical
// bridge. See the README of this folder for the picture.
#include "models/layer2/designs/layer2.h"

namespace mezz {

namespace {

void add_disputes(World& world, const Layer2Params& p, Ref<BaseChain> l1, FaultProof& proof,
                  const Layer2Chain& chain, Layer2& out) {
  BaseChain& chain1 = world.get(l1);
  world.place("settlement");
  const auto proposer = world.add<Proposer>("l2/proposer", p.proposer, l1, proof, chain);
  chain1.subscribe(proposer);
  out.shockables.push_back(proposer);
  for (std::int64_t i = 0; i < p.challengers; ++i) {
    const std::string path = "l2/challenger/" + std::to_string(i);
    const auto challenger = world.add<HonestChallenger>(path, p.challenger, l1, proof, chain);
    chain1.subscribe(challenger);
    out.feed->observe_blocks(challenger);
    out.challengers.push_back(&world.get(challenger));
    out.shockables.push_back(challenger);
  }
  const auto attacker = world.add<FraudulentProposer>("l2/attacker", p.attacker, l1, proof, chain);
  chain1.subscribe(attacker);
  out.shockables.push_back(attacker);
}

}  // namespace

Layer2 build_optimistic_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Layer2 out;
  BaseChain& chain1 = world.get(l1);
  world.place("l2");
  const auto node = world.add<ExecutionNode>("l2/node", p.execution);
  out.node = &world.get(node);
  Layer2Chain& chain = out.node->chain();
  world.place("l1");
  const auto inbox = world.add<L1Inbox>("l1/inbox", NoParams{}, chain);
  const auto proof = world.add<FaultProof>("l1/dispute_games", p.settlement, chain);
  const auto bridge = world.add<CanonicalBridge>("l1/bridge", p.bridge, world.get(proof), chain);
  world.place("l2");
  const auto derivation =
      world.add<Derivation>("l2/derivation", p.derivation, *out.node, world.get(inbox));
  const auto sequencer =
      world.add<SingleSequencer>("l2/sequencer", p.sequencing, *out.node, world.get(derivation));
  const auto poster =
      world.add<BatchPoster>("l2/batch_poster", p.availability,
                             BatchPosterWiring{.l1 = l1,
                                               .inbox_ref = inbox,
                                               .inbox = &world.get(inbox),
                                               .chain = &chain,
                                               .sequencing_window = p.derivation.sequencing_window,
                                               .fees = {chain1.base_fee(), chain1.blob_fee()}});
  const auto relayer =
      world.add<WithdrawalRelayer>("l2/relayer", p.relayer, l1, bridge, world.get(bridge));
  world.get(inbox).escrow_with(bridge);
  chain1.subscribe(derivation);
  chain1.subscribe(poster);
  chain1.subscribe(proof);
  chain1.subscribe(bridge);
  chain1.subscribe(relayer);
  out.feed = &world.get(derivation).feed();
  out.feed->observe_blocks(poster);
  out.feed->observe_blocks(bridge);
  world.get(proof).watch(relayer);
  out.shockables = {sequencer, poster, bridge};
  add_disputes(world, p, l1, world.get(proof), chain, out);
  out.inbox = sequencer;
  out.deposits = inbox;
  out.sequencer = &world.get(sequencer);
  out.l1_inbox = &world.get(inbox);
  out.poster = &world.get(poster);
  out.proof = &world.get(proof);
  out.bridge = &world.get(bridge);
  return out;
}

}  // namespace mezz

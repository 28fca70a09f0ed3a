// AnyTrust (Arbitrum Nova): an optimistic rollup whose data a committee keeps. With a quorum of
// corrupt members nobody can challenge a false claim, and a forged withdrawal takes the escrow.
#include "models/layer2/designs/parts.h"

namespace mezz {

Layer2 build_optimium(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Parts parts = begin_layer2(world, p, l1);
  add_sequencer(parts);
  add_committee(parts, DataCommittee::Choice::CommitteeOnly);
  add_batch_poster(parts);
  const auto proof = add_dispute_games(parts);
  add_canonical_bridge(parts, proof);
  const auto attacker = add_disputes(parts, world.get(proof));
  world.place("settlement");
  const auto thief = world.add<ForgedWithdrawal>(
      "l2/thief", p.forged_withdrawal,
      ForgedWithdrawal::Wiring{.l1 = l1,
                               .games = proof,
                               .proof = &world.get(proof),
                               .bridge = parts.bridge,
                               .liar = world.get(attacker).player().party()});
  parts.chain1->subscribe(thief);
  list_part(parts, thief);
  return parts.out;
}

}  // namespace mezz

#include "models/layer2/designs/parts.h"

#include <string>
#include <vector>

#include "models/layer2/availability/force_relayer.h"
#include "models/layer2/sequencing/express_lane.h"
#include "models/layer2/sequencing/pair_sequencer.h"
#include "sim/check/assert.h"

namespace mezz {

Parts begin_layer2(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Parts parts;
  parts.world = &world;
  parts.params = &p;
  parts.l1 = l1;
  parts.chain1 = &world.get(l1);
  world.place("l2");
  ExecutionParams execution = p.execution;
  if (p.sequencing.order == OrderingRule::BatchAuction) {
    execution.exchange.matching = Matching::BatchAuction;
  }
  parts.node = &world.get(world.add<ExecutionNode>("l2/node", execution));
  parts.chain = &parts.node->chain();
  world.place("l1");
  parts.inbox_ref = world.add<L1Inbox>("l1/inbox", NoParams{}, *parts.chain);
  parts.inbox = &world.get(parts.inbox_ref);
  world.place("l2");
  const auto derivation =
      world.add<Derivation>("l2/derivation", p.derivation, *parts.node, *parts.inbox);
  parts.derivation = &world.get(derivation);
  parts.chain1->subscribe(derivation);
  parts.out.node = parts.node;
  parts.out.feed = &parts.derivation->feed();
  parts.out.deposits = parts.inbox_ref;
  parts.out.forced = parts.inbox;
  list_part(parts, parts.inbox_ref);
  if (p.derivation.forced_inclusion == ForcedInclusion::DelayBuffer) {
    const auto relayer = world.add<ForceRelayer>("l2/force_relayer", p.force_relayer, l1,
                                                 derivation, *parts.derivation);
    parts.chain1->subscribe(relayer);
    list_part(parts, relayer);
  }
  return parts;
}

namespace {

void add_express_lane(Parts& parts, SequencerCore& core) {
  const SequencerParams& p = parts.params->sequencing;
  if (p.order != OrderingRule::ExpressLane) return;
  World& world = *parts.world;
  const auto lane = world.add<ExpressLane>("l2/express_lane", p.express_lane);
  core.use_lane(world.get(lane));
  list_part(parts, lane);
  world.place("agents");
  for (std::int64_t number = 1; number <= p.express_lane.bidders; ++number) {
    const auto bidder = world.add<LaneBidder>("l2/lane_bidder/" + std::to_string(number),
                                              {.number = number, .lane = p.express_lane}, lane);
    parts.out.feed->observe_market(bidder);
  }
  world.place("l2");
}

template <class Sequencer>
Ref<Sequencer> add_one(Parts& parts) {
  const auto sequencer = parts.world->add<Sequencer>("l2/sequencer", parts.params->sequencing,
                                                     *parts.node, *parts.derivation);
  parts.out.inbox = sequencer;
  list_part(parts, sequencer);
  add_express_lane(parts, parts.world->get(sequencer).core());
  return sequencer;
}

// One place per validator, the same wire between any two and to the node.
void add_validators(Parts& parts, Ref<LeaderRotation> node) {
  World& world = *parts.world;
  const LeaderRotationParams& p = parts.params->sequencing.leader_rotation;
  const auto place = [](std::int64_t i) { return "validator/" + std::to_string(i); };
  std::vector<Ref<BftValidator>> validators;
  for (std::int64_t i = 0; i < p.validators; ++i) {
    world.place(place(i));
    validators.push_back(world.add<BftValidator>(
        "l2/" + place(i), {.number = i, .sequencing = parts.params->sequencing}, node,
        world.get(node)));
  }
  world.place("l2");
  for (std::int64_t i = 0; i < p.validators; ++i) {
    world.link(place(i), "l2", p.link);
    for (std::int64_t k = 0; k < p.validators; ++k) {
      if (i == k) continue;
      world.link(place(i), place(k), p.link);
      world.get(validators[static_cast<std::size_t>(i)])
          .add_peer(validators[static_cast<std::size_t>(k)]);
    }
  }
}

}  // namespace

SequencerCore& add_sequencer(Parts& parts) {
  World& world = *parts.world;
  world.place("l2");
  switch (parts.params->sequencing.kind) {
    case SequencingKind::Single:
      return world.get(add_one<SingleSequencer>(parts)).core();
    case SequencingKind::Pair:
      return world.get(add_one<PairSequencer>(parts)).core();
    case SequencingKind::LeaderRotation:
      break;
  }
  MEZZ_ASSERT(parts.params->sequencing.kind == SequencingKind::LeaderRotation);
  const auto rotation = add_one<LeaderRotation>(parts);
  add_validators(parts, rotation);
  parts.rotation = &world.get(rotation);
  return parts.rotation->core();
}

void add_batch_poster(Parts& parts) {
  World& world = *parts.world;
  const Layer2Params& p = *parts.params;
  // Where no window ends for late data, none presses the poster.
  constexpr std::int64_t kNever = 1'000'000'000'000;
  const bool windowed = p.derivation.forced_inclusion == ForcedInclusion::SequencingWindow;
  const std::int64_t window = windowed ? p.derivation.sequencing_window : kNever;
  const DataCommittee* committee = parts.committee.exists() ? &world.get(parts.committee) : nullptr;
  world.place("l2");
  const auto poster = world.add<BatchPoster>(
      "l2/batch_poster", p.availability,
      BatchPosterWiring{.l1 = parts.l1,
                        .inbox_ref = parts.inbox_ref,
                        .inbox = parts.inbox,
                        .chain = parts.chain,
                        .sequencing_window = window,
                        .fees = {parts.chain1->base_fee(), parts.chain1->blob_fee()},
                        .committee_ref = parts.committee,
                        .committee = committee,
                        .sizes = &parts.node->params().sizes});
  if (committee != nullptr) world.get(parts.committee).answer_to(poster);
  parts.poster = &world.get(poster);
  parts.chain1->subscribe(poster);
  parts.out.feed->observe_blocks(poster);
  list_part(parts, poster);
}

namespace {

// Where somebody puts money up for it.
void add_fast_exit(Parts& parts) {
  const FastExitParams& p = parts.params->fast_exit;
  if (p.inventory == Money::zero()) return;
  World& world = *parts.world;
  world.place("l1");
  const auto provider = world.add<FastExit>("l1/fast_exit", p,
                                            FastExit::Wiring{.l1 = parts.l1,
                                                             .bridge = parts.bridge,
                                                             .chain = parts.chain,
                                                             .base_fee = parts.chain1->base_fee()});
  parts.chain1->subscribe(provider);
  parts.out.feed->observe_blocks(provider);
  list_part(parts, provider);
  world.place("l2");
}

}  // namespace

void add_canonical_bridge(Parts& parts, Ref<FaultProof> games) {
  World& world = *parts.world;
  const Layer2Params& p = *parts.params;
  FaultProof* proof = games.exists() ? &world.get(games) : nullptr;
  world.place("l1");
  const auto bridge = world.add<CanonicalBridge>("l1/bridge", p.bridge, proof, *parts.chain);
  parts.inbox->escrow_with(bridge);
  parts.chain1->subscribe(bridge);
  parts.out.feed->observe_blocks(bridge);
  parts.bridge = &world.get(bridge);
  parts.out.bridge = parts.bridge;
  list_part(parts, bridge);
  world.place("l2");
  const auto relayer =
      world.add<WithdrawalRelayer>("l2/relayer", p.relayer, parts.l1, bridge, world.get(bridge));
  parts.chain1->subscribe(relayer);
  if (parts.committee.exists()) world.get(relayer).see_data(world.get(parts.committee));
  if (proof != nullptr) proof->watch(relayer);
  add_fast_exit(parts);
}

}  // namespace mezz

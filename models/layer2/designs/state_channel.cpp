// A market in state channels: a hub with one ledger channel to every account, the channel contract
// on layer one, the accounts' side of the channels, a watchtower. Nothing is published: the ladder
// from Published to Settled is one co-signature.
#include "models/layer2/channel/channel_hub.h"
#include "models/layer2/channel/channel_parties.h"
#include "models/layer2/channel/watchtower.h"
#include "models/layer2/designs/parts.h"

namespace mezz {

Layer2 build_state_channel(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  check(p.channel, "channel");
  Layer2Params params = p;
  // Whoever is not served closes its channel: no message of layer one has to be taken.
  params.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
  Parts parts = begin_layer2(world, params, l1);

  world.place("l1");
  const auto contract = world.add<ChannelContract>(
      "l1/channels", p.channel.contract,
      ChannelContractWiring{&parts.node->exchange(), parts.chain, parts.inbox_ref});
  parts.inbox->escrow_with(contract);
  parts.chain1->subscribe(contract);
  parts.out.feed->observe_blocks(contract);
  parts.out.deposits = contract;
  parts.out.bridge = &world.get(contract);
  list_part(parts, contract);

  world.place("l2");
  const auto hub = world.add<ChannelHub>(
      "l2/hub", p.channel.hub,
      ChannelHubWiring{parts.node, parts.derivation, &world.get(contract), contract, l1});
  parts.chain1->subscribe(hub);
  world.get(contract).watch(hub);
  parts.out.inbox = hub;
  list_part(parts, hub);

  world.place("agents");
  const auto parties = world.add<ChannelParties>(
      "agents/channels", p.channel.parties,
      ChannelPartiesWiring{&parts.node->exchange(), &world.get(contract), contract, hub, l1});
  parts.chain1->subscribe(parties);
  parts.out.feed->observe_market(parties);
  world.get(contract).watch(parties);
  world.get(hub).serve(parties);
  parts.out.forced = &world.get(parties);
  list_part(parts, parties);

  world.place("settlement");
  const auto tower = world.add<Watchtower>(
      "settlement/watchtower", p.channel.watchtower,
      WatchtowerWiring{&world.get(hub).book(), &world.get(contract), contract, l1});
  parts.chain1->subscribe(tower);
  list_part(parts, tower);
  return parts.out;
}

}  // namespace mezz

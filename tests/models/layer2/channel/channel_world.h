// A market of long and short accounts in channels, over a real layer one. Prices come as oracle
// transactions put in by hand; touch() makes an account sign a new state at the price of then.
#pragma once

#include "models/layer2/channel/channel_hub.h"
#include "models/layer2/channel/channel_parties.h"
#include "models/layer2/channel/watchtower.h"
#include "sim/world/world.h"

namespace mezz::testing {

struct ChannelSetup {
  ChannelParams channel = {};
  std::uint32_t accounts = 4;  // even ones are long, odd ones short, 5 lots at 100
  Money deposit = 1'000_usd;
  Duration one_way = 40_ms;  // between hub and accounts
  Ratio loss = Ratio::zero();
  std::uint64_t seed = 3;
};

inline BaseChainParams quiet_layer1() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.participation = Ratio::one();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  p.demand.burst_probability = Ratio::zero();
  p.demand.level_deviation = 0.0;
  p.demand.slot_deviation = 0.0;
  return p;
}

inline ExecutionParams small_market() {
  ExecutionParams p;
  p.exchange.contract = {.underlying = "X", .tick = 1_usd, .lot_decimals = 0};
  p.exchange.tier = margin::Tier::SmallCap;
  p.exchange.open_interest_upper = Money::zero();
  p.exchange.initial_price = 100_usd;
  p.exchange.insurance_fund = 1'000_usd;
  p.checkpoint_every = 100'000;
  p.full_check_every = 10'000;
  return p;
}

struct ChannelWorld {
  explicit ChannelWorld(const ChannelSetup& s = {})
      : world({.seed = s.seed}),
        l1_ref((world.place("l1"), world).add<BaseChain>("l1", quiet_layer1())),
        node_ref((world.place("l2"), world).add<ExecutionNode>("node", small_market())),
        inbox_ref((world.place("l1"), world).add<L1Inbox>("inbox", NoParams{}, node().chain())),
        derivation_ref((world.place("l2"), world)
                           .add<Derivation>("derivation",
                                            DerivationParams{ForcedInclusion::QueueOnly, 3'600},
                                            node(), world.get(inbox_ref))) {
    check(s.channel, "channel");
    for (std::uint32_t i = 0; i < s.accounts; ++i) {
      const AccountId account = node().genesis().open_account();
      node().genesis().genesis_deposit(account, s.deposit);
      node().genesis().genesis_position(account, Quantity{i % 2 == 0 ? 5 : -5}, 100_ticks);
    }
    node().end_genesis();
    Derivation& derivation = world.get(derivation_ref);
    BaseChain& l1 = world.get(l1_ref);
    world.place("l1");
    contract_ref = world.add<ChannelContract>(
        "contract", s.channel.contract,
        ChannelContractWiring{&node().exchange(), &node().chain(), inbox_ref});
    world.place("l2");
    hub_ref = world.add<ChannelHub>(
        "hub", s.channel.hub,
        ChannelHubWiring{&node(), &derivation, &contract(), contract_ref, l1_ref});
    world.place("agents");
    parties_ref = world.add<ChannelParties>(
        "parties", s.channel.parties,
        ChannelPartiesWiring{&node().exchange(), &contract(), contract_ref, hub_ref, l1_ref});
    world.place("settlement");
    tower_ref =
        world.add<Watchtower>("tower", s.channel.watchtower,
                              WatchtowerWiring{&hub().book(), &contract(), contract_ref, l1_ref});
    world.get(inbox_ref).escrow_with(contract_ref);
    l1.subscribe(derivation_ref);
    l1.subscribe(contract_ref);
    l1.subscribe(hub_ref);
    l1.subscribe(parties_ref);
    l1.subscribe(tower_ref);
    derivation.feed().observe_blocks(contract_ref);
    derivation.feed().observe_market(parties_ref);
    contract().watch(hub_ref);
    contract().watch(parties_ref);
    hub().serve(parties_ref);
    contract().lock_genesis(node().exchange().totals());
    const Link link{.delay = DelayDistribution::constant(s.one_way), .loss = s.loss};
    world.link("l2", "agents", link);
    world.link("agents", "l2", link);
    world.start();
  }

  // ---- script; times count from the start
  template <class R, class M>
  void at(Duration time, Ref<R> to, const M& message) {
    world.engine().schedule(Time::zero() + time, to, message);
  }
  void submit(Duration time, const Transaction& tx) {
    Transaction sent = tx;
    sent.submitted = Time::zero() + time;
    at(time, Ref<Inbox>(hub_ref), SubmitTransaction{sent});
  }
  void touch(Duration time, std::uint32_t account) {
    submit(time, {.account = AccountId{account},
                  .kind = TxKind::CancelAll,
                  .reference = 1,
                  .submitted = {}});
  }
  void touch_all(Duration time) {
    for (std::uint32_t i = 0; i < contract().channels(); ++i) touch(time, i);
  }
  void price(Duration time, std::int64_t ticks) {
    submit(time, {.account = AccountId::none(),
                  .kind = TxKind::OracleUpdate,
                  .price = ticks,
                  .reference = static_cast<std::uint64_t>(time.ns),
                  .submitted = {}});
  }
  void withdraw(Duration time, std::uint32_t account, Money amount) {
    submit(time, {.account = AccountId{account},
                  .kind = TxKind::Withdraw,
                  .amount = amount.micros,
                  .reference = 7,
                  .submitted = {}});
  }
  void call(Duration time, L1CallKind kind, std::uint64_t a, std::uint64_t b = 0) {
    at(time, l1_ref,
       SubmitL1Transaction{.to = contract_ref,
                           .from = {},
                           .tag = 0,
                           .a = a,
                           .b = b,
                           .gas = 100'000,
                           .blobs = 0,
                           .kind = kind,
                           .tip = {2'000},
                           .cap = {100'000'000}});
  }
  template <class R>
  void shock(Duration time, Ref<R> who, ShockKind kind, ShockEdge edge,
             Ratio magnitude = Ratio::one()) {
    at(time, Ref<Shockable>(who),
       Shock{.kind = kind, .edge = edge, .number = 0, .magnitude = magnitude});
  }
  template <class R>
  void outage(Duration from, Duration to, Ref<R> who, ShockKind kind,
              Ratio magnitude = Ratio::one()) {
    shock(from, who, kind, ShockEdge::Begins, magnitude);
    shock(to, who, kind, ShockEdge::Ends, magnitude);
  }
  void run(Duration until) {
    world.run(Time::zero() + until);
    node().exchange().full_check();
    contract().check();
    hub().check();
  }
  // The escrow covers what is owed, to the last unit.
  bool conserved() { return contract().check_conservation(node().exchange().totals()); }
  channel::Mode mode(std::uint32_t account) {
    return contract().channel(AccountId{account}).machine.stored;
  }

  BaseChain& l1() { return world.get(l1_ref); }
  ExecutionNode& node() { return world.get(node_ref); }
  const Layer2Chain& chain() { return node().chain(); }
  ChannelContract& contract() { return world.get(contract_ref); }
  ChannelHub& hub() { return world.get(hub_ref); }
  ChannelParties& parties() { return world.get(parties_ref); }
  Watchtower& tower() { return world.get(tower_ref); }

  World world;
  Ref<BaseChain> l1_ref;
  Ref<ExecutionNode> node_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<Derivation> derivation_ref;
  Ref<ChannelContract> contract_ref;
  Ref<ChannelHub> hub_ref;
  Ref<ChannelParties> parties_ref;
  Ref<Watchtower> tower_ref;
};

}  // namespace mezz::testing

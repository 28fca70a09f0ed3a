// A composed layer two with accounts on it and nobody who trades: what its parts do to each other.
// A small desk sends withdrawals to the sequencer; layer one is empty and regular.
#pragma once

#include <vector>

#include "models/layer2/designs/layer2.h"

namespace mezz::testing {

inline BaseChainParams empty_l1() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  p.demand.burst_probability = Ratio::zero();
  return p;
}

struct DesignWorld {
  using Build = Layer2 (*)(World& world, const Layer2Params& params, Ref<BaseChain> l1);

  World world;
  Ref<BaseChain> l1;
  Layer2 layer2;

  // 20 accounts of 1000 USD.
  DesignWorld(Build build, const Layer2Params& params, const BaseChainParams& chain = empty_l1(),
              std::uint64_t seed = 11)
      : world(WorldOptions{.seed = seed}),
        l1((world.place("l1"), world).add<BaseChain>("l1", chain)) {
    layer2 = build(world, params, l1);
    for (int i = 0; i < 20; ++i) {
      Exchange& genesis = layer2.node->genesis();
      const AccountId account = genesis.open_account();
      genesis.genesis_deposit(account, 1'000_usd);
    }
    layer2.node->end_genesis();
    layer2.bridge->lock_genesis(layer2.node->exchange().totals());
    world.start();
  }
  void shock(Duration from, Duration to, ShockKind kind, Ratio magnitude = Ratio::one()) {
    for (const auto& who : layer2.shockables) {
      Shock message{.kind = kind,
                    .edge = ShockEdge::Begins,
                    .reserved = 0,
                    .number = shocks_,
                    .magnitude = magnitude};
      world.engine().schedule(Time::zero() + from, who, message);
      message.edge = ShockEdge::Ends;
      world.engine().schedule(Time::zero() + to, who, message);
    }
    ++shocks_;
  }
  void withdraw(Duration at, std::uint32_t account, Money amount) {
    world.engine().schedule(Time::zero() + at, layer2.inbox,
                            SubmitTransaction{{.account = AccountId{account},
                                               .kind = TxKind::Withdraw,
                                               .amount = amount.micros,
                                               .submitted = Time::zero() + at}});
  }
  void run(Duration until) { world.run(Time::zero() + until); }
  bool conserved() {
    layer2.node->exchange().full_check();
    for (const Reporter* part : layer2.reporters) part->check();
    return layer2.bridge->check_conservation(layer2.node->exchange().totals());
  }
  const Layer2Chain& chain() { return layer2.node->chain(); }
  double metric(const std::string& name) {
    MetricList list;
    for (const Reporter* part : layer2.reporters) part->report(list);
    for (const Metric& m : list.take()) {
      if (m.name == name) return m.value;
    }
    return -1.0;
  }

 private:
  std::uint32_t shocks_ = 0;
};

}  // namespace mezz::testing

// A layer two without a market (settlement_world.h) with BoLD as its settlement: assertions every
// hour over blocks of a minute, so that 60 blocks make one history.
#pragma once

#include <string>
#include <vector>

#include "models/layer2/settlement/bold/bold_params.h"
#include "tests/models/layer2/settlement/settlement_world.h"

namespace mezz::testing {

struct BoldOptions {
  BaseChainParams l1 = quiet_l1();
  BoldParams bold = {};
  WorldOptions world = {};
  Link link = {};

  BoldOptions() { bold.defender.from = AssertFrom::Published; }
};

struct BoldWorld {
  World world;
  Ref<BaseChain> l1;
  Ref<BlockMaker> node;
  Ref<AssertionChain> contract_ref;
  std::vector<Ref<BoldDefender>> defenders;
  std::vector<Ref<BoldAdversary>> adversaries;

  explicit BoldWorld(const BoldOptions& o = {}) : world(o.world) {
    world.place("l1");
    l1 = world.add<BaseChain>("l1", o.l1);
    node = world.add<BlockMaker>("node", NoParams{});
    contract_ref = world.add<AssertionChain>("bold", o.bold.rules, chain());
    world.place("parties");
    world.link("l1", "parties", o.link);
    world.link("parties", "l1", o.link);
    for (std::int64_t i = 0; i < o.bold.defender.count; ++i) {
      defenders.push_back(world.add<BoldDefender>("defender/" + std::to_string(i), o.bold.defender,
                                                  l1, contract(), chain(), i));
    }
    for (std::int64_t i = 0; i < o.bold.adversary.count; ++i) {
      adversaries.push_back(world.add<BoldAdversary>("adversary/" + std::to_string(i),
                                                     o.bold.adversary, l1, contract(), chain(), i));
    }
    world.place("l1");
    BaseChain& layer1 = world.get(l1);
    layer1.subscribe(contract_ref);
    for (const auto d : defenders) layer1.subscribe(d);
    for (const auto a : adversaries) layer1.subscribe(a);
  }

  Layer2Chain& chain() { return world.get(node).chain; }
  AssertionChain& contract() { return world.get(contract_ref); }
  const BoldAssertion& assertion(std::uint32_t i) { return contract().assertion({i}); }
  BoldDefender& defender(std::size_t i = 0) { return world.get(defenders[i]); }
  BoldAdversary& adversary(std::size_t i = 0) { return world.get(adversaries[i]); }
  void shock(Ref<Shockable> whom, ShockKind kind, Time from, Time until,
             Ratio magnitude = Ratio::one()) {
    Shock message{.kind = kind,
                  .edge = ShockEdge::Begins,
                  .reserved = 0,
                  .number = 0,
                  .magnitude = magnitude};
    world.engine().schedule(from, whom, message);
    message.edge = ShockEdge::Ends;
    if (until.happened()) world.engine().schedule(until, whom, message);
  }
  void lie_at(Time when) {
    for (const auto a : adversaries) shock(a, ShockKind::InvalidClaim, when, when + 1_s);
  }
  void run_until(Duration elapsed) {
    world.run(Time::zero() + elapsed);
    contract().check_stakes();
  }
  // The first false assertion; none if there is none.
  bold::AssertionIndex first_false() {
    for (std::uint32_t i = 1; i < contract().size(); ++i) {
      for (std::size_t a = 0; a < adversaries.size(); ++a) {
        if (assertion(i).staker == adversary(a).player().party()) return {i};
      }
    }
    return {};
  }
};

}  // namespace mezz::testing

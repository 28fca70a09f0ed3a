// A rollup is a composition, not a class: this one has a second proposer, run by somebody else, and
// a dispute window of one hour. It stands in for the design of a catalogue scenario, so agents,
// shocks and headline numbers are the usual ones. See models/layer2/designs/optimistic_rollup.cpp.
#include <cstdio>

#include "scenarios/study.h"
#include "sim/check/error.h"

namespace {

using namespace mezz;

Layer2 build_quick_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Layer2Params quick = p;
  quick.settlement.game.max_clock_duration = 1_h;
  quick.settlement.game.clock_extension = 10_min;
  quick.settlement.game.challenge_period = 10_min;
  quick.settlement.air_gap = 30_min;
  return build_optimistic_rollup(world, quick, l1);
}

Layer2 build_two_proposer_rollup(World& world, const Layer2Params& p, Ref<BaseChain> l1) {
  Layer2 out = build_quick_rollup(world, p, l1);
  // The same node's view of the chain, another party on layer one. It claims half as often, and
  // hears no shock: an outage of the first proposer is not one of the second.
  ProposerParams second = p.proposer;
  second.output_interval *= 2;
  world.place("settlement");
  const auto proposer =
      world.add<Proposer>("l2/second_proposer", second, l1, *out.games, out.node->chain());
  world.get(l1).subscribe(proposer);
  return out;
}

double metric(Study& study, const char* name) {
  for (const Metric& m : study.metrics()) {
    if (m.name == name) return m.value;
  }
  return 0.0;
}

// Transactions whose state claim became final.
double settled(const char* label, const Scenario& scenario, Layer2Builder design) {
  Study study(scenario, nullptr, design);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  const double included = metric(study, "sequencer.included");
  const double never = metric(study, "finality.settled.never");
  std::printf("%-14s %6.0f transactions, %2.0f state claims, %6.0f not settled at the end\n", label,
              included, metric(study, "disputes.claims"), never);
  return included - never;
}

}  // namespace

int main() try {
  // A quiet day on which the first proposer is down from the second hour on.
  Scenario scenario = load_scenario("_slow_market", {"run.duration=24 h"});
  scenario.shock.push_back({.at = 2_h, .kind = ShockKind::ProposerDown, .duration = 22_h});
  const double alone = settled("one proposer", scenario, build_quick_rollup);
  const double two = settled("two proposers", scenario, build_two_proposer_rollup);
  std::printf("one more party brought %.0f transactions to settlement\n", two - alone);
} catch (const mezz::ScenarioError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}

// One line per design: the same market for ten minutes, without recording. What a design costs
// shows in events per second and in events per transaction (messages of its own: consensus,
// co-signatures, proofs).
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "models/layer2/execution/node.h"
#include "scenarios/study.h"

namespace mezz {
namespace {

void run_design(benchmark::State& state, std::string_view design) {
  const Scenario scenario = load_scenario(
      "calm_market",
      {"run.duration=10 min", "agent[0].accounts=10000", "layer2.design=" + std::string(design)});
  double events = 0.0;
  double transactions = 0.0;
  for (auto _ : state) {
    state.PauseTiming();
    auto study = std::make_unique<Study>(scenario, nullptr);
    state.ResumeTiming();
    study->world().run(Time::zero() + scenario.run.duration);
    state.PauseTiming();
    study->check_conservation();
    events = static_cast<double>(study->world().engine().dispatched());
    for (const Entity* entity : study->world().entities()) {
      const auto* node = dynamic_cast<const ExecutionNode*>(entity);
      if (node != nullptr) transactions = static_cast<double>(node->chain().transactions());
    }
    study.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events) * state.iterations());
  state.counters["events"] = events;
  state.counters["events_per_transaction"] = transactions > 0.0 ? events / transactions : 0.0;
}

const bool kRegistered = [] {
  for (const std::string_view design : EnumNames<Design>::names) {
    benchmark::RegisterBenchmark(("design/" + std::string(design)).c_str(),
                                 [design](benchmark::State& state) { run_design(state, design); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace mezz

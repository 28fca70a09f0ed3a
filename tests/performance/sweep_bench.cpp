// A sweep against the same runs one after another: what the plan's bookkeeping costs (Bare against
// Sweep/1) and what a second thread brings (Sweep/1 against Sweep/2). Wall time of eight runs with
// result files, beside it the CPU time of the process, all threads, which says more on a busy
// machine. The pilot, which a sweep makes once, is not in it.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "scenarios/one_heap.h"
#include "scenarios/sweep/collect.h"
#include "scenarios/sweep/dispatcher.h"
#include "scenarios/sweep/plan.h"
#include "tests/scratch_folder.h"

namespace mezz::sweep {
namespace {

// As in the program.
[[maybe_unused]] const bool kOneHeap = [] {
  use_one_heap();
  return true;
}();

Plan eight_runs() {
  return make_plan(load_document("calm_market", {"run.duration=20 min",
                                                 "sweep.\"run.seed\"={ from = 1, to = 8 }"}),
                   "calm_market");
}

void Bare(benchmark::State& state) {
  const Plan plan = eight_runs();
  for (auto _ : state) {
    const ScratchFolder folder;
    for (std::size_t run = 0; run < plan.runs.size(); ++run) {
      ExecuteOptions options;
      options.out = folder.file(std::to_string(run) + ".h5");
      const ExecuteOutcome outcome = execute(run_scenario(plan, run), options);
      if (outcome.status != RunStatus::Complete) state.SkipWithError("a run did not complete");
    }
  }
}
BENCHMARK(Bare)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

// From the plan to the master file.
void Sweep(benchmark::State& state) {
  const Plan plan = eight_runs();
  for (auto _ : state) {
    const ScratchFolder folder;
    static_cast<void>(check_plan(plan));
    const Store store(folder.path().string());
    Dispatcher dispatcher(Schedule(plan, store.states(plan.runs.size()), {}));
    run_threads(dispatcher, plan, store, static_cast<std::size_t>(state.range(0)), {});
    const Collected collected = collect(store, dispatcher.schedule().opened());
    write_master(plan, store, collected);
    if (collected.finished != plan.runs.size()) state.SkipWithError("a run did not complete");
  }
}
BENCHMARK(Sweep)->Arg(1)->Arg(2)->MeasureProcessCPUTime()->UseRealTime()->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace mezz::sweep

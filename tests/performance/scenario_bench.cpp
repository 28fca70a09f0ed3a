// Whole scenarios of the catalogue, built before the clock starts: events per second, what
// recording costs (no recording object at all, every table kept in memory, the result file), and
// one simulated hour of a market with 100 000 accounts and makers that send 50 orders a second.
// "CPU" is that of the simulation thread; the writer thread of the file is not in it.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <string>

#include "scenarios/study.h"
#include "sim/record/hdf5_sink.h"
#include "sim/record/memory_sink.h"

namespace mezz {
namespace {

enum class Recorder { None, Memory, File, FileWithoutTx };

std::unique_ptr<Sink> sink_for(Recorder recorder, const std::string& path) {
  if (recorder == Recorder::Memory) return std::make_unique<MemorySink>();
  if (recorder != Recorder::None) return std::make_unique<Hdf5Sink>(path, Hdf5Options{});
  return nullptr;
}

// The loop of scenarios/execute.cpp without progress and signals.
bool play(Study& study, Recording* recording, Time end) {
  constexpr std::uint64_t kSlice = 1 << 14;
  World& world = study.world();
  while (world.run(end, kSlice) == StopReason::SliceDone) {
    if (recording != nullptr && recording->commit_due()) {
      recording->commit(world.engine().now(), world.engine().fingerprint());
    }
  }
  study.finish();
  if (recording == nullptr) return true;
  return recording->finish(
      {.end = world.engine().now(), .fingerprint = world.engine().fingerprint()});
}

void run(benchmark::State& state, const Scenario& scenario, Recorder recorder) {
  const std::string path = "scenario_bench.h5";
  double events = 0;
  double orders = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::unique_ptr<Sink> sink = sink_for(recorder, path);
    std::unique_ptr<Recording> recording;
    if (sink != nullptr) {
      RecorderPlan plan;
      for (const RecordParams& rule : scenario.record) plan.add(rule.match, rule.with);
      if (recorder == Recorder::FileWithoutTx) plan.add("tx", "off");
      recording = std::make_unique<Recording>(plan);
      recording->add_sink(*sink);
    }
    auto study = std::make_unique<Study>(scenario, recording.get());
    bool fine = recording == nullptr || recording->start({});
    state.ResumeTiming();
    fine = fine && play(*study, recording.get(), Time::zero() + scenario.run.duration);
    state.PauseTiming();
    if (!fine) state.SkipWithError("the recording failed");
    events = static_cast<double>(study->world().engine().dispatched());
    for (const Metric& m : study->metrics()) orders = m.name == "orders" ? m.value : orders;
    study->check_conservation();
    study.reset();
    state.ResumeTiming();
  }
  std::remove(path.c_str());
  state.SetItemsProcessed(static_cast<std::int64_t>(events) * state.iterations());
  state.counters["orders"] = orders;
  state.counters["events"] = events;
}

void flash_crash(benchmark::State& state, Recorder recorder) {
  run(state, load_scenario("flash_crash", {}), recorder);
}
// Three makers with six quotes each, every one sent anew every 360 ms.
void busy_hour(benchmark::State& state, Recorder recorder) {
  run(state,
      load_scenario("calm_market",
                    {"run.duration=1 h", "agent[0].accounts=100000", "agent[1].count=3",
                     "agent[1].levels=3", "agent[1].always=true", "agent[1].refresh=360 ms"}),
      recorder);
}

BENCHMARK_CAPTURE(flash_crash, none, Recorder::None)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(flash_crash, memory, Recorder::Memory)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(flash_crash, file, Recorder::File)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(busy_hour, none, Recorder::None)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(busy_hour, file, Recorder::File)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(busy_hour, file_without_tx, Recorder::FileWithoutTx)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mezz

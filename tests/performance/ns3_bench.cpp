// The hold model on ns-3 (Debian's libns3-dev): its heap scheduler, its priority-queue scheduler
// and its default (map). Built as C++17, as that version's headers want it, and only where the
// library is.
#include <benchmark/benchmark.h>
#include <ns3/core-module.h>

#include <cstdint>
#include <vector>

#include "tests/performance/hold_workload.h"

namespace {

class Ns3Hold {
 public:
  Ns3Hold(const char* scheduler, std::size_t rows) : rows_(rows) {
    ns3::ObjectFactory factory;
    factory.SetTypeId(scheduler);
    ns3::Simulator::SetScheduler(factory);
    for (std::size_t i = 0; i < rows; ++i) schedule(i);
  }
  ~Ns3Hold() { ns3::Simulator::Destroy(); }
  void run(std::uint64_t events) {
    budget_ = events;
    ns3::Simulator::Run();
  }

 private:
  void fire(std::size_t row) {
    ++rows_[row].words[0];
    schedule(row);
    if (--budget_ == 0) ns3::Simulator::Stop();
  }
  void schedule(std::size_t row) {
    ns3::Simulator::Schedule(ns3::NanoSeconds(random_.exponential_delay()), &Ns3Hold::fire, this,
                             row);
  }
  std::vector<bench::Row> rows_;
  bench::Xoshiro random_;
  std::uint64_t budget_ = 0;
};

void hold(benchmark::State& state, const char* scheduler) {
  Ns3Hold engine(scheduler, static_cast<std::size_t>(state.range(0)));
  engine.run(3 * static_cast<std::uint64_t>(state.range(0)));
  constexpr std::uint64_t kSlice = 1 << 16;
  for (auto _ : state) engine.run(kSlice);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSlice));
}
void BM_Ns3HeapHold(benchmark::State& state) { hold(state, "ns3::HeapScheduler"); }
void BM_Ns3PriorityQueueHold(benchmark::State& state) {
  hold(state, "ns3::PriorityQueueScheduler");
}
void BM_Ns3MapHold(benchmark::State& state) { hold(state, "ns3::MapScheduler"); }
BENCHMARK(BM_Ns3HeapHold)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(BM_Ns3PriorityQueueHold)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(BM_Ns3MapHold)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace

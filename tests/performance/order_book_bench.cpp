// Matching speed on workload B1 at 10^3, 10^4 and 10^5 live orders. Only the replay of the stored
// flow is timed; each run must reproduce the known totals or it reports an error instead of a time.
// Two replays: cancels that carry the handle an agent keeps, and cancels by a number of the
// client's own, found in a dense table (what other engines are measured with).
#include <benchmark/benchmark.h>

#include "tests/models/market/workload_b1.h"

namespace mezz::test {
namespace {

B1Totals expected(std::int64_t live) {
  if (live == 1'000) return {986'656, 25'283'551, 998};
  if (live == 10'000) return {1'012'053, 25'847'589, 9'999};
  return {1'330'576, 33'939'743, 100'001};
}

// The client's numbers are dense, so the table from number to handle is an array.
class ReplayById {
 public:
  explicit ReplayById(const B1Flow& flow) : handle_of_(flow.ids + 1) {}
  void apply(const B1Op& op) {
    if (op.type == B1Op::kCancel) {
      replay.book.cancel(handle_of_[op.id]);
    } else {
      handle_of_[op.id] = replay.apply(op);
    }
  }
  B1Replay replay;

 private:
  std::vector<OrderId> handle_of_;
};
class ReplayByHandle {
 public:
  explicit ReplayByHandle(const B1Flow&) {}
  void apply(const B1Op& op) { replay.apply(op); }
  B1Replay replay;
};

template <class Replay>
void replay_b1(benchmark::State& state) {
  const B1Flow flow = make_b1(5'000'000, static_cast<std::size_t>(state.range(0)));
  B1Totals totals;
  std::size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Replay run(flow);
    for (std::size_t i = 0; i < flow.preload; ++i) run.apply(flow.ops[i]);
    run.replay.totals = {};
    state.ResumeTiming();
    for (std::size_t i = flow.preload; i < flow.ops.size(); ++i) run.apply(flow.ops[i]);
    state.PauseTiming();
    totals = run.replay.totals;
    totals.live = run.replay.book.live();
    bytes = run.replay.book.bytes();
    state.ResumeTiming();
  }
  if (!(totals == expected(state.range(0))))
    state.SkipWithError("totals differ from the known ones");
  const auto ops = static_cast<std::int64_t>(flow.ops.size() - flow.preload);
  state.SetItemsProcessed(state.iterations() * ops);
  state.counters["bytes_per_order"] = static_cast<double>(bytes) / static_cast<double>(totals.live);
}
void BM_OrderBookB1ByHandle(benchmark::State& state) { replay_b1<ReplayByHandle>(state); }
void BM_OrderBookB1ById(benchmark::State& state) { replay_b1<ReplayById>(state); }

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(1'000)->Arg(10'000)->Arg(100'000);
  bench->Iterations(1)->Repetitions(5)->ReportAggregatesOnly()->Unit(benchmark::kMillisecond);
}
BENCHMARK(BM_OrderBookB1ByHandle)->Apply(sizes);
BENCHMARK(BM_OrderBookB1ById)->Apply(sizes);

}  // namespace
}  // namespace mezz::test

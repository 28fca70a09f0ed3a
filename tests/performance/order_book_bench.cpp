// Matching speed on workload B1 at 10^3, 10^4 and 10^5 live orders. Only the replay of the stored
// flow is timed; each run must reproduce the known totals or it reports an error instead of a time.
#include <benchmark/benchmark.h>

#include "tests/models/market/workload_b1.h"

namespace mezz::test {
namespace {

B1Totals expected(std::int64_t live) {
  if (live == 1'000) return {986'656, 25'283'551, 998};
  if (live == 10'000) return {1'012'053, 25'847'589, 9'999};
  return {1'330'576, 33'939'743, 100'001};
}

void BM_OrderBookB1(benchmark::State& state) {
  const B1Flow flow = make_b1(5'000'000, static_cast<std::size_t>(state.range(0)));
  B1Totals totals;
  std::size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    B1Replay replay;
    for (std::size_t i = 0; i < flow.preload; ++i) replay.apply(flow.ops[i]);
    replay.totals = {};
    state.ResumeTiming();
    for (std::size_t i = flow.preload; i < flow.ops.size(); ++i) replay.apply(flow.ops[i]);
    state.PauseTiming();
    totals = replay.totals;
    totals.live = replay.book.live();
    bytes = replay.book.bytes();
    state.ResumeTiming();
  }
  if (!(totals == expected(state.range(0))))
    state.SkipWithError("totals differ from the known ones");
  const auto ops = static_cast<std::int64_t>(flow.ops.size() - flow.preload);
  state.SetItemsProcessed(state.iterations() * ops);
  state.counters["bytes_per_order"] = static_cast<double>(bytes) / static_cast<double>(totals.live);
}
BENCHMARK(BM_OrderBookB1)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Iterations(1)
    ->Repetitions(5)
    ->ReportAggregatesOnly()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mezz::test

// What one recorded row or sample costs the thread that simulates: a table of six 8-byte columns
// and a probe, switched off, kept in buffers that nobody reads, and written to a file. "CPU" is
// that of the calling thread, so waiting for the writer shows in "Time" only.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "sim/record/event_table.h"
#include "sim/record/hdf5_sink.h"
#include "sim/record/probe.h"
#include "sim/record/recording.h"

namespace mezz {
namespace {

struct FillRow {
  Time time;
  Money price;
  Money fee;
  Ratio rate;
  Quantity quantity;
  Price tick;
  void visit(auto& v) {
    v("time", time);
    v("price", price);
    v("fee", fee);
    v("rate", rate);
    v("quantity", quantity);
    v("tick", tick);
  }
};

class NullSink final : public Sink {
 public:
  bool start(const RunMetadata&, const std::vector<TableSpec>&) override { return true; }
  void write(RowBlock&) override {}
  void commit(const Commit&) override {}
  bool finish(const RunResult&) override { return true; }
};

FillRow row_at(std::int64_t i) {
  const auto noise = static_cast<std::uint64_t>(i) * 6364136223846793005ULL;
  return {{i * 1000}, {static_cast<std::int64_t>(noise >> 44)},
          {i * 17},   {static_cast<std::int64_t>(noise >> 50)},
          {i & 63},   {1000 + static_cast<std::int64_t>(noise >> 58)}};
}

void append_rows(benchmark::State& state, Sink* sink) {
  Recording recording;
  if (sink != nullptr) recording.add_sink(*sink);
  EventTable<FillRow> table;
  table.declare(recording, "fills", "rows of the benchmark");
  if (!recording.start({})) state.SkipWithError("start failed");
  std::int64_t i = 0;
  for (auto _ : state) {
    table.append(row_at(i++));
    if ((i & 0xfff) == 0 && recording.commit_due()) {
      recording.commit({i * 1000}, static_cast<std::uint64_t>(i));
    }
  }
  state.SetItemsProcessed(i);
  if (!recording.finish({.end = {i * 1000}})) state.SkipWithError("finish failed");
}

void BM_RowOff(benchmark::State& state) { append_rows(state, nullptr); }
void BM_RowToBuffers(benchmark::State& state) {
  NullSink sink;
  append_rows(state, &sink);
}
void BM_RowToFile(benchmark::State& state) {
  const std::string path = "record_bench.h5";
  {
    Hdf5Sink sink(path, {});
    append_rows(state, &sink);
  }
  std::remove(path.c_str());
}
BENCHMARK(BM_RowOff);
BENCHMARK(BM_RowToBuffers);
BENCHMARK(BM_RowToFile)->Iterations(8'000'000);

}  // namespace
}  // namespace mezz

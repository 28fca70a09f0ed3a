// The hold model: N pending events, each handler draws a delay and schedules one more. Through the
// public interface (messages, entities, total order, fingerprint) against std::priority_queue of
// std::function, and against the schedulers of ns-3 where its library was found (ns3_bench.cpp).
// Workloads: plain (exponential delays) and quantised (2 s slots, one event in eight without
// delay), the normal case of a simulator of slots and cascades.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/numeric/elementary.h"
#include "sim/world/world.h"
#include "tests/performance/hold_workload.h"

namespace mezz {
namespace {

struct Tick {
  std::uint64_t row;
};
struct HoldParams {
  std::uint32_t rows = 0;
  bool quantised = false;
  void visit(auto&) {}
};

template <bool kHints>
class Hold final : public EntityOf<Hold<kHints>, HoldParams> {
 public:
  using Base = EntityOf<Hold, HoldParams>;
  using Base::params;
  Hold(const Site& site, const HoldParams& p) : Base(site, p), rows_(p.rows) {}
  void foresee(const Tick& tick) const requires kHints { __builtin_prefetch(&rows_[tick.row], 1); }
  void on(Context& ctx, const Start&) {
    for (std::uint32_t i = 0; i < params().rows; ++i) again(ctx, Tick{i});
  }
  void on(Context& ctx, const Tick& tick) {
    ++rows_[tick.row].words[0];
    again(ctx, tick);
  }

 private:
  void again(Context& ctx, const Tick& tick) {
    const std::int64_t delay =
        params().quantised ? random_.quantised_delay(ctx.now().ns) : random_.exponential_delay();
    this->after(ctx, Duration{delay}, tick);
  }
  std::vector<bench::Row> rows_;
  bench::Xoshiro random_;
};

template <bool kHints>
void mezzanine_hold(benchmark::State& state, bool quantised) {
  const auto rows = static_cast<std::uint32_t>(state.range(0));
  World world({.seed = 1});
  world.add<Hold<kHints>>("hold", {.rows = rows, .quantised = quantised});
  world.start();
  world.run(Time::max(), 3ULL * rows + 1);
  constexpr std::uint64_t kSlice = 1 << 16;
  for (auto _ : state) world.run(Time::max(), kSlice);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSlice));
  state.counters["bytes/pending"] = static_cast<double>(world.engine().queue_bytes()) / rows;
}
void BM_MezzanineHold(benchmark::State& state) { mezzanine_hold<false>(state, false); }
void BM_MezzanineHoldForeseen(benchmark::State& state) { mezzanine_hold<true>(state, false); }
void BM_MezzanineHoldQuantised(benchmark::State& state) { mezzanine_hold<false>(state, true); }
BENCHMARK(BM_MezzanineHold)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(BM_MezzanineHoldForeseen)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(BM_MezzanineHoldQuantised)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

// The engine most programs start with.
struct Closure {
  std::int64_t time;
  std::uint64_t sequence;
  std::function<void()> call;
  bool operator<(const Closure& o) const {
    return time != o.time ? time > o.time : sequence > o.sequence;
  }
};
class ClosureEngine {
 public:
  explicit ClosureEngine(std::size_t rows) : rows_(rows) {
    for (std::size_t i = 0; i < rows; ++i) schedule(i);
  }
  void run(std::uint64_t events) {
    for (; events > 0; --events) {
      Closure next = std::move(const_cast<Closure&>(queue_.top()));
      queue_.pop();
      now_ = next.time;
      next.call();
    }
  }

 private:
  void schedule(std::size_t row) {
    queue_.push({now_ + random_.exponential_delay(), sequence_++, [this, row] {
                   ++rows_[row].words[0];
                   schedule(row);
                 }});
  }
  std::vector<bench::Row> rows_;
  std::priority_queue<Closure> queue_;
  bench::Xoshiro random_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
};
void BM_PriorityQueueOfFunctionHold(benchmark::State& state) {
  ClosureEngine engine(static_cast<std::size_t>(state.range(0)));
  engine.run(3 * static_cast<std::uint64_t>(state.range(0)));
  constexpr std::uint64_t kSlice = 1 << 16;
  for (auto _ : state) engine.run(kSlice);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSlice));
}
BENCHMARK(BM_PriorityQueueOfFunctionHold)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

// Cancel-heavy: every event re-arms one timer and cancels another.
struct Rearm {
  std::uint64_t row;
};
class Timers final : public EntityOf<Timers, HoldParams> {
 public:
  Timers(const Site& site, const HoldParams& p) : EntityOf(site, p), timers_(p.rows) {}
  void on(Context& ctx, const Start&) {
    for (std::uint32_t i = 0; i < params().rows; ++i) arm(ctx, i);
  }
  void on(Context& ctx, const Rearm& fired) {
    arm(ctx, fired.row);
    const std::uint64_t victim = random_.next() % params().rows;
    if (ctx.cancel(timers_[victim])) arm(ctx, victim);
  }

 private:
  void arm(Context& ctx, std::uint64_t row) {
    timers_[row] = after(ctx, Duration{random_.exponential_delay()}, Rearm{row});
  }
  std::vector<Timer> timers_;
  bench::Xoshiro random_;
};
void BM_MezzanineTimers(benchmark::State& state) {
  World world({.seed = 1});
  world.add<Timers>("timers", {.rows = static_cast<std::uint32_t>(state.range(0))});
  world.start();
  world.run(Time::max(), 100'000);
  constexpr std::uint64_t kSlice = 1 << 16;
  for (auto _ : state) world.run(Time::max(), kSlice);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSlice));
}
BENCHMARK(BM_MezzanineTimers)->Arg(1'000)->Arg(100'000);

}  // namespace
}  // namespace mezz

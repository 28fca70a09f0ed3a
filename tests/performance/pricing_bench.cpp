// Black-76 price and four Greeks per option: the batched kernels on every instruction set of this
// machine, and QuantLib's BlackCalculator, constructed per option, where that library is installed
// (its arm is quantlib_black.cpp, C++17). Workloads: 8 192 options, K = F e^(u - 0.5), a day to two
// years, 10 to 150 %; the chain shares its expiry. One iteration is all options.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "models/pricing/black_batch.h"
#include "sim/numeric/elementary.h"
#include "sim/random/stream.h"
#include "tests/performance/quantlib_black.h"

namespace mezz::pricing {
namespace {

constexpr std::size_t kOptions = 8'192;

struct Workload {
  std::vector<double> forward, strike, log_strike, time, volatility, rate, sign;
  // Columns a power of two apart would share cache sets and store-forwarding addresses.
  static constexpr std::size_t kStride = kOptions + 104;
  std::vector<double> out = std::vector<double>(5 * kStride);

  Workload() {
    Stream stream(7, 0, "options", "bench");
    for (std::size_t i = 0; i < kOptions; ++i) {
      forward.push_back(100.0);
      strike.push_back(100.0 * numeric::exp(stream.uniform() - 0.5));
      log_strike.push_back(numeric::log(strike.back()));
      time.push_back(1.0 / 365 + stream.uniform() * (2.0 - 1.0 / 365));
      volatility.push_back(0.1 + 1.4 * stream.uniform());
      rate.push_back(0.03);
      sign.push_back(stream.uniform() < 0.5 ? 1.0 : -1.0);
    }
  }
  [[nodiscard]] GreekColumns results() {
    double* o = out.data();
    return {o, o + kStride, o + 2 * kStride, o + 3 * kStride, o + 4 * kStride};
  }
};

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kOptions));
}

void run_batch(benchmark::State& state, Isa isa) {
  Workload w;
  const OptionColumns options{kOptions,      w.forward.data(),    w.strike.data(),
                              w.time.data(), w.volatility.data(), w.rate.data(),
                              w.sign.data()};
  for (auto _ : state) {
    black_batch(options, w.results(), isa);
    benchmark::DoNotOptimize(w.out.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

void run_chain(benchmark::State& state, Isa isa) {
  Workload w;
  const ChainColumns chain{
      kOptions,     100.0, 0.5, 0.03, w.strike.data(), w.log_strike.data(), w.volatility.data(),
      w.sign.data()};
  for (auto _ : state) {
    black_chain(chain, w.results(), isa);
    benchmark::DoNotOptimize(w.out.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

[[maybe_unused]] void run_quantlib(benchmark::State& state) {
  Workload w;
  for (auto _ : state) {
    double sum = 0.0;
    for (std::size_t i = 0; i < kOptions; ++i) {
      sum += quantlib_black({.forward = w.forward[i],
                             .strike = w.strike[i],
                             .time = w.time[i],
                             .volatility = w.volatility[i],
                             .rate = w.rate[i],
                             .call = w.sign[i] > 0});
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state);
}

const int kRegistered = [] {
  static constexpr const char* kNames[] = {"sse2", "avx2", "avx512"};
  for (const Isa isa : available_isas()) {
    const std::string name = kNames[static_cast<int>(isa)];
    benchmark::RegisterBenchmark(("BM_Batch/" + name).c_str(), run_batch, isa);
    benchmark::RegisterBenchmark(("BM_Chain/" + name).c_str(), run_chain, isa);
  }
#ifdef MEZZ_QUANTLIB
  benchmark::RegisterBenchmark("BM_QuantLibBlackCalculator", run_quantlib);
#endif
  return 0;
}();

}  // namespace
}  // namespace mezz::pricing

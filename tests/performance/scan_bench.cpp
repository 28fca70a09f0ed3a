// The worst of 35 scenarios for 100 000 accounts of 50 positions in 1 616 instruments: the kernels
// of every instruction set of this machine, and Eigen's sparse-dense product (all at once, and in
// blocks that stay in the cache), compiled for this machine. Workload M1 of the market research:
// four underlyings, eight expiries, 25 strikes, calls and puts, and 16 linear instruments; seven
// spots within 20 %, five volatilities within 35 %. One iteration is all accounts. There is no time
// unless all answers agree.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "models/margin/portfolio_scan.h"
#include "models/pricing/black.h"
#include "sim/numeric/elementary.h"
#include "sim/random/stream.h"
#include "tests/performance/eigen_scan.h"

namespace mezz::margin {
namespace {

constexpr std::uint32_t kInstruments = 1'616;
constexpr std::uint32_t kScenarios = 35;
constexpr std::uint32_t kAccounts = 100'000;
constexpr std::uint32_t kPositions = 50;
constexpr double kSpots[] = {0.8, 1 - 0.4 / 3, 1 - 0.2 / 3, 1.0, 1 + 0.2 / 3, 1 + 0.4 / 3, 1.2};
constexpr double kVolatilities[] = {0.65, 0.825, 1.0, 1.175, 1.35};

// A lot is a tenth of a unit.
Money change(double after, double before) { return {std::llround((after - before) * 1e5)}; }

std::vector<Money> option_changes(double spot, int expiry, int strike, pricing::OptionRight right) {
  const double time = (expiry + 1) * (expiry + 1) / 64.0;
  const double k = spot * numeric::exp((strike - 12) * 0.06 * std::sqrt(time));
  const double volatility = 0.6 + 0.02 * std::abs(strike - 12);
  const auto price = [&](double s, double v) {
    return pricing::black76({.right = right,
                             .forward = spot * s,
                             .strike = k,
                             .time = time,
                             .volatility = volatility * v,
                             .rate = 0.0})
        .price;
  };
  std::vector<Money> changes;
  for (const double s : kSpots) {
    for (const double v : kVolatilities) changes.push_back(change(price(s, v), price(1.0, 1.0)));
  }
  return changes;
}

std::vector<Money> linear_changes(double spot) {
  std::vector<Money> changes;
  for (const double s : kSpots) changes.insert(changes.end(), 5, change(spot * s, spot));
  return changes;
}

struct Workload {
  ScanTable table{kInstruments, kScenarios};
  ScanBook book;
  std::unique_ptr<EigenScan> eigen;
  std::vector<Money> losses = std::vector<Money>(kAccounts);
  std::vector<double> least = std::vector<double>(kAccounts);

  Workload() {
    fill_table();
    Stream stream(11, 0, "scan", "bench");
    const auto below = [&](std::uint32_t n) {
      return static_cast<std::uint32_t>(stream.uniform() * n);
    };
    std::vector<EigenEntry> entries;
    for (std::uint32_t a = 0; a < kAccounts; ++a) {
      std::vector<ScanPosition> positions(kPositions);
      for (ScanPosition& p : positions) {
        p = {below(kInstruments), static_cast<std::int32_t>(below(201)) - 100};
        entries.push_back({a, p.instrument, static_cast<double>(p.lots)});
      }
      book.add(positions);
    }
    std::vector<double> changes;
    for (std::uint32_t i = 0; i < kInstruments; ++i) {
      for (std::uint32_t s = 0; s < kScenarios; ++s) {
        changes.push_back(static_cast<double>(table.change(i, s).micros));
      }
    }
    eigen = std::make_unique<EigenScan>(kAccounts, kInstruments, kScenarios, entries, changes);
    check();
  }

 private:
  void fill_table() {
    std::uint32_t instrument = 0;
    for (const double spot : {60'000.0, 3'000.0, 150.0, 1.0}) {
      for (int i = 0; i < 4; ++i) table.set(instrument++, linear_changes(spot));
      for (int expiry = 0; expiry < 8; ++expiry) {
        for (int strike = 0; strike < 25; ++strike) {
          for (const auto right : {pricing::OptionRight::Call, pricing::OptionRight::Put}) {
            table.set(instrument++, option_changes(spot, expiry, strike, right));
          }
        }
      }
    }
  }

  // Whole numbers below 2^53: Eigen's sums are exact too.
  void check() {
    eigen->run(512, least.data());
    for (const Isa isa : available_isas()) {
      scan(table, book, losses, isa);
      for (std::uint32_t a = 0; a < kAccounts; ++a) {
        if (static_cast<double>(losses[a].micros) == -least[a]) continue;
        std::abort();
      }
    }
  }
};
Workload& workload() {
  static Workload one;
  return one;
}

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * std::int64_t{kAccounts});
}

void run_scan(benchmark::State& state, Isa isa) {
  Workload& w = workload();
  for (auto _ : state) {
    scan(w.table, w.book, w.losses, isa);
    benchmark::DoNotOptimize(w.losses.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

void run_eigen(benchmark::State& state, std::size_t block) {
  Workload& w = workload();
  for (auto _ : state) {
    w.eigen->run(block, w.least.data());
    benchmark::DoNotOptimize(w.least.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

const int kRegistered = [] {
  static constexpr const char* kNames[] = {"sse2", "avx2", "avx512"};
  for (const Isa isa : available_isas()) {
    const std::string name = kNames[static_cast<int>(isa)];
    benchmark::RegisterBenchmark(("BM_Scan/" + name).c_str(), run_scan, isa);
  }
  benchmark::RegisterBenchmark("BM_EigenSparseDense/whole", run_eigen, 0);
  benchmark::RegisterBenchmark("BM_EigenSparseDense/blocks_of_512", run_eigen, 512);
  return 0;
}();

}  // namespace
}  // namespace mezz::margin

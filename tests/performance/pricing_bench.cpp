// Black-76 price and four Greeks per option: the batched kernels on every instruction set of this
// machine, and QuantLib's BlackCalculator, constructed per option, where that library is installed
// (its arm is tests/quantlib/peer.cpp, C++17). Workloads: 8 192 options, K = F e^(u - 0.5), a day
// to two years, 10 to 150 %; the chain shares its expiry. One iteration is all options. Implied
// volatility: the prices of the same 8 192 options; QuantLib's to 1e-6, its default, and to 1e-12,
// which is still less than ours. Heston: 64 calls of one expiry, K = F e^(u - 0.5). American
// options: 64 of 30 to 730 days, 10 to 70 %, rates and yields to 10 %; the spectral method, the
// lattice, and QuantLib's QdFpAmericanEngine in its fast and accurate schemes. `worst` is the
// greatest difference from QuantLib's most precise scheme (without it: from our lattice of 3 201
// steps), over the strike.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/pricing/american.h"
#include "models/pricing/black_batch.h"
#include "models/pricing/heston_chain.h"
#include "models/pricing/implied_vol_batch.h"
#include "sim/numeric/elementary.h"
#include "sim/random/stream.h"
#include "tests/quantlib/peer.h"

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

struct Quotes {
  Workload w;
  std::vector<double> price, found = std::vector<double>(kOptions);
  std::vector<ImpliedVolStatus> status = std::vector<ImpliedVolStatus>(kOptions);

  Quotes() {
    for (std::size_t i = 0; i < kOptions; ++i) price.push_back(black76(option(i)).price);
  }
  [[nodiscard]] ForwardOption option(std::size_t i) const {
    return {.right = w.sign[i] > 0 ? OptionRight::Call : OptionRight::Put,
            .forward = w.forward[i],
            .strike = w.strike[i],
            .time = w.time[i],
            .volatility = w.volatility[i],
            .rate = w.rate[i]};
  }
  [[nodiscard]] QuoteColumns columns() const {
    return {kOptions,      w.forward.data(), w.strike.data(), w.time.data(),
            w.rate.data(), w.sign.data(),    price.data()};
  }
};

void run_implied(benchmark::State& state, Isa isa) {
  Quotes q;
  for (auto _ : state) {
    implied_volatility_batch(q.columns(), q.found.data(), q.status.data(), isa);
    benchmark::DoNotOptimize(q.found.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

void run_implied_alone(benchmark::State& state) {
  const Quotes q;
  for (auto _ : state) {
    double sum = 0.0;
    for (std::size_t i = 0; i < kOptions; ++i) {
      sum += implied_volatility(q.option(i), q.price[i]).volatility;
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state);
}

constexpr std::size_t kStrikes = 64;
constexpr int kHestonDays = 182;
constexpr Heston kHeston{.v0 = 0.4, .kappa = 2.0, .theta = 0.5, .sigma = 1.0, .rho = -0.4};

std::vector<double> heston_strikes() {
  const Workload w;
  return {w.strike.begin(), w.strike.begin() + kStrikes};
}

void run_heston_chain(benchmark::State& state) {
  const std::vector<double> strike = heston_strikes();
  const std::vector<OptionRight> right(kStrikes, OptionRight::Call);
  std::vector<double> price(kStrikes);
  for (auto _ : state) {
    heston_chain(kHeston, {100.0, kHestonDays / 365.0, 0.03, 0.01, strike, right}, price);
    benchmark::DoNotOptimize(price.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kStrikes));
}

void run_heston_alone(benchmark::State& state) {
  for (auto _ : state) {
    double sum = 0.0;
    for (const double k : heston_strikes()) {
      sum += heston_price(kHeston,
                          {OptionRight::Call, 100.0, k, kHestonDays / 365.0, 0.0, 0.03, 0.01});
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kStrikes));
}

#ifdef MEZZ_QUANTLIB
void run_quantlib_implied(benchmark::State& state, double accuracy) {
  const Quotes q;
  for (auto _ : state) {
    double sum = 0.0;
    for (std::size_t i = 0; i < kOptions; ++i) {
      sum += quantlib_implied({.forward = q.w.forward[i],
                               .strike = q.w.strike[i],
                               .time = q.w.time[i],
                               .volatility = 0.0,
                               .rate = q.w.rate[i],
                               .call = q.w.sign[i] > 0},
                              q.price[i], accuracy);
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state);
}

void run_quantlib_heston(benchmark::State& state) {
  const std::vector<double> strike = heston_strikes();
  const QuantLibHeston model{100.0,         0.03,          0.01,        kHeston.v0, kHeston.kappa,
                             kHeston.theta, kHeston.sigma, kHeston.rho, kHestonDays};
  std::vector<double> price(kStrikes);
  for (auto _ : state) {
    quantlib_heston(model, QuantLibIntegral::Default, strike.data(), static_cast<int>(kStrikes),
                    price.data());
    benchmark::DoNotOptimize(price.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kStrikes));
}
#endif

constexpr std::size_t kAmericans = 64;

struct AmericanOption {
  SpotOption option;
  int days;
};
std::vector<AmericanOption> americans() {
  Stream stream(9, 0, "americans", "bench");
  std::vector<AmericanOption> all;
  while (all.size() < kAmericans) {
    const int days = 30 + static_cast<int>(700 * stream.uniform());
    all.push_back({{.right = stream.uniform() < 0.5 ? OptionRight::Call : OptionRight::Put,
                    .spot = 75 + 50 * stream.uniform(),
                    .strike = 100,
                    .time = days / 365.0,
                    .volatility = 0.1 + 0.6 * stream.uniform(),
                    .rate = 0.1 * stream.uniform(),
                    .yield = 0.1 * stream.uniform()},
                   days});
  }
  return all;
}

#ifdef MEZZ_QUANTLIB
double quantlib_price(const AmericanOption& a, QuantLibScheme scheme) {
  const SpotOption& o = a.option;
  return quantlib_american({.spot = o.spot,
                            .strike = o.strike,
                            .days = a.days,
                            .volatility = o.volatility,
                            .rate = o.rate,
                            .yield = o.yield,
                            .call = o.right == OptionRight::Call},
                           scheme);
}
double best_price(const AmericanOption& a) {
  return quantlib_price(a, QuantLibScheme::HighPrecision);
}
#else
double best_price(const AmericanOption& a) { return american_lattice(a.option, 3'201); }
#endif

const std::vector<double>& best_prices() {
  static const std::vector<double> prices = [] {
    std::vector<double> made;
    for (const AmericanOption& a : americans()) made.push_back(best_price(a));
    return made;
  }();
  return prices;
}

template <class Price>
void run_american(benchmark::State& state, const Price& price) {
  const std::vector<AmericanOption> all = americans();
  for (auto _ : state) {
    double sum = 0.0;
    for (const AmericanOption& a : all) sum += price(a);
    benchmark::DoNotOptimize(sum);
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < kAmericans; ++i) {
    const double difference = (price(all[i]) - best_prices()[i]) / all[i].option.strike;
    worst = std::max({worst, difference, -difference});
  }
  state.counters["worst"] = worst;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAmericans));
}

void register_americans() {
  const auto add = [](const char* name, auto price) {
    benchmark::RegisterBenchmark(name,
                                 [price](benchmark::State& state) { run_american(state, price); });
  };
  add("BM_American/spectral", [](const AmericanOption& a) { return american(a.option); });
  add("BM_American/lattice", [](const AmericanOption& a) { return american_lattice(a.option); });
#ifdef MEZZ_QUANTLIB
  add("BM_American/quantlib_fast",
      [](const AmericanOption& a) { return quantlib_price(a, QuantLibScheme::Fast); });
  add("BM_American/quantlib_accurate",
      [](const AmericanOption& a) { return quantlib_price(a, QuantLibScheme::Accurate); });
#endif
}

const int kRegistered = [] {
  register_americans();
  static constexpr const char* kNames[] = {"sse2", "avx2", "avx512"};
  for (const Isa isa : available_isas()) {
    const std::string name = kNames[static_cast<int>(isa)];
    benchmark::RegisterBenchmark(("BM_Batch/" + name).c_str(), run_batch, isa);
    benchmark::RegisterBenchmark(("BM_Chain/" + name).c_str(), run_chain, isa);
    benchmark::RegisterBenchmark(("BM_ImpliedVol/" + name).c_str(), run_implied, isa);
  }
  benchmark::RegisterBenchmark("BM_ImpliedVol/alone", run_implied_alone);
  benchmark::RegisterBenchmark("BM_Heston/chain", run_heston_chain);
  benchmark::RegisterBenchmark("BM_Heston/alone", run_heston_alone);
#ifdef MEZZ_QUANTLIB
  benchmark::RegisterBenchmark("BM_QuantLibBlackCalculator", run_quantlib);
  benchmark::RegisterBenchmark("BM_QuantLibImpliedVol/1e-6", run_quantlib_implied, 1e-6);
  benchmark::RegisterBenchmark("BM_QuantLibImpliedVol/1e-12", run_quantlib_implied, 1e-12);
  benchmark::RegisterBenchmark("BM_QuantLibHeston", run_quantlib_heston);
#endif
  return 0;
}();

}  // namespace
}  // namespace mezz::pricing

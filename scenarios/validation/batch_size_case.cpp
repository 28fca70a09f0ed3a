// How large should a batch be? Each posting costs the same, each item costs something per second it
// waits: the economic order quantity (Harris 1913). Cost per second at size K: rate x posting / K +
// delay x K / 2, least at K* = sqrt(2 rate posting / delay), where it is sqrt(2 rate posting
// delay). The K-th item does not wait, so a batch that is really posted costs delay x (K - 1) / 2.
// The simulation posts batches of many sizes with the real batcher and looks for the cheapest.
#include <algorithm>
#include <cmath>

#include "models/queueing/batcher.h"
#include "models/queueing/source.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/meter.h"
#include "scenarios/validation/queue_laws.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct BatchSizeParams {
  double rate = 5;
  double posting_cost = 50;
  double delay_cost = 0.001;
  double grid_step = 0.1;
  std::int64_t batches = 40;
  double tolerance = 0.01;
  Effort effort{.replications = 30, .size = 10, .size_max = 1'000};

  void visit(auto& v) {
    v("rate", rate, {.doc = "Items per second, Poisson", .min = 1e-3, .max = 1e6});
    v("posting_cost", posting_cost, {.doc = "Of a batch", .min = 1e-9, .max = 1e9});
    v("delay_cost", delay_cost, {.doc = "Of an item that waits a second", .min = 1e-9, .max = 1e9});
    v("grid_step", grid_step,
      {.doc = "Between two sizes that are tried, as a share of the best", .min = 0.02, .max = 0.2});
    v("batches", batches, {.doc = "Of the best size, worth of items per size tried", .min = 10});
    v("tolerance", tolerance, {.doc = "Of the cost, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: batches of one replication, at the best size"});
  }
};

// The least of a function with one valley, by golden section; for a check of the closed form only.
template <class Cost>
double valley(const Cost& cost, double low, double high) {
  const double golden = (std::sqrt(5.0) - 1) / 2;
  for (int i = 0; i < 200; ++i) {
    const double left = high - golden * (high - low);
    const double right = low + golden * (high - low);
    if (cost(left) <= cost(right)) {
      high = right;
    } else {
      low = left;
    }
  }
  return (low + high) / 2;
}

class BatchSize final : public CaseOf<BatchSizeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const BatchSizeParams& p = params();
    const OptimalBatch best = optimal_batch(p.rate, p.posting_cost, p.delay_cost);
    const auto k = static_cast<double>(best_whole());
    const double real = p.rate * p.posting_cost / k + p.delay_cost * (k - 1) / 2;
    // A flat valley hides its bottom: 1e-16 in the cost is 1e-8 in the size.
    return {{"best size, items", best.size, Comparison::Exact, 1e-6, true},
            {"interval, s", best.size / p.rate, Comparison::Exact, 1e-6, true},
            {"least cost per second", best.cost_rate, Comparison::Exact, 1e-6},
            {"cheapest size simulated, items", best.size, Comparison::Exact, p.grid_step, true},
            {"cost per second at the best size", real, Comparison::Mean, p.tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const BatchSizeParams& p = params();
    const double star = optimal_batch(p.rate, p.posting_cost, p.delay_cost).size;
    const auto cost = [&p](double k) { return p.rate * p.posting_cost / k + p.delay_cost * k / 2; };
    const double found = valley(cost, star / 100, star * 100);
    // The sweep is judged by its first replication only.
    const double cheapest = r.number % 1'000'000 == 0 ? sweep(r) : star;
    return {found, found / p.rate, cost(found), cheapest,
            simulated_cost(r, best_whole(), r.size * best_whole())};
  }

 private:
  [[nodiscard]] std::int64_t best_whole() const {
    const BatchSizeParams& p = params();
    return std::max<std::int64_t>(
        1, std::llround(optimal_batch(p.rate, p.posting_cost, p.delay_cost).size));
  }
  // From half the best size to twice it; the same arrivals for every size.
  [[nodiscard]] double sweep(const Replication& r) const {
    const auto star = static_cast<double>(best_whole());
    double cheapest = 0;
    double least = 0;
    for (double share = 0.5; share <= 2.0; share += params().grid_step) {
      const std::int64_t size = std::max<std::int64_t>(1, std::llround(share * star));
      const double cost = simulated_cost(r, size, params().batches * best_whole());
      if (cheapest > 0 && cost >= least) continue;
      cheapest = static_cast<double>(size);
      least = cost;
    }
    return cheapest;
  }
  // Whole batches until so many items have been seen.
  [[nodiscard]] double simulated_cost(const Replication& r, std::int64_t size,
                                      std::int64_t items) const {
    World world({.seed = r.seed, .replication = r.number});
    const std::int64_t whole = std::max<std::int64_t>(1, items / size) * size;
    const Ref<Meter> ref = world.add<Meter>("meter", {.skip = 0, .keep = whole});
    const Ref<queueing::Batcher> batcher = world.add<queueing::Batcher>(
        "batcher", {.kind = queueing::TriggerKind::Size, .size = size}, ref);
    const Duration interval = duration_from_seconds(1 / params().rate);
    world.add<queueing::Source>("source", {.interval = DelayDistribution::exponential(interval)},
                                batcher);
    world.start();
    world.run(Time::max());
    const Meter& meter = world.get(ref);
    MEZZ_ASSERT(meter.full());
    const auto n = static_cast<double>(whole);
    const double waited = moments(meter.waits()).mean * n;
    const double postings = n / static_cast<double>(size);
    // Per item, times the rate that is known: the length of the run would only add noise.
    const double per_item = (postings * params().posting_cost + waited * params().delay_cost) / n;
    return per_item * params().rate;
  }
  void check() const override {
    const double star =
        optimal_batch(params().rate, params().posting_cost, params().delay_cost).size;
    if (star < 20 || star > 100'000) {
      throw ScenarioError("posting_cost",
                          "the best size must lie between 20 and 100 000 items: whole sizes "
                          "differ too much, or the run is too long");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> batch_size() { return make_case<BatchSize>(); }

}  // namespace mezz::validation

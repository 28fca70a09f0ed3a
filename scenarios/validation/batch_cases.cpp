// Batching: how long does an item wait for its batch? Poisson arrivals of rate `rate`.
//   time    wait uniform on (0, T): arrivals see time averages (PASTA)
//   size    mean wait (K - 1) / (2 rate); the intervals are Gamma(K, rate)
//   hybrid  hybrid_batch() in queue_laws.h
#include <cmath>

#include "models/queueing/batcher.h"
#include "models/queueing/source.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/meter.h"
#include "scenarios/validation/queue_laws.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

using queueing::Batcher;
using queueing::BatchTriggerParams;
using queueing::Source;
using queueing::TriggerKind;

struct BatchParams {
  double rate = 5;
  BatchTriggerParams trigger = {.kind = TriggerKind::Hybrid, .size = 40, .interval = 10_s};
  double tolerance = 0.005;
  Effort effort{.size = 20'000, .size_max = 5'000'000};

  void visit(auto& v) {
    v("rate", rate, {.doc = "Items per second, Poisson", .min = 1e-6, .max = 1e6});
    v("trigger", trigger, {.doc = "What closes a batch"});
    v("tolerance", tolerance, {.doc = "Relative, of the means", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: items of one replication"});
  }
};

class BatchTriggerCase final : public CaseOf<BatchParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double t = params().tolerance;
    const double interval = params().trigger.interval.seconds();
    const auto size = static_cast<double>(params().trigger.size);
    switch (params().trigger.kind) {
      case TriggerKind::Time:
        return {
            {"mean wait, s", interval / 2, Comparison::Mean, t, true},
            {"variance of the wait, s^2", interval * interval / 12, Comparison::Mean, 2 * t, true},
            {"p-value: wait uniform (Kolmogorov-Smirnov)", 0.01, Comparison::AtLeast}};
      case TriggerKind::Size:
        return {{"mean wait, s", (size - 1) / (2 * params().rate), Comparison::Mean, t, true},
                {"mean batch interval, s", size / params().rate, Comparison::Mean, t, true},
                {"squared CV of batch intervals", 1 / size, Comparison::Mean, 10 * t, true}};
      case TriggerKind::Hybrid:
        break;
    }
    const HybridBatch batch = hybrid_batch(params().rate, params().trigger.size, interval);
    return {{"mean wait, s", batch.mean_wait, Comparison::Mean, t, true},
            {"mean batch size", batch.mean_count, Comparison::Mean, t, true},
            {"mean time open, s", batch.mean_open, Comparison::Mean, t, true}};
  }

  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    World world({.seed = r.seed, .replication = r.number});
    const Ref<Meter> ref = world.add<Meter>("meter", {.skip = 0, .keep = r.size});
    const Ref<Batcher> batcher = world.add<Batcher>("batcher", params().trigger, ref);
    const Duration interval = duration_from_seconds(1 / params().rate);
    world.add<Source>("source", {.interval = DelayDistribution::exponential(interval)}, batcher);
    world.start();
    world.run(Time::max());
    const Meter& meter = world.get(ref);
    switch (params().trigger.kind) {
      case TriggerKind::Time:
        return time_values(meter, r.number % 1'000'000 == 0);
      case TriggerKind::Size:
        return size_values(meter);
      case TriggerKind::Hybrid:
        break;
    }
    return hybrid_values(meter);
  }

 private:
  [[nodiscard]] std::vector<double> time_values(const Meter& meter, bool test_fit) const {
    const Moments wait = moments(meter.waits());
    double p = 1;
    if (test_fit) {  // the verdict uses the first replication only
      std::vector<double> sample;
      for (const Duration d : meter.waits()) sample.push_back(d.seconds());
      p = uniform_ks_p(std::move(sample), {0, params().trigger.interval.seconds()});
    }
    return {wait.mean, wait.variance, p};
  }

  // The law of the wait is that of a whole batch: a batch cut off by the end is left out.
  [[nodiscard]] static double mean_wait_in_whole_batches(const Meter& meter) {
    double total = 0;
    std::size_t next = 0;
    for (const Meter::Batch& batch : meter.batches()) {
      for (std::int64_t i = 0; i < batch.count; ++i) total += meter.waits()[next++].seconds();
    }
    MEZZ_ASSERT(next > 0 && next <= meter.waits().size());
    return total / static_cast<double>(next);
  }

  [[nodiscard]] static std::vector<double> size_values(const Meter& meter) {
    std::vector<Duration> intervals;
    Time previous = Time::zero();
    for (const Meter::Batch& batch : meter.batches()) {
      intervals.push_back(batch.posted - previous);
      previous = batch.posted;
    }
    const Moments interval = moments(intervals);
    const auto n = static_cast<double>(intervals.size());
    const double variance = interval.variance * n / (n - 1);  // unbiased
    // The square of an estimated mean is too large by variance / n.
    const double square = interval.mean * interval.mean - variance / n;
    return {mean_wait_in_whole_batches(meter), interval.mean, variance / square};
  }

  [[nodiscard]] static std::vector<double> hybrid_values(const Meter& meter) {
    double count = 0;
    double open = 0;
    for (const Meter::Batch& batch : meter.batches()) {
      count += static_cast<double>(batch.count);
      open += (batch.posted - batch.opened).seconds();
    }
    const auto batches = static_cast<double>(meter.batches().size());
    return {mean_wait_in_whole_batches(meter), count / batches, open / batches};
  }

  void check() const override {
    const bool by_size = params().trigger.kind != TriggerKind::Time;
    // A replication holds many batches, else its means are those of a few.
    if (by_size && params().trigger.size * 20 > params().effort.size) {
      throw ScenarioError("effort.size", "must be at least 20 batches of trigger.size items");
    }
    if (params().trigger.kind != TriggerKind::Size &&
        params().rate * params().trigger.interval.seconds() * 5 >
            static_cast<double>(params().effort.size)) {
      throw ScenarioError("effort.size", "must span several intervals of the trigger");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> batch_trigger() { return make_case<BatchTriggerCase>(); }

}  // namespace mezz::validation

// Closed forms for queues and batches. Analysis only: library mathematics is allowed here.
#pragma once

#include <cstdint>

#include "sim/random/distribution_params.h"

namespace mezz::validation {

// Variance / mean^2 of the law.
double squared_variation(const DelayDistribution& law);
// E[X^2] / (2 E[X]) in seconds: the mean rest of the interval that an outsider finds (inspection
// paradox).
double residual(const DelayDistribution& law);

// Mean wait in seconds of M/G/1.
double pollaczek_khinchine(double utilisation, double service_mean, double squared_variation);

struct ErlangC {
  double waiting_share = 0;     // probability that an arrival waits
  double wait_in_services = 0;  // mean wait, all arrivals, in mean service times
};
ErlangC erlang_c(std::int64_t servers, double utilisation);

// A batch that closes with its K-th item or T seconds after its first, whichever is first.
struct HybridBatch {
  double mean_wait = 0;   // of an item, s
  double mean_count = 0;  // items of a batch
  double mean_open = 0;   // from the first item to posting, s
};
HybridBatch hybrid_batch(double rate, std::int64_t size, double timeout);

// The batch size with the least cost per second, when a posting costs `posting` and an item that
// waits costs `delay` per second (economic order quantity).
struct OptimalBatch {
  double size = 0;
  double cost_rate = 0;
};
OptimalBatch optimal_batch(double rate, double posting, double delay);

}  // namespace mezz::validation

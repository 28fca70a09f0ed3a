#include "scenarios/validation/queue_laws.h"

#include <cmath>

#include "sim/check/assert.h"

namespace mezz::validation {

double squared_variation(const DelayDistribution& law) {
  const double mean = law.mean.seconds();
  switch (law.kind) {
    case DelayKind::Constant:
      return 0;
    case DelayKind::Uniform:
      return law.spread.seconds() * law.spread.seconds() / (3 * mean * mean);
    case DelayKind::Exponential:
      return 1;
    case DelayKind::ShiftedExponential: {
      const double share = 1 - law.minimum.seconds() / mean;
      return share * share;
    }
    case DelayKind::Lognormal:
      return law.cv * law.cv;
    case DelayKind::Erlang:
      return 1 / static_cast<double>(law.phases);
  }
  assert_failed("delay kind is known", __FILE__, __LINE__);
}

double residual(const DelayDistribution& law) {
  return law.mean.seconds() * (1 + squared_variation(law)) / 2;
}

double pollaczek_khinchine(double utilisation, double service_mean, double cs2) {
  MEZZ_ASSERT(utilisation > 0 && utilisation < 1);
  return utilisation * service_mean * (1 + cs2) / (2 * (1 - utilisation));
}

ErlangC erlang_c(std::int64_t servers, double utilisation) {
  MEZZ_ASSERT(servers > 0 && utilisation > 0 && utilisation < 1);
  const auto c = static_cast<double>(servers);
  const double load = c * utilisation;
  // Erlang B by its recursion, which neither overflows nor cancels.
  double blocking = 1;
  for (std::int64_t k = 1; k <= servers; ++k) {
    blocking = load * blocking / (static_cast<double>(k) + load * blocking);
  }
  const double waiting = blocking / (1 - utilisation * (1 - blocking));
  return {waiting, waiting / (c - load)};
}

// The first item opens the batch; the j-th further item arrives at Gamma_j, the sum of j
// exponentials. P(Gamma_j <= T) = P(Poisson(rate T) >= j).
//   E[count] = 1 + sum_{j=1}^{K-1} P(Gamma_j <= T)
//   E[open]  = E min(T, Gamma_{K-1}) = integral_0^T P(Poisson(rate t) <= K-2) dt
//            = sum_{i=0}^{K-2} P(Gamma_{i+1} <= T) / rate
//   total wait of a batch = integral over the open time of the number inside
//            = sum_{i=0}^{K-2} (i+1) P(Gamma_{i+1} <= T) / rate
HybridBatch hybrid_batch(double rate, std::int64_t size, double timeout) {
  MEZZ_ASSERT(rate > 0 && size > 0 && timeout > 0);
  const double load = rate * timeout;
  double log_term = -load;  // log P(Poisson(load) = i), i = 0
  double below = 0;         // P(Poisson(load) <= i)
  HybridBatch batch{.mean_count = 1};
  double total_wait = 0;
  for (std::int64_t i = 0; i + 2 <= size; ++i) {
    below += std::exp(log_term);
    const double in_time = std::fmax(0.0, 1 - below);  // P(Gamma_{i+1} <= T)
    const auto inside = static_cast<double>(i + 1);
    batch.mean_count += in_time;
    batch.mean_open += in_time / rate;
    total_wait += inside * in_time / rate;
    log_term += std::log(load / inside);
  }
  batch.mean_wait = total_wait / batch.mean_count;
  return batch;
}

OptimalBatch optimal_batch(double rate, double posting, double delay) {
  MEZZ_ASSERT(rate > 0 && posting > 0 && delay > 0);
  return {std::sqrt(2 * rate * posting / delay), std::sqrt(2 * rate * posting * delay)};
}

}  // namespace mezz::validation

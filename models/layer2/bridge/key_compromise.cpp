#include "models/layer2/bridge/key_compromise.h"

#include <numeric>
#include <vector>

#include "sim/check/assert.h"

namespace mezz::keys {

double independent(std::int64_t m, std::int64_t n, double p) {
  const std::vector<std::int64_t> single(static_cast<std::size_t>(n), 1);
  return by_operator(m, single, p);
}

double beta_binomial(std::int64_t m, std::int64_t n, double p, double correlation) {
  MEZZ_ASSERT(m >= 0 && m <= n);
  MEZZ_ASSERT(p >= 0.0 && p <= 1.0 && correlation >= 0.0 && correlation <= 1.0);
  if (correlation == 0.0 || p == 0.0 || p == 1.0) return independent(m, n, p);
  if (correlation == 1.0) return m == 0 ? 1.0 : p;
  const double alpha = p * (1.0 - correlation) / correlation;
  const double beta = (1.0 - p) * (1.0 - correlation) / correlation;
  double sum = 0.0;
  for (std::int64_t k = m; k <= n; ++k) {
    // C(n, k) B(k + alpha, n - k + beta) / B(alpha, beta), factor by factor.
    double probability = 1.0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double rising =
          i < k ? alpha + static_cast<double>(i) : beta + static_cast<double>(i - k);
      probability *= rising / (alpha + beta + static_cast<double>(i));
      if (i < k) probability *= static_cast<double>(n - i) / static_cast<double>(i + 1);
    }
    sum += probability;
  }
  return sum;
}

double by_operator(std::int64_t m, std::span<const std::int64_t> keys_of_operators, double p) {
  MEZZ_ASSERT(p >= 0.0 && p <= 1.0);
  const std::int64_t n =
      std::accumulate(keys_of_operators.begin(), keys_of_operators.end(), std::int64_t{0});
  MEZZ_ASSERT(m >= 0 && m <= n);
  std::vector<double> law(static_cast<std::size_t>(n) + 1, 0.0);  // of the number of keys
  law[0] = 1.0;
  for (const std::int64_t keys : keys_of_operators) {
    MEZZ_ASSERT(keys >= 0);
    for (std::int64_t k = n; k >= 0; --k) {
      const auto at = static_cast<std::size_t>(k);
      const double with = k >= keys ? law[at - static_cast<std::size_t>(keys)] : 0.0;
      law[at] = law[at] * (1.0 - p) + with * p;
    }
  }
  return std::accumulate(law.begin() + static_cast<std::ptrdiff_t>(m), law.end(), 0.0);
}

}  // namespace mezz::keys

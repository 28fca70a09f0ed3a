#include "analysis/statistics/shares.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

Estimate without_interval(const Count& count, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  MEZZ_ASSERT(count.successes <= count.trials);
  const double share = static_cast<double>(count.successes) / static_cast<double>(count.trials);
  return {.value = count.trials == 0 ? kNone : share, .interval = {0, 1}, .n = count.trials};
}

}  // namespace

Estimate wilson(const Count& count, double level) {
  Estimate out = without_interval(count, level);
  if (count.trials == 0) return out;
  const double n = static_cast<double>(count.trials);
  const double z = normal_quantile((1 + level) / 2);
  const double centre = (out.value + z * z / (2 * n)) / (1 + z * z / n);
  const double half =
      z * std::sqrt(out.value * (1 - out.value) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  // The ends are exact where nothing, or everything, succeeded.
  out.interval = {count.successes == 0 ? 0 : centre - half,
                  count.successes == count.trials ? 1 : centre + half};
  return out;
}

Estimate clopper_pearson(const Count& count, double level) {
  using Binomial = boost::math::binomial_distribution<>;
  Estimate out = without_interval(count, level);
  if (count.trials == 0) return out;
  const double n = static_cast<double>(count.trials);
  const double k = static_cast<double>(count.successes);
  const double tail = (1 - level) / 2;
  if (count.successes > 0) out.interval.low = Binomial::find_lower_bound_on_p(n, k, tail);
  if (count.successes < count.trials)
    out.interval.high = Binomial::find_upper_bound_on_p(n, k, tail);
  return out;
}

}  // namespace mezz::statistics

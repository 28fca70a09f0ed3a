#include "scenarios/validation/meter.h"

#include <algorithm>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::validation {

Moments moments(const std::vector<Duration>& values) {
  MEZZ_ASSERT(!values.empty());
  double sum = 0;
  for (const Duration d : values) sum += d.seconds();
  const auto n = static_cast<double>(values.size());
  const double centre = sum / n;
  double squares = 0;
  for (const Duration d : values) squares += (d.seconds() - centre) * (d.seconds() - centre);
  return {centre, squares / n};
}

double share_above(const std::vector<Duration>& values, Duration limit) {
  MEZZ_ASSERT(!values.empty());
  const auto above =
      std::count_if(values.begin(), values.end(), [limit](Duration d) { return d > limit; });
  return static_cast<double>(above) / static_cast<double>(values.size());
}

double quantile(std::vector<Duration> values, double share) {
  MEZZ_ASSERT(!values.empty() && share > 0 && share < 1);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), nth, values.end());
  return nth->seconds();
}

}  // namespace mezz::validation

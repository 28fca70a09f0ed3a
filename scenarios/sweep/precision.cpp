#include "scenarios/sweep/precision.h"

#include <cmath>
#include <limits>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::sweep {

Precision precision_of(const std::vector<double>& values, const Until& until) {
  MEZZ_ASSERT(until.half_width.has_value() != until.relative.has_value());
  std::vector<double> finite;
  for (const double value : values) {
    if (std::isfinite(value)) finite.push_back(value);
  }
  Precision out{.runs = finite.size(), .half_width = std::numeric_limits<double>::infinity()};
  if (finite.size() < 2) return out;
  const statistics::Estimate mean = statistics::t_interval(finite, until.confidence);
  out.mean = mean.value;
  out.half_width = mean.interval.half_width();
  const double wanted = until.half_width ? *until.half_width : *until.relative * std::abs(out.mean);
  out.narrow = out.half_width <= wanted;
  return out;
}

}  // namespace mezz::sweep

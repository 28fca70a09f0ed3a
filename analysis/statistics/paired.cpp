#include "analysis/statistics/paired.h"

#include <vector>

#include "analysis/statistics/moments.h"
#include "analysis/statistics/rank_tests.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

PairedComparison compare_pairs(std::span<const double> a, std::span<const double> b, double level) {
  MEZZ_ASSERT(a.size() == b.size());
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
  PairedComparison out;
  out.difference = t_interval(differences, level);
  if (a.size() < 2) return out;
  out.unpaired = welch_interval(a, b, level).interval;
  const double apart = variance(a) + variance(b);
  const double together = variance(differences);
  if (apart > 0) out.variance_reduction = together > 0 ? apart / together : kInfinity;
  out.correlation = correlation(a, b);
  out.t_p = t_test_p(differences);
  out.sign_p = sign_test_p(differences);
  out.wilcoxon_p = wilcoxon_p(differences);
  return out;
}

}  // namespace mezz::statistics

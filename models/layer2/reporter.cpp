#include "models/layer2/reporter.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

void MetricList::delays(const std::string& name, std::vector<Duration> delays) {
  if (delays.empty()) return;
  std::sort(delays.begin(), delays.end());
  const auto rank = [&](std::size_t percent) {
    const std::size_t position = (delays.size() * percent + 99) / 100;
    MEZZ_ASSERT(position >= 1 && position <= delays.size());
    return delays[position - 1].seconds();
  };
  add(name + ".p50", rank(50), "s");
  add(name + ".p99", rank(99), "s");
}

}  // namespace mezz

#include "scenarios/headline_names.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "models/layer2/finality.h"

namespace mezz {

namespace {

struct Name {
  std::string name;
  std::string unit;
};

std::vector<Name> percentiles() {
  std::vector<Name> names;
  for (std::size_t r = 1; r < kRungs; ++r) {
    const std::string rung = "finality." + std::string(enum_name(static_cast<Rung>(r)));
    for (const char* of : {".p50", ".p99", ".p999"}) names.push_back({rung + of, "s"});
    if (static_cast<Rung>(r) < Rung::Published) continue;
    names.push_back({rung + ".longest_gap", "s"});
  }
  for (const char* delay :
       {"withdrawal.delay", "forced.delay", "liquidations.delay", "disputes.duration"}) {
    for (const char* of : {".p50", ".p99"}) names.push_back({delay + std::string(of), "s"});
  }
  names.push_back({"liquidations.uncontested.share", "1"});
  names.push_back({"adl.profitable.share", "1"});
  return names;
}

const Metric* find(const std::vector<Metric>& metrics, std::string_view name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

}  // namespace

void complete_headline(std::vector<Metric>& metrics) {
  for (const Name& wanted : percentiles()) {
    if (find(metrics, wanted.name) != nullptr) continue;
    metrics.push_back({wanted.name, std::numeric_limits<double>::quiet_NaN(), wanted.unit});
  }
}

}  // namespace mezz

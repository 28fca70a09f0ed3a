// Numbers of a running world: a few that cost nothing and can be looked at after every block, by
// the names of the headline (DESIGN section 6), and all the others, which take a walk over the run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/study.h"

namespace mezz::lab {

struct LiveMetric {
  std::string_view name;
  std::string_view unit;
  double (*read)(const Study& study);
};
const std::vector<LiveMetric>& live_metrics();
// What a session draws over time: prices first, then losses, then the chain.
const std::vector<LiveMetric>& sampled_metrics();

// Nothing: the run has no such number (yet).
std::optional<double> metric_value(const Study& study, std::string_view name);
// Every name that a condition may use.
std::vector<std::string> metric_names(const Study& study);

// Changes whenever a block came, on either layer: between two equal marks nothing of the market
// moved.
struct BlockMark {
  std::uint64_t layer1 = 0;
  std::uint64_t layer2 = 0;
  std::uint64_t root = 0;
  bool operator==(const BlockMark&) const = default;
};
BlockMark block_mark(const Study& study);

}  // namespace mezz::lab

// Which probes and tables a run records, chosen in the scenario by name:
//   [record]
//   "layer2/sequencer/backlog" = "vector quantiles"
//   "*/latency" = "histogram"      # '*' matches any text, '/' included; the last matching rule
//   wins "tables/trades" = "off"
// A name without a matching rule keeps the default its declaration gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mezz {

// A set of recorders, one bit each.
enum class Recorder : std::uint8_t {
  Vector = 1,
  Last = 2,
  Mean = 4,
  TimeAverage = 8,
  Quantiles = 16,
  Histogram = 32,
};
using RecorderSet = std::uint8_t;
constexpr bool contains(RecorderSet set, Recorder recorder) {
  return (set & static_cast<RecorderSet>(recorder)) != 0;
}

// "vector mean" -> set; "off" -> empty. Throws ScenarioError naming `path` for an unknown word.
RecorderSet parse_recorders(std::string_view text, std::string_view path);

class RecorderPlan {
 public:
  // Throws ScenarioError for an unknown recorder.
  void add(std::string_view pattern, std::string_view recorders);
  [[nodiscard]] RecorderSet choose(std::string_view name, RecorderSet by_default);
  // Every name chosen for so far, and the patterns that matched none of them, for "did you mean".
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::vector<std::string> unmatched() const;

 private:
  struct Rule {
    std::string pattern;
    RecorderSet recorders;
    bool matched = false;
  };
  std::vector<Rule> rules_;
  std::vector<std::string> names_;
};

}  // namespace mezz

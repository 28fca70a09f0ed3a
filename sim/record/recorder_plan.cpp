#include "sim/record/recorder_plan.h"

#include "sim/check/error.h"

namespace mezz {
namespace {

struct Word {
  std::string_view name;
  RecorderSet bits;
};
constexpr Word kWords[] = {
    {"vector", static_cast<RecorderSet>(Recorder::Vector)},
    {"last", static_cast<RecorderSet>(Recorder::Last)},
    {"mean", static_cast<RecorderSet>(Recorder::Mean)},
    {"timeavg", static_cast<RecorderSet>(Recorder::TimeAverage)},
    {"quantiles", static_cast<RecorderSet>(Recorder::Quantiles)},
    {"histogram", static_cast<RecorderSet>(Recorder::Histogram)},
    {"off", 0},
};

bool matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (name.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= name.size(); ++at) {
    if (matches(rest, name.substr(at))) return true;
  }
  return false;
}

}  // namespace

RecorderSet parse_recorders(std::string_view text, std::string_view path) {
  RecorderSet set = 0;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (word.empty()) continue;
    bool known = false;
    for (const Word& candidate : kWords) {
      if (candidate.name != word) continue;
      set = static_cast<RecorderSet>(set | candidate.bits);
      known = true;
    }
    if (!known) {
      throw ScenarioError(std::string(path),
                          "unknown recorder '" + std::string(word) +
                              "', use vector, last, mean, timeavg, quantiles, histogram or off");
    }
  }
  return set;
}

void RecorderPlan::add(std::string_view pattern, std::string_view recorders) {
  const std::string path = "record." + std::string(pattern);
  rules_.push_back({std::string(pattern), parse_recorders(recorders, path)});
}

RecorderSet RecorderPlan::choose(std::string_view name, RecorderSet by_default) {
  names_.emplace_back(name);
  RecorderSet chosen = by_default;
  for (Rule& rule : rules_) {
    if (!matches(rule.pattern, name)) continue;
    chosen = rule.recorders;
    rule.matched = true;
  }
  return chosen;
}

std::vector<std::string> RecorderPlan::unmatched() const {
  std::vector<std::string> patterns;
  for (const Rule& rule : rules_) {
    if (!rule.matched) patterns.push_back(rule.pattern);
  }
  return patterns;
}

}  // namespace mezz

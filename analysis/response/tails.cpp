// The tail of a number over the seeds.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/response/response.h"

namespace mezz::analysis {

namespace {

constexpr std::size_t kTailMin = 10;

std::string group_text(const RunSet& set, const RunRecord& run) {
  std::string text;
  for (std::size_t k = 0; k < set.keys.size(); ++k) {
    if (is_seed_key(set.keys[k])) continue;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", set.keys[k], run.values[k].text);
  }
  return text;
}

}  // namespace

std::optional<double> number_of(const RunRecord& run, std::string_view metric) {
  const Metric* found = run.status == "complete" ? run.metric(metric) : nullptr;
  if (found == nullptr || !std::isfinite(found->value)) return {};
  return found->value;
}

Tail tail_of(const std::vector<double>& values, const TailRequest& request) {
  Tail out{.values = values.size(), .p = request.p};
  if (values.size() < 2 * kTailMin) {
    out.problem = fmt::format("{} values; a tail needs {} or more", values.size(), 2 * kTailMin);
    return out;
  }
  std::vector<double> largest = values;
  std::sort(largest.begin(), largest.end(), std::greater<>());
  const auto wanted =
      static_cast<std::size_t>(std::floor(request.share * static_cast<double>(values.size())));
  const std::size_t k = std::clamp(wanted, kTailMin, values.size() - 1);
  out.fit =
      statistics::fit_pareto_tail(values, request.threshold.value_or(largest[k]), request.level);
  out.hill = statistics::hill(values, out.fit.shape.n, request.level);
  out.observed = statistics::tail_risk(values, {.p = request.p, .confidence = request.level});
  if (std::isnan(out.fit.shape.value)) {
    out.problem = fmt::format(
        "{} of {} values lie beyond {:g}, or all are equal; a tail needs {} "
        "that differ",
        out.fit.shape.n, values.size(), out.fit.threshold, kTailMin);
    return out;
  }
  if (request.p < 1 - out.fit.tail_share) return out;
  out.value_at_risk = out.fit.quantile(request.p);
  out.expected_shortfall = out.fit.expected_shortfall(request.p);
  return out;
}

std::vector<GroupTail> tails(const RunSet& set, std::string_view metric,
                             const TailRequest& request) {
  std::vector<std::pair<std::string, std::vector<double>>> groups;
  for (const RunRecord& run : set.runs) {
    const std::string name = group_text(set, run);
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& group) { return group.first == name; });
    if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
    if (const auto value = number_of(run, metric)) found->second.push_back(*value);
  }
  std::vector<GroupTail> out;
  for (const auto& [name, values] : groups) out.push_back({name, tail_of(values, request)});
  return out;
}

}  // namespace mezz::analysis

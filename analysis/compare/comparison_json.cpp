#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/compare.h"

namespace mezz::analysis {

namespace {

using Json = nlohmann::json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(const statistics::Interval& interval) {
  return Json::array({number(interval.low), number(interval.high)});
}

Json group_json(const GroupResult& group, const std::string& name, bool is_baseline) {
  Json out{{"group", name},
           {"n", group.mean.n},
           {"mean", number(group.mean.value)},
           {"interval", interval_json(group.mean.interval)},
           {"missing", group.missing}};
  if (is_baseline) return out;
  const statistics::PairedComparison& paired = group.paired;
  out["pairs"] = paired.difference.n;
  out["difference"] = number(paired.difference.value);
  out["difference_interval"] = interval_json(paired.difference.interval);
  out["unpaired_interval"] = interval_json(paired.unpaired);
  out["variance_reduction"] = number(paired.variance_reduction);
  out["correlation"] = number(paired.correlation);
  out["p"] = {{"t", number(paired.t_p)},
              {"sign", number(paired.sign_p)},
              {"wilcoxon", number(paired.wilcoxon_p)},
              {"wilcoxon_holm", number(group.holm_p)},
              {"wilcoxon_benjamini_hochberg", number(group.rate_p)}};
  return out;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  Json groups = Json::array();
  for (std::size_t g = 0; g < comparison.groups.size(); ++g) {
    groups.push_back({{"group", comparison.groups[g]}, {"runs", comparison.runs[g]}});
  }
  Json metrics = Json::object();
  for (const ComparedMetric& metric : comparison.metrics) {
    Json results = Json::array();
    for (std::size_t g = 0; g < metric.groups.size(); ++g) {
      results.push_back(
          group_json(metric.groups[g], comparison.groups[g], g == comparison.baseline));
    }
    metrics[metric.name] = {{"unit", metric.unit}, {"groups", std::move(results)}};
  }
  const Json out{
      {"title", comparison.title},
      {"by", comparison.by},
      {"paired_on", comparison.paired_on},
      {"level", comparison.level},
      {"baseline",
       comparison.groups.empty() ? Json(nullptr) : Json(comparison.groups[comparison.baseline])},
      {"groups", std::move(groups)},
      {"metrics", std::move(metrics)},
      {"equal_metrics", comparison.equal_metrics},
      {"notes", comparison.notes},
      {"left_out", comparison.left_out}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mezz::analysis

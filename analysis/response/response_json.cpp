#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/response/response.h"

namespace mezz::analysis {

namespace {

using Json = nlohmann::json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json estimate_json(const statistics::Estimate& estimate) {
  return {{"value", number(estimate.value)},
          {"interval", {number(estimate.interval.low), number(estimate.interval.high)}},
          {"n", estimate.n}};
}

Json json_of(const Sensitivity& found) {
  if (!found.problem.empty()) return {{"problem", found.problem}};
  Json factors = Json::array();
  for (const FactorShare& factor : found.factors) {
    Json one = estimate_json(factor.share);
    one["parameter"] = factor.name;
    one["values"] = factor.levels;
    factors.push_back(std::move(one));
  }
  return {{"parameters", std::move(factors)},
          {"together", number(found.together)},
          {"chance", number(found.chance)},
          {"runs", found.runs},
          {"seeds", found.seeds},
          {"notes", found.notes}};
}

Json axis_json(const SurfaceAxis& axis, const statistics::CodedScale& scale) {
  return {{"parameter", axis.key},
          {"unit", axis.unit},
          {"logarithmic", axis.logarithmic},
          {"centre", number(scale.centre)},
          {"half_range", number(scale.half_range)}};
}

Json json_of(const ResponseSurface& found) {
  if (!found.problem.empty()) return {{"problem", found.problem}};
  Json terms = Json::array();
  const std::vector<std::string> names = term_names(found);
  for (std::size_t c = 0; c < names.size(); ++c) {
    Json one = estimate_json(found.surface.coefficients[c]);
    one["term"] = names[c];
    terms.push_back(std::move(one));
  }
  Json cells = Json::array();
  for (const SurfaceCell& cell : found.cells) {
    cells.push_back({{"x", number(cell.x)},
                     {"y", number(cell.y)},
                     {"mean", number(cell.mean)},
                     {"fitted", number(cell.fitted)},
                     {"runs", cell.runs}});
  }
  return {{"x", axis_json(found.x, found.surface.x)},
          {"y", axis_json(found.y, found.surface.y)},
          {"terms", std::move(terms)},
          {"r_squared", number(found.surface.r_squared)},
          {"seeds", found.seeds},
          {"combinations", std::move(cells)},
          {"notes", found.notes}};
}

Json json_of(const GroupTail& found) {
  const Tail& tail = found.tail;
  Json out{{"group", found.group}, {"values", tail.values}};
  if (!tail.problem.empty()) {
    out["problem"] = tail.problem;
    return out;
  }
  out["threshold"] = number(tail.fit.threshold);
  out["share_beyond"] = number(tail.fit.tail_share);
  out["shape"] = estimate_json(tail.fit.shape);
  out["scale"] = estimate_json(tail.fit.scale);
  out["hill"] = estimate_json(tail.hill);
  out["p"] = tail.p;
  out["value_at_risk"] = number(tail.value_at_risk);
  out["expected_shortfall"] = number(tail.expected_shortfall);
  out["observed"] = {{"value_at_risk", estimate_json(tail.observed.value_at_risk)},
                     {"expected_shortfall", estimate_json(tail.observed.expected_shortfall)}};
  return out;
}

}  // namespace

std::string responses_json(const Responses& responses) {
  Json metrics = Json::object();
  for (const Response& response : responses.metrics) {
    Json one{{"unit", response.unit}};
    if (response.sensitivity) one["sensitivity"] = json_of(*response.sensitivity);
    if (response.surface) one["surface"] = json_of(*response.surface);
    if (!response.tails.empty()) {
      one["tails"] = Json::array();
      for (const GroupTail& tail : response.tails) one["tails"].push_back(json_of(tail));
    }
    metrics[response.metric] = std::move(one);
  }
  const Json out{
      {"title", responses.title}, {"level", responses.level}, {"metrics", std::move(metrics)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mezz::analysis

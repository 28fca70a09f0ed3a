#include "scenarios/incident_case.h"

#include <string>
#include <vector>

#include "scenarios/execute.h"
#include "scenarios/scenario.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz {

namespace {

using validation::Comparison;
using validation::LawRow;

struct PublishedFigure {
  std::string quantity = {};
  std::string metric = {};
  std::string minus = {};
  std::string over = {};
  double scale = 1.0;
  double figure = 0.0;
  double tolerance = 0.2;
  bool at_least = false;

  void visit(auto& v) {
    v("quantity", quantity, {.doc = "What the row is called; empty: the metric"});
    v("metric", metric, {.doc = "Headline number of the scenario"});
    v("minus", minus, {.doc = "Less this headline number; empty: nothing"});
    v("over", over, {.doc = "Divided by this headline number; empty: not"});
    v("scale", scale, {.doc = "Times this"});
    v("figure", figure, {.doc = "As published"});
    v("tolerance", tolerance, {.doc = "Relative", .min = 0.0, .max = 10.0});
    v("at_least", at_least, {.doc = "The figure is a lower bound"});
  }
};

struct IncidentParams {
  std::string scenario = {};
  std::string set = {};
  std::vector<PublishedFigure> published = {};

  void visit(auto& v) {
    v("scenario", scenario, {.doc = "Name of the catalogue, or path"});
    v("set", set, {.doc = "What is changed in it: key=value; empty: nothing"});
    v("published", published, {.doc = "Figures", .count_max = 50});
  }
};

double number(const std::vector<Metric>& metrics, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Metric& metric : metrics) {
    if (metric.name == name) return metric.value;
    names.push_back(metric.name);
  }
  throw ScenarioError("published.metric", "no headline number is called " + config::quote(name) +
                                              config::did_you_mean(name, names));
}

Scenario scenario_of(const IncidentParams& params) {
  if (params.set.empty()) return load_scenario(params.scenario, {});
  return load_scenario(params.scenario, {params.set});
}

class Incident final : public validation::CaseOf<IncidentParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows;
    for (const PublishedFigure& p : params().published) {
      rows.push_back({p.quantity.empty() ? p.metric : p.quantity, p.figure,
                      p.at_least ? Comparison::AtLeast : Comparison::Exact, p.tolerance, true});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const validation::Replication&) const override {
    const ExecuteOutcome outcome = execute(scenario_of(params()), {});
    if (!outcome.error.empty()) throw ScenarioError("scenario", outcome.error, params().scenario);
    std::vector<double> values;
    for (const PublishedFigure& p : params().published) {
      const double minus = p.minus.empty() ? 0.0 : number(outcome.metrics, p.minus);
      const double over = p.over.empty() ? 1.0 : number(outcome.metrics, p.over);
      values.push_back(p.scale * (number(outcome.metrics, p.metric) - minus) / over);
    }
    return values;
  }

 private:
  void check() const override {
    if (params().published.empty()) throw ScenarioError("published", "nothing to compare with");
    (void)scenario_of(params());  // mistakes now, not after a minute
  }
};

constexpr validation::Law kLaws[] = {{"incident", validation::make_case<Incident>}};
constexpr validation::ShippedCase kShipped[] = {
    {"incident_maker_2020"}, {"incident_yfi_2023"},      {"incident_crv_2022"},
    {"incident_mango_2022"}, {"incident_hl_2025"},       {"incident_hl_2025_who"},
    {"incident_jelly_2025"}, {"incident_arbitrum_2023"}, {"incident_base_2025"},
};

}  // namespace

validation::CaseList incident_cases() { return {kLaws, kShipped}; }

}  // namespace mezz

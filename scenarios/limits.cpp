#include "scenarios/limits.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "analysis/headline.h"
#include "scenarios/headline_names.h"
#include "scenarios/scenario_checks.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/read.h"
#include "sim/config/units.h"

namespace mezz {

using config::Node;

namespace {

// Numbers that only designs with the part have: a limit on them says nothing about another design
// that the same scenario is run with.
bool of_another_design(std::string_view name) {
  static constexpr std::string_view kFamilies[] = {"disputes.",
                                                   "bold.",
                                                   "proving.",
                                                   "batches",
                                                   "committee.",
                                                   "escape.",
                                                   "exits.",
                                                   "channel.",
                                                   "consensus.",
                                                   "milestone.",
                                                   "data.",
                                                   "data_sampling.",
                                                   "l2.reverts",
                                                   "theft.",
                                                   "proofs",
                                                   "withdrawal.reproved",
                                                   "sequencer.failover",
                                                   "sequencer.downtime",
                                                   "checkpoint.",
                                                   "bridge.",
                                                   "express_lane.",
                                                   "fast_exit.",
                                                   "plasma.",
                                                   "forced."};
  return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](std::string_view family) { return name.starts_with(family); });
}

// What a written amount is in the unit of a metric.
struct MetricUnit {
  std::string_view name;
  config::Dimension dimension;
  double scale;  // amounts are kept in whole parts of this many to the unit
};
constexpr std::array<MetricUnit, 5> kUnits{{{"s", config::Dimension::Duration, 1e9},
                                            {"USD", config::Dimension::Money, 1e6},
                                            {"1", config::Dimension::Ratio, 1e9},
                                            {"gwei", config::Dimension::GasPrice, 1e9},
                                            {"ETH", config::Dimension::Wei, 1e18}}};

// Of an entry of [limits], what is read as everywhere else.
struct DesignList {
  std::vector<Design>* designs = nullptr;
  void visit(auto& v) { v("designs", *designs, {.count_max = 100}); }
};

struct StoredSections {
  StoredLimits* stored = nullptr;
  void visit(auto& v) {
    v("limit", stored->limits, {.count_max = 1'000});
    v("design", stored->design, {});
  }
};

void note(Scenario& scenario, const std::string& path, const Node& node) {
  scenario.origins[path] = node.origin;
}

double bound_of(const Node& node, const std::string& path, LimitParams& limit) {
  if (node.type == Node::Type::Integer) return static_cast<double>(node.integer);
  if (node.type == Node::Type::Real && std::isfinite(node.real)) return node.real;
  if (node.type == Node::Type::String) {
    for (const MetricUnit& unit : kUnits) {
      const config::Amount amount = config::parse_amount(unit.dimension, node.text);
      if (!amount.problem.empty()) continue;
      if (!limit.unit.empty() && limit.unit != unit.name) break;
      limit.unit = unit.name;
      return static_cast<double>(amount.value) / unit.scale;
    }
  }
  const std::string got = node.type == Node::Type::String ? config::quote(node.text)
                                                          : std::string(type_name(node.type));
  throw ScenarioError(
      path,
      "takes a number in the metric's unit, or a text such as \"8 d\", \"500 USD\", "
      "\"2 %\", \"30 gwei\", \"1 ETH\" (min and max alike), got " +
          got,
      config::place(node.origin));
}

void read_entry(const std::string& metric, const Node& table, Scenario& scenario) {
  const std::string path = config::child_path("limits", metric);
  if (table.type != Node::Type::Table) {
    throw ScenarioError(
        path, "expected a table such as { max = 0 }, got " + std::string(type_name(table.type)),
        config::place(table.origin));
  }
  LimitParams limit{.metric = metric, .min = {}, .max = {}, .designs = {}, .path = path};
  const std::string item = config::item_path("limit", scenario.limit.size());
  note(scenario, path, table);
  note(scenario, item, table);
  note(scenario, item + ".metric", table);
  Node rest = table;
  for (const auto& [key, field] : {std::pair{"min", &limit.min}, std::pair{"max", &limit.max}}) {
    const Node* node = table.find(key);
    if (node == nullptr) continue;
    *field = bound_of(*node, config::child_path(path, key), limit);
    note(scenario, config::child_path(item, key), *node);
    rest.erase(key);
  }
  DesignList others{&limit.designs};
  config::read(rest, others, path, {.origins = &scenario.origins, .elsewhere = {"min", "max"}});
  if (const Node* node = table.find("designs")) note(scenario, item + ".designs", *node);
  scenario.limit.push_back(std::move(limit));
}

const Metric* find(const std::vector<Metric>& metrics, std::string_view name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

// Also what a run has without its study: of this machine, and percentiles that had no value yet.
std::vector<Metric> reportable(std::vector<Metric> known) {
  complete_headline(known);
  for (const auto& [name, unit] :
       {std::pair{"events", "1"}, std::pair{"wall", "s"}, std::pair{"events_per_second", "1/s"},
        std::pair{"memory.peak", "B"}}) {
    if (find(known, name) == nullptr) known.push_back({name, 0, unit});
  }
  return known;
}

std::vector<std::string_view> names_of(const std::vector<Metric>& metrics) {
  std::vector<std::string_view> names;
  for (const Metric& metric : metrics) names.emplace_back(metric.name);
  return names;
}

[[noreturn]] void refuse_name(const Scenario& scenario, std::size_t i, const std::string& remedy) {
  const LimitParams& limit = scenario.limit[i];
  const std::string path =
      limit.path.empty() ? config::item_path("limit", i) + ".metric" : limit.path;
  throw ScenarioError(path, "no headline number is called " + config::quote(limit.metric) + remedy,
                      written_at(scenario, path));
}

void check_unit(const Scenario& scenario, const LimitParams& limit, const Metric* metric) {
  if (metric == nullptr || limit.unit.empty() || limit.unit == metric->unit) return;
  throw ScenarioError(limit.path,
                      fmt::format("{} is measured in {}, the bound is written in {}", limit.metric,
                                  metric->unit == "1" ? "plain numbers" : metric->unit,
                                  limit.unit == "1" ? "plain numbers" : limit.unit),
                      written_at(scenario, limit.path));
}

std::string bound_text(const LimitParams& limit, std::string_view unit) {
  std::string text;
  if (limit.min) text = "at least " + analysis::human(*limit.min, unit);
  if (limit.min && limit.max) text += ", ";
  if (limit.max) text += "at most " + analysis::human(*limit.max, unit);
  return text;
}

LimitVerdict judge(const LimitParams& limit, const Metric* found) {
  const bool none = found == nullptr || !std::isfinite(found->value);
  const std::string_view unit = found != nullptr ? std::string_view(found->unit) : limit.unit;
  LimitVerdict verdict{.metric = limit.metric,
                       .bound = bound_text(limit, unit),
                       .value = none ? "no value" : analysis::human(found->value, unit),
                       .line = {}};
  if (none) {
    verdict.line = limit.metric + " has no value in this run";
  } else if (limit.min && found->value < *limit.min) {
    verdict.line = fmt::format("{} = {} {}, at least {} was expected", limit.metric, found->value,
                               found->unit, *limit.min);
  } else if (limit.max && found->value > *limit.max) {
    verdict.line = fmt::format("{} = {} {}, at most {} was expected", limit.metric, found->value,
                               found->unit, *limit.max);
  }
  return verdict;
}

}  // namespace

void read_limits_table(const Node& root, Scenario& scenario) {
  const Node* table = root.find("limits");
  if (table == nullptr) return;
  if (table->type != Node::Type::Table) {
    throw ScenarioError("limits",
                        "expected a table: [limits], then \"bad_debt.usd\" = { max = 0 }; "
                        "[[limit]] is the form with one table per limit",
                        config::place(table->origin));
  }
  for (std::size_t i = 0; i < table->items.size(); ++i) {
    read_entry(table->keys[i], table->items[i], scenario);
  }
}

void check_limit_names(const Scenario& scenario, const std::vector<Metric>& known) {
  const std::vector<Metric> all = reportable(known);
  for (std::size_t i = 0; i < scenario.limit.size(); ++i) {
    const LimitParams& limit = scenario.limit[i];
    check_unit(scenario, limit, find(all, limit.metric));
    if (find(all, limit.metric) != nullptr || of_another_design(limit.metric)) continue;
    const std::vector<std::string_view> names = names_of(all);
    const std::string near = config::did_you_mean(limit.metric, names);
    refuse_name(scenario, i, near.empty() ? "; known are " + config::joined(names) : near);
  }
}

void add_table_metrics(const std::string& prefix, std::vector<Metric> known,
                       std::vector<Metric>& all) {
  for (Metric& metric : reportable(std::move(known))) {
    all.push_back({prefix + "." + metric.name, metric.value, metric.unit});
  }
}

void check_table_limit_names(const Scenario& scenario, const std::vector<Metric>& all) {
  for (std::size_t i = 0; i < scenario.limit.size(); ++i) {
    const LimitParams& limit = scenario.limit[i];
    check_unit(scenario, limit, find(all, limit.metric));
    if (find(all, limit.metric) != nullptr) continue;
    refuse_name(scenario, i,
                config::did_you_mean(limit.metric, names_of(all)) +
                    "; in a comparison they are called CONDITION.DESIGN.METRIC, such as " +
                    config::quote(all.front().name));
  }
}

bool LimitParams::holds_for(Design design) const {
  return designs.empty() || std::find(designs.begin(), designs.end(), design) != designs.end();
}

std::vector<LimitVerdict> judge_limits(const std::vector<LimitParams>& limits, Design design,
                                       const std::vector<Metric>& metrics) {
  std::vector<LimitVerdict> verdicts;
  for (const LimitParams& limit : limits) {
    if (!limit.holds_for(design)) continue;
    const Metric* found = find(metrics, limit.metric);
    if (found == nullptr && of_another_design(limit.metric)) continue;
    verdicts.push_back(judge(limit, found));
  }
  return verdicts;
}

std::vector<std::string> broken_limits(const Scenario& scenario,
                                       const std::vector<Metric>& metrics) {
  std::vector<std::string> lines;
  for (LimitVerdict& verdict : judge_limits(scenario.limit, scenario.layer2.design, metrics)) {
    if (verdict.broken()) lines.push_back(std::move(verdict.line));
  }
  return lines;
}

StoredLimits stored_limits(const std::string& resolved_scenario) {
  const config::Document document = config::load_text(resolved_scenario, "resolved scenario");
  StoredLimits out;
  StoredSections sections{&out};
  Node wanted{.text = {}, .keys = {}, .items = {}, .origin = {}};
  if (const Node* limits = document.root.find("limit")) wanted.set("limit", *limits);
  const Node* layer2 = document.root.find("layer2");
  if (layer2 != nullptr && layer2->find("design") != nullptr) {
    wanted.set("design", *layer2->find("design"));
  }
  config::read(wanted, sections);
  return out;
}

}  // namespace mezz

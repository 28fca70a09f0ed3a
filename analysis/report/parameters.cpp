// How the headline numbers depend on what was varied: points with intervals over one parameter, a
// heat map over two.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/chart/heat_map.h"
#include "analysis/chart/plot.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

using analysis::KeyValue;

namespace {

constexpr std::size_t kMetricsDrawn = 4;
constexpr std::size_t kLevelsDrawn = 40;
constexpr std::array kMetrics{
    "bad_debt.usd",          "liquidations.delay.p99", "insurance_fund.min",
    "finality.settled.p50",  "finality.published.p50", "withdrawal.delay.p50",
    "transaction.cost.mean", "liquidations.count",     "blocks"};

// One parameter that has several levels: what they are, and the level of every group.
struct Parameter {
  std::string name;
  std::string unit = "1";
  std::vector<std::string> texts = {};
  std::vector<double> numbers = {};  // as many as texts when all are numbers of one unit, else none
  std::vector<std::size_t> level_of_group = {};
};

void sort_by_number(Parameter& parameter) {
  std::vector<std::size_t> order(parameter.numbers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return parameter.numbers[a] < parameter.numbers[b];
  });
  Parameter sorted = parameter;
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.texts[i] = parameter.texts[order[i]];
    sorted.numbers[i] = parameter.numbers[order[i]];
    place[order[i]] = i;
  }
  for (std::size_t& level : sorted.level_of_group) level = place[level];
  parameter = std::move(sorted);
}

Parameter parameter_of(const ReportData& data, std::size_t design_key) {
  const std::size_t key = data.design_keys[design_key];
  Parameter out{.name = data.set.keys[key]};
  std::vector<KeyValue> values;
  for (const Group& group : data.groups) {
    const std::string& text = group.values[design_key];
    const auto found = std::find(out.texts.begin(), out.texts.end(), text);
    out.level_of_group.push_back(static_cast<std::size_t>(found - out.texts.begin()));
    if (found != out.texts.end()) continue;
    out.texts.push_back(text);
    values.push_back(analysis::key_value(text));
  }
  const bool numeric = std::all_of(values.begin(), values.end(), [&](const KeyValue& value) {
    return value.number && value.unit == values.front().unit;
  });
  if (numeric) {
    out.unit = values.front().unit;
    for (const KeyValue& value : values) out.numbers.push_back(*value.number);
    sort_by_number(out);
  }
  return out;
}

// Those that have more than one level, the richest first.
std::vector<Parameter> varied(const ReportData& data) {
  std::vector<Parameter> out;
  for (std::size_t k = 0; k < data.design_keys.size(); ++k) {
    Parameter parameter = parameter_of(data, k);
    if (parameter.texts.size() > 1) out.push_back(std::move(parameter));
  }
  std::stable_sort(out.begin(), out.end(), [](const Parameter& a, const Parameter& b) {
    return a.texts.size() > b.texts.size();
  });
  return out;
}

// All values at one level of `first` (and one of `second`).
std::vector<double> values_at(const ReportData& data, std::string_view metric,
                              const Parameter& first, std::size_t level,
                              const Parameter* second = nullptr, std::size_t second_level = 0) {
  std::vector<double> out;
  for (std::size_t g = 0; g < data.groups.size(); ++g) {
    if (first.level_of_group[g] != level) continue;
    if (second != nullptr && second->level_of_group[g] != second_level) continue;
    for (const double value : values_of(data, data.groups[g], metric)) out.push_back(value);
  }
  return out;
}

// Metrics that are not the same everywhere.
std::vector<std::string> telling_metrics(const ReportData& data) {
  std::vector<std::string> out;
  for (const char* metric : kMetrics) {
    std::optional<double> first;
    bool differs = false;
    for (const Group& group : data.groups) {
      for (const double value : values_of(data, group, metric)) {
        if (!first) first = value;
        differs = differs || value != *first;
      }
    }
    if (differs && out.size() < kMetricsDrawn) out.emplace_back(metric);
  }
  return out;
}

chart::Plot points_over(const ReportData& data, const std::string& metric,
                        const Parameter& parameter) {
  chart::Plot plot{.caption = {metric + " over " + parameter.name,
                               "Means with 95 % intervals at every level of the parameter"},
                   .x = {.title = parameter.name, .unit = parameter.unit},
                   .y = {.title = metric, .unit = unit_of(data, metric)},
                   .series = {{.name = "", .shape = chart::Shape::Points}},
                   .height = 260.0};
  const bool numeric = !parameter.numbers.empty();
  if (numeric && chart::is_geometric(parameter.numbers)) plot.x.kind = chart::ScaleKind::Log;
  chart::Series& series = plot.series.front();
  // Between two names there is nothing a line could stand for.
  if (numeric) series.shape = chart::Shape::MarkedLine;
  for (std::size_t level = 0; level < parameter.texts.size(); ++level) {
    const double x = numeric ? parameter.numbers[level] : static_cast<double>(level);
    plot.x.fixed.push_back({x, chart::fitted(parameter.texts[level], 110)});
    const std::vector<double> values = values_at(data, metric, parameter, level);
    const statistics::Estimate mean = statistics::t_interval(values, kLevel);
    series.points.push_back({x, mean.value});
    series.intervals.push_back({mean.interval.low, mean.interval.high});
  }
  return plot;
}

chart::HeatMap map_over(const ReportData& data, const std::string& metric, const Parameter& across,
                        const Parameter& down) {
  chart::HeatMap map{.caption = {metric + " over " + across.name + " and " + down.name,
                                 "Means over the runs of every combination"},
                     .x_title = across.name,
                     .y_title = down.name,
                     .columns = across.texts,
                     .rows = down.texts,
                     .values = {},
                     .unit = unit_of(data, metric)};
  for (std::size_t row = 0; row < down.texts.size(); ++row) {
    for (std::size_t column = 0; column < across.texts.size(); ++column) {
      map.values.push_back(statistics::mean(values_at(data, metric, across, column, &down, row)));
    }
  }
  return map;
}

std::string others(const std::vector<Parameter>& parameters) {
  if (parameters.size() <= 2) return {};
  std::string names;
  for (std::size_t i = 2; i < parameters.size(); ++i) {
    names += (i > 2 ? ", " : "") + parameters[i].name;
  }
  return " Averaged over " + names + ".";
}

}  // namespace

void add_parameters(Html& page, const ReportData& data) {
  const std::vector<Parameter> parameters = varied(data);
  if (parameters.empty()) return;
  page.section("parameters", "Over what was varied");
  const std::vector<std::string> metrics = telling_metrics(data);
  if (metrics.empty()) {
    page.paragraph("None of the headline numbers differs between the runs.");
    return;
  }
  if (parameters.front().texts.size() > kLevelsDrawn) {
    page.paragraph(fmt::format("{} has {} levels, too many to draw.", parameters.front().name,
                               parameters.front().texts.size()));
    return;
  }
  for (const std::string& metric : metrics) {
    if (parameters.size() == 1) {
      page.figure(chart::draw(points_over(data, metric, parameters[0])),
                  metric + ": means over the seeds with 95 % intervals (Student's t).");
    } else {
      page.figure(
          chart::draw(map_over(data, metric, parameters[0], parameters[1])),
          metric + ": means over the runs of every combination, pale is low." + others(parameters));
    }
  }
}

}  // namespace mezz::report

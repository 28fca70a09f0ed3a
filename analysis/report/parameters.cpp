// How the headline numbers depend on what was varied: points with intervals over one parameter, a
// heat map over two.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart/heat_map.h"
#include "analysis/chart/plot.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/response/response.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

using analysis::Factor;

namespace {

constexpr std::size_t kLevelsDrawn = 40;

// The richest first.
std::vector<Factor> varied(const ReportData& data) {
  std::vector<Factor> out = analysis::factors_of(data.set);
  std::stable_sort(out.begin(), out.end(), [](const Factor& a, const Factor& b) {
    return a.levels.size() > b.levels.size();
  });
  return out;
}

// All values at one level of `first` (and one of `second`).
std::vector<double> values_at(const ReportData& data, std::string_view metric, const Factor& first,
                              std::size_t level, const Factor* second = nullptr,
                              std::size_t second_level = 0) {
  std::vector<double> out;
  for (const Group& group : data.groups) {
    if (group.runs.empty() || first.level_of_run[group.runs.front()] != level) continue;
    if (second != nullptr && second->level_of_run[group.runs.front()] != second_level) continue;
    for (const double value : values_of(data, group, metric)) out.push_back(value);
  }
  return out;
}

chart::Plot points_over(const ReportData& data, const std::string& metric,
                        const Factor& parameter) {
  chart::Plot plot{.caption = {metric + " over " + parameter.name,
                               "Means with 95 % intervals at every level of the parameter"},
                   .x = {.title = parameter.name, .unit = parameter.unit},
                   .y = {.title = metric, .unit = unit_of(data, metric)},
                   .series = {{.name = "", .shape = chart::Shape::Points}},
                   .height = 260.0};
  const bool numeric = !parameter.numbers.empty();
  if (numeric && parameter.geometric()) plot.x.kind = chart::ScaleKind::Log;
  chart::Series& series = plot.series.front();
  // Between two names there is nothing a line could stand for.
  if (numeric) series.shape = chart::Shape::MarkedLine;
  for (std::size_t level = 0; level < parameter.levels.size(); ++level) {
    const double x = numeric ? parameter.numbers[level] : static_cast<double>(level);
    plot.x.fixed.push_back({x, chart::fitted(parameter.levels[level], 110)});
    const std::vector<double> values = values_at(data, metric, parameter, level);
    const statistics::Estimate mean = statistics::t_interval(values, kLevel);
    series.points.push_back({x, mean.value});
    series.intervals.push_back({mean.interval.low, mean.interval.high});
  }
  return plot;
}

chart::HeatMap map_over(const ReportData& data, const std::string& metric, const Factor& across,
                        const Factor& down) {
  chart::HeatMap map{.caption = {metric + " over " + across.name + " and " + down.name,
                                 "Means over the runs of every combination"},
                     .x_title = across.name,
                     .y_title = down.name,
                     .columns = across.levels,
                     .rows = down.levels,
                     .values = {},
                     .unit = unit_of(data, metric)};
  for (std::size_t row = 0; row < down.levels.size(); ++row) {
    for (std::size_t column = 0; column < across.levels.size(); ++column) {
      map.values.push_back(statistics::mean(values_at(data, metric, across, column, &down, row)));
    }
  }
  return map;
}

// The least squares surface at the same places, and how far it is from the means.
void add_fitted(Html& page, const ReportData& data, const std::string& metric,
                const chart::HeatMap& means, const analysis::SurfaceFactors& factors) {
  if (factors.x.numbers.empty() || factors.y.numbers.empty()) return;
  const analysis::ResponseSurface surface =
      analysis::response_surface(data.set, metric, factors, kLevel);
  if (!surface.problem.empty() || surface.cells.size() <= surface.surface.coefficients.size()) {
    return;
  }
  chart::HeatMap map = means;
  map.caption = {metric + ", fitted surface", "A surface by least squares through the means"};
  map.values.clear();
  for (const double y : factors.y.numbers) {
    for (const double x : factors.x.numbers) map.values.push_back(surface.predict(x, y));
  }
  double largest = 0.0;
  for (const analysis::SurfaceCell& cell : surface.cells) {
    largest = std::max(largest, std::fabs(cell.mean - cell.fitted));
  }
  const bool curved = surface.kind == statistics::SurfaceKind::Quadratic;
  page.figure(
      chart::draw(map),
      fmt::format("{}: {} surface by least squares through these means{}; R\u00b2 = {:.3f}, "
                  "no mean is further from it than {}. mezz analyse has the coefficients.",
                  metric, curved ? "quadratic" : "linear",
                  surface.x.logarithmic || surface.y.logarithmic
                      ? ", in logarithms of what grows by factors"
                      : "",
                  surface.surface.r_squared, compact(largest, map.unit)));
}

std::string others(const std::vector<Factor>& parameters) {
  if (parameters.size() <= 2) return {};
  std::string names;
  for (std::size_t i = 2; i < parameters.size(); ++i) {
    names += (i > 2 ? ", " : "") + parameters[i].name;
  }
  return " Averaged over " + names + ".";
}

}  // namespace

void add_parameters(Html& page, const ReportData& data) {
  const std::vector<Factor> parameters = varied(data);
  if (parameters.empty()) return;
  page.section("parameters", "Over what was varied");
  const std::vector<std::string> metrics = telling_metrics(data);
  if (metrics.empty()) {
    page.paragraph("None of the headline numbers differs between the runs.");
    return;
  }
  if (parameters.front().levels.size() > kLevelsDrawn) {
    page.paragraph(fmt::format("{} has {} levels, too many to draw.", parameters.front().name,
                               parameters.front().levels.size()));
    return;
  }
  for (const std::string& metric : metrics) {
    if (parameters.size() == 1) {
      page.figure(chart::draw(points_over(data, metric, parameters[0])),
                  metric + ": means over the seeds with 95 % intervals (Student's t).");
    } else {
      const chart::HeatMap means = map_over(data, metric, parameters[0], parameters[1]);
      page.figure(chart::draw(means), metric +
                                          ": means over the runs of every combination, pale is "
                                          "low." +
                                          others(parameters));
      add_fitted(page, data, metric, means, {parameters[0], parameters[1]});
    }
  }
}

}  // namespace mezz::report

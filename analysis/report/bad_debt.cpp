// Bad debt over the seeds: its distribution, and what the worst of them cost.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart/plot.h"
#include "analysis/headline.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/response/response.h"
#include "analysis/statistics/tail_risk.h"

namespace mezz::report {

using analysis::human;

namespace {

constexpr std::string_view kMetric = "bad_debt.usd";
constexpr std::size_t kPointsMax = 500;

bool all_zero(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value == 0.0; });
}

std::string interval_text(const statistics::Estimate& estimate) {
  const auto end = [](double value) {
    return std::isfinite(value) ? chart::short_label(value, "USD") : "?";
  };
  return compact(estimate.value, "USD") + " [" + end(estimate.interval.low) + ", " +
         end(estimate.interval.high) + "]";
}

void add_table(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"group"},
                           number("n"),
                           number("without"),
                           number("mean"),
                           number("VaR 95 %"),
                           number("ES 95 %"),
                           number("worst")},
                  .rows = {}};
  for (const Group& group : data.groups) {
    const std::vector<double> values = values_of(data, group, kMetric);
    if (values.empty()) continue;
    const statistics::TailRisk risk =
        statistics::tail_risk(values, {.p = 0.95, .confidence = kLevel});
    const auto none = std::count(values.begin(), values.end(), 0.0);
    table.rows.push_back({{group.name},
                          number(std::to_string(values.size())),
                          number(std::to_string(none)),
                          number(one_line(mean_text(values, group.runs.size(), "USD"))),
                          number(interval_text(risk.value_at_risk)),
                          number(interval_text(risk.expected_shortfall)),
                          number(compact(*std::max_element(values.begin(), values.end()), "USD"))});
  }
  page.table(table);
  page.paragraph(
      "n: runs; without: those that left none. VaR: value at risk, the bad debt that 95 % "
      "of the runs do not exceed; ES: expected shortfall, the mean of what lies beyond. "
      "In brackets 95 % intervals; \u201c?\u201d is an end that so few runs cannot give.",
      "soft");
}

// The law of the largest losses, of the groups that have enough of them.
void add_tails(Html& page, const ReportData& data) {
  const auto with_interval = [](const statistics::Estimate& estimate) {
    if (!std::isfinite(estimate.interval.low)) return fmt::format("{:.2f}", estimate.value);
    return fmt::format("{:.2f} [{:.2f}, {:.2f}]", estimate.value, estimate.interval.low,
                       estimate.interval.high);
  };
  HtmlTable table{.head = {{"group"},
                           number("n"),
                           number("beyond"),
                           number("threshold"),
                           number("shape"),
                           number("Hill"),
                           number("VaR 99 %"),
                           number("ES 99 %")},
                  .rows = {}};
  for (const Group& group : data.groups) {
    const analysis::Tail tail = analysis::tail_of(values_of(data, group, kMetric), {});
    if (!tail.problem.empty()) continue;
    table.rows.push_back({{group.name},
                          number(std::to_string(tail.values)),
                          number(std::to_string(tail.fit.shape.n)),
                          number(compact(tail.fit.threshold, "USD")),
                          number(with_interval(tail.fit.shape)),
                          number(std::isnan(tail.hill.value) ? "-" : with_interval(tail.hill)),
                          number(compact(tail.value_at_risk, "USD")),
                          number(compact(tail.expected_shortfall, "USD"))});
  }
  if (table.rows.empty()) return;
  page.heading("The largest losses");
  page.table(table);
  page.paragraph(
      "A generalised Pareto law fitted to the n runs' bad debt beyond the threshold, its shape "
      "with a 95 % interval (above 0: a power law with the exponent 1 / shape, which Hill "
      "estimates by itself), and the value at risk and expected shortfall that it gives. Few "
      "values say little about a tail: look at the intervals.",
      "soft");
}

chart::Plot plot_of(const ReportData& data) {
  chart::Plot plot{
      .caption = {"Distribution of bad debt", "Share of the runs whose bad debt is not larger"},
      .x = {.title = "bad debt of a run", .unit = "USD"},
      .y = {.title = "share of runs"},
      .series = {},
      .y_span = chart::Span{0.0, 1.0},
      .height = 280.0};
  for (std::size_t g = 0; g < drawn(data); ++g) {
    const Group& group = data.groups[g];
    const std::vector<double> values = values_of(data, group, kMetric);
    chart::Series series{.name = fmt::format("{} (n = {})", group.name, values.size()),
                         .shape = chart::Shape::Step};
    if (!values.empty()) {
      series.points = distribution_of(values, 0, kPointsMax).points;
      series.points.insert(series.points.begin(), {series.points.front().x, 0.0});
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

}  // namespace

void add_bad_debt(Html& page, const ReportData& data) {
  page.section("bad-debt", "Bad debt");
  std::vector<double> all;
  std::size_t most = 0;
  for (const Group& group : data.groups) {
    const std::vector<double> values = values_of(data, group, kMetric);
    all.insert(all.end(), values.begin(), values.end());
    most = std::max(most, values.size());
  }
  if (all.empty()) {
    page.paragraph("The files hold no bad debt (metric bad_debt.usd).");
    return;
  }
  if (all_zero(all)) {
    page.paragraph(all.size() == 1 ? "The run left no bad debt."
                                   : fmt::format("None of {} runs left bad debt.", all.size()));
    return;
  }
  if (most == 1 && data.groups.size() == 1) {
    page.paragraph("Bad debt of the run: " + human(all.front(), "USD") +
                   ". One run has no distribution.");
    return;
  }
  if (most > 1) {
    page.figure(chart::draw(plot_of(data)),
                "Share of the runs of a group whose bad debt is not larger." +
                    shown_of(drawn(data), data.groups.size()));
  }
  add_table(page, data);
  add_tails(page, data);
}

}  // namespace mezz::report

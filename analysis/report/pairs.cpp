// Every level of one parameter against the first one, seed by seed (analysis/compare).
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "analysis/compare/compare.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

constexpr std::size_t kLevelsMax = 40;
constexpr std::array kMetrics{
    "bad_debt.usd",         "liquidations.delay.p99", "loss.adl",
    "insurance_fund.min",   "finality.published.p50", "finality.settled.p50",
    "transaction.cost.mean"};

// The key that compare takes by itself, or else the first one that varies.
std::optional<std::string> compared_key(const ReportData& data) {
  const auto with_runs = std::count_if(data.groups.begin(), data.groups.end(),
                                       [](const Group& group) { return !group.runs.empty(); });
  if (with_runs < 2 || data.design_keys.empty()) return std::nullopt;
  const std::optional<std::string> clear = analysis::default_group_key(data.set, "run.seed");
  if (clear) return clear;
  for (const std::size_t key : data.design_keys) {
    const std::string& name = data.set.keys[key];
    if (analysis::group_names(data.set, name).size() > 1) return name;
  }
  return std::nullopt;
}

std::vector<std::string> metrics_of(const ReportData& data) {
  std::vector<std::string> out;
  for (const char* metric : kMetrics) {
    bool everywhere = !data.groups.empty();
    for (const Group& group : data.groups) {
      everywhere = everywhere && (group.runs.empty() || !values_of(data, group, metric).empty());
    }
    if (everywhere) out.emplace_back(metric);
  }
  return out;
}

std::string p_text(double p) {
  if (!std::isfinite(p)) return "n/a";
  return p < 1e-4 ? "< 0.0001" : fmt::format("{:.2g}", p);
}

std::vector<Cell> row_of(const analysis::ComparedMetric& metric, const std::string& group,
                         const analysis::GroupResult& result) {
  const statistics::PairedComparison& paired = result.paired;
  const double gain = paired.variance_reduction;
  return {code(metric.name),
          {unquoted(group)},
          number(std::to_string(paired.difference.n)),
          number(compact(paired.difference.value, metric.unit)),
          number(compact(paired.difference.interval.low, metric.unit) + " to " +
                 compact(paired.difference.interval.high, metric.unit)),
          number(p_text(result.holm_p)),
          number(std::isfinite(gain) ? fmt::format("{:.3g}", gain) : "n/a")};
}

void add_table(Html& page, const analysis::Comparison& comparison) {
  HtmlTable table{.head = {{"metric"},
                           {comparison.by},
                           number("seeds"),
                           number("difference"),
                           number("95 % interval"),
                           number("p, Holm"),
                           number("gain of pairing")},
                  .rows = {}};
  for (const analysis::ComparedMetric& metric : comparison.metrics) {
    for (std::size_t g = 0; g < metric.groups.size(); ++g) {
      if (g == comparison.baseline || metric.groups[g].paired.difference.n < 2) continue;
      table.rows.push_back(row_of(metric, comparison.groups[g], metric.groups[g]));
    }
  }
  if (table.rows.empty()) {
    page.paragraph(
        "The levels have fewer than two seeds in common, or none of the numbers "
        "differs: there is no paired comparison.");
    return;
  }
  page.paragraph("Differences to " + comparison.by + " = " +
                     unquoted(comparison.groups[comparison.baseline]) +
                     " between runs with the same seed, which share prices and traders. p: "
                     "Wilcoxon's signed rank test, adjusted for the number of rows (Holm). Gain: "
                     "how many times the seeds an unpaired experiment would need for the same "
                     "interval. mezz compare has every number.",
                 "soft");
  page.table(table);
  for (const std::string& line : comparison.left_out) page.paragraph(line, "soft");
}

}  // namespace

void add_pairs(Html& page, const ReportData& data) {
  const std::optional<std::string> key = compared_key(data);
  if (!key) return;
  const std::size_t levels = analysis::group_names(data.set, *key).size();
  if (levels < 2) return;
  page.section("pairs", "Compared seed by seed");
  const std::vector<std::string> metrics = metrics_of(data);
  if (levels > kLevelsMax || metrics.empty()) {
    page.paragraph(metrics.empty() ? std::string("No headline number is there in every group.")
                                   : fmt::format("{} has {} levels, too many for a table; mezz "
                                                 "compare has them all.",
                                                 *key, levels));
    return;
  }
  add_table(page, analysis::compare(data.set, {.by = *key, .metrics = metrics, .level = kLevel}));
}

}  // namespace mezz::report

#include <fmt/core.h>

#include <cmath>

#include "analysis/compare/compare.h"
#include "analysis/headline.h"
#include "analysis/text_table.h"

namespace mezz::analysis {

namespace {

std::string interval_text(const statistics::Interval& interval, const std::string& unit) {
  if (std::isinf(interval.low) && std::isinf(interval.high)) return "n/a";
  return fmt::format("[{}, {}]", human(interval.low, unit), human(interval.high, unit));
}

std::string factor_text(double factor) {
  if (std::isnan(factor)) return "n/a";
  if (std::isinf(factor)) return "exact";
  return factor < 100 ? fmt::format("{:.1f}x", factor) : fmt::format("{:.0f}x", factor);
}

std::string p_text(double p) {
  if (std::isnan(p)) return "n/a";
  return p < 0.0005 ? "< 0.001" : fmt::format("{:.3f}", p);
}

// n, and what is missing of it.
std::string count_text(const GroupResult& group, bool is_baseline) {
  const std::size_t n = is_baseline ? group.mean.n : group.paired.difference.n;
  if (group.missing == 0) return std::to_string(n);
  return fmt::format("{} ({} missing)", n, group.missing);
}

void add_groups(const Comparison& comparison, const ComparedMetric& metric,
                std::vector<TextRow>& rows) {
  rows.push_back({{printable(metric.name)}, Style::Heading});
  for (std::size_t g = 0; g < metric.groups.size(); ++g) {
    const GroupResult& group = metric.groups[g];
    const bool is_baseline = g == comparison.baseline;
    TextRow row{{"  " + printable(comparison.groups[g]), count_text(group, is_baseline),
                 human(group.mean.value, metric.unit)}};
    if (is_baseline) {
      row.cells.emplace_back("baseline");
    } else {
      const statistics::PairedComparison& paired = group.paired;
      row.cells.push_back(human(paired.difference.value, metric.unit));
      row.cells.push_back(interval_text(paired.difference.interval, metric.unit));
      row.cells.push_back(factor_text(paired.variance_reduction));
      row.cells.push_back(p_text(group.holm_p));
    }
    rows.push_back(std::move(row));
  }
}

std::string group_table(const Comparison& comparison, bool colour) {
  std::vector<TextRow> rows{
      {{"by " + printable(comparison.by), "n", "mean", "difference",
        fmt::format("{:.4g} % interval", comparison.level * 100), "variance", "p"},
       Style::Heading}};
  for (const ComparedMetric& metric : comparison.metrics) add_groups(comparison, metric, rows);
  return aligned(rows, colour) +
         fmt::format(
             "difference, interval: of pairs with the same {0}; n: values of {0}\n"
             "variance: how many times more seeds an unpaired comparison would need\n"
             "p: Wilcoxon's signed rank test, adjusted for all differences here (Holm)\n",
             printable(comparison.paired_on));
}

// One run in each group: a column for each, and the difference of the last to the baseline where
// there are two.
std::string run_table(const Comparison& comparison, bool colour) {
  TextRow head{{"by " + printable(comparison.by)}, Style::Heading};
  for (std::size_t g = 0; g < comparison.groups.size(); ++g) {
    head.cells.push_back(printable(comparison.groups[g]));
    if (g != comparison.baseline) head.cells.emplace_back("difference");
  }
  std::vector<TextRow> rows{head};
  for (const ComparedMetric& metric : comparison.metrics) {
    TextRow row{{printable(metric.name)}};
    for (std::size_t g = 0; g < metric.groups.size(); ++g) {
      row.cells.push_back(human(metric.groups[g].mean.value, metric.unit));
      if (g == comparison.baseline) continue;
      row.cells.push_back(human(metric.groups[g].paired.difference.value, metric.unit));
    }
    rows.push_back(std::move(row));
  }
  return aligned(rows, colour);
}

}  // namespace

std::string comparison_text(const Comparison& comparison, bool colour) {
  std::string text;
  if (!comparison.metrics.empty()) {
    text +=
        comparison.single_runs ? run_table(comparison, colour) : group_table(comparison, colour);
  }
  if (comparison.equal_metrics > 0) {
    text += fmt::format("{} more numbers are the same in every group\n", comparison.equal_metrics);
  }
  if (comparison.partial_metrics > 0) {
    text += fmt::format("{} more numbers have no value in a group or its baseline\n",
                        comparison.partial_metrics);
  }
  for (const std::string& line : comparison.notes) text += "note: " + printable(line) + "\n";
  for (const std::string& line : comparison.left_out) text += "left out: " + printable(line) + "\n";
  return text;
}

}  // namespace mezz::analysis

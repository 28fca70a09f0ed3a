// Every group against the first one, seed by seed.
#include <fmt/core.h>

#include <cmath>
#include <map>

#include "analysis/headline.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/statistics/multiple.h"
#include "analysis/statistics/paired.h"

namespace mezz::report {

using analysis::human;

namespace {

constexpr std::size_t kGroupsCompared = 40;
constexpr std::array kMetrics{"bad_debt.usd", "liquidations.delay.p99", "insurance_fund.min",
                              "finality.published.p50", "finality.settled.p50"};

// By seed; a seed that stands twice in a group cannot be paired and keeps its first run.
std::map<std::uint64_t, double> by_seed(const ReportData& data, const Group& group,
                                        std::string_view metric) {
  std::map<std::uint64_t, double> out;
  for (const std::size_t i : group.runs) {
    const analysis::RunRecord& run = data.set.runs[i];
    const analysis::Metric* found = run.metric(metric);
    if (found != nullptr && std::isfinite(found->value)) out.emplace(run.seed, found->value);
  }
  return out;
}

struct Row {
  std::string metric;
  std::string group;
  statistics::PairedComparison paired;
};

std::vector<Row> rows_of(const ReportData& data) {
  std::vector<Row> rows;
  for (const char* metric : kMetrics) {
    const std::map<std::uint64_t, double> first = by_seed(data, data.groups.front(), metric);
    for (std::size_t g = 1; g < std::min(data.groups.size(), kGroupsCompared); ++g) {
      std::vector<double> a;
      std::vector<double> b;
      for (const auto& [seed, value] : by_seed(data, data.groups[g], metric)) {
        const auto other = first.find(seed);
        if (other == first.end()) continue;
        a.push_back(other->second);
        b.push_back(value);
      }
      if (a.size() < 2) continue;
      rows.push_back({metric, data.groups[g].name, statistics::compare_pairs(a, b, kLevel)});
    }
  }
  return rows;
}

std::string p_text(double p) {
  if (!std::isfinite(p)) return "n/a";
  return p < 1e-4 ? "< 0.0001" : fmt::format("{:.2g}", p);
}

}  // namespace

void add_pairs(Html& page, const ReportData& data) {
  if (data.groups.size() < 2) return;
  page.section("pairs", "Compared with " + data.groups.front().name);
  const std::vector<Row> rows = rows_of(data);
  if (rows.empty()) {
    page.paragraph("The groups have fewer than two seeds in common: no paired comparison.");
    return;
  }
  std::vector<double> p_values;
  for (const Row& row : rows) p_values.push_back(row.paired.t_p);
  const std::vector<double> adjusted = statistics::holm(p_values);
  HtmlTable table{.head = {{"metric"},
                           {"group"},
                           number("pairs"),
                           number("mean difference"),
                           number("95 % interval"),
                           number("p, Holm"),
                           number("gain of pairing")},
                  .rows = {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const statistics::Estimate& difference = row.paired.difference;
    const std::string unit = unit_of(data, row.metric);
    const double gain = row.paired.variance_reduction;
    table.rows.push_back({code(row.metric),
                          {row.group},
                          number(std::to_string(difference.n)),
                          number(human(difference.value, unit)),
                          number(human(difference.interval.low, unit) + " to " +
                                 human(difference.interval.high, unit)),
                          number(p_text(adjusted[i])),
                          number(std::isfinite(gain) ? fmt::format("{:.3g}", gain) : "n/a")});
  }
  page.paragraph("Differences to " + data.groups.front().name +
                     " between runs with the same seed, which share prices and traders. p: paired "
                     "t test, adjusted for the number of rows (Holm). Gain: how many times the "
                     "seeds an unpaired experiment would need for the same interval.",
                 "soft");
  page.table(table);
  if (data.groups.size() > kGroupsCompared) {
    page.paragraph(shown_of(kGroupsCompared, data.groups.size()), "soft");
  }
}

}  // namespace mezz::report

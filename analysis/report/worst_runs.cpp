// The runs to look at first, with the command that runs each again.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {

using analysis::human;
using analysis::Metric;
using analysis::RunRecord;

namespace {

constexpr std::size_t kRunsShown = 5;

// What has no value is not worse than anything.
double badness(const RunRecord& run, std::string_view metric) {
  const Metric* found = run.metric(metric);
  return found != nullptr && std::isfinite(found->value) ? found->value : -HUGE_VAL;
}

Cell value(const RunRecord& run, std::string_view metric) {
  const Metric* found = run.metric(metric);
  return number(found == nullptr ? "n/a" : human(found->value, found->unit));
}

}  // namespace

void add_worst_runs(Html& page, const ReportData& data) {
  page.section("worst", "Worst runs");
  struct Ranked {
    std::size_t run;
    std::size_t group;
  };
  std::vector<Ranked> ranked;
  for (std::size_t g = 0; g < data.groups.size(); ++g) {
    for (const std::size_t run : data.groups[g].runs) ranked.push_back({run, g});
  }
  if (ranked.empty()) {
    page.paragraph("No run came to its end.");
    return;
  }
  std::sort(ranked.begin(), ranked.end(), [&](const Ranked& a, const Ranked& b) {
    const RunRecord& x = data.set.runs[a.run];
    const RunRecord& y = data.set.runs[b.run];
    for (const char* metric : {"bad_debt.usd", "liquidations.delay.p99"}) {
      if (badness(x, metric) != badness(y, metric)) return badness(x, metric) > badness(y, metric);
    }
    return a.run < b.run;
  });
  HtmlTable table{.head = {{"group"},
                           number("seed"),
                           number("bad debt"),
                           number("liquidation delay, p99"),
                           {"runs it again and compares"}},
                  .rows = {}};
  for (std::size_t i = 0; i < std::min(ranked.size(), kRunsShown); ++i) {
    const RunRecord& run = data.set.runs[ranked[i].run];
    table.rows.push_back({{data.groups[ranked[i].group].name},
                          number(std::to_string(run.seed)),
                          value(run, "bad_debt.usd"),
                          value(run, "liquidations.delay.p99"),
                          code("mezz reproduce " + shell_quoted(run.path))});
  }
  page.paragraph(ranked.size() == 1 ? "The only run." : "By bad debt, then by liquidation delay.");
  page.table(table);
}

}  // namespace mezz::report

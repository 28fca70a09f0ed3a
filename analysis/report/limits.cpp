// The scenario's bounds on headline numbers, broken ones first.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

constexpr std::size_t kRowsShown = 24;

}  // namespace

void add_limits(Html& page, const ReportData& data) {
  page.section("limits", "Limits");
  if (!data.limits_problem.empty()) {
    page.paragraph("The limits in the file cannot be read: " + data.limits_problem, "warning");
    return;
  }
  if (data.limits.empty()) {
    page.paragraph("The scenario sets no limits ([limits]).");
    return;
  }
  const auto broken = static_cast<std::size_t>(std::count_if(
      data.limits.begin(), data.limits.end(), [](const LimitRow& row) { return row.broken; }));
  page.paragraph(
      broken == 0 ? fmt::format("All {} hold.", counted(data.limits.size(), "limit"))
                  : fmt::format("{} of {} broken.", broken, counted(data.limits.size(), "limit")),
      broken == 0 ? "good" : "bad");
  HtmlTable table{.head = {{"verdict"}, {"metric"}, {"bound"}, number("value"), {"run"}},
                  .rows = {}};
  for (const bool wanted : {true, false}) {
    for (const LimitRow& row : data.limits) {
      if (row.broken != wanted || table.rows.size() >= kRowsShown) continue;
      table.rows.push_back(
          {row.broken ? Cell{"broken", CellKind::Bad} : Cell{"holds", CellKind::Good},
           code(row.metric),
           {row.bound},
           number(row.value),
           code(row.run)});
    }
  }
  page.table(table);
  if (data.limits.size() > kRowsShown) {
    page.paragraph(fmt::format("The first {} of {} are shown.", kRowsShown, data.limits.size()),
                   "soft");
  }
}

}  // namespace mezz::report

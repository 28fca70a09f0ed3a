// Which of the parameters the variation of the headline numbers comes from.
#include <fmt/core.h>

#include <cmath>

#include "analysis/chart/bars.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/response/response.h"

namespace mezz::report {

namespace {

std::string share_text(const statistics::Estimate& share) {
  std::string text = fmt::format("{:.1f} %", share.value * 100);
  if (!std::isfinite(share.interval.low)) return text;
  return text +
         fmt::format(" [{:.1f}, {:.1f}]", share.interval.low * 100, share.interval.high * 100);
}

chart::BarGroup bars_of(const std::string& metric, const analysis::Sensitivity& found) {
  chart::BarGroup out{.name = metric, .bars = {}};
  for (const analysis::FactorShare& factor : found.factors) {
    out.bars.push_back(
        {.name = factor.name, .high = factor.share.value * 100, .text = share_text(factor.share)});
  }
  const auto rest = [&](const char* name, double share) {
    if (std::isnan(share)) return;
    out.bars.push_back({.name = name,
                        .high = share * 100,
                        .text = fmt::format("{:.1f} %", share * 100),
                        .colour = 7});
  };
  rest("parameters together", found.together);
  rest("chance", found.chance);
  return out;
}

}  // namespace

void add_sensitivity(Html& page, const ReportData& data) {
  if (analysis::factors_of(data.set).size() < 2) return;
  chart::BarChart chart{.caption = {"Where the variation comes from",
                                    "Share of the variation over all runs by parameter"},
                        .axis = {.title = "share of the variation", .unit = "%"},
                        .groups = {},
                        .legend = {}};
  std::vector<std::string> notes;
  for (const std::string& metric : telling_metrics(data)) {
    const analysis::Sensitivity found = analysis::sensitivity(data.set, metric, kLevel);
    if (!found.problem.empty()) continue;
    chart.groups.push_back(bars_of(metric, found));
    for (const std::string& note : found.notes) notes.push_back(metric + ": " + note + ".");
  }
  if (chart.groups.empty()) return;
  page.section("sensitivity", "Which parameter matters");
  page.figure(chart::draw(chart),
              "First-order indices over the grid of the sweep: what each parameter explains by "
              "itself, with 95 % intervals (bootstrap over the seeds). Chance: between runs of one "
              "combination. The rest is what the parameters do together.");
  for (const std::string& note : notes) page.paragraph(note, "soft");
}

}  // namespace mezz::report

// The finality ladder: how long until each rung, per design.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/chart/bars.h"
#include "analysis/headline.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

using analysis::human;

namespace {

constexpr std::array<const char*, 5> kLadder{"preconfirmed", "published", "order_final", "asserted",
                                             "settled"};

std::string rung_text(const ReportData& data, const Group& group, const std::string& rung,
                      double p50, double p99) {
  if (std::isfinite(p50)) return human(p50, "s") + " to " + human(p99, "s");
  if (values_of(data, group, rung + ".never").empty()) return "no rung of this design";
  return "no transaction got there";
}

chart::Bar bar_of(const ReportData& data, const Group& group, const char* rung) {
  const std::string name = std::string("finality.") + rung;
  const double p50 = statistics::mean(values_of(data, group, name + ".p50"));
  const double p99 = statistics::mean(values_of(data, group, name + ".p99"));
  return {.name = {},
          .low = p50,
          .high = std::isfinite(p50) ? p99 : p50,
          .text = rung_text(data, group, name, p50, p99)};
}

bool reached(const ReportData& data, const char* rung) {
  return std::any_of(data.groups.begin(), data.groups.end(), [&](const Group& group) {
    return !values_of(data, group, std::string("finality.") + rung + ".p50").empty();
  });
}

chart::BarChart ladder(const ReportData& data) {
  chart::BarChart chart{
      .caption = {"Finality ladder",
                  "Time from submission until each rung; a bar reaches from the median to the 99th "
                  "percentile of the transactions"},
      .axis = {.title = "time since submission (median to 99th percentile)",
               .unit = "s",
               .kind = chart::ScaleKind::Log},
      .groups = {},
      .legend = {}};
  const bool single = data.groups.size() == 1;
  for (const char* rung : kLadder) {
    chart::BarGroup group{.name = single ? "" : rung, .bars = {}};
    if (!single && !reached(data, rung)) {
      group.bars.push_back({.name = "all groups", .text = "no transaction got there"});
      chart.groups.push_back(std::move(group));
      continue;
    }
    for (std::size_t g = 0; g < drawn(data); ++g) {
      chart::Bar bar = bar_of(data, data.groups[g], rung);
      bar.name = single ? rung : data.groups[g].name;
      bar.colour = g;
      group.bars.push_back(std::move(bar));
    }
    chart.groups.push_back(std::move(group));
  }
  return chart;
}

}  // namespace

void add_finality(Html& page, const ReportData& data) {
  page.section("finality", "Finality ladder");
  if (std::none_of(kLadder.begin(), kLadder.end(),
                   [&](const char* rung) { return reached(data, rung); })) {
    page.paragraph("No transaction reached any rung of finality.");
    return;
  }
  bool averaged = false;
  for (const Group& group : data.groups) averaged = averaged || group.runs.size() > 1;
  page.figure(chart::draw(ladder(data)),
              fmt::format("Bars reach from the median to the 99th percentile{}; the time axis is "
                          "logarithmic: compare where bars end, not how long they are.{}",
                          averaged ? ", each averaged over the runs of its group" : "",
                          shown_of(drawn(data), data.groups.size())));
}

}  // namespace mezz::report
